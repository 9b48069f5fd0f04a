// The internal representation of an opened policy and of a session's subject. A pack stores most of it in this form:
// opening only replaces indices by references and builds the id tables.
import type { Policy } from "./interfaces.js";
import type { AnySchema, MenuItem, Schema } from "./types.js";

/** The kinds of things that have an id, as messages name them. */
export type EntityKind = "fact" | "privilege" | "role" | "operation" | "menu item" | "guide" | "verb";

/**
 * A fact, privilege or role with its inputs. `at` and `inline` are slot numbers. Every other slot is twice the slot number,
 * plus one where it is read negated, which is how the engine's `holds` addresses its memory.
 */
export interface Entry {
  readonly what: "fact" | "privilege" | "role";
  /** Index among facts, privileges and roles, in this order. */
  readonly index: number;
  readonly id: string;
  readonly kind: "switch" | "number" | "choice" | "flag" | "level" | "set";
  /** The name of each value, indexed by the value; absent for numbers. `null` is a value that callers cannot write. */
  readonly names?: readonly (string | boolean | null)[];
  /** Pairs of a comparison (0 at least, 1 below, 2 equal) and its bound: one pair for each input. */
  readonly tests: readonly number[];
  /** The slots of its first input, and of the first input that inline roles set. */
  readonly at: number;
  readonly inline?: number;
  /** Of a privilege: for each of its values, the slots that say whether it is granted, and whether it is effective. */
  readonly granted: readonly number[];
  readonly effective: readonly number[];
  /** Of a choice: the slot that says whether roles conflict. */
  readonly conflict?: number;
  /** Of a number: its smallest and largest value. */
  readonly range?: readonly [least: number, greatest: number];
  /** Of a number privilege: the numbers that roles grant, each with its slot. */
  readonly roleNumbers?: readonly (readonly [number: number, slot: number])[];
  /** Of a role: its grants, and the slot that says whether it is held. */
  readonly grants: readonly EntryValue[];
  readonly held: number;
}

/** An entry with one value. A set has one pair for each option. */
export type EntryValue = readonly [entry: Entry, value: number];

/** The resolved subject of a session. */
export interface State {
  /** The subject's facts, own grants and listed roles, in policy order. */
  readonly assigned: readonly EntryValue[];
  /** The grants of each inline role, in policy order. */
  readonly inline: readonly (readonly EntryValue[])[];
}

/** Assigned values by entry, each entry at most once, in policy order. An empty list removes what was assigned. */
export type Assigned = readonly (readonly [entry: Entry, values: readonly number[]])[];

/** What an id resolves to: an entry, or an index into the list of its kind. */
export type Lookup<K extends EntityKind> = K extends Entry["what"] ? Entry : number;

/** The metadata section of a pack: everything but the instructions. */
export interface Metadata {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly fingerprint: string;
  readonly layout: string;
  /** In the order in which messages search other kinds for an unknown id; `table` is the property of the policy. */
  readonly ids: readonly (readonly [what: EntityKind, table: string, ids: readonly string[]])[];
  readonly entries: { readonly [what in Entry["what"]]: readonly Entry[] };
  /** By operation: its verbs as bits, whether it restricts, its obligations, and the output of its first obligation. */
  readonly operations: readonly (readonly [
    verbs: number,
    restricts: 0 | 1,
    obligations: readonly string[],
    owed: number,
  ])[];
  /** By menu item, with the menu's root last: the operations placed at it that do not restrict, and its child items. */
  readonly menu: readonly (readonly [
    label: string,
    parent: number | null,
    placed: readonly number[],
    below: readonly number[],
  ])[];
  /** Indices of the privileges that are choices. */
  readonly choicePrivileges: readonly number[];
  /** How many slots are inputs, how many slots there are, and how many 16-bit words the outputs are packed into. */
  readonly sizes: readonly [inputs: number, slots: number, packed: number];
}

/** The internal representation of an opened policy. */
export interface Program extends Omit<Metadata, "ids" | "operations" | "menu"> {
  readonly operationRows: Metadata["operations"];
  readonly menuRows: Metadata["menu"];
  /** A copy of the bytes that it was opened from. */
  readonly pack: Uint8Array;
  /** Instructions and initial memory: an empty subject with all facts unknown. */
  readonly image: Uint8Array;
  /** Tables from id to entry or index. */
  readonly index: { readonly [kind in EntityKind]: ReadonlyMap<string, Lookup<kind>> };
  /** By menu item: the row that was built last, reused while it is unchanged. */
  readonly rows: MenuItem[];
}

/** A policy with its program: what the core's functions read. */
export interface OpenedPolicy<out S extends Schema = AnySchema> extends Program, Policy<S> {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly fingerprint: string;
  readonly layout: string;
}
