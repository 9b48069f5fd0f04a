// Reads a file of people: a text or workbook with a table, or a JSON list.
import { SheetError, decodeText, readSheets } from "privet/sheets";
import type { Sheet } from "privet/sheets";
import { text } from "../../text/index.js";
import { TITLES } from "./protocol.js";
import type { ReadAs } from "./protocol.js";
import { readJson, tableOf } from "./table.js";
import type { Found, Reading, Table } from "./table.js";

/** A table, and how it was read where there was a choice: JSON can be read in one way only. */
export interface ReadTable {
  readonly table: Table;
  readonly as?: ReadAs;
}

export async function tableOfFile(file: Blob, reading: Reading): Promise<ReadTable> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const messages = {
    ...text.imports.cellErrors,
    notList: text.imports.notList,
    noRows: text.imports.noRows,
    jsonRow: text.imports.jsonRow,
  };
  if (isJsonText(bytes)) {
    const json = decodeText(bytes);
    const list = parsed(json);
    if (list !== undefined) return { table: readJson(list, messages) };
    // A database writes titles in brackets; all else that begins like JSON is JSON with a fault
    if (!/^\s*\[[^[\]{}",;]+\]\s*[,;\t|]/.test(json)) throw new Error(text.imports.notJson);
  }
  const sheets = await sheetsOf(bytes, reading);
  const table = tableOf(sheets, messages, reading);
  return { table, as: readAs(sheets, table) };
}

/** Whether a file begins as a list or an object of JSON does; the names of columns do not. */
function isJsonText(bytes: Uint8Array): boolean {
  try {
    return /^\s*[[{]/.test(decodeText(bytes.subarray(0, 4096)));
  } catch {
    return false;
  }
}

/** The value of a text of JSON; `undefined` if it is none. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

async function sheetsOf(bytes: Uint8Array, { encoding, separator }: Reading): Promise<readonly Sheet[]> {
  try {
    return await readSheets(bytes, {
      ...(encoding !== undefined && { encoding }),
      ...(separator !== undefined && { separator }),
    });
  } catch (thrown) {
    if (thrown instanceof SheetError) throw new Error(text.imports.notRead(thrown.code, thrown.message));
    throw thrown;
  }
}

function readAs(sheets: readonly Sheet[], { sheet, titles }: Found): ReadAs {
  const { encoding, separator, rows = [] } = sheets[sheet] ?? {};
  const filled = (cells: readonly string[]) => cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
  return {
    ...(encoding !== undefined && { encoding }),
    ...(separator !== undefined && { separator }),
    sheets: sheets.flatMap(({ name }) => name ?? []),
    sheet,
    titles,
    rows: rows
      .filter(({ at }, index) => index < TITLES || at === titles)
      .map(({ at, cells }) => ({ at, words: filled(cells).slice(0, 4).join(" · ") })),
  };
}
