// Writes a state back as a subject: the whole of it, or the part that one operation reads.
import type { Entry, Pairs, Program, State } from "./model.js";
import { isGiven } from "./state.js";
import type { Ending, Facts, Grants, GrantValue, Subject } from "./types.js";
import { decodeValue } from "./values.js";

/** The choice privileges for which roles that are listed, or that a `when` may make held, grant different options. O(choices that they grant). */
function contested({ entries }: Program, state: State): ReadonlySet<number> {
  const options = new Map<number, number>();
  const found = new Set<number>();
  for (const { choices } of entries.filter((entry) => entry.hasWhen || isGiven(state, entry))) {
    for (const [privilege, option] of choices) {
      if ((options.get(privilege) ?? option) !== option) found.add(privilege);
      options.set(privilege, option);
    }
  }
  return found;
}

/**
 * The subject of a state. With an operation, the part that its decision and obligations depend on: `null` for a fact that is
 * read and unknown. If roles may conflict on a choice, it also has what prevents that: the subject's own option, or else all that
 * decides whether they conflict. O(program + state).
 */
export function writeSubject(program: Program, state: State, operation?: number): Subject {
  const { entries, ids, engine } = program;
  const { own } = state;
  const choices = operation === undefined ? undefined : contested(program, state);
  const open = [...(choices ?? [])].filter((choice) => !isGiven(state, entries[choice]!));
  const read =
    choices &&
    engine.reads(
      operation!,
      open.map((choice) => choice - ids.facts.length),
    );
  const reads = (index: number) => !read || read[index];
  const counts = (pairs: Pairs) => !read || pairs.some((index, at) => !(at & 1) && read[index]);
  const write = (pairs: Pairs, of: Entry["what"], wanted: (index: number) => unknown, ends?: State["ends"]) => {
    const all: { [id: string]: GrantValue | Ending<GrantValue> } = {};
    for (let at = 0; at < pairs.length; at += 2) {
      const entry = entries[pairs[at]!]!;
      const name = decodeValue(entry, pairs[at + 1]!);
      if (entry.what !== of || !wanted(entry.index)) continue;
      const before = pairs[at - 2] === pairs[at] ? (all[entry.id] as string[]) : [];
      all[entry.id] = entry.kind === "set" ? [...before, name as string] : name;
    }
    for (const [index, until] of ends ?? []) {
      const { what, id } = entries[index]!;
      if (what === of) all[id] = { value: all[id] as GrantValue, until };
    }
    return all;
  };
  const listed = entries.filter((entry) => entry.what === "role" && isGiven(state, entry));
  const ends = read ? undefined : state.ends;
  return {
    roles: [
      ...listed
        .filter(({ grants, index }) => counts(grants) || reads(index))
        .map(({ id, index }) => (ends?.has(index) ? { role: id, until: ends.get(index)! } : id)),
      ...state.inline.flatMap((pairs, place) => {
        if (!counts(pairs)) return [];
        const grants = write(pairs, "privilege", reads) as Grants;
        const name = read ? undefined : state.names?.[place];
        return [name === undefined ? grants : { name, grants }];
      }),
    ],
    grants: write(own, "privilege", (index) => reads(index) || choices?.has(index), ends),
    facts: {
      ...(read && Object.fromEntries(ids.facts.flatMap((id, index) => (read[index] ? [[id, null]] : [])))),
      ...(write(own, "fact", reads) as Facts),
    },
  };
}
