// What a subject holds of a privilege.
import { holds, join, run } from "./engine.js";
import type { Entry, Program } from "./program.js";
import { valueIn } from "./subject.js";
import type { State } from "./subject.js";
import type { GrantValue, Holding } from "./types.js";
import { written } from "./values.js";

type Held = GrantValue | undefined;

/** Decides a state again, and reads what it holds of a privilege. O(program + state). */
export function holding(policy: Program, state: State, entry: Entry): Holding {
  run(policy, state);
  /** Which parts hold: of a set all, else the last. */
  const held = (parts: readonly (readonly [value: Held, slot: number])[], least?: Held): Held => {
    if (parts.some(([, slot]) => !holds(slot) && !holds(slot ^ 1))) return "undecided";
    const values = parts.filter(([, slot]) => holds(slot)).map(([value]) => value);
    return entry.kind !== "set" ? [least, ...values].at(-1) : values[0] && (values as string[]);
  };
  const { names, granted, effective, given } = entry;
  if (names) {
    const [is, has] = [granted, effective].map((slots) =>
      held(slots.map((slot, part) => [written(entry, part + +(names[0] === null)), slot])),
    );
    return { granted: is, effective: has };
  }
  // The subject's own number, else the greatest that roles give.
  const set = valueIn(state.given, entry);
  const least = set ?? valueIn(join(state.inline), entry);
  const gifts = given!.filter(([number]) => set === undefined && !(number <= least!));
  const number = held(gifts, least);
  return { granted: number, effective: held([[number, effective[0]!]]) };
}
