// A program as the core uses it. The pack has it in this form: here it only gets its places found by id.
import { unpack } from "./pack.js";
import type { MenuItem } from "./types.js";

/** The word for what has an id. */
export type What = "fact" | "privilege" | "role" | "operation" | "menu item" | "guide" | "verb";

/**
 * A fact, privilege or role: what may be said of it, and its inputs. `at` and `inline` count slots; every other slot is twice its
 * place, and one more where it is read negated: where the engine's `holds` looks.
 */
export interface Entry {
  readonly what: "fact" | "privilege" | "role";
  /** Its place among facts, privileges and roles, in this order. */
  readonly index: number;
  readonly id: string;
  readonly kind: "switch" | "number" | "choice" | "flag" | "level" | "set";
  /** What callers write, by the value that it stands for; of a number, nothing. Where no name is, nobody can write the value. */
  readonly names?: readonly (string | boolean | null)[];
  /** What each input says of the value: 0 at least, 1 below, 2 equal, and with what. */
  readonly tests: readonly number[];
  /** The slots where its inputs begin, and where those that inline roles fill do. */
  readonly at: number;
  readonly inline?: number;
  /** Of a privilege: the slots of each part as it is granted, and as far as it has an effect. */
  readonly granted: readonly number[];
  readonly effective: readonly number[];
  /** Of a choice: the slot of where roles clash. */
  readonly clash?: number;
  /** Of a number: the least and the greatest. */
  readonly range?: readonly [least: number, greatest: number];
  /** Of a privilege that is one: the numbers that roles give, each with its slot. */
  readonly given?: readonly (readonly [number: number, slot: number])[];
  /** Of a role: what it grants, and the slot of whether it is held. */
  readonly grants: readonly Pair[];
  readonly held: number;
}

/** An entry and a value of it: a set has one such pair for each option. */
export type Pair = readonly [entry: Entry, value: number];

/** What is found by an id: an entry, or a place in a list. */
export type Found<W extends What> = W extends Entry["what"] ? Entry : number;

/** What a pack says of a policy beside its instructions. */
export interface Outline {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly fingerprint: string;
  readonly layout: string;
  /** In the order in which messages look for an id elsewhere; the second names the list of a policy. */
  readonly ids: readonly (readonly [what: What, table: string, ids: readonly string[]])[];
  readonly entries: { readonly [what in Entry["what"]]: readonly Entry[] };
  /** By operation: its verbs as bits, whether it stands for a restriction, what it may owe, and the output of the first of it. */
  readonly operations: readonly (readonly [verbs: number, restricts: 0 | 1, obligations: readonly string[], owed: number])[];
  /** By menu item, with the whole menu last: the operations placed at it that stand for no restriction, and the items below. */
  readonly menu: readonly (readonly [
    label: string,
    parent: number | null,
    placed: readonly number[],
    below: readonly number[],
  ])[];
  /** The privileges that are choices. */
  readonly choicePrivileges: readonly number[];
  /** How many slots are inputs, how many there are, and how many numbers of 16 bits the outputs are packed into. */
  readonly sizes: readonly [inputs: number, slots: number, packed: number];
}

/** What a policy is behind what it shows. */
export interface Program extends Omit<Outline, "ids" | "operations" | "menu"> {
  readonly operationRows: Outline["operations"];
  readonly menuRows: Outline["menu"];
  /** What decides, ready for somebody of whom nothing is known and who has nothing. */
  readonly image: Uint8Array;
  /** Everything that has an id. */
  readonly index: { readonly [what in What]: ReadonlyMap<string, Found<what>> };
  /** By menu item: as it was read last. */
  readonly rows: MenuItem[];
}

/**
 * Opens a pack: everything that a policy has. O(bytes).
 *
 * @throws InvalidPackError
 */
export const program = (pack: Uint8Array) =>
  unpack(pack, (outline: Outline, image) => {
    const lists: { [table: string]: readonly string[] } = {};
    const index: { [what: string]: ReadonlyMap<string, Entry | number> } = {};
    const entries: { readonly [what: string]: readonly Entry[] } = outline.entries;
    for (const [what, table, ids] of outline.ids) {
      lists[table] = Object.freeze(ids);
      index[what] = new Map(ids.map((id, place) => [id, entries[what]?.[place] ?? place]));
    }
    for (const role of outline.entries.role) {
      for (const grant of role.grants as unknown as [Entry | number, number][])
        grant[0] = outline.entries.privilege[grant[0] as number]!;
    }
    return {
      ...outline,
      operationRows: outline.operations,
      menuRows: outline.menu,
      ...lists,
      pack,
      image,
      index: index as unknown as Program["index"],
      rows: [],
    };
  });
