// The people of a table evaluated at once, and answers about them.
import type { Policy, Subject } from "privet";
import { studio } from "privet/studio";
import type { Population } from "privet/studio";
import { text } from "../../text/index.js";
import { assumedRoles } from "../../state/assumed.js";
import { matches } from "../../state/find.js";
import { problem } from "./contents.js";
import type { Contents } from "./contents.js";
import type { PersonRow } from "./mapping.js";
import { LISTED } from "./protocol.js";
import type { Effect, Group, Listed, Named, Page, Resolved, Setting, WhoCan } from "./protocol.js";
import type { Line } from "./table.js";

export interface Evaluated extends Contents {
  readonly population: Population;
  readonly setting: Setting;
  /** Error message by content; these rows are in no result and no count. */
  readonly errors: ReadonlyMap<number, string>;
}

/** What a person holds with the installation, and with roles that were changed in the workspace. */
function placed(subject: Subject, { facts, roles }: Setting): Subject {
  const redefined = (subject.roles ?? []).map((role) => {
    const found = roles.find(({ id }) => id === role);
    return found ? { name: found.name, grants: found.grants } : role;
  });
  return { ...subject, roles: redefined, facts: { ...facts, ...subject.facts } } as Subject;
}

/** A row that cannot be read is replaced by a subject that is refused, so that positions stay the same. */
const REFUSED = { roles: 0 } as unknown as Subject;

/** What each content holds with an installation. */
export const subjectsOf = ({ distinct }: Contents, setting: Setting): Subject[] =>
  distinct.map((it) => ("subject" in it ? placed(it.subject, setting) : REFUSED));

/** Evaluates the people with an installation. `onProgress` is told how many of how many contents are done. */
export async function evaluate(
  all: Contents,
  setting: Setting,
  onProgress?: (done: number, all: number) => void,
): Promise<Evaluated> {
  const tools = await studio();
  const population = await tools.populationAsync(
    all.policy,
    subjectsOf(all, setting),
    onProgress ? { onProgress } : {},
  );
  const errors = new Map(
    population.errors.map(({ row, error }): [number, string] => [row, text.imports.cellErrors.unknown(error.message)]),
  );
  all.distinct.forEach((it, index) => {
    if ("error" in it) errors.set(index, it.error);
  });
  return { ...all, population, setting, errors };
}

/** What came of an evaluation. */
export function summary(all: Evaluated): Omit<Resolved, "ms"> {
  const { population, errors, rowsOf, distinct, policy, table } = all;
  const groups = access(all);
  const weight = (contents: readonly number[]) =>
    contents.reduce((sum, content) => sum + (errors.has(content) ? 0 : (rowsOf[content]?.length ?? 0)), 0);
  const counts = new Uint32Array(policy.operations.length);
  for (const { allowed, people } of groups)
    for (let at = 0; at < counts.length; at++) if (allowed[at]) counts[at] = (counts[at] ?? 0) + people;
  const problems = [...errors].flatMap(([content, message]) =>
    (rowsOf[content] ?? [])
      .slice(0, LISTED)
      .map((row) => problem(distinct[content] as PersonRow, table.lines[row] as Line, all, message)),
  );
  const problemCount = [...errors.keys()].reduce((sum, content) => sum + (rowsOf[content]?.length ?? 0), 0);
  return {
    size: table.lines.length - problemCount,
    groups: groups.slice(0, LISTED),
    groupCount: groups.length,
    counts,
    dormant: population
      .dormant()
      .map(({ privilege, people }) => ({ privilege: String(privilege), people: weight(people) }))
      .sort((a, b) => b.people - a.people),
    problemCount,
    problems: problems.sort((a, b) => a.at - b.at).slice(0, LISTED),
    holders: holdersOf(all),
  };
}

/** How many people hold each role: listed, or because of facts. */
function holdersOf({ distinct, rowsOf, errors, policy, described, setting }: Evaluated): Resolved["holders"] {
  const holders: { [role: string]: number } = {};
  const assumed = byFacts(policy, described);
  for (const [content, it] of distinct.entries()) {
    if (!("subject" in it) || errors.has(content)) continue;
    const listed = (it.subject.roles ?? []).map((role) =>
      typeof role === "string" ? role : "role" in role && role.role,
    );
    for (const role of new Set([...listed, ...assumed({ ...setting.facts, ...it.subject.facts })]))
      if (typeof role === "string") holders[role] = (holders[role] ?? 0) + (rowsOf[content]?.length ?? 0);
  }
  return holders;
}

/** The roles that facts give. Each combination of facts is asked once. */
function byFacts(policy: Policy, { roles }: Contents["described"]): (facts: Subject["facts"]) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (facts) => {
    if (roles.every(({ when }) => when === undefined)) return [];
    const key = JSON.stringify(facts);
    const found = known.get(key) ?? assumedRoles(roles, policy.session({ facts } as Subject));
    known.set(key, found);
    return found;
  };
}

