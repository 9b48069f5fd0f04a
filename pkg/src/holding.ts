// What a subject holds of a privilege.
import { holds, join, run } from "./engine.js";
import type { Entry, Pair, Program } from "./program.js";
import type { State } from "./subject.js";
import type { GrantValue, Holding } from "./types.js";
import { written } from "./values.js";

type Held = GrantValue | undefined;

/** The value of an entry in pairs. */
export const valueIn = (pairs: readonly Pair[], entry: Entry): number | undefined => pairs.find(([other]) => other === entry)?.[1];

/** Decides a state again, and reads what it holds of a privilege. O(program + state). */
export function holding(policy: Program, state: State, entry: Entry): Holding {
  run(policy, state);
  const [, own, , ...inline] = state;
  /** Which parts hold: of a set all, else the last. */
  const held = (parts: readonly (readonly [value: Held, slot: number])[], least?: Held): Held => {
    if (parts.some(([, slot]) => !holds(slot) && !holds(slot ^ 1))) return "undecided";
    const values = parts.filter(([, slot]) => holds(slot)).map(([value]) => value);
    return entry.kind !== "set" ? [least, ...values].at(-1) : values[0] && (values as string[]);
  };
  const { names, granted, effective, more } = entry;
  if (names) {
    const [is, has] = [granted, effective].map((slots) => held(slots.map((slot, part) => [written(entry, part + +!(0 in names)), slot])));
    return { granted: is, effective: has };
  }
  // The subject's own number, else the greatest that roles give.
  const set = valueIn(own, entry);
  const least = set ?? valueIn(join(inline), entry);
  const gifts = more.flatMap((slot, place) => (set === undefined && place > 2 && place & 1 && !(more[place - 1]! <= least!) ? [[more[place - 1], slot] as const] : []));
  const number = held(gifts, least);
  return { granted: number, effective: held([[number, effective[0]!]]) };
}
