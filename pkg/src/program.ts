// A program as the core uses it: what follows from the outline and the words of a pack, found once.
import { idsOf } from "./ids.js";
import type { Ids } from "./ids.js";
import { unpack } from "./pack.js";
import type { Outline } from "./pack.js";
import type { MenuItem } from "./types.js";

/** The kinds of facts and privileges, by their numbers in an outline. */
const kinds = {
  fact: ["switch", "number", "choice"],
  privilege: ["flag", "level", "choice", "set", "number"],
} as const;

/** A fact or privilege: which values it takes, and its inputs. */
export interface Entry {
  readonly what: "fact" | "privilege";
  readonly id: string;
  readonly kind: "switch" | "flag" | "level" | "choice" | "set" | "number";
  /** Levels, lowest first, or options. */
  readonly values: readonly string[];
  /** Of a number. */
  readonly min: number;
  readonly max: number;
  /** Where its inputs begin in the working memory, two words each; where those for inline roles do; where all end. */
  readonly at: number;
  readonly inline: number;
  readonly end: number;
  /** What each input says of the value: 0 at least, 1 below, 2 equal, and with what. */
  readonly tests: readonly number[];
}

/** A program. Places in planes are in words. */
export interface Program {
  readonly outline: Outline;
  readonly image: Uint32Array;
  readonly fingerprint: string;
  readonly ids: Ids;
  readonly facts: readonly Entry[];
  readonly privileges: readonly Entry[];
  /** Where the inputs of roles begin in the working memory. */
  readonly roles: number;
  /** The inputs of somebody of whom nothing is known and who has nothing. */
  readonly blank: Uint32Array;
  /** Where planes begin: operations that are allowed, denied; obligations not owed; items shown, hidden; choices that clash. */
  readonly planes: readonly number[];
  /** By operation: the bit of its first obligation. */
  readonly firstOwed: readonly number[];
  /** By menu item: the operations placed at it, without those that stand for a restriction. */
  readonly placed: readonly (readonly number[])[];
  /** The items below: first those at the top, then by menu item. */
  readonly below: readonly (readonly number[])[];
  /** The rows of the menu and the lists of those below one another, as they were read last: equal ones are kept. */
  readonly rows: MenuItem[];
  readonly lists: (readonly MenuItem[])[];
}

/** Fills inputs, from a place on, with what they say of a value. Of what may be given several times, only what holds. */
export function put(words: Uint32Array, at: number, { what, kind, tests }: Entry, value: number): void {
  for (let test = 0; test < tests.length; at += 2) {
    const compared = tests[test++]!;
    const bound = tests[test++]!;
    const holds = compared ? (compared > 1 ? value === bound : value < bound) : value >= bound;
    if (holds || what === "fact" || kind === "number") {
      words[at] = +holds;
      words[at + 1] = +!holds;
    }
  }
}

type Row = readonly [id: string, kind: number, values: readonly string[], ...rest: unknown[]];

/**
 * Opens a pack. O(bytes).
 *
 * @throws InvalidPackError
 */
export function program(pack: Uint8Array): Program {
  return unpack(pack, (outline, image, fingerprint) => {
    const [inputs = 0, count = 0, words] = image;
    const { operations, menu, roles } = outline;
    let at = 4; // behind the constants
    const entries = (what: Entry["what"], rows: readonly Row[]) =>
      rows.map(([id, code, values, , , more = []]): Entry => {
        const [min = 0, max = 0xffffffff] = more as number[];
        const kind = kinds[what][code]!;
        const compared = [...(what === "fact" ? [] : [0, 0]), ...(values as readonly unknown[] as number[])];
        const given = values.flatMap((_, place) => (kind === "level" ? [0, place + 1] : [2, place]));
        const tests = kind === "number" ? compared : values.length ? given : [2, 1];
        const inline = at + ((more as number[]).length && tests.length); // of choices and numbers
        return { what, id, kind, values, min, max, tests, at, inline, end: (at = inline + tests.length) };
      });
    const facts = entries("fact", outline.facts);
    const blank = Uint32Array.from({ length: 2 * inputs }, (_, word) => (word < at ? +!word : word & 1));
    facts.forEach((fact, index) => {
      const absent = outline.facts[index]![3];
      if (absent !== null) put(blank, fact.at, fact, absent);
    });
    const privileges = entries("privilege", outline.privileges);

    let owed = 0;
    const firstOwed = operations.map(([, , , , obligations]) => (owed += obligations.length) - obligations.length);
    const placed: number[][] = menu.map(() => []);
    operations.forEach(([, items, , restricts], operation) => {
      if (!restricts) for (const item of items) placed[item]!.push(operation);
    });
    const below: number[][] = [[], ...menu.map(() => [])];
    menu.forEach(([, , parent], item) => below[parent + 1]!.push(item));

    let end = 0;
    const choices = privileges.filter(({ kind }) => kind === "choice");
    const bits = [operations.length, operations.length, owed, menu.length, menu.length, choices.length];
    const planes = bits.map((count) => (end += (count + 31) >>> 5) - ((count + 31) >>> 5));

    const exists = (slot: number) => slot >>> 0 < 2 * (inputs + count);
    const whole =
      at + 2 * roles.length === 2 * inputs &&
      end === words &&
      image.length === 3 + 2 * count + 32 * end &&
      image.every((slot, place) => place < 3 || slot < 2 * (inputs + Math.min(count, (place - 3) >> 1))) &&
      outline.privileges.every(([, , , granted, effective, more]) => [...granted, ...effective, ...more.filter((_, place) => place > 1 && place & 1)].every(exists)) &&
      roles.every(([, grants, held]) => exists(held) && grants.every((privilege, place) => place & 1 || privileges[privilege]));
    return whole && { outline, image, fingerprint, ids: idsOf(outline), facts, privileges, roles: at, blank, planes, firstOwed, placed, below, rows: [], lists: [] };
  });
}
