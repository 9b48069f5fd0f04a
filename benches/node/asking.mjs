// Asking engines the same, for their answers and then for their times.
import { loops } from "./loops.mjs";
import { rounds } from "./rounds.mjs";

/** Every answer about everybody, before and after the change: a letter each. */
export function answers(engine, { group, ids }) {
  const menu = (state) => ids.map((id) => (engine.can(state, id) ? "y" : "n"));
  return group
    .flatMap((person) => {
      const state = engine.start(person);
      return [...menu(state), ...menu(engine.change(state, person))];
    })
    .join("");
}

/** What only engines can that decide everything at once: measured before there are others, whose heaps slow what allocates. */
export const EAGER = ["eager"];
/** What every engine can. */
export const ALL = ["check", "menu", "start", "change"];

/** Nanoseconds by what is asked, then by the engine's name: every engine takes its turn in every round. */
export function times(engines, given, asked) {
  const all = Object.entries(engines).map(([name, engine]) => [name, loops(name, engine, given)]);
  const taken = {};
  for (const what of asked) {
    const can = all.filter(([, loops]) => loops[what]).map(([name, loops]) => [name, loops[what]]);
    taken[what] = rounds(Object.fromEntries(can));
  }
  return taken;
}
