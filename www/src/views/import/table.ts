// Tables of people from sheets and JSON. Original cells are kept, so that an export loses nothing.
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

/** What was chosen where a file is not read as it is found to be. */
export interface Reading {
  readonly encoding?: string;
  readonly separator?: string;
  /** The index of the sheet of a workbook. */
  readonly sheet?: number;
  /** The number of the row with the titles. */
  readonly titles?: number | undefined;
}

export interface Found extends Table {
  readonly sheet: number;
  readonly titles: number;
}

/** The row with the titles: the first, after rows of headings, which have one cell. */
function titlesOf(rows: readonly SheetRow[]): number {
  const wide = rows.find(({ cells }) => cells.filter((cell) => cell.trim() !== "").length > 1);
  return (wide ?? rows[0])?.at ?? 0;
}

/**
 * The people of a table. Of a workbook it is the first sheet with people.
 *
 * @throws Error if there are none.
 */
export function tableOf(sheets: readonly Sheet[], messages: Messages, chosen: Reading = {}): Found {
  for (const [sheet, { rows }] of sheets.entries()) {
    if (chosen.sheet !== undefined && sheet !== chosen.sheet) continue;
    const titles = chosen.titles ?? titlesOf(rows);
    const [head, ...rest] = rows.slice(rows.findIndex(({ at }) => at === titles));
    if (!head || head.at !== titles || rest.length === 0) continue;
    const width = widthOf(head, rest);
    const header = Array.from({ length: width }, (_, column) => (head.cells[column] ?? "").trim());
    const lines = rest.map(({ at, cells, problem }): Line => {
      const extra = cells.slice(width);
      const fits = cells.length >= width && extra.every((cell) => cell.trim() === "");
      const error = problem === "open-quote" ? messages.quote : fits ? undefined : messages.cells(cells.length, width);
      if (error !== undefined) return { at, cells, error };
      return { at, cells: extra.length === 0 ? cells : cells.slice(0, width) };
    });
    return { header, lines, sheet, titles };
  }
  throw new Error(messages.noRows);
}

/** The columns up to the last with a title or a value: spreadsheets also write columns that were once used. */
function widthOf(head: SheetRow, rows: readonly SheetRow[]): number {
  let width = 0;
  for (const { cells } of [head, ...rows])
    for (let at = Math.min(cells.length, head.cells.length); at > width; at--)
      if (cells[at - 1]?.trim() !== "") width = at;
  return width;
}

/** Reads a JSON list of `{ name, roles, grants, facts }`. The cells are the name and the element as JSON text. */
export function readJson(list: unknown, messages: Messages): Table {
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
