// What a subject holds of a privilege.
import { holds, join, run } from "./engine.js";
import type { Program } from "./program.js";
import type { Pairs, State } from "./subject.js";
import type { GrantValue, Holding } from "./types.js";
import { written } from "./values.js";

type Held = GrantValue | undefined;

/** The value of a privilege in pairs. */
function valueIn(pairs: Pairs, privilege: number): number | undefined {
  for (let place = 0; place < pairs.length; place += 2) if (pairs[place] === privilege) return pairs[place + 1];
  return undefined;
}

/** Decides a state again, and reads what it holds of a privilege. O(program + state). */
export function holding(program: Program, state: State, privilege: number): Holding {
  run(program, state);
  const entry = program.privileges[privilege]!;
  const { kind } = entry;
  const [, , , granted, effective, more] = program.outline.privileges[privilege]!;
  const unknown = (slot: number) => !holds(slot) && !holds(slot ^ 1);
  if (kind !== "number") {
    const [value, effect] = [granted, effective].map((slots): Held => {
      if (slots.some(unknown)) return "undecided";
      const held = slots.flatMap((slot, place) => (holds(slot) ? [written(entry, place + +(kind === "level" || kind === "flag"))] : []));
      return kind === "set" ? (held.length ? (held as string[]) : undefined) : held.at(-1);
    });
    return { granted: value, effective: effect };
  }
  // The subject's own number, else the greatest that roles give.
  const own = valueIn(state[1], privilege);
  let value: Held = own ?? valueIn(join(program, state.slice(3) as Pairs[]), privilege);
  for (let place = 2; own === undefined && place < more.length; ) {
    const given = more[place++]!;
    const slot = more[place++]!;
    if (value === undefined || given > (value as number)) {
      if (holds(slot)) value = given;
      else if (unknown(slot)) value = "undecided";
    }
  }
  const [set] = effective as [number];
  return { granted: value, effective: holds(set) ? value : unknown(set) ? "undecided" : undefined };
}
