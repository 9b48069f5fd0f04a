// What a subject holds of a privilege.
import { join, verdict } from "./engine.js";
import type { Planes } from "./engine.js";
import type { Entry, Pair } from "./program.js";
import type { State } from "./subject.js";
import type { GrantValue, Holding } from "./types.js";
import { written } from "./values.js";

type Held = GrantValue | undefined;

/** The value of an entry in pairs. */
export const valueIn = (pairs: readonly Pair[], entry: Entry): number | undefined => pairs.find(([other]) => other === entry)?.[1];

/** Reads what a state holds of a privilege. O(values). */
export function holding([, own, , ...inline]: State, planes: Planes, entry: Entry): Holding {
  const { kind, names, first, tests, numbers } = entry;
  /** Which values hold by the verdicts from one on: of a set all, else the last. */
  const held = (from: number, values: readonly Held[], least?: Held): Held => {
    if (values.some((_, place) => !verdict(planes, from + place))) return "undecided";
    const held = values.filter((_, place) => verdict(planes, from + place) === 1);
    return kind !== "set" ? [least, ...held].at(-1) : held[0] && (held as string[]);
  };
  const inputs = tests.length / 2;
  if (names) {
    const values = tests.flatMap((_, place) => (place & 1 ? [written(entry, tests[place]!)] : []));
    return { granted: held(first, values), effective: held(first + inputs, values) };
  }
  // The subject's own number, else the greatest that roles give.
  const set = valueIn(own, entry);
  const least = set ?? valueIn(join(inline), entry);
  const [, , ...given] = numbers;
  const more = given.filter((number) => set === undefined && !(number <= least!));
  const granted = held(first + inputs + 1 + given.length - more.length, more, least);
  return { granted, effective: held(first + inputs, [granted]) };
}
