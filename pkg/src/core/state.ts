// Validates subjects and changes as callers write them, and converts them to states.
import { InvalidSubjectError, TimeMissingError } from "./errors.js";
import { fail } from "./fail.js";
import { display, find, oneOf } from "./ids.js";
import * as texts from "./messages.js";
import { eachPair } from "./model.js";
import type { Entry, Pairs, Program, State } from "./model.js";
import type { Message, Part } from "./say.js";
import { encodeValue, isWhole } from "./values.js";

/** An object from ids to values. */
type Values = { readonly [id: string]: unknown };

/** Values by entry, and the entries that have one or lose theirs, in policy order if `null` is allowed. */
export interface Resolved {
  readonly pairs: Pairs;
  readonly entries: readonly Entry[];
}

const refuse = <Parts extends readonly Part[]>(id: string, message: Message<Parts>, ...parts: Parts): never =>
  fail(InvalidSubjectError, "invalid-subject", id, message, ...parts);

/** Readers skip properties whose value is `undefined`. */
const isOwn = Object.prototype.hasOwnProperty;

/**
 * Whether an object inherits properties that `for … in` visits, which are not the caller's: something has extended all objects. `for … in`
 * without a check of each property takes a fifth of the time, and less than `Object.entries`.
 */
function inherits(values: Values): boolean {
  for (const _ in Object.getPrototypeOf(values)) return true;
  return false;
}

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
    test(value) ? value : refuse(key, texts.wrongShape, key, display(value), expected);
const isText = (value: unknown) => typeof value === "string";
const object = must(isLiteral, texts.objectOfValues);
const list = must(Array.isArray, texts.aList);
const each =
  (read: Read): Read =>
  (value, key) =>
    [...list(value, key)].map((item) => read(item, key));
const ids = each(must(isText, texts.listOfRoles));
const idOf = must(isText, texts.roleId);
const nameOf = must(isText, texts.aText);
const grantsOf = must(isLiteral, texts.roleOrGrants);
const placeOf = must((value) => isWhole(value, 0, 0xffffffff), texts.placeOfRole);
const until = must((value) => isWhole(value, 0, 0xffffffff), texts.seconds);

/** The keys that an object may have, each with its reader. */
type Shape = readonly (readonly [key: string, read: Read])[];
const shape = (readers: { readonly [key: string]: Read }): Shape => Object.entries(readers);

/**
 * Reads an object, each property once. Unknown keys are an error. The result has all keys, so that a property that something has added to
 * all objects is never read in place of one that is not given.
 */
// biome-ignore lint/suspicious/noExplicitAny: as for `Read`
function read(what: string, value: unknown, shape: Shape, place = ""): any {
  const keys = () => oneOf(shape.map(([key]) => key));
  if (!isLiteral(value)) refuse(place, texts.notAnObject, display(value), what, keys());
  const found: { [key: string]: unknown } = {};
  for (const [key] of shape) found[key] = undefined;
  const given: [item: unknown, key: string, read: Read][] = [];
  for (const key in value as Values) {
    const item = isOwn.call(value, key) ? (value as Values)[key] : undefined;
    if (item === undefined) continue;
    const known = shape.find(([known]) => known === key) ?? refuse(key, texts.unknownKey, key, what, keys());
    given.push([item, ...known]);
  }
  for (const [item, key, read] of given) found[key] = read(item, key);
  return found;
}

/** A role of a subject: a listed one, perhaps until a time, or the grants of an inline one, perhaps with a name. */
interface Role {
  readonly role: string | undefined;
  readonly until: number | undefined;
  readonly grants: Values | undefined;
  readonly name: string | undefined;
}
const roleOf = (role?: string, until?: number, grants?: Values, name?: string): Role => ({ role, until, grants, name });

/** An amendment of the inline role at a place. */
interface Amendment {
  readonly index: number;
  readonly set?: Values;
}

/** Whether it is an object with an end: no privilege is called `until`. */
const hasEnd = (value: unknown): value is Values =>
  typeof value === "object" && isLiteral(value) && value.until !== undefined;

const NAMED = shape({ name: any, grants: object });
const ENDING = shape({ role: any, until });
const ENDING_GRANT = shape({ value: any, until });
const AMENDMENT = shape({ index: any, set: object });

const readRole: Read = (role, key): Role => {
  if (isText(role)) return roleOf(role as string);
  // No privilege is called `name` or `grants`
  if (isLiteral(role) && (role.name !== undefined || role.grants !== undefined)) {
    const named = read(texts.namedRole, role, NAMED);
    nameOf(named.name ?? null, "name");
    return roleOf(undefined, undefined, named.grants ?? {}, named.name);
  }
  if (!hasEnd(role)) return roleOf(undefined, undefined, grantsOf(role, key));
  const ending = read(texts.endingRole, role, ENDING);
  idOf(ending.role ?? null, "role");
  return roleOf(ending.role, ending.until);
};

const readAmendment: Read = (value, key) => {
  const amendment = read(texts.anAmendment, value, AMENDMENT, key);
  placeOf(amendment.index ?? null, "index");
  return amendment;
};

const SUBJECT = shape({ roles: each(readRole), grants: object, facts: object });
const ROLES = shape({ add: ids, remove: ids, amend: each(readAmendment) });
const CHANGE = shape({
  set: object,
  facts: object,
  roles: (value: unknown, key: string) => read(texts.rolesOfChange, value, ROLES, key),
});

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
  if (twice) refuse(twice.id, texts.duplicate, twice.id, place);
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
  while (at < own.length) after.push(own[at++]!);
  return after;
}

/** When grants and roles end, and the time. */
interface Clock {
  readonly now: number | undefined;
  readonly ends: Map<number, number>;
}

