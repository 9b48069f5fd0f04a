// Reads tables of people from CSV and JSON, and writes CSV. Original cells are kept, so that an export loses nothing.
import Papa from "papaparse";

/** An original row: its cells, or the JSON object. */
export interface Line {
  /** The row as spreadsheets count, from 1; the element of a JSON list. */
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

/** Parses CSV. The delimiter is a comma, semicolon or tab: the one that occurs most often in the first line. */
export function readCsv(text: string, messages: Messages): Table {
  const source = text.replace(/^\uFEFF/, "");
  const first = source.slice(0, source.search(/[\r\n]|$/));
  const delimiter = [",", ";", "\t"].reduce((best, it) =>
    first.split(it).length > first.split(best).length ? it : best,
  );
  const [head, ...rows] = records(source, delimiter, messages.quote);
  if (!head || rows.length === 0) throw new Error(messages.noRows);
  const header = head.cells.map((cell) => cell.trim());
  const lines = rows.map((row) =>
    row.error !== undefined || row.cells.length === header.length
      ? row
      : { ...row, error: messages.cells(row.cells.length, header.length) },
  );
  return { header, lines };
}

/** The records that are not blank, with their rows as spreadsheets count them: a cell with line breaks is one row. */
function records(source: string, delimiter: string, badQuote: string): Line[] {
  // "\n" also splits files with mixed line endings; a trailing "\r" is removed below
  const { data, errors } = Papa.parse<string[]>(source, { delimiter, newline: "\n" });
  const malformed = new Set(errors.map(({ row }) => row));
  const lines: Line[] = [];
  for (const [index, record] of data.entries()) {
    const last = record.at(-1) ?? "";
    const cells = last.endsWith("\r") ? [...record.slice(0, -1), last.slice(0, -1)] : record;
    const isBlank = cells.length === 1 && cells[0] === "";
    if (!isBlank) lines.push({ at: index + 1, cells, ...(malformed.has(index) && { error: badQuote }) });
  }
  return lines;
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

/** The mark with which Excel reads a CSV file as UTF-8. */
export const BOM = "\uFEFF";

/** Whether a file can be a table of text: not a spreadsheet, picture or archive. */
export const isText = (start: Uint8Array): boolean => !(start[0] === 0x50 && start[1] === 0x4b) && !start.includes(0);

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
