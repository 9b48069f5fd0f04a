import { type Titled, plainWords } from "./titles.js";

/** What a column holds: a privilege or a fact as `describe` of `privet/studio` has it, or `set` with the roles as options. */
export interface ColumnKind {
  /** `flag`, `switch`, `number`, `level`, `choice` or `set`. */
  readonly kind: string;
  readonly levels?: readonly Titled[];
  readonly options?: readonly Titled[];
}

/** What a cell says: a value, nothing (`undefined`), or what it fails to be, with the part of the cell that fails. */
export type CellContent =
  | { readonly value: string | number | boolean | readonly string[] | undefined }
  | { readonly fault: "yes-or-no" | "whole-number" | "option"; readonly part: string };

// `wahr` and `falsch` are what a German Excel writes for TRUE and FALSE
const YES = new Set(["yes", "y", "true", "1", "on", "x", "✓", "✔", "granted", "ja", "j", "wahr"]);
const NO = new Set(["no", "n", "false", "0", "off", "-", "none", "nein", "falsch"]);

/**
 * What a cell says of a flag or a switch; `undefined` is neither yes nor no.
 *
 * @example
 * ["x", "FALSE", "maybe"].map(yesOrNo); // [true, false, undefined]
 */
export function yesOrNo(cell: string): boolean | undefined {
  const word = cell.toLowerCase();
  return YES.has(word) ? true : NO.has(word) ? false : undefined;
}

/**
 * Reads the cells of a column of people; cells that are empty say nothing, and are not given to it. Spreadsheets write 8 as 8.0 or 8,0.
 * Lists have `;` or `|` between their options. With `isGrant`, a word for no (`-`, `none`, `no`) stands for no level or option.
 *
 * @example
 * const read = cellReader({ kind: "level", levels: [{ id: "8", label: "Manager" }] }, { isGrant: true });
 * read("8.0"); // { value: "8" }
 * read("nine"); // { fault: "option", part: "nine" }
 */
export function cellReader(column: ColumnKind, { isGrant = false } = {}): (cell: string) => CellContent {
  const { kind, levels, options } = column;
  if (kind === "number") return wholeNumber;
  if (kind === "flag" || kind === "switch") return flag;
  const one = optionReader(levels ?? options ?? [], isGrant);
  return kind === "set" ? (cell) => list(cell, one) : one;
}

function flag(cell: string): CellContent {
  const value = yesOrNo(cell);
  return value === undefined ? { fault: "yes-or-no", part: cell } : { value };
}

function wholeNumber(cell: string): CellContent {
  const [, whole] = /^(\d{1,10})(?:[.,]0+)?$/.exec(cell) ?? [];
  return whole === undefined ? { fault: "whole-number", part: cell } : { value: Number(whole) };
}

type OptionReader = (
  cell: string,
) => { readonly value: string | undefined } | (CellContent & { readonly fault: string });

function optionReader(options: readonly Titled[], isGrant: boolean): OptionReader {
  const known = new Map([
    ...options.map(({ id, label }) => [plainWords(label), id] as const),
    ...options.map(({ id }) => [plainWords(id), id] as const),
  ]);
  known.delete(""); // a label of signs alone
  return (cell) => {
    const value = known.get(plainWords(cell)) ?? known.get(cell.replace(/^(\d+)[.,]0+$/, "$1"));
    if (value !== undefined || (isGrant && NO.has(cell.toLowerCase()))) return { value };
    return { fault: "option", part: cell };
  };
}

function list(cell: string, one: OptionReader): CellContent {
  const value: string[] = [];
  for (const part of cell.split(/[;|]/)) {
    if (part.trim() === "") continue;
    const read = one(part.trim());
    if ("fault" in read) return read;
    if (read.value !== undefined && !value.includes(read.value)) value.push(read.value);
  }
  return { value };
}

/**
 * Whether a spreadsheet may read a cell as a formula: it begins with a sign of formulas, in half or full width, also behind spaces and
 * invisible characters, or with a tab or a line break, after which some begin to read.
 */
const formula = /^(?:[\t\r\n]|[\p{Z}\p{C}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B])/u;

/**
 * A cell with an apostrophe before it where a spreadsheet may run it as a formula.
 *
 * @example
 * escapedCell("=1+1"); // "'=1+1"
 */
export const escapedCell = (cell: string): string => (formula.test(cell) ? `'${cell}` : cell);

/**
 * A cell without spaces around it and without the apostrophe of {@link escapedCell}.
 *
 * @example
 * unescapedCell(" '=1+1"); // "=1+1"
 */
export function unescapedCell(cell: string): string {
  const text = cell.trim();
  return text.startsWith("'") && formula.test(text.slice(1)) ? text.slice(1).trim() : text;
}
