// CSV files that spreadsheets open as they are meant.
import Papa from "papaparse";

/**
 * Whether a spreadsheet may read a cell as a formula: it begins with a sign of formulas, in half or full width, also behind spaces and
 * invisible characters, or with a tab or a line break, after which some begin to read.
 */
const formula = /^(?:[\t\r\n]|[\p{Z}\p{C}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B])/u;

/** A cell without the apostrophe that {@link csv} puts before formulas. */
export const unescaped = (cell: string): string =>
  cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell;

/** Rows serialized at once; bounds the memory that a large export needs besides its text. */
const CHUNK = 1000;

/** The mark with which Excel reads a CSV file as UTF-8. */
const BOM = "\uFEFF";

/** A CSV file of rows. Cells that a spreadsheet would evaluate as a formula are prefixed with an apostrophe. */
export function csv(rows: Iterable<readonly (string | number)[]>): Blob {
  let text = BOM;
  let chunk: (readonly (string | number)[])[] = [];
  const flush = () => {
    if (chunk.length > 0) text += `${Papa.unparse(chunk as unknown[][], { escapeFormulae: formula })}\r\n`;
    chunk = [];
  };
  for (const row of rows) {
    chunk.push(row);
    if (chunk.length === CHUNK) flush();
  }
  flush();
  return new Blob([text], { type: "text/csv" });
}
