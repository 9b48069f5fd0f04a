// Tables of people from sheets and JSON, and their export as CSV. Original cells are kept, so that an export loses nothing.
import Papa from "papaparse";
import type { Sheet, SheetRow } from "privet/sheets";

/** An original row: its cells, or the JSON object. */
export interface Line {
  /** Position from 1: the row that a spreadsheet program shows, or the element of a JSON list. */
  readonly at: number;
  readonly cells: readonly string[];
  readonly subject?: unknown;
  readonly error?: string;
}

export interface Table {
  readonly header: readonly string[];
  readonly lines: readonly Line[];
}

export interface Messages {
  readonly cells: (found: number, wanted: number) => string;
  readonly quote: string;
  readonly notList: string;
  readonly noRows: string;
  readonly jsonRow: string;
}

/**
 * The people of a table: its first row has the headings, after rows of titles, which have one cell. Of a workbook it is the first sheet with people.
 *
 * @throws Error if there are none.
 */
export function tableOf(sheets: readonly Sheet[], messages: Messages): Table {
  for (const { rows } of sheets) {
    const filled = rows.map(({ cells }) => cells.filter((cell) => cell.trim() !== "").length);
    const isWide = filled.some((count) => count > 1);
    const [head, ...rest] = isWide ? rows.slice(filled.findIndex((count) => count > 1)) : rows;
    if (!head || rest.length === 0) continue;
    const header = head.cells.map((cell) => cell.trim());
    const wrong = ({ cells, problem }: SheetRow) => {
      if (problem === "open-quote") return messages.quote;
      return cells.length === header.length ? undefined : messages.cells(cells.length, header.length);
    };
    const lines = rest.map((row): Line => {
      const error = wrong(row);
      return { at: row.at, cells: row.cells, ...(error !== undefined && { error }) };
    });
    return { header, lines };
  }
  throw new Error(messages.noRows);
}

/** Parses a JSON list of `{ name, roles, grants, facts }`. The cells are the name and the element as JSON text. */
export function readJson(text: string, messages: Messages): Table {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new Error(messages.notList);
  if (list.length === 0) throw new Error(messages.noRows);
  const lines = list.map((subject: unknown, index): Line => {
    const isObject = typeof subject === "object" && subject !== null && !Array.isArray(subject);
    const name = isObject ? String((subject as { name?: unknown }).name ?? "") : "";
    return {
      at: index + 1,
      cells: [name, JSON.stringify(subject)],
      ...(isObject ? { subject } : { error: messages.jsonRow }),
    };
  });
  return { header: ["name", "person"], lines };
}

/**
 * Whether a spreadsheet may read a cell as a formula: it begins with a sign of formulas, in half or full width, also behind spaces and
 * invisible characters, or with a tab or a line break, after which some begin to read.
 */
const formula = /^(?:[\t\r\n]|[\p{Z}\p{C}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B])/u;

/** A cell without the apostrophe that {@link writeCsv} puts before formulas. */
export const unescaped = (cell: string): string =>
  cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell;

/** Rows serialized at once; bounds the memory that a large export needs besides its text. */
const CHUNK = 1000;

/** Serializes rows as CSV. Cells that a spreadsheet would evaluate as a formula are prefixed with an apostrophe. */
export function writeCsv(rows: Iterable<readonly (string | number)[]>): string {
  let text = "";
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
  return text;
}
