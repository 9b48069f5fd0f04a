// What the evaluated program of a session says: verdicts of slots, and the values of facts and privileges.
import type { Entry, Evaluation } from "../core/model.js";
import { fail } from "./section.js";
import type { Tree } from "./section.js";

type Values = readonly number[];

/** The verdicts of trees over slots, and what is held of facts and privileges, for one session. O(program). */
export function viewOf(session: Evaluation) {
  const { program, state } = session;
  const { engine, entries } = program;
  engine.decide(state, 0);
  const memory = engine.memory();
  const slots = memory[11]! / 4;

  /** The verdict of a slot reference: 1 yes, -1 no, 0 unknown. */
  function verdict(slot: number): number {
    if (slot >>> 0 !== slot || slots + slot >= memory.length) fail();
    return memory[slots + slot]! - memory[slots + (slot ^ 1)]!;
  }

  /** The verdict of a tree over slots. */
  function truth(tree: Tree): number {
    if (typeof tree === "number") return verdict(tree);
    const [connective, ...parts] = tree;
    return connective ? Math.max(-1, ...parts.map(truth)) : Math.min(1, ...parts.map(truth));
  }

  /**
   * Of a privilege the values that are granted whatever roles in doubt add, those that have an effect, and the index of the first
   * one that has none although it is granted. Of a fact its value as the second. `undefined` where it is unknown.
   */
  function holding(entry: Entry): readonly [granted: Values, effective: Values | undefined, dead: number] {
    const { index, kind } = entry;
    const at = 17 + 10 * index;
    const count = memory[at + 2]!;
    if (entry.what === "fact") {
      const own = state.own.findIndex((it, place) => !(place & 1) && it === index);
      const absent = memory[at + 8] ? [memory[at + 9]!] : undefined;
      return [[], own < 0 ? absent : [state.own[own + 1]!], -1];
    }
    const verdicts = (from: number) =>
      Array.from({ length: count }, (_, value) => verdict(memory[memory[at + 5]! / 4 + from + value]!));
    const [granted, effects] = [verdicts(0), verdicts(kind === "number" ? memory[at + 4]! : count)];
    const sure = () =>
      kind === "number"
        ? [state.joined, ...entries.map(({ grants }) => grants)]
            .flatMap((pairs) => pairs.filter((_, place) => place & 1 && pairs[place - 1] === index))
            .filter((value) => session.givers(session, entry, value)[0])
            .sort((a, b) => a - b)
        : granted.flatMap((is, value) => (is > 0 ? value + +/^[fl]/.test(kind) : []));
    const [given, effective] = engine.holding(state, index);
    return [
      given ?? (kind === "set" ? sure() : sure().slice(-1)),
      effective,
      granted.findIndex((is, value) => is > 0 && effects[value]! < 0),
    ];
  }

  return [truth, holding] as const;
}
