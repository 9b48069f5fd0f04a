// Validates subjects and changes as callers write them, and converts them to states.
import { InvalidSubjectError, TimeMissingError } from "./errors.js";
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

/** What an id was renamed to, or the id itself. */
const presentId = ({ renamed }: Program, id: string) => renamed.get(id)?.id ?? id;

/** Throws if an entry is twice in a sorted list. Properties of an object are the same entry only through a renamed id. */
function refuseTwice(entries: readonly Entry[], place: string): void {
  const twice = entries.find((entry, at) => entry === entries[at + 1]);
  if (twice) refuse(`duplicate \`${twice.id}\` in \`${place}\`; list it once`, twice.id);
}

/** When grants and roles end, and the time. */
interface Clock {
  readonly now: number | undefined;
  readonly ends: Map<number, number>;
}

/** Whether it is an object with an end: no privilege is called `until`. */
const hasEnd = (value: unknown): value is Values =>
  typeof value === "object" && isLiteral(value) && value.until !== undefined;

/** Whether it is an inline role with a name: no privilege is called `name` or `grants`. */
const hasName = (role: unknown): role is Values =>
  isLiteral(role) && (role.name !== undefined || role.grants !== undefined);

/** Whether something counts at the time of a clock. Its end is checked, and kept if it is later. */
function counts({ now, ends }: Clock, { index, id }: Entry, until: unknown): boolean {
  if (!Number.isInteger(until) || (until as number) < 0 || (until as number) > 0xffffffff)
    refuseShape("until", "seconds since 1970, from 0 to 4294967295", until);
  if (now === undefined)
    throw new TimeMissingError("time-missing", `\`${id}\` has an end, and the time is not given; pass \`now\``, id);
  if (now < (until as number)) ends.set(index, until as number);
  return now < (until as number);
}

/** Resolves ids and values to pairs. With `nullable`, `null` is no value. `assigned` gets every entry. */
function resolve(
  program: Program,
  what: "fact" | "privilege",
  values: Values | undefined,
  place: string,
  nullable?: boolean,
  assigned?: Entry[],
  clock?: Clock,
): Pairs {
  const known = program.index[what];
  const pairs: number[] = [];
  const found = assigned ?? [];
  let isSorted = true;
  let isRenamed = false;
  for (const id in values) {
    const value = isOwn.call(values, id) ? values[id] : undefined;
    if (value === undefined) continue;
    let entry = known.get(id);
    if (!entry) [entry, isRenamed] = [find(program, what, presentId(program, id), place), true];
    found.push(entry);
    clock?.ends.delete(entry.index);
    if (nullable && value === null) continue;
    if (clock && hasEnd(value)) {
      const { value: granted, until } = readObject("a grant that ends", value, ["value", "until"]);
      const ending: number[] = [];
      encodeValue(entry, granted ?? null, ending);
      if (counts(clock, entry, until)) pairs.push(...ending);
      isSorted = false;
      continue;
    }
    if (pairs[pairs.length - 2]! > entry.index) isSorted = false;
    encodeValue(entry, value, pairs);
  }
  if (assigned || isRenamed) found.sort(byIndex);
  if (isRenamed) refuseTwice(found, place);
  return isSorted ? pairs : join([[], pairs]);
}

const NONE: readonly Entry[] = [];

