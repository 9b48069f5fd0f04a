// The value of a privilege in a session, as granted and as effective.
import { evaluate, holds, join } from "./engine.js";
import type { Entry, Program, State } from "./model.js";
import { valueIn } from "./subject.js";
import type { GrantValue, Holding } from "./types.js";
import { decodeValue } from "./values.js";

type Held = GrantValue | undefined;

/** Evaluates a state again and reads the value of a privilege from its slots. O(program + state). */
export function holding(policy: Program, state: State, entry: Entry): Holding {
  evaluate(policy, state);
  /** The values whose slots hold: of a set all, else the last. */
  const held = (parts: readonly (readonly [value: Held, slot: number])[], least?: Held): Held => {
    if (parts.some(([, slot]) => !holds(slot) && !holds(slot ^ 1))) return "undecided";
    const values = parts.filter(([, slot]) => holds(slot)).map(([value]) => value);
    return entry.kind !== "set" ? [least, ...values].at(-1) : values[0] && (values as string[]);
  };
  const { names, roleNumbers } = entry;
  if (names) {
    const [granted, effective] = [entry.granted, entry.effective].map((slots) =>
      held(slots.map((slot, part) => [decodeValue(entry, part + +(names[0] === null)), slot])),
    );
    return { granted, effective };
  }
  // The subject's own number, else the largest that roles grant.
  const set = valueIn(state.assigned, entry);
  const least = set ?? valueIn(join(state.inline), entry);
  const granting = roleNumbers!.filter(([number]) => set === undefined && !(number <= least!));
  const number = held(granting, least);
  return { granted: number, effective: held([[number, entry.effective[0]!]]) };
}
