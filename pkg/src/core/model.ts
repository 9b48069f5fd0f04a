// The internal representation of an opened policy and of a session: what only the core and the studio see.
import type { Policy } from "./interfaces.js";
import type { AnySchema, Giver, MenuItem, Schema } from "./types.js";

/** The kinds of things that have an id, as messages name them. */
export type EntityKind = "fact" | "privilege" | "role" | "operation" | "menu item" | "guide" | "verb";

/** A fact, privilege or role. */
export interface Entry {
  readonly what: "fact" | "privilege" | "role";
  /** Index among facts, privileges and roles, in this order. */
  readonly index: number;
  readonly id: string;
  readonly kind: "switch" | "number" | "choice" | "flag" | "level" | "set";
  /** The encoded value of each value that callers write, -1 for no grant; absent for numbers. */
  readonly codes?: ReadonlyMap<string | boolean, number> | undefined;
  /** Of a number: its smallest and largest value. Of a choice privilege first the reference of the slot of its conflict. */
  readonly range: readonly [least: number, greatest: number];
  /** Of a role: its grants, as pairs. */
  readonly grants: Pairs;
  /** Of a role: the reference of the slot that says whether it is held. */
  readonly slot: number;
  /** Of a role: whether its `when` may make it held. */
  readonly hasWhen: boolean;
}

/** The index of an entry and one of its values, again and again, sorted. A set has a pair for each option. */
export type Pairs = readonly number[];

/** The resolved subject of a session. */
export interface State {
  /** Known facts, own grants and listed roles. */
  readonly own: Pairs;
  /** The grants of each inline role. */
  readonly inline: readonly Pairs[];
  /** The grants of all inline roles, merged. */
  readonly joined: Pairs;
  /** The names of inline roles. */
  readonly names?: readonly (string | undefined)[] | undefined;
  /** When own grants and listed roles end, by entry: seconds since 1970. */
  readonly ends?: ReadonlyMap<number, number> | undefined;
  /** The time for which it was resolved. */
  readonly now?: number | undefined;
}

/** What an id resolves to: an entry, or an index into the list of its kind. */
export type Lookup<K extends EntityKind> = K extends Entry["what"] ? Entry : number;

/** The names section of a pack: a row for each thing, with its id first; of a renamed one, the old id. */
export interface Names extends Record<Table | "renamed", readonly (readonly string[])[]> {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly fingerprint: string;
}

/** The tables of names, which are also the lists of ids of a policy. */
export type Table = "facts" | "privileges" | "roles" | "operations" | "menu" | "guides" | "verbs";

/** An operation: its verbs as bits, whether it restricts, its obligations, and the index of the first among all obligations. */
export interface Operation {
  readonly verbs: number;
  readonly restricts: number;
  readonly obligations: readonly string[];
  readonly owed: number;
  /** The references of the slots of its decision and of what its obligations depend on. */
  readonly slots: readonly number[];
  /** The menu items at which it is placed; none if it restricts. */
  readonly items: readonly number[];
}

/** A menu item, or the root of the menu. */
export interface Item {
  readonly label: string;
  /** Data of the product. */
  readonly meta: unknown;
  /** The operations placed at it, without those that restrict. */
  readonly placed: number[];
  readonly children: number[];
  readonly parent: number;
}

/** The engine of a policy: what the core calls. See `engine.ts`. */
export interface PolicyEngine {
  /**
   * Decides all operations: `count` numbers of outputs, and the entry of a choice privilege for which roles conflict plus 1, or 0.
   * O(program + state).
   */
  decide(state: State, count: number): [outputs: Outputs, conflict: number];
  /** A copy of the words of the program and of the verdicts that the last call evaluated, two for each slot. O(program). */
  memory(): Uint32Array;
  /** The values of a privilege, granted and effective; `undefined` where they depend on an unknown fact. O(program + state). */
  holding(state: State, privilege: number): (readonly number[] | undefined)[];
  /** The states of menu items, 0 hidden, 1 undecided, 2 shown, until the next call. O(program). */
  menu(outputs: Outputs): Uint32Array;
  /** By entry, whether the slots of references read it. O(program). */
  reads(slots: readonly number[]): Uint32Array;
  /** The token of a state. O(program + state). */
  writeToken(state: State): string;
  /** Own grants and listed roles of a token, and the join of its inline roles; 0 if it is no token, 1 if it is stale. O(length). */
  readToken(token: string): 0 | 1 | readonly [own: Pairs, joined: Pairs];
}

/** The internals of a policy. */
export interface Program {
  readonly engine: PolicyEngine;
  /** A copy of the bytes that it was opened from. */
  readonly pack: Uint8Array;
  /** Facts, privileges and roles, in this order. */
  readonly entries: readonly Entry[];
  /** The roles among them. */
  readonly roles: readonly Entry[];
  readonly rows: readonly Operation[];
  /** The menu items, and the root last. */
  readonly items: readonly Item[];
  readonly ids: { readonly [table in Table]: readonly string[] };
  /** The operations once more: V8 reads an array that is not frozen faster. */
  readonly order: readonly string[];
  /** The present ids of facts, privileges and roles, by those that they had in earlier versions. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Tables from id to entry or index. */
  readonly index: { readonly [kind in EntityKind]: ReadonlyMap<string, Lookup<kind>> };
  /** The numbers of outputs, and the first bits of what is denied and of what is not owed; the bit of a role minus its index. */
  readonly outputs: number;
  readonly denied: number;
  readonly owed: number;
  readonly held: number;
  /** The reasons section, once `privet/why` has read it. */
  reasons?: unknown;
  /** The menu that was built last. */
  menu?: { readonly outputs: Outputs; readonly rows: MenuItem[] };
}

/**
 * The decisions of a session as bits, sixteen in a number: which operations are allowed, which are denied, which obligations are not
 * owed, which roles are held. Each list begins with a new number. A plain array of small integers is the most compact form in
 * every JavaScript engine.
 */
export type Outputs = readonly number[];

/** 1 if a bit of the outputs is set, else 0. The first bits say which operations are allowed. */
export const bit = (outputs: Outputs, at: number): number => (outputs[at >> 4]! >> (at & 15)) & 1;

/** Calls `each` with the index of an entry and the value of each pair. */
export function eachPair(pairs: Pairs, each: (index: number, value: number) => void): void {
  for (let at = 0; at < pairs.length; at += 2) each(pairs[at]!, pairs[at + 1]!);
}

/** The internals of a session. */
export interface Evaluation {
  readonly program: Program;
  readonly state: State;
  readonly outputs: Outputs;
  /** Table from operation to index. */
  readonly operations: ReadonlyMap<string, number>;
  /** The operations in the order of the document, and the index of the one behind the operation that was asked last. */
  readonly order: readonly string[];
  next: number;
  /** Who gives a value of a privilege of a session. See `givers.ts`. */
  readonly givers: (session: Evaluation, privilege: Entry, value: number) => readonly Giver[];
  allowed?: readonly string[];
  menu?: readonly MenuItem[];
  /** The sessions with other facts, by these: see `Session.under`. */
  under?: Map<string, unknown>;
}

/**
 * The key of an object's internals. They are properties of a function: proxies of frameworks, as Vue's `reactive`, wrap objects,
 * arrays and maps that are read through them, but not functions.
 */
export const internals = Symbol("internals");

/** A policy with its internals. */
export interface OpenedPolicy<out S extends Schema = AnySchema> extends Policy<S> {
  readonly [internals]: (() => void) & Program;
}
