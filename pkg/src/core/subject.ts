// Validates subjects and changes as callers write them, and converts them to states.
import { InvalidSubjectError } from "./errors.js";
import { find, oneOf } from "./ids.js";
import type { Assigned, Entry, EntryValue, Program, State } from "./model.js";
import { display, encodeValue } from "./values.js";

/** Ids and values: the properties of an object, or the ids of a list of roles, each with `true`, or `null` if it is removed. */
type Properties = readonly (readonly [id: string, value: unknown])[];

const refuse = (message: string, id?: string): never => {
  throw new InvalidSubjectError("invalid-subject", message, id);
};

const refuseShape = (place: string, expected: string, found: unknown): never =>
  refuse(`\`${place}\` holds \`${display(found)}\`; expected ${expected}`, place);

/**
 * The properties of an object literal of any realm. `undefined` for anything else: a Map or class instance would silently lose
 * its content. Readers skip properties whose value is `undefined`: filtering them here would take a tenth of a change's time.
 */
function properties(value: unknown): Properties | undefined {
  const prototype = Object.getPrototypeOf(value ?? 0);
  return prototype && Object.getPrototypeOf(prototype) ? undefined : Object.entries(value as object);
}

/** Reads the properties of an object once each. Unknown keys are an error. */
function readObject(
  what: string,
  value: unknown,
  keys: readonly string[],
  read: (key: string, value: unknown) => void,
): void {
  const fail = (message: string, key?: string) => refuse(`${message}; ${what} can have ${oneOf(keys)}`, key);
  const members = properties(value) ?? fail(`\`${display(value)}\` is not an object`);
  for (const [key, item] of members)
    if (item !== undefined && !keys.includes(key)) fail(`unknown key \`${key}\` in ${what}`, key);
  for (const [key, item] of members) if (item !== undefined) read(key, item);
}

const list = (place: string, value: unknown): readonly unknown[] =>
  Array.isArray(value) ? [...value] : refuseShape(place, "a list", value);

/** The value of an entry in a list, or `undefined`. O(list). */
export const valueIn = <T>(pairs: readonly (readonly [entry: Entry, value: T])[], entry: Entry): T | undefined =>
  pairs.find(([other]) => other === entry)?.[1];

/** Compares by policy order. */
const byPolicyOrder = ([a]: readonly [Entry, unknown], [b]: readonly [Entry, unknown]) => a.index - b.index;

/** Resolves ids and values, each id at most once, in policy order. With `nullable`, `null` removes the value. */
function resolve(
  policy: Program,
  what: Entry["what"],
  members: Properties | undefined,
  place: string,
  nullable = true,
): Assigned {
  if (!members) return [];
  const found: (readonly [Entry, unknown])[] = [];
  for (const [id, value] of members) if (value !== undefined) found.push([find(policy, what, id, place), value]);
  found.sort(byPolicyOrder);
  return found.map(([entry, value], at) => {
    if (at && entry === found[at - 1]![0]) refuse(`duplicate \`${entry.id}\` in \`${place}\`; list it once`, entry.id);
    return [entry, value === null && nullable ? [] : encodeValue(entry, value)];
  });
}

/** Merges assignments into pairs and replaces the values of the same entries. All are in policy order. O(both). */
function merge(pairs: readonly EntryValue[], ...all: Assigned[]): readonly EntryValue[] {
  const after: EntryValue[] = [];
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
 * The state of a subject, or of `changed` after a change, with the privileges that the change sets and the roles that it
 * removes.
 *
 * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidSubjectError
 */
export function apply(
  policy: Program,
  value: unknown,
  changed?: State,
): readonly [state: State, set: Assigned, removed: Assigned] {
  const sections: { [place: string]: Properties } = {};
  const inlined: (readonly [place: string, grants: Properties])[] = [];
  readObject(
    changed ? "a change" : "a subject",
    value,
    changed ? ["set", "facts", "roles"] : ["roles", "grants", "facts"],
    (key, value) => {
      if (key !== "roles") sections[key] = properties(value) ?? refuseShape(key, "an object from ids to values", value);
      else if (changed) {
        readObject("`roles` of a change", value, ["add", "remove"], (key, value) => {
          sections[`roles.${key}`] = list(key, value).map((id) => [
            typeof id === "string" ? id : refuseShape(key, "a list of role ids", id),
            key === "add" || null,
          ]);
        });
      } else {
        sections[key] = list(key, value).flatMap((role, place) => {
          if (typeof role === "string") return [[role, true] as const];
          inlined.push([
            `roles[${place}]`,
            properties(role) ?? refuseShape(key, "a role's id or an object of grants", role),
          ]);
          return [];
        });
      }
    },
  );
  const at = (what: Entry["what"], place: string, nullable = true) =>
    resolve(policy, what, sections[place], place, nullable);
  const set = at("privilege", changed ? "set" : "grants", !!changed);
  const inline = inlined.map(([place, grants]) => merge([], resolve(policy, "privilege", grants, place, false)));
  const added = at("role", changed ? "roles.add" : "roles");
  const removed = at("role", "roles.remove");
  for (const [role] of added)
    if (valueIn(removed, role)) refuse(`role \`${role.id}\` is both added and removed; keep one of them`, role.id);
  return [
    {
      assigned: merge(changed?.assigned ?? [], at("fact", "facts"), set, [...added, ...removed].sort(byPolicyOrder)),
      inline: changed?.inline ?? inline,
    },
    set,
    removed,
  ];
}
