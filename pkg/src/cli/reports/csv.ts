// CSV as spreadsheets read it.
import Papa from "papaparse";
import { escapedCell } from "privet/sheets";

/** Rows as CSV (RFC 4180). A cell that a spreadsheet would run as a formula begins with an apostrophe. */
export const csv = (rows: readonly (readonly string[])[]): string =>
  `${Papa.unparse(rows.map((row) => row.map(escapedCell)))}\r\n`;
