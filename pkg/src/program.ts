// A program as the core uses it: what follows from the outline and the words of a pack, found once.
import { unpack } from "./pack.js";
import type { Kind, Outline, Row } from "./pack.js";
import type { MenuItem } from "./types.js";

/** What has an id, in the order in which messages look for one elsewhere. */
const whats = ["fact", "privilege", "role", "operation", "menu item", "guide", "verb"] as const;

/** The word for what has an id. */
export type What = (typeof whats)[number];

/** A fact, privilege or role: what may be said of it, and its inputs. */
export interface Entry {
  readonly what: "fact" | "privilege" | "role";
  /** Its place among those of the same sort. */
  readonly index: number;
  readonly id: string;
  readonly kind: Kind;
  /** What callers write, by the value that it stands for; of a number, nothing. */
  readonly names: readonly (string | boolean)[] | undefined;
  /** What each input says of the value: 0 at least, 1 below, 2 equal, and with what. */
  readonly tests: readonly number[];
  /** Where its inputs begin in the working memory, two words each, and where those that inline roles fill do. */
  readonly at: number;
  readonly inline: number;
  /** Its first verdict: of a privilege whether each part is granted, and is effective; of a role whether it is held. */
  readonly first: number;
  /** Of a number: the least, the greatest, and those that roles give. */
  readonly numbers: readonly number[];
}

/** An entry and a value of it: a set has one such pair for each option. */
export type Pair = readonly [entry: Entry, value: number];

/** A role of the policy, with what it grants. */
export interface Role extends Entry {
  readonly grants: readonly Pair[];
}

/** What a policy is behind what it shows. */
export interface Program {
  readonly outline: Outline;
  /** The block of somebody of whom nothing is known and who has nothing. */
  readonly image: Uint32Array;
  /** Where everything is that has an id. */
  readonly ids: ReadonlyMap<What, ReadonlyMap<string, number>>;
  readonly entries: { readonly fact: readonly Entry[]; readonly privilege: readonly Entry[]; readonly role: readonly Role[] };
  /** By menu item, with the whole menu last: the operations placed at it that stand for no restriction, the items below. */
  readonly placed: readonly (readonly number[])[];
  readonly below: readonly (readonly number[])[];
  /** By menu item: as it was read last. */
  readonly rows: MenuItem[];
}

/**
 * Opens a pack: everything that a policy has. O(bytes).
 *
 * @throws InvalidPackError
 */
export const program = (pack: Uint8Array) =>
  unpack(pack, (outline, image) => {
    const { facts, privileges, roles, operations, menu } = outline;
    let at = 4; // behind the constants
    const declare = (what: Entry["what"], rows: readonly Row[]) =>
      rows.map(([id, kind, values, first, numbers = []], index): Entry => {
        const begin = at;
        const exact = kind === "choice" || kind === "set";
        const names = kind === "number" ? undefined : exact ? values : ([, ...(kind === "level" ? values : [true, false])] as unknown as string[]);
        const tests = names ? (exact || kind === "level" ? values : [0]).flatMap((_, value) => (exact ? [2, value] : [0, value + 1])) : values;
        if (what === "privilege" && (kind === "choice" || kind === "number")) at += tests.length;
        const inline = at;
        at += tests.length;
        return { what, index, id, kind, names: names as readonly string[] | undefined, tests, at: begin, inline, first, numbers };
      });
    const fact = declare("fact", facts);
    const privilege = declare("privilege", privileges);
    const role = declare("role", roles.map(([id, , verdict]) => [id, "flag", [], verdict])).map((role) => {
      return { ...role, grants: roles[role.index]![1].map(([index, value]): Pair => [privilege[index]!, value]) };
    });

    const lists: { [table: string]: readonly string[] } = {};
    const ids = new Map(
      whats.map((what) => {
        const table = what === "menu item" ? "menu" : (`${what}s` as const);
        lists[table] = Object.freeze((outline[table] as readonly (readonly [string, ...unknown[]])[]).map(([id]) => id));
        return [what, new Map(lists[table].map((id, index) => [id, index]))];
      }),
    );

    const placed: number[][] = [...menu, 0].map(() => []);
    const below: number[][] = [...menu, 0].map(() => []);
    operations.forEach(([, items, , restricts], operation) => restricts || items.forEach((item) => placed[item]!.push(operation)));
    menu.forEach(([, , parent], item) => below.at(parent)!.push(item));

    const [inputs = 0, count = 0, planes = 0] = image;
    const fits = at === 2 * inputs && image.length === 3 + 2 * count + 17 * planes + at;
    const whole = fits && image.every((slot, place) => place < 3 || slot < 2 * (inputs + Math.min(count, (place - 3) >> 1)));
    return whole && { ...outline, ...lists, pack, outline, image, ids, entries: { fact, privilege, role }, placed, below, rows: [] };
  });
