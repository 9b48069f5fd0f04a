// Collects the answers and the times of engines.
import { loops } from "./loops.mjs";
import { rounds } from "./rounds.mjs";

/** Every answer for every person, before and after the change: one letter each. */
export function answers(engine, { group, ids }) {
  const menu = (state) => ids.map((id) => (engine.can(state, id) ? "y" : "n"));
  return group
    .flatMap((person) => {
      const state = engine.start(person);
      return [...menu(state), ...menu(engine.change(state, person))];
    })
    .join("");
}

/** Deciding everything at once. Measured before other engines are loaded, since their heaps slow allocation. */
export const EAGER = ["eager"];
/** Supported by every engine. */
export const ALL = ["check", "menu", "start", "change", "menuInOrder", "startInOrder", "changeInOrder"];

/** Nanoseconds by measurement and engine. The engines are interleaved: each runs once in every round. */
export function times(engines, workload, measurements) {
  const all = Object.entries(engines).map(([name, engine]) => [name, loops(name, engine, workload)]);
  const taken = {};
  for (const what of measurements) {
    const supported = all.filter(([, loops]) => loops[what]).map(([name, loops]) => [name, loops[what]]);
    taken[what] = rounds(Object.fromEntries(supported));
  }
  return taken;
}
