// People as the rows of a table: what its columns mean, and what the cells of a row say.
import type { Subject } from "privet";
import type { StreamedRow } from "privet/sheets";
import type { PolicyDescription } from "privet/studio";
import { Fault } from "../faults.js";
import { unescaped } from "../reports/csv.js";
import type { Line } from "./policy.js";

/** Titles of the column of names, the best first. */
const NAMES = ["name", "fullname", "user", "username", "login", "email", "id"];
const YES = new Set(["yes", "y", "true", "1", "on", "x", "✓", "ja", "j"]);
const NO = new Set(["no", "n", "false", "0", "off", "-", "none", "nein"]);

/** The words of a title or a cell without case, spaces and punctuation. */
const plain = (words: string) => words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

type Value = string | number | boolean | readonly string[];
/** Reads a cell that is not empty; `undefined` is nothing. It throws an {@link InvalidCell}. */
type Read = (cell: string) => Value | undefined;

/** What is wrong with a cell. */
class InvalidCell extends Error {}

/** What a column has, beside names and roles. */
interface Column {
  readonly of: "grants" | "facts";
  readonly id: string;
  readonly read: Read;
}

/**
 * Reads the rows of a table. A column is named by a privilege or a fact, with its id or its label, by `name`, or by `roles`, whose cells have ids
 * or labels with `;` between them. Cells that are empty say nothing. `warn` is told the columns that name nothing.
 *
 * @throws Fault if no column names anything, or one what another names too.
 */
export function tableReader(
  header: readonly string[],
  described: PolicyDescription,
  file: string,
  warn: (text: string) => void,
): (row: StreamedRow) => Line {
  const known = columnsOf(described);
  const titles = header.map((title) => unescaped(title.trim()));
  const nameAt = NAMES.map((name) => titles.findIndex((title) => plain(title) === name)).find((at) => at >= 0);
  const rolesAt = titles.findIndex((title) => /^roles?$/.test(plain(title)) && known(title) === undefined);
  const readRoles = listOf(optionOf(described.roles, "a role"));
  const columns = titles.map((title, at) => (at === nameAt || at === rolesAt ? undefined : known(title)));
  const twice = columns.findIndex(
    (column, at) => column !== undefined && columns.findIndex((it) => it?.id === column.id && it.of === column.of) < at,
  );
  if (twice >= 0) throw new Fault(`two columns of ${file} are \`${columns[twice]!.id}\`; leave one out`);
  if (rolesAt < 0 && columns.every((column) => column === undefined))
    throw new Fault(
      `no column of ${file} is a privilege, a fact or \`roles\`; give their ids or labels in the first line`,
    );
  const others = titles.filter((_, at) => at !== nameAt && at !== rolesAt && columns[at] === undefined);
  if (others.length > 0)
    warn(`${file} has columns that name nothing of the policy: ${others.map((title) => `\`${title}\``).join(", ")}`);
  const used = titles.flatMap((_, at) => (at === rolesAt || columns[at] !== undefined ? [at] : []));

  const subjectOf = (cells: readonly string[]): Subject => {
    const subject: { roles: unknown[]; grants: Record<string, unknown>; facts: Record<string, unknown> } = {
      roles: [],
      grants: {},
      facts: {},
    };
    for (const at of used) {
      const cell = unescaped((cells[at] ?? "").trim()).trim();
      if (cell === "") continue;
      try {
        const column = columns[at];
        if (column === undefined) subject.roles = [...new Set(readRoles(cell) as string[])];
        else {
          const value = column.read(cell);
          if (value !== undefined) subject[column.of][column.id] = value;
        }
      } catch (thrown) {
        if (!(thrown instanceof InvalidCell)) throw thrown;
        throw new InvalidCell(`\`${cell}\` in the column \`${titles[at]}\` ${thrown.message}`);
      }
    }
    return subject as Subject;
  };
  return ({ line, cells, problem }) => {
    const name = unescaped((cells[nameAt ?? -1] ?? "").trim()).trim() || `line ${line}`;
    const fault = (text: string) => ({ name, line, fault: text });
    if (problem !== undefined) return fault("a quotation mark is not closed");
    if (cells.length > titles.length && cells.slice(titles.length).some((cell) => cell.trim() !== ""))
      return fault(`it has ${cells.length} cells, and the first line has ${titles.length}`);
    try {
      return { name, line, subject: subjectOf(cells), key: used.map((at) => cells[at]).join("\u0000") };
    } catch (thrown) {
      if (!(thrown instanceof InvalidCell)) throw thrown;
      return fault(thrown.message);
    }
  };
}

/** What a title names: by id first, then by label. It throws a {@link Fault} for a title that names several things. */
function columnsOf({ privileges, facts }: PolicyDescription): (title: string) => Column | undefined {
  const all = [
    ...privileges.map((it) => ({ of: "grants" as const, id: it.id, label: it.label, read: reader(it, true) })),
    ...facts.map((it) => ({ of: "facts" as const, id: it.id, label: it.label, read: reader(it, false) })),
  ];
  return (title) => {
    const word = plain(title);
    if (word === "") return undefined;
    for (const key of ["id", "label"] as const) {
      const found = all.filter((it) => plain(it[key]) === word);
      if (found.length > 1)
        throw new Fault(
          `the column \`${title}\` may be ${found.map(({ id }) => `\`${id}\``).join(" or ")}; give an id`,
        );
      if (found[0] !== undefined) return found[0];
    }
    return undefined;
  };
}

interface Entry {
  readonly kind: string;
  readonly levels?: readonly { readonly id: string; readonly label: string }[];
  readonly options?: readonly { readonly id: string; readonly label: string }[];
}

function reader({ kind, levels, options }: Entry, mayBeNone: boolean): Read {
  if (kind === "number") return numberOf;
  if (kind === "flag" || kind === "switch") return yesOrNo;
  const one = optionOf(levels ?? options ?? [], kind === "level" ? "a level" : "an option", mayBeNone);
  return kind === "set" ? listOf(one) : one;
}

const yesOrNo: Read = (cell) => {
  const word = cell.toLowerCase();
  if (YES.has(word)) return true;
  if (NO.has(word)) return false;
  throw new InvalidCell("is neither yes nor no");
};

/** A whole number. Spreadsheets write 8 as 8.0 or 8,0. */
const numberOf: Read = (cell) => {
  const [, whole] = /^(\d{1,10})(?:[.,]0+)?$/.exec(cell) ?? [];
  if (whole === undefined) throw new InvalidCell("is not a whole number");
  return Number(whole);
};

function optionOf(all: readonly { readonly id: string; readonly label: string }[], what: string, mayBeNone = false) {
  const known = new Map([
    ...all.map(({ id, label }) => [plain(label), id] as const),
    ...all.map(({ id }) => [plain(id), id] as const),
  ]);
  return (cell: string): string | undefined => {
    const found = known.get(plain(cell)) ?? known.get(cell.replace(/^(\d+)[.,]0+$/, "$1"));
    if (found !== undefined || (mayBeNone && NO.has(cell.toLowerCase()))) return found;
    throw new InvalidCell(`is not ${what}; there are ${all.map(({ id }) => `\`${id}\``).join(", ")}`);
  };
}

/** Values with `;` or `|` between them. */
function listOf(one: (cell: string) => string | undefined): Read {
  return (cell) => cell.split(/[;|]/).flatMap((part) => (part.trim() === "" ? [] : (one(part.trim()) ?? [])));
}
