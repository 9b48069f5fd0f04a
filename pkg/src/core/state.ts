// Validates subjects and changes as callers write them, and converts them to states.
import { InvalidSubjectError } from "./errors.js";
import { display, find, oneOf } from "./ids.js";
import type { Entry, Pairs, Program, State } from "./model.js";
import { encodeValue } from "./values.js";

/** An object from ids to values. */
type Values = { readonly [id: string]: unknown };

/** Values by entry, and the entries that have one or lose theirs, both in policy order. */
export interface Resolved {
  readonly pairs: Pairs;
  readonly entries: readonly Entry[];
}

const refuse = (message: string, id?: string): never => {
  throw new InvalidSubjectError("invalid-subject", message, id);
};

const refuseShape = (place: string, expected: string, found: unknown): never =>
  refuse(`\`${place}\` holds \`${display(found)}\`; expected ${expected}`, place);

/** `for … in` with this check takes half as long as `Object.entries`. Readers skip properties whose value is `undefined`. */
const isOwn = Object.prototype.hasOwnProperty;

/** Whether it is an object literal of any realm: a Map, class instance or heir would silently lose its content. */
function isLiteral(value: unknown): value is Values {
  const prototype = Object.getPrototypeOf(value ?? 0);
  return prototype === null || isOwn.call(prototype, "hasOwnProperty");
}

/** The properties of an object, each read once. Unknown keys are an error. */
function readObject(what: string, value: unknown, keys: readonly string[], place?: string): Values {
  const fail = (message: string, key?: string) => refuse(`${message}; ${what} can have ${oneOf(keys)}`, key);
  const found: { [key: string]: unknown } = {};
  if (!isLiteral(value)) fail(`\`${display(value)}\` is not an object`, place);
  for (const key in value as Values) {
    const item = isOwn.call(value, key) ? (value as Values)[key] : undefined;
    if (item === undefined) continue;
    if (!keys.includes(key)) fail(`unknown key \`${key}\` in ${what}`, key);
    found[key] = item;
  }
  return found;
}

const list = (place: string, value: unknown): readonly unknown[] =>
  Array.isArray(value) ? [...value] : refuseShape(place, "a list", value);

/** Whether an entry has a value of the subject's own; a role, whether it is listed. O(log pairs). */
export function isGiven({ own }: State, { index }: Entry): boolean {
  let [low, high] = [0, own.length >> 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (own[2 * middle]! < index) low = middle + 1;
    else high = middle;
  }
  return own[2 * low] === index;
}

/** The keys of a subject and of a change, in the order of messages. */
const SUBJECT = ["roles", "grants", "facts"] as const;
const CHANGE = ["set", "facts", "roles"] as const;

const byIndex = (a: Entry, b: Entry) => a.index - b.index;

/** Resolves ids and values to pairs. With `nullable`, `null` is no value. `assigned` gets every entry. */
function resolve(
  program: Program,
  what: "fact" | "privilege",
  values: Values | undefined,
  place: string,
  nullable?: boolean,
  assigned?: Entry[],
): Pairs {
  const known = program.index[what];
  const pairs: number[] = [];
  let isSorted = true;
  for (const id in values) {
    const value = isOwn.call(values, id) ? values[id] : undefined;
    if (value === undefined) continue;
    const entry = known.get(id) ?? find(program, what, id, place);
    assigned?.push(entry);
    if (nullable && value === null) continue;
    if (pairs.length && pairs.at(-2)! > entry.index) isSorted = false;
    encodeValue(entry, value, pairs);
  }
  assigned?.sort(byIndex);
  return isSorted ? pairs : join([[], pairs]);
}

const NONE: readonly Entry[] = [];

/** Resolves role ids, each at most once. */
function resolveRoles(program: Program, ids: readonly string[] | undefined, place: string): readonly Entry[] {
  if (!ids) return NONE;
  const roles = ids.map((id) => find(program, "role", id, place)).sort(byIndex);
  const twice = roles.find((role, at) => role === roles[at + 1]);
  if (twice) refuse(`duplicate \`${twice.id}\` in \`${place}\`; list it once`, twice.id);
  return roles;
}

/** Replaces the values of entries. O(both). */
function merge(own: Pairs, entries: readonly Entry[], pairs: Pairs): Pairs {
  if (!entries[0]) return own;
  let at = 0;
  let from = 0;
  while (own[at]! < entries[0].index) at += 2;
  const after = own.slice(0, at);
  for (const { index } of entries) {
    while (own[at]! < index) after.push(own[at++]!, own[at++]!);
    while (own[at] === index) at += 2;
    while (pairs[from] === index) after.push(pairs[from++]!, pairs[from++]!);
  }
  return after.concat(own.slice(at));
}

/** All pairs, sorted. O(n log n) where there are several lists. */
export function join(lists: readonly Pairs[]): Pairs {
  if (!lists[1]) return lists[0] ?? [];
  const pairs = lists.flatMap((list) => list.flatMap((index, at) => (at & 1 ? [] : [[index, list[at + 1]!] as const])));
  return pairs.sort(([a, x], [b, y]) => a - b || x - y).flat();
}

/**
 * The state of a subject, or of `before` after a change, with the privileges that the change sets and the roles that it
 * removes.
 *
 * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidSubjectError
 */
export function apply(
  program: Program,
  value: unknown,
  before?: State,
): readonly [state: State, set: Resolved, removed: readonly Entry[]] {
  const inlined: (readonly [place: string, grants: Values])[] = [];
  let given = readObject(before ? "a change" : "a subject", value, before ? CHANGE : SUBJECT);
  for (const key in given) {
    const item = given[key];
    if (key !== "roles") {
      if (!isLiteral(item)) refuseShape(key, "an object from ids to values", item);
    } else if (before) {
      const roles = readObject("`roles` of a change", item, ["add", "remove"], key);
      for (const key in roles)
        for (const id of list(key, roles[key])) if (typeof id !== "string") refuseShape(key, "a list of role ids", id);
      given = { ...given, ...roles };
    } else {
      const add = list(key, item).filter((role, place) => {
        if (typeof role === "string") return true;
        inlined.push([
          `roles[${place}]`,
          isLiteral(role) ? role : refuseShape(key, "a role's id or an object of grants", role),
        ]);
        return false;
      });
      given = { ...given, add };
    }
  }
  const entries: Entry[] = [];
  const known: Entry[] = [];
  const pairs = resolve(
    program,
    "privilege",
    given[before ? "set" : "grants"] as Values,
    before ? "set" : "grants",
    !!before,
    before && entries,
  );
  const inline = before?.inline ?? inlined.map(([place, grants]) => resolve(program, "privilege", grants, place));
  const roles = (key: string, place: string) =>
    resolveRoles(program, given[key] as readonly string[] | undefined, place);
  const added = roles("add", before ? "roles.add" : "roles");
  const removed = roles("remove", "roles.remove");
  for (const role of added)
    if (removed.includes(role)) refuse(`role \`${role.id}\` is both added and removed; keep one of them`, role.id);
  const facts = resolve(program, "fact", given.facts as Values, "facts", true, before && known);
  const listed = added.flatMap(({ index }) => [index, 1]);
  const own = before
    ? merge(merge(merge(merge(before.own, known, facts), entries, pairs), added, listed), removed, [])
    : [...facts, ...pairs, ...listed];
  return [{ own, inline, joined: before?.joined ?? join(inline) }, { pairs, entries }, removed];
}
