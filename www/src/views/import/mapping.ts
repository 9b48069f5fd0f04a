import type { FactValue, GrantValue, Subject } from "privet";
import type { PolicyDescription } from "privet/studio";
import { unescaped } from "../../state/csv.js";
import { text } from "../../text/index.js";
import type { Line, Table } from "./table.js";

/** Meaning of a column; empty means ignored. */
export type Meaning = "" | "name" | "roles" | `privilege:${string}` | `fact:${string}`;

type Described = Pick<PolicyDescription, "privileges" | "facts" | "roles">;

const plain = (words: string) => words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

/** Rows inspected to decide whether a column holds roles. */
const TRIED = 50;

/**
 * Suggests a meaning for each column by id or label, each meaning at most once. The cells decide whether a column holds
 * roles, since a privilege may also be labelled “Roles”.
 */
export function suggest({ header, lines }: Table, { privileges, facts, roles }: Described): Meaning[] {
  const names = new Set(roles.flatMap(({ id, label }) => [plain(id), plain(label)]));
  const areRoles = (column: number) =>
    lines
      .slice(0, TRIED)
      .some(({ cells }) => (cells[column] ?? "").split(/[;|]/).some((cell) => names.has(plain(cell))));
  const taken = new Set<Meaning>();
  const known = new Map<string, Meaning>([
    ...["name", "user", "username", "email", "login", "fullname"].map((word): [string, Meaning] => [word, "name"]),
    ...["role", "roles"].map((word): [string, Meaning] => [word, "roles"]),
    ...facts.flatMap(({ id, label }): [string, Meaning][] => [
      [plain(label), `fact:${id}`],
      [plain(id), `fact:${id}`],
    ]),
    ...privileges.flatMap(({ id, label }): [string, Meaning][] => [
      [plain(label), `privilege:${id}`],
      [plain(id), `privilege:${id}`],
    ]),
  ]);
  return header.map((column, index) => {
    const isRole = /^roles?$/.test(plain(column)) && areRoles(index);
    const meaning = isRole ? "roles" : (known.get(plain(column)) ?? "");
    if (meaning !== "" && taken.has(meaning)) return "";
    taken.add(meaning);
    return meaning;
  });
}

const YES = new Set(["yes", "y", "true", "1", "on", "x", "✓", "ja", "j"]);
const NO = new Set(["no", "n", "false", "0", "off", "-", "none", "nein"]);

/** What a cell says of a flag or switch; `undefined` is neither yes nor no. */
export function yesOrNo(cell: string): boolean | undefined {
  const word = cell.toLowerCase();
  return YES.has(word) ? true : NO.has(word) ? false : undefined;
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

function flag(column: string): Parse {
  return (cell) => {
    const value = yesOrNo(cell);
    if (value !== undefined) return value;
    throw invalid(cell, () => text.imports.cellErrors.flag(column, cell));
  };
}

/** Words for numbers, which some write for levels. */
const digits = new Map(
  ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].map((word, index) => [
    word,
    String(index + 1),
  ]),
);

function option(
  column: string,
  options: readonly { readonly id: string; readonly label: string }[],
  mayBeNone: boolean,
): (cell: string) => string | undefined {
  const known = new Map(
    options.flatMap(({ id, label }) => [
      [plain(label), id],
      [plain(id), id],
    ]),
  );
  const areNumbers = options.length > 2 && options.every(({ label }) => /^\d+$/.test(label));
  const choices = areNumbers
    ? text.imports.cellErrors.level(options[0]?.label ?? "", options.at(-1)?.label ?? "")
    : text.imports.cellErrors.oneOf(options.map(({ label }) => label).join(", "));
  return (cell) => {
    // Spreadsheets write 8 as 8.0 or 8,0
    const found = known.get(plain(cell)) ?? known.get(cell.replace(/^(\d+)[.,]0+$/, "$1"));
    if (found !== undefined) return found;
    if (mayBeNone && NO.has(cell.toLowerCase())) return undefined;
    const meant = known.get(digits.get(plain(cell)) ?? "");
    throw invalid(cell, () => text.imports.cellErrors.value(column, cell, choices), meant);
  };
}

/** What Excel writes where a formula failed. */
const excelError = /^#(?:REF|N\/A|NAME|VALUE|DIV\/0|NULL|NUM|SPILL|CALC)[!?]?$/i;
const invalid = (cell: string, words: () => string, meant?: string) =>
  new InvalidCell(
    excelError.test(cell)
      ? text.imports.cellErrors.excel(cell)
      : `${words()}${meant ? text.imports.cellErrors.meant(meant) : ""}`,
    meant,
  );

function number(column: string): Parse {
  return (cell) => {
    const [, whole] = /^(\d{1,10})(?:[.,]0+)?$/.exec(cell) ?? [];
    if (whole !== undefined) return Number(whole);
    throw invalid(cell, () => text.imports.cellErrors.number(column, cell));
  };
}

function parser(column: string, meaning: Meaning, described: Described): Parse {
  const [kind, id] = [meaning.slice(0, meaning.indexOf(":")), meaning.slice(meaning.indexOf(":") + 1)];
  if (kind === "fact") {
    const fact = described.facts.find((it) => it.id === id);
    return fact?.kind === "number"
      ? number(column)
      : fact?.kind === "choice" || fact?.kind === "level"
        ? option(column, fact.levels ?? fact.options ?? [], false)
        : flag(column);
  }
  const privilege = described.privileges.find((it) => it.id === id);
  if (privilege?.kind === "number") return number(column);
  if (privilege?.kind === "flag") return flag(column);
  const one = option(column, privilege?.levels ?? privilege?.options ?? [], true);
  if (privilege?.kind !== "set") return one;
  return (cell) => cell.split(/[;|]/).flatMap((part) => (part.trim() === "" ? [] : (one(part.trim()) ?? [])));
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
  const shared = new Set<string>(described.facts.flatMap((fact) => (fact.default === undefined ? [] : [fact.id])));
  const parsers = header.map((column, index) => {
    const meaning = meanings[index] ?? "";
    return meaning.includes(":") && !shared.has(meaning.slice(5)) ? parser(column, meaning, described) : undefined;
  });
  const roleOf = option("", described.roles, true);
  const roles = (cell: string) =>
    cell
      .split(/[;|]/)
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .flatMap((part) => {
        try {
          return roleOf(part) ?? [];
        } catch {
          throw new InvalidCell(text.imports.cellErrors.role(part));
        }
      });
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
      const cell = unescaped(raw.trim()).trim();
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
