// Subjects and changes as callers write them become states: entries and values.
import { InvalidSubjectError } from "./errors.js";
import { find, oneOf } from "./ids.js";
import type { Entry, Pair, Program } from "./program.js";
import { fit, shown } from "./values.js";

/** Of facts, privileges, roles and each inline role, what is given. In policy order. */
export type State = readonly [facts: readonly Pair[], own: readonly Pair[], roles: readonly Pair[], ...inline: (readonly Pair[])[]];

/** What is assigned to entries: values, or none. */
export type Assigned = ReadonlyMap<Entry, readonly number[]>;

type Given = readonly (readonly [id: string, value: unknown])[];

const refuse = (message: string, id = ""): never => {
  throw new InvalidSubjectError("invalid-subject", message, id);
};

const shape = (place: string, expected: string, found: unknown): never => refuse(`\`${place}\` holds \`${shown(found)}\`; expected ${expected}`, place);

/** What an object literal has, of this realm or another: a Map or class instance would lose what it holds. */
function entries(value: unknown): Given | undefined {
  if (!value || typeof value !== "object" || Array.isArray(value)) return;
  const prototype = Object.getPrototypeOf(value);
  if (prototype && Object.getPrototypeOf(prototype)) return;
  return Object.entries(value).filter(([, item]) => item !== undefined);
}

/** Reads what a value has of the keys that are known, each once. */
function fields(what: string, value: unknown, keys: readonly string[], read: (key: string, value: unknown) => void): void {
  const fail = (message: string, key?: string) => refuse(`${message}; ${what} can have ${oneOf(keys)}`, key);
  const given = entries(value) ?? fail(`\`${shown(value)}\` is not an object`);
  for (const [key] of given) if (!keys.includes(key)) fail(`unknown key \`${key}\` in ${what}`, key);
  for (const [key, value] of given) read(key, value);
}

const list = (place: string, value: unknown): readonly unknown[] => (Array.isArray(value) ? [...value] : shape(place, "a list", value));

/** In policy order. */
export const order = ([a, x]: Pair, [b, y]: Pair): number => a.index - b.index || x - y;

/** What is assigned to entries, each at most once; `null` takes away where it may. */
function assigned({ entries, ids }: Program, what: Entry["what"], given: Given = [], place: string, takes = true): Assigned {
  const found = given.map(([id, value]) => [entries[what][find({ ids }, what, id, place)]!, value] as const).sort(([a], [b]) => a.index - b.index);
  found.forEach(([entry], at) => entry === found[at - 1]?.[0] && refuse(`duplicate \`${entry.id}\` in \`${place}\`; give it once`, entry.id));
  return new Map(found.map(([entry, value]) => [entry, value === null && takes ? [] : fit(entry, value)]));
}

/** Pairs after assignments. */
const put = (pairs: readonly Pair[], assigned: Assigned): readonly Pair[] =>
  assigned.size ? [...pairs.filter(([entry]) => !assigned.has(entry)), ...[...assigned].flatMap(([entry, values]) => values.map((value) => [entry, value] as const))].sort(order) : pairs;

/**
 * The state after a change, or of a subject, with what that sets and the roles that it removes.
 *
 * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidSubjectError
 */
export function apply(policy: Program, [facts, own, roles, ...inline]: State, what: "a change" | "a subject", value: unknown): readonly [state: State, set: Assigned, removed: Assigned] {
  const given: { [place: string]: Given } = {};
  const changes = what === "a change";
  fields(what, value, changes ? ["set", "facts", "roles"] : ["roles", "grants", "facts"], (key, value) => {
    if (key !== "roles") given[key] = entries(value) ?? shape(key, "an object from ids to values", value);
    else if (changes) {
      fields("`roles` of a change", value, ["add", "remove"], (key, value) => {
        given[`roles.${key}`] = list(key, value).map((id) => [typeof id === "string" ? id : shape(key, "a list of role ids", id), key === "add" || null]);
      });
    } else {
      given[key] = list(key, value).flatMap((role, place) => {
        if (typeof role === "string") return [[role, true] as const];
        given[`roles[${place}]`] = entries(role) ?? shape(key, "a role's id or an object of grants", role);
        return [];
      });
    }
  });
  const said = (what: Entry["what"], place: string, takes = true) => assigned(policy, what, given[place], place, takes);
  const set = changes ? said("privilege", "set") : said("privilege", "grants", false);
  const more = Object.keys(given).flatMap((place) => (place.endsWith("]") ? [put([], said("privilege", place, false))] : []));
  const added = said("role", changes ? "roles.add" : "roles");
  const removed = said("role", "roles.remove");
  for (const [{ id }] of [...added].filter(([role]) => removed.has(role))) refuse(`role \`${id}\` is both added and removed; say one of the two`, id);
  return [[put(facts, said("fact", "facts")), put(own, set), put(put(roles, added), removed), ...inline, ...more], set, removed];
}
