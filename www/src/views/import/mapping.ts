import type { FactValue, GrantValue, Subject } from "privet";
import { type ColumnKind, cellReader, nameColumn, plainWords, titled, unescapedCell } from "privet/sheets";
import type { PolicyDescription } from "privet/studio";
import { isShared } from "../../state/facts.js";
import { text } from "../../text/index.js";
import type { Line, Table } from "./table.js";

/** Meaning of a column; empty means ignored. */
export type Meaning = "" | "name" | "roles" | `privilege:${string}` | `fact:${string}`;

type Described = Pick<PolicyDescription, "privileges" | "facts" | "roles">;

/** Rows inspected where the cells of a column decide what it means. */
const TRIED = 50;

/**
 * Suggests a meaning for each column, each meaning at most once: by id or label, or by beginnings of words of a label where the first cells are
 * values of it and of no other with these words. The cells also decide whether a column holds roles, since a privilege may be labelled “Roles”.
 */
export function suggest(table: Table, described: Described): Meaning[] {
  const { header } = table;
  const entries = entriesOf(described);
  const names = new Set(described.roles.flatMap(({ id, label }) => [plainWords(id), plainWords(label)]));
  const filled = (column: number) =>
    table.lines.slice(0, TRIED).flatMap(({ cells }) => unescapedCell(cells[column] ?? "") || []);
  const areRoles = (title: string, column: number) =>
    /^roles?$/.test(plainWords(title)) &&
    filled(column).some((cell) => cell.split(/[;|]/).some((part) => names.has(plainWords(part))));
  const nameAt = nameColumn(header, (title) => titled(title, entries).length > 0);
  const exact = header.map((title, column): Meaning => {
    if (column === nameAt) return "name";
    if (areRoles(title, column)) return "roles";
    const [found, ...others] = titled(title, entries);
    return found !== undefined && others.length === 0
      ? found.meaning
      : /^roles?$/.test(plainWords(title))
        ? "roles"
        : "";
  });
  const once = exact.map((meaning, column) => (exact.indexOf(meaning) === column ? meaning : ""));
  const similar = once.map((meaning, column) =>
    meaning === "" ? (similarTo(header[column] ?? "", filled(column), entries)?.meaning ?? "") : "",
  );
  return once.map((meaning, column) => {
    const guess = similar[column] ?? "";
    const isOnly = !once.includes(guess) && similar.indexOf(guess) === similar.lastIndexOf(guess);
    return meaning === "" && isOnly ? guess : meaning;
  });
}

/** A privilege or fact that a column may mean. */
interface Entry extends ColumnKind {
  readonly id: string;
  readonly label: string;
  readonly meaning: Meaning;
  readonly isGrant: boolean;
  /** Whether it is a setting of the installation. */
  readonly isShared: boolean;
}

const entriesOf = ({ privileges, facts }: Described): Entry[] => [
  ...privileges.map((it): Entry => ({ ...it, meaning: `privilege:${it.id}`, isGrant: true, isShared: false })),
  ...facts.map((it): Entry => ({ ...it, meaning: `fact:${it.id}`, isGrant: false, isShared: isShared(it) })),
];

const wordsOf = (title: string): readonly string[] => title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** The letters that a shortened word has at least. */
const SHORT = 3;

/** Whether each word is a word of a label, or the beginning of one, and no two of them the same. */
function areIn([word, ...others]: readonly string[], label: readonly string[]): boolean {
  if (word === undefined) return true;
  return label.some(
    (it, at) =>
      (it === word || (word.length >= SHORT && it.startsWith(word))) &&
      areIn(
        others,
        label.filter((_, place) => place !== at),
      ),
  );
}

/**
 * The only entry with all words of a title, or words that begin so, in its label and these cells among its values. The title has to have at
 * least half of the words of the label: one word of many says too little. A setting of the installation is none: it would be set for
 * everybody by a title that is only similar.
 */
function similarTo(title: string, cells: readonly string[], entries: readonly Entry[]): Entry | undefined {
  const words = wordsOf(title);
  if (words.length === 0 || cells.length === 0) return undefined;
  const [found, ...others] = entries.filter((entry) => {
    const read = cellReader(entry, { isGrant: entry.isGrant });
    return areIn(words, wordsOf(entry.label)) && cells.every((cell) => !("fault" in read(cell)));
  });
  if (!found || others.length > 0 || found.isShared) return undefined;
  return words.length * 2 >= wordsOf(found.label).length ? found : undefined;
}

class InvalidCell extends Error {
  constructor(
    message: string,
    /** The value that was probably meant. */
    readonly meant?: string,
  ) {
    super(message);
  }
}

/** Parses a cell; undefined means no value. */
type Parse = (cell: string) => GrantValue | FactValue | undefined;

