// CSV files that spreadsheets open as they are meant.
import Papa from "papaparse";
import { escapedCell } from "privet/sheets";

/** Rows serialized at once; bounds the memory that a large export needs besides its text. */
const CHUNK = 1000;

/** The mark with which Excel reads a CSV file as UTF-8. */
const BOM = "\uFEFF";

/** A CSV file of rows. Cells that a spreadsheet would evaluate as a formula are prefixed with an apostrophe. */
export function csv(rows: Iterable<readonly (string | number)[]>): Blob {
  let text = BOM;
  let chunk: (readonly (string | number)[])[] = [];
  const flush = () => {
    if (chunk.length > 0) text += `${Papa.unparse(chunk as unknown[][])}\r\n`;
    chunk = [];
  };
  for (const row of rows) {
    chunk.push(row.map((cell) => (typeof cell === "string" ? escapedCell(cell) : cell)));
    if (chunk.length === CHUNK) flush();
  }
  flush();
  return new Blob([text], { type: "text/csv" });
}
