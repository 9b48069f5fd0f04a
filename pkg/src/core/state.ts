// Validates subjects and changes as callers write them, and converts them to states.
import { InvalidSubjectError, TimeMissingError } from "./errors.js";
import { display, find, oneOf } from "./ids.js";
import { eachPair } from "./model.js";
import type { Entry, Pairs, Program, State } from "./model.js";
import { encodeValue, isWhole } from "./values.js";

/** An object from ids to values. */
type Values = { readonly [id: string]: unknown };

/** Values by entry, and the entries that have one or lose theirs, in policy order if `null` is allowed. */
export interface Resolved {
  readonly pairs: Pairs;
  readonly entries: readonly Entry[];
}

const refuse = (message: string, id?: string): never => {
  throw new InvalidSubjectError("invalid-subject", message, id);
};

/** `for … in` with this check takes half as long as `Object.entries`. Readers skip properties whose value is `undefined`. */
const isOwn = Object.prototype.hasOwnProperty;

/** Whether it is an object literal of any realm: a Map, class instance or heir would silently lose its content. */
function isLiteral(value: unknown): value is Values {
  const prototype = Object.getPrototypeOf(value ?? 0);
  return prototype === null || isOwn.call(prototype, "hasOwnProperty");
}

/** Checks the value of a key, and returns it or what it means. */
// biome-ignore lint/suspicious/noExplicitAny: each caller knows what the reader returns
type Read = (value: unknown, key: string) => any;

const any: Read = (value) => value;
const must =
  (test: (value: unknown) => unknown, expected: string): Read =>
  (value, key) =>
    test(value) ? value : refuse(`\`${key}\` holds \`${display(value)}\`; expected ${expected}`, key);
const isText = (value: unknown) => typeof value === "string";
const object = must(isLiteral, "an object from ids to values");
const list = must(Array.isArray, "a list");
const each =
  (read: Read): Read =>
  (value, key) =>
    [...list(value, key)].map((item) => read(item, key));
const ids = each(must(isText, "a list of role ids"));
const idOf = must(isText, "a role's id");
const nameOf = must(isText, "a text");
const grantsOf = must(isLiteral, "a role's id or an object of grants");
const placeOf = must((value) => isWhole(value, 0, Infinity), "the place of an inline role, from 0");
const until = must((value) => isWhole(value, 0, 0xffffffff), "seconds since 1970, from 0 to 4294967295");

/** Reads an object, each property once. Unknown keys are an error. */
// biome-ignore lint/suspicious/noExplicitAny: as for `Read`
function read(what: string, value: unknown, readers: { readonly [key: string]: Read }, place?: string): any {
  const found: { [key: string]: unknown } = {};
  const fail = (message: string, key?: string) =>
    refuse(`${message}; ${what} can have ${oneOf(Object.keys(readers))}`, key);
  if (!isLiteral(value)) fail(`\`${display(value)}\` is not an object`, place);
  for (const key in value as Values) {
    const item = isOwn.call(value, key) ? (value as Values)[key] : undefined;
    if (item === undefined) continue;
    if (!isOwn.call(readers, key)) fail(`unknown key \`${key}\` in ${what}`, key);
    found[key] = item;
  }
  for (const key in found) found[key] = readers[key]!(found[key], key);
  return found;
}

/** A role of a subject: a listed one, perhaps until a time, or the grants of an inline one, perhaps with a name. */
interface Role {
  readonly role?: string;
  readonly until?: number;
  readonly grants?: Values;
  readonly name?: string;
}

/** Whether it is an object with an end: no privilege is called `until`. */
const hasEnd = (value: unknown): value is Values =>
  typeof value === "object" && isLiteral(value) && value.until !== undefined;

const readRole: Read = (role, key): Role => {
  if (isText(role)) return { role: role as string };
  // No privilege is called `name` or `grants`
  if (isLiteral(role) && (role.name !== undefined || role.grants !== undefined)) {
    const named = read("an inline role with a name", role, { name: any, grants: object });
    nameOf(named.name ?? null, "name");
    return { grants: {}, ...named };
  }
  if (!hasEnd(role)) return { grants: grantsOf(role, key) };
  const ending = read("a role that ends", role, { role: any, until });
  idOf(ending.role ?? null, "role");
  return ending;
};

const readAmendment: Read = (value, key) => {
  const amendment = read("an amendment", value, { index: any, set: object }, key);
  placeOf(amendment.index ?? null, "index");
  return amendment;
};

const SUBJECT = { roles: each(readRole), grants: object, facts: object };
const ROLES = { add: ids, remove: ids, amend: each(readAmendment) };
const CHANGE = {
  set: object,
  facts: object,
  roles: (value: unknown, key: string) => read("`roles` of a change", value, ROLES, key),
};

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

const byIndex = (a: Entry, b: Entry) => a.index - b.index;

/** Throws if an entry is twice in a sorted list. Properties of an object are the same entry only through a renamed id. */
function refuseTwice(entries: readonly Entry[], place: string): readonly Entry[] {
  const twice = entries.find((entry, at) => entry === entries[at + 1]);
  if (twice) refuse(`duplicate \`${twice.id}\` in \`${place}\`; list it once`, twice.id);
  return entries;
}

/** Finds the entry of an id, or of what it was renamed to. */
const present = (program: Program, what: Entry["what"], id: string, place: string): Entry =>
  find(program, what, program.renamed.get(id) ?? id, place);

