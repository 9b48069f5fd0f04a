import { SheetError } from "./errors.js";
import type { Sheet, TextOptions } from "./sheet.js";
import { sheetOfText } from "./text.js";

/** The first bytes of files that are often given by mistake, and what they are. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [
    /^\u00d0\u00cf.\u00e0/,
    "it is a workbook of the old format, or one with a password; save it as XLSX without a password, or as CSV",
  ],
  [/^%PDF/, "it is a PDF; save the sheet as XLSX or CSV"],
  [/^(\u00ef\u00bb\u00bf)?\s*</, "it is HTML or XML; open it in the spreadsheet program, and save it as XLSX or CSV"],
];

/**
 * Reads a table as people have it: a workbook (XLSX), or text with separators (CSV, TSV) in UTF-8, UTF-16 or Windows-1252, with or without a byte order
 * mark and a line `sep=`, with any line ends; `options` says what is not to be found out. Blank rows are left out; the others keep their numbers. A workbook may have several sheets.
 *
 * @throws SheetError for a file that is no table, is damaged, or is larger than the limits (256 MiB unpacked, 5,000,000 cells).
 * @throws RangeError for an encoding that does not exist.
 * @example
 * const [sheet] = await readSheets(new Uint8Array(await file.arrayBuffer()));
 * sheet.rows[0]; // { at: 1, cells: ["Permission", "Clerk", "Boss"] }
 */
export async function readSheets(bytes: Uint8Array, options: TextOptions = {}): Promise<readonly Sheet[]> {
  if (bytes.length === 0) throw new SheetError("empty", "it is empty; give a table");
  const start = Array.from(bytes.subarray(0, 64), (byte) => String.fromCharCode(byte)).join("");
  const other = OTHERS.find(([pattern]) => pattern.test(start));
  if (other) throw new SheetError("not-a-table", other[1]);
  if (start.startsWith("PK\u0003\u0004")) {
    const { sheetsOfWorkbook } = await import("./workbook.js");
    return sheetsOfWorkbook(bytes);
  }
  return [sheetOfText(bytes, options)];
}
