import type { FactValue, GrantValue, Subject } from "privet";
import type { PolicyDescription } from "privet/studio";
import { text } from "../../text.js";
import { unescaped } from "./table.js";
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

const YES = new Set(["yes", "y", "true", "1", "on", "x", "✓"]);
const NO = new Set(["no", "n", "false", "0", "off", "-", "none"]);

class InvalidCell extends Error {}

/** Parses a cell; undefined means no value. */
type Parse = (cell: string) => GrantValue | FactValue | undefined;

function flag(column: string): Parse {
  return (cell) => {
    const word = cell.toLowerCase();
    if (YES.has(word)) return true;
    if (NO.has(word)) return false;
    throw new InvalidCell(text.organisation.cellErrors.flag(column, cell));
  };
}

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
  const choices = options.map(({ id }) => `\`${id}\``).join(", ");
  return (cell) => {
    const found = known.get(plain(cell));
    if (found !== undefined) return found;
    if (mayBeNone && NO.has(cell.toLowerCase())) return undefined;
    throw new InvalidCell(text.organisation.cellErrors.value(column, cell, choices));
  };
}

function number(column: string): Parse {
  return (cell) => {
    if (/^\d{1,10}$/.test(cell)) return Number(cell);
    throw new InvalidCell(text.organisation.cellErrors.number(column, cell));
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

/** The subject of a row, or the error message. */
export type PersonRow =
  | { readonly name: string; readonly subject: Subject }
  | { readonly name: string; readonly error: string };

/** Converts table rows to people. Empty cells grant nothing; facts default to `shipped`. */
export function people(
  { header }: Table,
  meanings: readonly Meaning[],
  described: Described,
  shipped: Subject["facts"],
): (line: Line) => PersonRow {
  const nameAt = meanings.indexOf("name");
  const parsers = header.map((column, index) =>
    meanings[index]?.includes(":") ? parser(column, meanings[index], described) : undefined,
  );
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
          throw new InvalidCell(text.organisation.cellErrors.role(part));
        }
      });
  return (line) => {
    const name = (line.cells[Math.max(0, nameAt)] ?? "").trim() || `${text.organisation.row} ${line.at}`;
    if (line.error !== undefined) return { name, error: line.error };
    if (line.subject !== undefined) {
      const { name: _, ...subject } = line.subject as Subject & { name?: unknown };
      return { name, subject: { ...subject, facts: { ...shipped, ...subject.facts } } };
    }
    const grants: { [id: string]: GrantValue } = {};
    const facts: { [id: string]: FactValue | null | undefined } = { ...shipped };
    const held: string[] = [];
    try {
      for (const [index, raw] of line.cells.entries()) {
        const meaning = meanings[index] ?? "";
        const cell = unescaped(raw.trim()).trim();
        if (cell === "" || meaning === "" || meaning === "name") continue;
        if (meaning === "roles") {
          held.push(...roles(cell));
          continue;
        }
        const value = parsers[index]?.(cell);
        if (value === undefined) continue;
        if (meaning.startsWith("fact:")) facts[meaning.slice(5)] = value as FactValue;
        else grants[meaning.slice(10)] = value as GrantValue;
      }
    } catch (error) {
      if (error instanceof InvalidCell) return { name, error: error.message };
      throw error;
    }
    return { name, subject: { roles: held, grants, facts } as Subject };
  };
}