/** All pairs, sorted. O(n log n) where there are several lists. */
export function join(lists: readonly Pairs[]): Pairs {
  if (!lists[1]) return lists[0] ?? [];
  const keys: number[] = [];
  for (const list of lists) eachPair(list, (index, value) => keys.push(index * 2 ** 32 + value));
  return keys.sort((a, b) => a - b).flatMap((key) => [Math.floor(key / 2 ** 32), key % 2 ** 32]);
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

/** When grants and roles end, and the time. */
interface Clock {
  readonly now: number | undefined;
  readonly ends: Map<number, number>;
}

/** Whether something counts at the time of a clock. Its end is kept if it is later. */
function counts({ now, ends }: Clock, { index, id }: Entry, until: number): boolean {
  if (now === undefined)
    throw new TimeMissingError("time-missing", `\`${id}\` has an end, and the time is not given; pass \`now\``, id);
  if (now < until) ends.set(index, until);
  return now < until;
}

/** Resolves ids and values. With `nullable`, `null` is no value. With a clock, values may end. */
function resolve(
  program: Program,
  what: "fact" | "privilege",
  values: Values | undefined,
  place: string,
  nullable?: boolean,
  clock?: Clock,
): Resolved {
  const known = program.index[what];
  const pairs: number[] = [];
  const entries: Entry[] = [];
  let isSorted = true;
  let isRenamed = false;
  for (const id in values) {
    const value = isOwn.call(values, id) ? values[id] : undefined;
    if (value === undefined) continue;
    let entry = known.get(id);
    if (!entry) [entry, isRenamed] = [present(program, what, id, place), true];
    if (pairs[pairs.length - 2]! > entry.index) isSorted = false;
    entries.push(entry);
    clock?.ends.delete(entry.index);
    if (nullable && value === null) continue;
    if (clock && hasEnd(value)) {
      const ending = read("a grant that ends", value, { value: any, until });
      const { length } = pairs;
      encodeValue(entry, ending.value ?? null, pairs);
      if (!counts(clock, entry, ending.until)) pairs.length = length;
    } else encodeValue(entry, value, pairs);
  }
  if (nullable || isRenamed) entries.sort(byIndex);
  if (isRenamed) refuseTwice(entries, place);
  return { pairs: isSorted ? pairs : join([[], pairs]), entries };
}

/** Resolves role ids, each at most once. */
const resolveRoles = (program: Program, ids: readonly string[], place: string): readonly Entry[] =>
  ids.length ? refuseTwice(ids.map((id) => present(program, "role", id, place)).sort(byIndex), place) : [];

/**
 * The state of a subject, or of `before` after a change, with the privileges that the change sets and the roles that it
 * removes.
 *
 * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidSubjectError, TimeMissingError
 */
export function apply(
  program: Program,
  value: unknown,
  before?: State,
  now = before?.now,
): readonly [state: State, set: Resolved, removed: readonly Entry[]] {
  const clock: Clock = { now, ends: new Map(before?.ends) };
  const { ends } = clock;
  const given = read(before ? "a change" : "a subject", value, before ? CHANGE : SUBJECT);
  const key = before ? "set" : "grants";
  const set = resolve(program, "privilege", given[key], key, !!before, clock);
  const { add = [], remove = [], amend = [] } = (before && given.roles) ?? {};
  const names: (string | undefined)[] = [];
  const ending = new Map<string, number>();
  let inline = before?.inline ?? [];
  if (!before)
    inline = ((given.roles ?? []) as readonly Role[]).flatMap(({ role, until, grants, name }, place) => {
      if (grants) {
        names.push(name);
        return [resolve(program, "privilege", grants, `roles[${place}]${name === undefined ? "" : ".grants"}`).pairs];
      }
      if (until !== undefined) ending.set(program.renamed.get(role!) ?? role!, until);
      add.push(role);
      return [];
    });
  const seen = new Set<number>();
  for (const [at, { index, set }] of amend.entries()) {
    if (seen.has(index)) refuse(`inline role ${index} is amended twice; put both into one`, "amend");
    seen.add(index);
    const { entries, pairs } = resolve(program, "privilege", set, `roles.amend[${at}].set`, true);
    const role =
      inline[index] ??
      refuse(
        `inline role ${index} is amended, and the subject has ${inline.length}; count its inline roles from 0`,
        "amend",
      );
    const amended = merge(role, entries, pairs);
    inline = inline.map((role, place) => (place === index ? amended : role));
  }
  const added = resolveRoles(program, add, before ? "roles.add" : "roles");
  const removed = resolveRoles(program, remove, "roles.remove");
  for (const role of removed) {
    ends.delete(role.index);
    if (added.includes(role)) refuse(`role \`${role.id}\` is both added and removed; keep one of them`, role.id);
  }
  const known = resolve(program, "fact", given.facts, "facts", true);
  const listed = added.flatMap((role) => {
    const until = ending.get(role.id);
    return until !== undefined && !counts(clock, role, until) ? [] : [role.index, 1];
  });
  const pairs = known.pairs.concat(set.pairs, listed);
  const own = before
    ? merge(before.own, known.entries.concat(set.entries, added.concat(removed).sort(byIndex)), pairs)
    : pairs;
  return [
    {
      own,
      inline,
      joined: before?.inline === inline ? before.joined : join(inline),
      names: before?.names ?? names,
      ends: ends.size ? ends : undefined,
      now,
    },
    set,
    removed,
  ];
}
