// What two versions of a policy make of the imported people.
import { type Policy, open } from "privet";
import { type Population, studio } from "privet/studio";
import { accessOf, named, rowsOf, subjectsOf } from "./population.js";
import type { Evaluated } from "./population.js";
import type { ChangeKind, Changed, VersionEffect } from "./protocol.js";

type Change = Omit<Changed, "row" | "at" | "name">;

/** How many people of each kind are named. */
const NAMED = 12;
const NONE = { gained: [], lost: [], shown: [], hidden: [] };

/** The people as a version of the policy decides. */
interface Version {
  /** The access of each content as a text. */
  readonly access: readonly string[];
  /** Error message by content. */
  readonly errors: ReadonlyMap<number, string>;
  /** The operations that a content is allowed, without those that only restrict; and the menu items that they show. */
  operations(content: number): readonly string[];
  items(content: number): readonly string[];
}

/**
 * Compares the access and the menu of the people in two versions of the policy, given as packs. Each content is evaluated once by a version that is
 * not in use, and each pair of results compared once. `onProgress` is told how many of how many contents are done.
 */
export async function versions(
  all: Evaluated,
  packs: readonly [Uint8Array, Uint8Array],
  onProgress: (done: number, all: number) => void,
  signal: AbortSignal,
): Promise<VersionEffect> {
  const size = all.distinct.length;
  const [before, after] = [open(packs[0]), open(packs[1])];
  const left = [before, after].filter((policy) => !isInUse(all, policy)).length * size;
  const decide = (policy: Policy, from: number) =>
    decided(all, policy, { signal, onProgress: (done) => onProgress(from + done, left) });
  const was = await decide(before, 0);
  const is = await decide(after, left - size);
  const changes = new Map<string, Change>();
  const changeOf = (content: number): Change => {
    const fault = was.errors.get(content) ?? is.errors.get(content);
    if (fault !== undefined) return { ...NONE, fault };
    const key = `${was.access[content]} ${is.access[content]}`;
    const known = changes.get(key) ?? {
      gained: without(is.operations(content), was.operations(content)),
      lost: without(was.operations(content), is.operations(content)),
      shown: without(is.items(content), was.items(content)),
      hidden: without(was.items(content), is.items(content)),
    };
    changes.set(key, known);
    return known;
  };
  const byKind: { [kind in ChangeKind]: number[] } = { gain: [], lose: [], unfit: [], menu: [] };
  const byContent = new Map<number, Change>();
  for (const content of all.distinct.keys()) {
    if (all.errors.has(content)) continue;
    const change = changeOf(content);
    for (const kind of kindsOf(change)) byKind[kind].push(content);
    if (kindsOf(change).length > 0) byContent.set(content, change);
  }
  const people = (kind: ChangeKind) => {
    const rows = rowsOf(all, byKind[kind]);
    const first = named(all, rows, NAMED).map(
      (it): Changed => ({ ...it, ...(byContent.get(all.contentOf[it.row] ?? -1) ?? NONE) }),
    );
    return { count: rows.length, first };
  };
  return {
    affected: rowsOf(all, [...byContent.keys()]).length,
    kinds: { gain: people("gain"), lose: people("lose"), unfit: people("unfit"), menu: people("menu") },
  };
}

function kindsOf({ gained, lost, shown, hidden, fault }: Change): ChangeKind[] {
  if (fault !== undefined) return ["unfit"];
  if (gained.length + lost.length === 0) return shown.length + hidden.length > 0 ? ["menu"] : [];
  return [...(gained.length > 0 ? ["gain" as const] : []), ...(lost.length > 0 ? ["lose" as const] : [])];
}

const without = (list: readonly string[], others: readonly string[]): string[] => {
  const left = new Set(others);
  return list.filter((it) => !left.has(it));
};

/** Whether the people have been evaluated by this version: it is the one in use. */
const isInUse = (all: Evaluated, policy: Policy) => policy.fingerprint === all.policy.fingerprint;

async function decided(
  all: Evaluated,
  policy: Policy,
  options: { readonly signal: AbortSignal; readonly onProgress: (done: number) => void },
): Promise<Version> {
  const tools = await studio();
  const described = tools.describe(policy);
  // A setting that only one of the versions has is no fault of the person
  const facts = new Set<string>(described.facts.map(({ id }) => id));
  const subjects = () =>
    subjectsOf(all, all.setting).map((subject) => ({
      ...subject,
      facts: Object.fromEntries(Object.entries(subject.facts ?? {}).filter(([id]) => facts.has(id))),
    }));
  const population: Population = isInUse(all, policy)
    ? all.population
    : await tools.populationAsync(policy, subjects() as never, options);
  const { get } = population.matrix();
  const columns = policy.operations as readonly string[];
  const allowable = described.operations.filter(({ restricts }) => !restricts);
  const columnOf = new Map(columns.map((id, column) => [id, column]));
  const allowed = (content: number) => allowable.filter(({ id }) => get(content, columnOf.get(id) ?? -1));
  return {
    access: accessOf({ population, distinct: all.distinct }),
    errors: new Map(population.errors.map(({ row, error }) => [row, error.message])),
    operations: (content) => allowed(content).map(({ id }) => id as string),
    items: (content) => [
      ...new Set(allowed(content).flatMap(({ menu }) => menu.flatMap((path) => path.map(({ id }) => id as string)))),
    ],
  };
}