/** Words for numbers, which some write for levels. */
const digits = new Map(
  ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].map((word, index) => [
    word,
    String(index + 1),
  ]),
);

/** What Excel writes where a formula failed. */
const excelError = /^#(?:REF|N\/A|NAME|VALUE|DIV\/0|NULL|NUM|SPILL|CALC)[!?]?$/i;

/** Reads the cells of a column, and says what is wrong with those that cannot be read. */
function parser(title: string, column: Entry): Parse {
  const read = cellReader(column, { isGrant: column.isGrant });
  const { cellErrors } = text.imports;
  const options = column.levels ?? column.options ?? [];
  const areNumbers = options.length > 2 && options.every(({ label }) => /^\d+$/.test(label));
  const choices = areNumbers
    ? cellErrors.level(options[0]?.label ?? "", options.at(-1)?.label ?? "")
    : cellErrors.oneOf(options.map(({ label }) => label).join(", "));
  return (cell) => {
    const content = read(cell);
    if (!("fault" in content)) return content.value as GrantValue | undefined;
    const { fault, part } = content;
    if (excelError.test(part)) throw new InvalidCell(cellErrors.excel(part));
    if (fault === "yes-or-no") throw new InvalidCell(cellErrors.flag(title, part));
    if (fault === "whole-number") throw new InvalidCell(cellErrors.number(title, part));
    const number = digits.get(plainWords(part)) ?? "";
    const meant = number !== "" && part === cell && !("fault" in read(number)) ? number : undefined;
    throw new InvalidCell(
      cellErrors.value(title, part, choices) + (meant === undefined ? "" : cellErrors.meant(meant)),
      meant,
    );
  };
}

/** What a row says of a person, or what is wrong with it. */
export type PersonRow =
  | { readonly subject: Subject }
  | { readonly error: string; readonly column?: number; readonly value?: string; readonly meant?: string };

/** The name of the person of a row. */
export const nameOf = (meanings: readonly Meaning[]) => {
  const at = Math.max(0, meanings.indexOf("name"));
  return (line: Line) => (line.cells[at] ?? "").trim() || text.imports.row(line.at);
};

/** The part of a row on which access depends: rows with the same key are read once. */
export const keyOf = (meanings: readonly Meaning[]) => {
  const columns = meanings.flatMap((meaning, index) => (meaning !== "" && meaning !== "name" ? [index] : []));
  return ({ error, subject, cells }: Line) =>
    error ??
    (subject === undefined
      ? columns.map((column) => cells[column]).join("\u0000")
      : JSON.stringify({ ...(subject as object), name: undefined }));
};

/** Reads the rows of a table as people. Empty cells grant nothing; settings of the installation are not read from rows. */
export function people(
  { header }: Table,
  meanings: readonly Meaning[],
  described: Described,
): (line: Line) => PersonRow {
  const entries = entriesOf(described);
  const shared = new Set(entries.flatMap(({ id, isShared }) => (isShared ? [id] : [])));
  const parsers = header.map((title, index) => {
    const entry = entries.find(({ meaning }) => meaning === meanings[index]);
    return entry && !entry.isShared ? parser(title, entry) : undefined;
  });
  const readRoles = cellReader({ kind: "set", options: described.roles }, { isGrant: true });
  const roles = (cell: string) => {
    const content = readRoles(cell);
    if ("fault" in content) throw new InvalidCell(text.imports.cellErrors.role(content.part));
    return content.value as readonly string[];
  };
  return (line) => {
    if (line.error !== undefined) return { error: line.error };
    if (line.subject !== undefined) {
      const { name: _, ...subject } = line.subject as Subject & { name?: unknown };
      const facts = Object.fromEntries(Object.entries(subject.facts ?? {}).filter(([id]) => !shared.has(id)));
      return { subject: { ...subject, facts } as Subject };
    }
    const grants: { [id: string]: GrantValue } = {};
    const facts: { [id: string]: FactValue | null | undefined } = {};
    const held: string[] = [];
    for (const [index, raw] of line.cells.entries()) {
      const meaning = meanings[index] ?? "";
      const cell = unescapedCell(raw);
      if (cell === "" || meaning === "" || meaning === "name") continue;
      try {
        if (meaning === "roles") {
          held.push(...roles(cell));
          continue;
        }
        const value = parsers[index]?.(cell);
        if (value === undefined) continue;
        if (meaning.startsWith("fact:")) facts[meaning.slice(5)] = value as FactValue;
        else grants[meaning.slice(10)] = value as GrantValue;
      } catch (error) {
        if (!(error instanceof InvalidCell)) throw error;
        return {
          error: error.message,
          column: index,
          value: cell,
          ...(error.meant !== undefined && { meant: error.meant }),
        };
      }
    }
    return { subject: { roles: [...new Set(held)], grants, facts } as Subject };
  };
}
