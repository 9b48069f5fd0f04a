// Workbooks (XLSX) by `read-excel-file`. What it is given was unpacked within limits first: it keeps whatever a file unpacks to, and makes every cell of the
// rectangle up to the last one.
import { Unzip, UnzipInflate, zipSync } from "fflate";
import readXlsxFile from "read-excel-file/universal";
import { SheetError } from "./errors.js";
import type { Sheet } from "./sheet.js";

/** The most bytes that a workbook may unpack to. */
const MAX_UNPACKED = 256 * 1024 * 1024;
/** The most cells of a sheet, counted as the rectangle up to the last one. */
const MAX_CELLS = 5_000_000;
/** The rows and columns of the largest sheet in Excel. */
const MOST = { rows: 1_048_576, columns: 16_384 };
/** Bytes that are unpacked at once; DEFLATE makes at most some thousand of each. */
const STEP = 16 * 1024;

const damaged = (what: string) =>
  new SheetError(
    "damaged",
    `it is a workbook that cannot be read: ${what}; open it and save it as XLSX again, or as CSV`,
  );
const tooLarge = (what: string) =>
  new SheetError("too-large", `it is a workbook ${what}; save the sheet that is needed as CSV`);

/**
 * The sheets of a workbook.
 *
 * @throws SheetError where it is damaged or too large.
 */
export async function sheetsOfWorkbook(bytes: Uint8Array): Promise<Sheet[]> {
  const files = unpacked(bytes);
  if (!files["xl/workbook.xml"]) throw damaged("it is an archive of another kind");
  for (const [name, content] of Object.entries(files)) if (name.startsWith("xl/worksheets/")) boundExtent(content);
  const sheets = await readXlsxFile(zipSync(files, { level: 0 }).buffer as ArrayBuffer, { trim: false }).catch(
    (thrown: unknown) => {
      throw damaged(String((thrown as Error).message).replace(/\s+/g, " "));
    },
  );
  return sheets.map(({ sheet, data }) => ({
    name: sheet,
    rows: data
      .map((row, index) => ({ at: index + 1, cells: row.map(textOf) }))
      .filter(({ cells }) => cells.some((cell) => cell.trim() !== "")),
  }));
}

/** The XML files of an archive. */
function unpacked(bytes: Uint8Array): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  let total = 0;
  const unzip = new Unzip((file) => {
    if (!/\.(xml|rels)$/.test(file.name)) return;
    const chunks: Uint8Array[] = [];
    file.ondata = (error, chunk, isLast) => {
      if (error) throw error;
      total += chunk.length;
      if (total > MAX_UNPACKED) throw tooLarge(`that unpacks to more than ${MAX_UNPACKED / 1024 / 1024} MiB`);
      chunks.push(chunk);
      if (isLast) files[file.name] = joined(chunks);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length; at += STEP)
      unzip.push(bytes.subarray(at, at + STEP), at + STEP >= bytes.length);
  } catch (thrown) {
    throw thrown instanceof SheetError ? thrown : damaged("it is no complete archive");
  }
  return files;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Refuses places of rows and cells that no sheet has, and a rectangle that is too large. */
function boundExtent(xml: Uint8Array): void {
  const text = new TextDecoder().decode(xml);
  let [rows, columns] = [0, 0];
  for (const [, tag, attributes = ""] of text.matchAll(/<(?:\w+:)?(row|c)(\s[^>]*)?>/g)) {
    for (const [, , place = ""] of attributes.matchAll(/\sr\s*=\s*(["'])(.*?)\1/g)) {
      const [, letters = "", digits = ""] = /^([A-Z]{0,3})(\d{1,7})$/.exec(place) ?? [];
      const row = Number(digits);
      const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
      if (digits === "" || (letters === "") !== (tag === "row") || row > MOST.rows || column > MOST.columns)
        throw damaged("it has a cell outside of its sheet");
      // A cell with a format alone is no cell of the table
      if (tag !== "c" || attributes.endsWith("/")) continue;
      rows = Math.max(rows, row);
      columns = Math.max(columns, column);
    }
  }
  if (rows * columns > MAX_CELLS)
    throw tooLarge(`with a sheet of ${rows} rows and ${columns} columns, of which ${MAX_CELLS} cells are read at most`);
}

function textOf(value: string | number | boolean | Date | null | typeof Date): string {
  if (value === null) return "";
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, "");
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  return String(value);
}
