// CSV as spreadsheets read it.
import Papa from "papaparse";

/**
 * Whether a spreadsheet may read a cell as a formula: it begins with a sign of formulas, in half or full width, also behind spaces and
 * invisible characters, or with a tab or a line break, after which some begin to read. The preview, which imports nothing of the command
 * line, has the same expression in `www/src/views/import/table.ts`.
 */
const formula = /^(?:[\t\r\n]|[\p{Z}\p{C}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B])/u;

/** Rows as CSV (RFC 4180). A cell that a spreadsheet would run as a formula begins with an apostrophe. */
export function csv(rows: readonly (readonly string[])[]): string {
  const safe = rows.map((row) => row.map((cell) => (formula.test(cell) ? `'${cell}` : cell)));
  return `${Papa.unparse(safe)}\r\n`;
}

/** A cell without the apostrophe that {@link csv} puts before formulas. */
export const unescaped = (cell: string): string =>
  cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell;
