// The rows of a table by what they hold: rows that hold the same are read and evaluated once.
import type { Policy, Subject } from "privet";
import { yesOrNo } from "privet/sheets";
import type { PolicyDescription } from "privet/studio";
import { isShared } from "../../state/facts.js";
import type { Facts } from "../../state/types.js";
import { keyOf, nameOf, people } from "./mapping.js";
import type { Meaning, PersonRow } from "./mapping.js";
import { LISTED } from "./protocol.js";
import type { Checked, OpenedPerson, Problem } from "./protocol.js";
import type { Line, Table } from "./table.js";

/** A table that was read, with the policy that its people are evaluated by. */
export interface Opened {
  readonly policy: Policy;
  readonly described: PolicyDescription;
  readonly table: Table;
}

/** The distinct contents of the rows. */
export interface Contents extends Opened {
  readonly distinct: readonly PersonRow[];
  /** For each row, the index of its content. */
  readonly contentOf: Uint32Array;
  /** For each content, its rows. */
  readonly rowsOf: readonly (readonly number[])[];
  readonly name: (line: Line) => string;
}

/** Groups the rows by what they hold, and reads each content once. */
export function contentsOf(opened: Opened, meanings: readonly Meaning[]): Contents {
  const { table, described } = opened;
  const [key, parse] = [keyOf(meanings), people(table, meanings, described)];
  const indexes = new Map<string, number>();
  const contentOf = new Uint32Array(table.lines.length);
  const rowsOf: number[][] = [];
  const distinct: PersonRow[] = [];
  for (const [row, line] of table.lines.entries()) {
    const content = key(line);
    let index = indexes.get(content);
    if (index === undefined) {
      index = distinct.length;
      indexes.set(content, index);
      distinct.push(parse(line));
      rowsOf.push([]);
    }
    contentOf[row] = index;
    rowsOf[index]?.push(row);
  }
  return { ...opened, distinct, contentOf, rowsOf, name: nameOf(meanings) };
}

/** The contents with the people who were opened as they are now: each has a content of their own, after those of the file. */
export function withOpened(all: Contents, people: readonly OpenedPerson[]): Contents {
  const opened = people.filter(({ row }) => row < all.contentOf.length);
  if (opened.length === 0) return all;
  const rows = new Set(opened.map(({ row }) => row));
  const left = new Set(opened.map(({ row }) => all.contentOf[row]));
  const contentOf = all.contentOf.slice();
  for (const [index, { row }] of opened.entries()) contentOf[row] = all.distinct.length + index;
  return {
    ...all,
    contentOf,
    distinct: [...all.distinct, ...opened.map(({ subject }) => ({ subject }))],
    rowsOf: [
      ...all.rowsOf.map((of, content) => (left.has(content) ? of.filter((row) => !rows.has(row)) : of)),
      ...opened.map(({ row }) => [row]),
    ],
  };
}

/** What is wrong with a row. */
export function problem(it: PersonRow, line: Line, { table, name }: Contents, message: string): Problem {
  const column = "error" in it ? it.column : undefined;
  return {
    at: line.at,
    name: name(line),
    column: column === undefined ? "" : (table.header[column] ?? ""),
    columnIndex: column ?? -1,
    message,
    value: ("error" in it && it.value) || "",
    meant: ("error" in it && it.meant) || "",
  };
}

/** What the columns give with these meanings, before anybody is evaluated. */
export function checked(opened: Opened, meanings: readonly Meaning[]): Checked {
  const all = contentsOf(opened, meanings);
  const { table, distinct, rowsOf } = all;
  const failed = new Uint32Array(table.header.length);
  const problems: Problem[] = [];
  let problemCount = 0;
  for (const [index, it] of distinct.entries()) {
    if (!("error" in it)) continue;
    const rows = rowsOf[index] ?? [];
    problemCount += rows.length;
    if (it.column !== undefined) failed[it.column] = (failed[it.column] ?? 0) + rows.length;
    for (const row of rows.slice(0, LISTED)) problems.push(problem(it, table.lines[row] as Line, all, it.error));
  }
  return {
    people: table.lines.length - problemCount,
    groups: distinct.filter((it) => "subject" in it).length,
    problemCount,
    problems: problems.sort((a, b) => a.at - b.at).slice(0, LISTED),
    columns: table.header.map((_, column) => ({
      filled: filledIn(table, column),
      failed: failed[column] ?? 0,
      given: givenBy(all, meanings[column] ?? ""),
    })),
    first: firstOf(all),
    settings: settingsOf(opened, meanings),
  };
}

const filledIn = ({ lines }: Table, column: number): number =>
  lines.reduce((sum, { cells }) => sum + Number((cells[column] ?? "") !== ""), 0);

/** How many people a column grants something or gives a fact, or how many roles it names. */
function givenBy({ distinct, rowsOf }: Contents, meaning: Meaning): number {
  const subjects = distinct.flatMap((it, content) =>
    "subject" in it ? [{ subject: it.subject, people: rowsOf[content]?.length ?? 0 }] : [],
  );
  if (meaning === "roles") return new Set(subjects.flatMap(({ subject }) => [...(subject.roles ?? [])])).size;
  const [kind, id = ""] = meaning.split(/:(.*)/s);
  const has = ({ grants, facts }: Subject) => {
    const value: unknown = kind === "fact" ? facts?.[id] : grants?.[id];
    return (
      value !== undefined && (kind === "fact" || (value !== false && !(Array.isArray(value) && value.length === 0)))
    );
  };
  return subjects.reduce((sum, { subject, people }) => sum + (has(subject) ? people : 0), 0);
}

/** How many of the first people are shown as they are read. */
const FIRST = 8;

function firstOf({ table, distinct, contentOf, name }: Contents): Checked["first"] {
  const first: Checked["first"][number][] = [];
  for (const [row, line] of table.lines.entries()) {
    const it = distinct[contentOf[row] ?? -1];
    if (it && "subject" in it) first.push({ at: line.at, name: name(line), subject: it.subject });
    if (first.length === FIRST) break;
  }
  return first;
}

/** The switches of the installation that columns mean, where all rows agree on yes or no. */
function settingsOf({ table, described }: Opened, meanings: readonly Meaning[]): Facts {
  const settings: { [id: string]: boolean } = {};
  for (const fact of described.facts) {
    const { id, kind } = fact;
    const column = meanings.indexOf(`fact:${id}`);
    if (column < 0 || kind !== "switch" || !isShared(fact)) continue;
    const cells = new Set(table.lines.map(({ cells }) => (cells[column] ?? "").trim()).filter((cell) => cell !== ""));
    const [only = ""] = cells;
    const value = yesOrNo(only);
    if (cells.size === 1 && value !== undefined) settings[id] = value;
  }
  return settings;
}
