// A program as the core uses it: what follows from the outline and the words of a pack, found once.
import { unpack } from "./pack.js";
import type { Outline } from "./pack.js";
import type { MenuItem } from "./types.js";

/** What has an id, in the order in which messages look for one elsewhere. */
const whats = ["fact", "privilege", "role", "operation", "menu item", "guide", "verb"] as const;

/** The word for what has an id. */
export type What = (typeof whats)[number];

/** The kinds of facts and of privileges, by their numbers in an outline. */
const kinds = ["switch", "number", "choice", "flag", "level", "choice", "set", "number"] as const;
const PRIVILEGES = 3;

/** A fact, privilege or role: what may be said of it, and its inputs. */
export interface Entry {
  readonly what: "fact" | "privilege" | "role";
  /** Its place among those of the same sort. */
  readonly index: number;
  readonly id: string;
  readonly kind: (typeof kinds)[number];
  /** What callers write, by the value that it stands for; of a number, nothing. */
  readonly names: readonly (string | boolean)[] | undefined;
  /** What each input says of the value: 0 at least, 1 below, 2 equal, and with what. */
  readonly tests: readonly number[];
  /** Where its inputs begin in the working memory, two words each, and where those that inline roles fill do. */
  readonly at: number;
  readonly inline: number;
  /** Of a privilege: the slots of each part as it is granted, and as far as it has an effect. */
  readonly granted: readonly number[];
  readonly effective: readonly number[];
  /** Of a number: the least and the greatest; then each that roles give, and the slot of whether so much is given. */
  readonly more: readonly number[];
}

/** An entry and a value of it: a set has one such pair for each option. */
export type Pair = readonly [entry: Entry, value: number];

/** A role of the policy: what it grants, and the slot of whether it is held. */
export interface Role extends Entry {
  grants: readonly Pair[];
  held: number;
}

/** What a policy is behind what it shows. Places in planes are in words. */
export interface Program {
  readonly outline: Outline;
  /** The block of somebody of whom nothing is known and who has nothing. */
  readonly image: Uint32Array;
  /** Where everything is that has an id. */
  readonly ids: ReadonlyMap<What, ReadonlyMap<string, number>>;
  readonly entries: { readonly fact: readonly Entry[]; readonly privilege: readonly Entry[]; readonly role: readonly Role[] };
  readonly choices: readonly Entry[];
  /** Where planes begin: operations that are allowed, denied; obligations not owed; items shown, hidden; choices that clash. */
  readonly planes: readonly number[];
  /** By operation: the bit of its first obligation. */
  readonly owed: readonly number[];
  /** By menu item, with the whole menu last: the operations placed at it that stand for no restriction, the items below. */
  readonly placed: readonly (readonly number[])[];
  readonly below: readonly (readonly number[])[];
  /** By menu item: as it was read last. */
  readonly rows: MenuItem[];
}

/** Fills inputs with what they say of a value. Those that fail stay, but for a fact: others may pass them. */
export function put(words: Uint32Array, at: number, { what, tests }: Entry, value: number): void {
  for (let test = 0; test < tests.length; at += 2) {
    const kind = tests[test++];
    const bound = tests[test++]!;
    const holds = kind ? (kind > 1 ? value === bound : value < bound) : value >= bound;
    if (holds || what === "fact") {
      words[at] = +holds;
      words[at + 1] = +!holds;
    }
  }
}

/**
 * Opens a pack: everything that a policy has. O(bytes).
 *
 * @throws InvalidPackError
 */
export const program = (pack: Uint8Array) =>
  unpack(pack, (outline, words) => {
    const { operations, menu } = outline;
    const [inputs = 0, count = 0, size = 0] = words;
    let at = 4; // behind the constants
    const declare = (what: Entry["what"], rows: readonly (readonly unknown[])[], first = PRIVILEGES) =>
      (rows as Outline["privileges"]).map(([id, code, values, granted, effective, more = []], index): Entry => {
        const kind = kinds[first + code]!;
        const begin = at;
        const exact = kind === "choice" || kind === "set";
        const names = kind === "number" ? undefined : exact ? values : ([, ...(kind === "level" ? values : [true, false])] as string[]);
        const given = (values.length ? values : [0]).flatMap((_, value) => (exact ? [2, value] : [0, value + 1]));
        const tests = names ? given : [...(first ? [0, 0] : []), ...(values as readonly unknown[] as number[])];
        const inline = at + (more.length && tests.length); // of choices and numbers
        at = inline + tests.length;
        return { what, index, id, kind, names, tests, at: begin, inline, granted, effective, more };
      });
    const facts = declare("fact", outline.facts, 0);
    const image = new Uint32Array(words.length + size + 2 * inputs);
    image.set(words);
    const blank = image.subarray(words.length + size);
    blank.forEach((_, word) => (blank[word] = word < at ? +!word : word & 1));
    facts.forEach((fact, index) => {
      const absent = outline.facts[index]![3];
      if (absent !== null) put(blank, fact.at, fact, absent);
    });
    const privileges = declare("privilege", outline.privileges);
    const roles = declare("role", outline.roles.map(([id]) => [id, 0, []])) as Role[];
    outline.roles.forEach(([, grants, held], role) => {
      const pairs = grants.flatMap((privilege, place) => (place & 1 ? [] : [[privileges[privilege]!, grants[place + 1]!] as const]));
      Object.assign(roles[role]!, { grants: pairs, held });
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
    let bits = 0;
    const owed = operations.map(([, items, , restricts, obligations], operation) => {
      for (const item of items) if (!restricts) placed[item]!.push(operation);
      return (bits += obligations.length) - obligations.length;
    });
    menu.forEach(([, , parent], item) => below.at(parent)!.push(item));
    let end = 0;
    const choices = privileges.filter(({ kind }) => kind === "choice");
    const planes = [owed.length, owed.length, bits, menu.length, menu.length, choices.length].map((bits) => {
      const begin = end;
      end += (bits + 31) >>> 5;
      return begin;
    });

    const slots = privileges.flatMap(({ granted, effective, more }) => [...granted, ...effective, ...more.filter((_, place) => place > 1 && place & 1)]);
    const fits = [...words.subarray(3), ...slots, ...roles.map(({ held }) => held)].every((slot, place) => slot >>> 0 < 2 * (inputs + Math.min(count, place >> 1)));
    const whole = fits && at === 2 * inputs && end === size && words.length === 3 + 2 * count + 32 * end;
    return whole && { ...outline, ...lists, pack, outline, image, ids, entries: { fact: facts, privilege: privileges, role: roles }, choices, owed, planes, placed, below, rows: [] };
  });