/** The access of each content as a text. */
export function accessOf({ population, distinct }: Pick<Evaluated, "population" | "distinct">): string[] {
  const { columns, stride, words } = population.matrix();
  return distinct.map((_, row) => {
    let key = "";
    for (let column = 0, bits = 0; column < columns; column++) {
      bits = (bits << 1) | (((words[column * stride + (row >>> 5)] ?? 0) >>> (row & 31)) & 1);
      if (column % 15 === 14 || column === columns - 1) {
        key += bits.toString(36).padStart(3, "0");
        bits = 0;
      }
    }
    return key;
  });
}

/** Groups people with identical access, largest group first. */
export function access(all: Evaluated): Group[] {
  const { get } = all.population.matrix();
  const groups = new Map<string, { contents: number[]; people: number }>();
  for (const [content, key] of accessOf(all).entries()) {
    if (all.errors.has(content)) continue;
    const group = groups.get(key) ?? { contents: [], people: 0 };
    group.contents.push(content);
    group.people += all.rowsOf[content]?.length ?? 0;
    groups.set(key, group);
  }
  const { lines } = all.table;
  return [...groups]
    .sort(([, a], [, b]) => b.people - a.people)
    .map(([key, { contents, people }]) => {
      const content = contents[0] ?? 0;
      const row = all.rowsOf[content]?.[0] ?? 0;
      return {
        people,
        row,
        name: lines[row] ? all.name(lines[row]) : "",
        access: key,
        allowed: Uint8Array.from(all.policy.operations, (_, column) => Number(get(content, column))),
      };
    });
}

/** How many people would gain and lose with another installation, or other roles. */
export async function effect(now: Evaluated, setting: Setting): Promise<Effect> {
  const next = await evaluate(now, setting);
  const { gained, lost } = now.population.differences(next.population);
  // Operations that only restrict are no access
  const restricting = new Set(now.described.operations.flatMap(({ id, restricts }) => (restricts ? [id] : [])));
  const contentsOf = (changes: typeof gained) =>
    new Set(changes.flatMap(({ operation, people }) => (restricting.has(operation) ? [] : people)));
  const count = (contents: Iterable<number>) =>
    [...contents].reduce((sum, content) => sum + (now.errors.has(content) ? 0 : (now.rowsOf[content]?.length ?? 0)), 0);
  const [more, less] = [contentsOf(gained), contentsOf(lost)];
  return { gain: count(more), lose: count(less), touched: count(new Set([...more, ...less])) };
}

/** The rows of contents without errors, in the order of the table. */
export const rowsOf = ({ errors, rowsOf }: Evaluated, contents: readonly number[]): number[] =>
  contents.flatMap((content) => (errors.has(content) ? [] : [...(rowsOf[content] ?? [])])).sort((a, b) => a - b);

export const named = ({ table, name }: Contents, rows: readonly number[], count = LISTED): Named[] =>
  rows.slice(0, count).flatMap((row) => {
    const line = table.lines[row];
    return line ? [{ row, at: line.at, name: name(line) }] : [];
  });

/** Who can do an operation, and through what. */
export function who(all: Evaluated, operation: string): WhoCan {
  const { population } = all;
  const rows = rowsOf(all, population.whoCan(operation));
  const givers = population.givers(operation).map((giver) => ({
    by: giver.by as string,
    ...("role" in giver && { role: String(giver.role) }),
    people: rowsOf(all, giver.people).length,
  }));
  return {
    operation,
    count: rows.length,
    undecided: rowsOf(all, population.undecided(operation)).length,
    first: named(all, rows),
    givers,
  };
}

/** The people with this access. */
export const members = (all: Evaluated, access: string): Named[] =>
  named(
    all,
    rowsOf(
      all,
      accessOf(all).flatMap((key, content) => (key === access ? [content] : [])),
    ),
  );

/** The person of a row. */
export function person(all: Evaluated, row: number): { name: string; subject: Subject } {
  const found = all.distinct[all.contentOf[row] ?? -1];
  const line = all.table.lines[row];
  if (!found || !line || !("subject" in found)) throw new Error(text.imports.noRows);
  return { name: all.name(line), subject: found.subject };
}

/** A page of the people whose names match, in the order of the table. O(people). */
export function list(all: Evaluated, { search, without, from, count }: Page): Listed {
  const { distinct, contentOf, errors, table, name } = all;
  const people: Listed["people"][number][] = [];
  const left = new Set(without);
  let total = 0;
  for (const [row, line] of table.lines.entries()) {
    const content = contentOf[row] ?? -1;
    const found = distinct[content];
    if (!found || !("subject" in found) || errors.has(content)) continue;
    if (left.has(row) || !matches(name(line), search)) continue;
    if (total >= from && people.length < count) people.push({ row, name: name(line), subject: found.subject });
    total++;
  }
  return { total, people };
}