/** Whether something counts at the time of a clock. Its end is kept if it is later. */
function counts({ now, ends }: Clock, { index, id }: Entry, until: number): boolean {
  if (now === undefined) fail(TimeMissingError, "time-missing", id, texts.timeMissing, id);
  if (now < until) ends.set(index, until);
  return now < until;
}

/** Resolves ids and values. With `nullable`, `null` is no value. With a clock, values may end. */
function resolve(
  program: Program,
  what: "fact" | "privilege",
  values: Values = {},
  place: string,
  nullable?: boolean,
  clock?: Clock,
): Resolved {
  const known = program.index[what];
  const pairs: number[] = [];
  const entries: Entry[] = [];
  let isSorted = true;
  let last = -1;
  let isRenamed = false;
  const isOwnAlone = !inherits(values);
  const hasEnds = clock?.ends.size;
  for (const id in values) {
    const value = isOwnAlone || isOwn.call(values, id) ? values[id] : undefined;
    if (value === undefined) continue;
    let entry = known.get(id);
    if (!entry) [entry, isRenamed] = [present(program, what, id, place), true];
    if (last > entry.index) isSorted = false;
    last = entry.index;
    entries.push(entry);
    if (hasEnds) clock.ends.delete(entry.index);
    if (nullable && value === null) continue;
    if (clock && hasEnd(value)) {
      const ending = read(texts.endingGrant, value, ENDING_GRANT);
      const { length } = pairs;
      encodeValue(entry, ending.value ?? null, pairs);
      if (!counts(clock, entry, ending.until)) pairs.length = length;
      if (pairs.length === length) clock.ends.delete(entry.index); // what is no grant has no end either
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
 * The state of a subject at a time.
 *
 * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidSubjectError, TimeMissingError
 */
export function stateOf(program: Program, subject: unknown, now?: number): State {
  const { roles = [], grants, facts } = read(texts.aSubject, subject, SUBJECT);
  const clock = { now, ends: new Map<number, number>() };
  const own = resolve(program, "privilege", grants, "`grants`", false, clock);
  const inline: Pairs[] = [];
  const names: (string | undefined)[] = [];
  const ids: string[] = [];
  const ending = new Map<Entry | undefined, number>();
  for (const [place, { role, until, grants, name }] of (roles as readonly Role[]).entries()) {
    if (grants) {
      names.push(name);
      const at = `\`roles[${place}]${name === undefined ? "" : ".grants"}\``;
      inline.push(resolve(program, "privilege", grants, at).pairs);
    } else {
      ids.push(role!);
      if (until !== undefined) ending.set(program.index.role.get(program.renamed.get(role!) ?? role!), until);
    }
  }
  const listed = resolveRoles(program, ids, "`roles`");
  const known = resolve(program, "fact", facts, "`facts`", true);
  const isHeld = (role: Entry) => !ending.has(role) || counts(clock, role, ending.get(role)!);
  const { ends } = clock;
  return {
    own: [...known.pairs, ...own.pairs, ...held(listed.filter(isHeld))],
    inline,
    joined: join(inline),
    names,
    ends: ends.size ? ends : undefined,
    now,
  };
}

/** The pairs of listed roles. */
const held = (roles: readonly Entry[]): Pairs => roles.flatMap(({ index }) => [index, 1]);

/**
 * The state after a change, with the privileges that it sets and the roles that it removes.
 *
 * @throws as {@link stateOf}
 */
export function change(
  program: Program,
  value: unknown,
  before: State,
): readonly [state: State, set: Resolved, removed: readonly Entry[]] {
  const given = read(texts.aChange, value, CHANGE);
  const { roles } = given;
  const [add, remove, amend] = [roles?.add ?? [], roles?.remove ?? [], roles?.amend ?? []];
  const ends = new Map(before.ends);
  const set = resolve(program, "privilege", given.set, "`set`", true, { now: before.now, ends });
  const inline = amend[0] ? amended(program, amend, before.inline) : before.inline;
  const added = resolveRoles(program, add, "`roles.add`");
  const removed = resolveRoles(program, remove, "`roles.remove`");
  for (const role of removed) {
    ends.delete(role.index);
    if (added.includes(role)) refuse(role.id, texts.addedAndRemoved, role.id);
  }
  const known = resolve(program, "fact", given.facts, "`facts`", true);
  const own = merge(
    before.own,
    [...known.entries, ...set.entries, ...[...added, ...removed].sort(byIndex)],
    [...known.pairs, ...set.pairs, ...held(added)],
  );
  const joined = inline === before.inline ? before.joined : join(inline);
  return [{ ...before, own, inline, joined, ends: ends.size ? ends : undefined }, set, removed];
}

/** Inline roles after amendments, each of which names one by its place. */
function amended(program: Program, amend: readonly Amendment[], before: readonly Pairs[]): readonly Pairs[] {
  const inline = [...before];
  const seen = new Set<number>();
  for (const [at, { index, set }] of amend.entries()) {
    if (seen.has(index)) refuse("amend", texts.amendedTwice, index);
    seen.add(index);
    const { entries, pairs } = resolve(program, "privilege", set, `\`roles.amend[${at}].set\``, true);
    inline[index] = merge(inline[index] ?? refuse("amend", texts.amendedMissing, index, inline.length), entries, pairs);
  }
  return inline;
}

/**
 * A text that is the same for facts that assign the same values.
 *
 * @throws UnknownIdError, InvalidFactError, InvalidSubjectError
 */
export function keyOf(program: Program, facts: unknown): string {
  const { entries, pairs } = resolve(program, "fact", object(facts, "facts"), "`facts`", true);
  return [entries.length, ...entries.map(({ index }) => index), ...pairs].join();
}
