// Subjects and changes as callers write them become states: entries and values.
import { InvalidSubjectError } from "./errors.js";
import { find, oneOf } from "./ids.js";
import type { Entry, Pair, Program } from "./program.js";
import { fit, shown } from "./values.js";

/** What is given of facts, privileges and roles, in policy order, and what each inline role grants. */
export interface State {
  readonly given: readonly Pair[];
  readonly inline: readonly (readonly Pair[])[];
}

/** What is assigned to entries, each at most once, in policy order: values, or none. */
export type Assigned = readonly (readonly [entry: Entry, values: readonly number[]])[];

type Given = readonly (readonly [id: string, value: unknown])[];

const refuse = (message: string, id?: string): never => {
  throw new InvalidSubjectError("invalid-subject", message, id);
};

const shape = (place: string, expected: string, found: unknown): never =>
  refuse(`\`${place}\` holds \`${shown(found)}\`; expected ${expected}`, place);

/**
 * What an object literal has, of this realm or another: a Map or class instance would lose what it holds. What is `undefined` is as
 * if it were not there: readers pass over it, since a copy without it takes a tenth of a change.
 */
function entries(value: unknown): Given | undefined {
  const prototype = Object.getPrototypeOf(value ?? 0);
  return prototype && Object.getPrototypeOf(prototype) ? undefined : Object.entries(value as object);
}

/** Reads what a value has of the keys that are known, each once. */
function fields(
  what: string,
  value: unknown,
  keys: readonly string[],
  read: (key: string, value: unknown) => void,
): void {
  const fail = (message: string, key?: string) => refuse(`${message}; ${what} can have ${oneOf(keys)}`, key);
  const given = entries(value) ?? fail(`\`${shown(value)}\` is not an object`);
  for (const [key, item] of given)
    if (item !== undefined && !keys.includes(key)) fail(`unknown key \`${key}\` in ${what}`, key);
  for (const [key, item] of given) if (item !== undefined) read(key, item);
}

const list = (place: string, value: unknown): readonly unknown[] =>
  Array.isArray(value) ? [...value] : shape(place, "a list", value);

/** What an entry has. */
export const valueIn = <T>(pairs: readonly (readonly [entry: Entry, value: T])[], entry: Entry): T | undefined =>
  pairs.find(([other]) => other === entry)?.[1];

/** Compares what stands with entries, by policy order. */
const inOrder = ([a]: readonly [Entry, unknown], [b]: readonly [Entry, unknown]) => a.index - b.index;

/** What is assigned to entries, each at most once; `null` takes away where it may. */
function assigned(
  policy: Program,
  what: Entry["what"],
  given: Given | undefined,
  place: string,
  takes = true,
): Assigned {
  if (!given) return [];
  const found: (readonly [Entry, unknown])[] = [];
  for (const [id, value] of given) if (value !== undefined) found.push([find(policy, what, id, place), value]);
  found.sort(inOrder);
  return found.map(([entry, value], at) => {
    if (at && entry === found[at - 1]![0]) refuse(`duplicate \`${entry.id}\` in \`${place}\`; give it once`, entry.id);
    return [entry, value === null && takes ? [] : fit(entry, value)];
  });
}

/** Pairs after assignments, which are in policy order from the first list to the last. O(both). */
function put(pairs: readonly Pair[], ...all: Assigned[]): readonly Pair[] {
  const after: Pair[] = [];
  let at = 0;
  for (const assigned of all)
    for (const [entry, values] of assigned) {
      for (; at < pairs.length && pairs[at]![0].index <= entry.index; at++)
        if (pairs[at]![0] !== entry) after.push(pairs[at]!);
      for (const value of values) after.push([entry, value]);
    }
  for (; at < pairs.length; at++) after.push(pairs[at]!);
  return after;
}

/**
 * The state of a subject, or after a change of `changed`, with what that sets and the roles that it removes.
 *
 * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidSubjectError
 */
export function apply(
  policy: Program,
  value: unknown,
  changed?: State,
): readonly [state: State, set: Assigned, removed: Assigned] {
  const given: { [place: string]: Given } = {};
  const inlined: (readonly [place: string, grants: Given])[] = [];
  fields(
    changed ? "a change" : "a subject",
    value,
    changed ? ["set", "facts", "roles"] : ["roles", "grants", "facts"],
    (key, value) => {
      if (key !== "roles") given[key] = entries(value) ?? shape(key, "an object from ids to values", value);
      else if (changed) {
        fields("`roles` of a change", value, ["add", "remove"], (key, value) => {
          given[`roles.${key}`] = list(key, value).map((id) => [
            typeof id === "string" ? id : shape(key, "a list of role ids", id),
            key === "add" || null,
          ]);
        });
      } else {
        given[key] = list(key, value).flatMap((role, place) => {
          if (typeof role === "string") return [[role, true] as const];
          inlined.push([`roles[${place}]`, entries(role) ?? shape(key, "a role's id or an object of grants", role)]);
          return [];
        });
      }
    },
  );
  const said = (what: Entry["what"], place: string, takes = true) => assigned(policy, what, given[place], place, takes);
  const set = said("privilege", changed ? "set" : "grants", !!changed);
  const inline = inlined.map(([place, grants]) => put([], assigned(policy, "privilege", grants, place, false)));
  const added = said("role", changed ? "roles.add" : "roles");
  const removed = said("role", "roles.remove");
  for (const [role] of added)
    if (valueIn(removed, role)) refuse(`role \`${role.id}\` is both added and removed; say one of the two`, role.id);
  return [
    {
      given: put(changed?.given ?? [], said("fact", "facts"), set, [...added, ...removed].sort(inOrder)),
      inline: changed?.inline ?? inline,
    },
    set,
    removed,
  ];
}
