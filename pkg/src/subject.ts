// Subjects and changes as callers write them become states: indices and values.
import { InvalidSubjectError } from "./errors.js";
import { find, oneOf } from "./ids.js";
import type { What } from "./ids.js";
import type { Program } from "./program.js";
import { ascending, fit, shown } from "./values.js";

/** Pairs of an index and a value, ascending. */
export type Pairs = readonly number[];

/** A subject: known facts, own grants, listed roles, and the grants of each inline role. */
export type State = readonly [facts: Pairs, own: Pairs, roles: readonly number[], ...inline: Pairs[]];

/** What is assigned to an index: values, or none. Ascending. */
export type Assigned = readonly (readonly [index: number, ...values: number[]])[];

type Given = readonly (readonly [id: string, value: unknown])[];

function refuse(message: string, id = ""): never {
  throw new InvalidSubjectError("invalid-subject", message, id);
}

function shape(place: string, expected: string, found: unknown): never {
  return refuse(`\`${place}\` holds \`${shown(found)}\`; expected ${expected}`, place);
}

/** What an object literal has, of this realm or another: a Map or class instance would lose what it holds. */
function entries(value: unknown): Given | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return;
  return Object.entries(value).filter(([, item]) => item !== undefined);
}

/** What a value has of the keys that are known. Each is read once. */
function fields(what: string, value: unknown, ...keys: string[]): Given {
  const help = `${what} can have ${oneOf(keys)}`;
  const given = entries(value) ?? refuse(`\`${shown(value)}\` is not an object; ${help}`);
  for (const [key] of given) if (!keys.includes(key)) refuse(`unknown key \`${key}\` in ${what}; ${help}`, key);
  return given;
}

const list = (place: string, value: unknown): readonly unknown[] => (Array.isArray(value) ? [...value] : shape(place, "a list", value));

/** Reads the parts of a subject or change: maps by their keys; `roles` reads the rest. */
function parts(given: Given, roles: (value: unknown) => void): { [key: string]: Given } {
  const maps: { [key: string]: Given } = {};
  for (const [key, value] of given) {
    if (key === "roles") roles(value);
    else maps[key] = entries(value) ?? shape(key, "an object from ids to values", value);
  }
  return maps;
}

/** Looks ids up: their indices, ascending, each at most once, with what is said of them. */
function lookUp<T>(program: Program, what: What, given: readonly (readonly [id: string, value: T])[], place: string): (readonly [index: number, value: T])[] {
  const found = given.map(([id, value]) => [find(program.ids, what, id, place), value, id] as const).sort(([a], [b]) => a - b);
  found.forEach(([index, , id], at) => {
    if (found[at - 1]?.[0] === index) refuse(`duplicate \`${id}\` in \`${place}\`; give it once`, id);
  });
  return found as never;
}

const indices = (program: Program, ids: readonly string[], place: string): number[] =>
  lookUp(program, "role", ids.map((id) => [id, 0]), place).map(([index]) => index);

/** What is assigned to facts or privileges; `null` takes away where it may. */
function assigned(program: Program, what: "fact" | "privilege", given: Given = [], place: string, takes: boolean): Assigned {
  const known = what === "fact" ? program.facts : program.privileges;
  return lookUp(program, what, given, place).map(([index, value]) => [index, ...(takes && value === null ? [] : fit(known[index]!, value))]);
}

/** Pairs after assignments. */
function put(pairs: Pairs, assigned: Assigned): Pairs {
  const after: number[] = [];
  let at = 0;
  const copy = (until: number) => {
    while (pairs[at]! < until) after.push(pairs[at++]!, pairs[at++]!);
  };
  for (const [index, ...values] of assigned) {
    copy(index);
    while (pairs[at] === index) at += 2;
    for (const value of values) after.push(index, value);
  }
  copy(Infinity);
  return after;
}

/**
 * The state of a subject.
 *
 * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidSubjectError
 */
export function read(program: Program, subject: unknown): State {
  const listed: string[] = [];
  const inline: [string, Given][] = [];
  const { grants, facts } = parts(fields("a subject", subject, "roles", "grants", "facts"), (roles) => {
    list("roles", roles).forEach((role, place) => {
      if (typeof role === "string") listed.push(role);
      else inline.push([`roles[${place}]`, entries(role) ?? shape("roles", "a role's id or an object of grants", role)]);
    });
  });
  const own = (given: Given | undefined, place: string) => put([], assigned(program, "privilege", given, place, false));
  const granted = own(grants, "grants");
  const given = inline.map(([place, role]) => own(role, place));
  const roles = indices(program, listed, "roles");
  return [put([], assigned(program, "fact", facts, "facts", true)), granted, roles, ...given];
}

/**
 * The state after a change, with what it sets and the roles that it removes.
 *
 * @throws as {@link read}
 */
export function changed(program: Program, [facts, own, roles, ...inline]: State, change: unknown): readonly [state: State, set: Assigned, removed: readonly number[]] {
  const lists: { [key: string]: string[] } = { add: [], remove: [] };
  const given = parts(fields("a change", change, "set", "facts", "roles"), (roles) => {
    for (const [key, value] of fields("`roles` of a change", roles, "add", "remove")) {
      lists[key] = list(key, value).map((id) => (typeof id === "string" ? id : shape(key, "a list of role ids", id)));
    }
  });
  const added = indices(program, lists["add"]!, "roles.add");
  const removed = indices(program, lists["remove"]!, "roles.remove");
  const both = added.find((role) => removed.includes(role));
  if (both !== undefined) {
    const [id] = program.outline.roles[both]!;
    refuse(`role \`${id}\` is both added and removed; say one of the two`, id);
  }
  const set = assigned(program, "privilege", given["set"], "set", true);
  const known = put(facts, assigned(program, "fact", given["facts"], "facts", true));
  const held = roles.filter((role) => !removed.includes(role));
  return [[known, put(own, set), [...new Set([...held, ...added])].sort(ascending), ...inline], set, removed];
}