/** Resolves role ids, each at most once. */
function resolveRoles(program: Program, ids: readonly string[] | undefined, place: string): readonly Entry[] {
  if (!ids) return NONE;
  const roles = ids.map((id) => find(program, "role", presentId(program, id), place)).sort(byIndex);
  refuseTwice(roles, place);
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

/** Inline roles after amendments, each at most once. The same list if there are none. */
function amend(program: Program, inline: readonly Pairs[], amendments: readonly unknown[]): readonly Pairs[] {
  if (!amendments.length) return inline;
  const after = [...inline];
  const seen = new Set<unknown>();
  for (const [at, amendment] of amendments.entries()) {
    const { index, set = {} } = readObject("an amendment", amendment, ["index", "set"], "amend");
    if (!Number.isInteger(index) || (index as number) < 0)
      refuseShape("index", "the place of an inline role, from 0", index ?? null);
    if (!isLiteral(set)) refuseShape("set", "an object from ids to values", set);
    if (seen.has(index)) refuse(`inline role ${index} is amended twice; put both into one`, "amend");
    seen.add(index);
    const entries: Entry[] = [];
    const pairs = resolve(program, "privilege", set as Values, `roles.amend[${at}].set`, true, entries);
    const role = inline[index as number];
    if (!role) {
      const message = `inline role ${index} is amended, and the subject has ${inline.length}; count its inline roles from 0`;
      refuse(message, "amend");
    }
    after[index as number] = merge(role!, entries, pairs);
  }
  return after;
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
  now = before?.now,
): readonly [state: State, set: Resolved, removed: readonly Entry[]] {
  const clock: Clock = { now, ends: new Map(before?.ends) };
  const inlined: (readonly [place: string, grants: Values])[] = [];
  const names: (string | undefined)[] = [];
  const ending = new Map<string, unknown>();
  let given = readObject(before ? "a change" : "a subject", value, before ? CHANGE : SUBJECT);
  for (const key in given) {
    const item = given[key];
    if (key !== "roles") {
      if (!isLiteral(item)) refuseShape(key, "an object from ids to values", item);
    } else if (before) {
      const roles = readObject("`roles` of a change", item, ["add", "remove", "amend"], key);
      for (const key in roles)
        if (key !== "amend")
          for (const id of list(key, roles[key]))
            if (typeof id !== "string") refuseShape(key, "a list of role ids", id);
      given = { ...given, ...roles };
    } else {
      const add = list(key, item).flatMap((role, place) => {
        if (typeof role === "string") return [role];
        if (hasEnd(role)) {
          const { role: id, until } = readObject("a role that ends", role, ["role", "until"]);
          if (typeof id !== "string") refuseShape("role", "a role's id", id ?? null);
          ending.set(presentId(program, id as string), until);
          return [id as string];
        }
        let inline: readonly [string, unknown] = [`roles[${place}]`, role];
        if (hasName(role)) {
          const { name, grants = {} } = readObject("an inline role with a name", role, ["name", "grants"]);
          names[inlined.length] = typeof name === "string" ? name : refuseShape("name", "a text", name ?? null);
          inline = [`roles[${place}].grants`, grants];
          if (!isLiteral(grants)) refuseShape("grants", "an object from ids to values", grants);
        } else if (!isLiteral(role)) refuseShape(key, "a role's id or an object of grants", role);
        inlined.push(inline as readonly [string, Values]);
        return [];
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
    clock,
  );
  const inline = before
    ? amend(program, before.inline, list("amend", given.amend ?? []))
    : inlined.map(([place, grants]) => resolve(program, "privilege", grants, place));
  const roles = (key: string, place: string) =>
    resolveRoles(program, given[key] as readonly string[] | undefined, place);
  const added = roles("add", before ? "roles.add" : "roles");
  const removed = roles("remove", "roles.remove");
  for (const { index } of removed) clock.ends.delete(index);
  const gone = new Set(removed);
  for (const role of added)
    if (gone.has(role)) refuse(`role \`${role.id}\` is both added and removed; keep one of them`, role.id);
  const facts = resolve(program, "fact", given.facts as Values, "facts", true, before && known);
  const listed = added.flatMap((role) =>
    ending.has(role.id) && !counts(clock, role, ending.get(role.id)) ? [] : [role.index, 1],
  );
  const own = before
    ? merge(merge(merge(merge(before.own, known, facts), entries, pairs), added, listed), removed, [])
    : [...facts, ...pairs, ...listed];
  const { ends } = clock;
  return [
    {
      own,
      inline,
      joined: before?.inline === inline ? before.joined : join(inline),
      names: before?.names ?? names,
      ends: ends.size ? ends : undefined,
      now,
    },
    { pairs, entries },
    removed,
  ];
}
