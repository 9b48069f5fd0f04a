import type { FactValue, GrantValue, Subject } from "privet";
import type { PolicyDescription } from "privet/studio";
import { text } from "../../text.js";
import type { Line, Table } from "./table.js";

/** What a column means: `name`, `roles`, `privilege:<id>`, `fact:<id>`, or nothing. */
export type Meaning = "" | "name" | "roles" | `privilege:${string}` | `fact:${string}`;

type Described = Pick<PolicyDescription, "privileges" | "facts" | "roles">;

const plain = (words: string) => words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

/** How many rows tell whether a column names roles. */
const TRIED = 50;

/** What each column seems to mean: by id or label, each meaning once. A privilege may be called “Roles”: the cells decide. */
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

class Unreadable extends Error {}

/** What a column's cells are read as. */
type Read = (cell: string) => GrantValue | FactValue | undefined;

function flag(column: string): Read {
  return (cell) => {
    const word = cell.toLowerCase();
    if (YES.has(word)) return true;
    if (NO.has(word)) return false;
    throw new Unreadable(text.organisation.bad.flag(column, cell));
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
    throw new Unreadable(text.organisation.bad.value(column, cell, choices));
  };
}

function number(column: string): Read {
  return (cell) => {
    if (/^\d{1,10}$/.test(cell)) return Number(cell);
    throw new Unreadable(text.organisation.bad.number(column, cell));
  };
}

function reader(column: string, meaning: Meaning, described: Described): Read {
  const [kind, id] = [meaning.slice(0, meaning.indexOf(":")), meaning.slice(meaning.indexOf(":") + 1)];
  if (kind === "fact") {
    const fact = described.facts.find((it) => it.id === id);
    return fact?.kind === "number"
      ? number(column)
      : fact?.kind === "choice"
        ? option(column, fact.options ?? [], false)
        : flag(column);
  }
  const privilege = described.privileges.find((it) => it.id === id);
  if (privilege?.kind === "number") return number(column);
  if (privilege?.kind === "flag") return flag(column);
  const one = option(column, privilege?.levels ?? privilege?.options ?? [], true);
  if (privilege?.kind !== "set") return one;
  return (cell) => cell.split(/[;|]/).flatMap((part) => (part.trim() === "" ? [] : (one(part.trim()) ?? [])));
}

/** A person of a row, or why it is none. */
export type ReadPerson =
  | { readonly name: string; readonly subject: Subject }
  | { readonly name: string; readonly fault: string };

/** How the rows of a table become people. Empty cells grant nothing, and leave a fact as it is `shipped`. */
export function people(
  { header }: Table,
  meanings: readonly Meaning[],
  described: Described,
  shipped: Subject["facts"],
): (line: Line) => ReadPerson {
  const nameAt = meanings.indexOf("name");
  const readers = header.map((column, index) =>
    meanings[index]?.includes(":") ? reader(column, meanings[index], described) : undefined,
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
          throw new Unreadable(text.organisation.bad.role(part));
        }
      });
  return (line) => {
    const name = (line.cells[nameAt < 0 ? 0 : nameAt] ?? "").trim() || `${text.organisation.row} ${line.at}`;
    if (line.fault !== undefined) return { name, fault: line.fault };
    if (line.subject !== undefined) {
      const { name: _, ...subject } = line.subject as Subject & { name?: unknown };
      return { name, subject: { ...subject, facts: { ...shipped, ...subject.facts } } };
    }
    const grants: { [id: string]: GrantValue } = {};
    const facts: { [id: string]: FactValue | null | undefined } = { ...shipped };
    const held: string[] = [];
    try {
      line.cells.forEach((raw, index) => {
        if (raw === "") return;
        const [cell, meaning] = [raw.trim().replace(/^'(?=[=+\-@])/, ""), meanings[index] ?? ""]; // as `writeCsv` guards it
        if (cell === "" || meaning === "" || meaning === "name") return;
        if (meaning === "roles") return void held.push(...roles(cell));
        const value = readers[index]?.(cell);
        if (value === undefined) return;
        if (meaning.startsWith("fact:")) facts[meaning.slice(5)] = value as FactValue;
        else grants[meaning.slice(10)] = value as GrantValue;
      });
    } catch (error) {
      if (error instanceof Unreadable) return { name, fault: error.message };
      throw error;
    }
    return { name, subject: { roles: held, grants, facts } as Subject };
  };
}
