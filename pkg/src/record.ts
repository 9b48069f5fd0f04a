// The subject of a session as callers write it: the whole of it, or what one operation reads.
import { valueIn } from "./holding.js";
import type { Entry, Pair, Program } from "./program.js";
import type { State } from "./subject.js";
import type { Subject } from "./types.js";
import { written } from "./values.js";

/** By slot, whether an operation reads it. O(program). */
function slotsOf({ image, planes, owed, outline }: Program, operation: number): boolean[] {
  const [inputs = 0, count = 0] = image;
  const read: boolean[] = [];
  const mark = (...places: number[]) => places.forEach((place) => (read[image[place]! >> 1] = true));
  const outputs = 3 + 2 * count;
  mark(outputs + operation, ...outline.operations[operation]![4].map((_, obligation) => outputs + 32 * planes[2]! + owed[operation]! + obligation));
  for (let step = count; step--; ) if (read[inputs + step]) mark(3 + 2 * step, 4 + 2 * step);
  return read;
}

/**
 * The subject of a state. Of an operation, what its decision and its obligations rest on: `null` for a fact that is read and
 * unknown, and the subject's own option of a choice that roles give different options, since without it those roles clash.
 */
export function record(policy: Program, [facts, own, roles, ...inline]: State, operation?: number): Subject {
  const slots = operation === undefined ? undefined : slotsOf(policy, operation);
  const reads = ({ at, tests }: Entry) => !slots || tests.some((_, place) => slots[(at + place) >> 1]);
  const counts = (pairs: readonly Pair[]) => pairs.some(([entry]) => reads(entry));
  const { fact, role } = policy.entries;
  /** Whether roles that are listed or may be assumed give a choice different options. */
  const settles = (choice: Entry) => {
    const given = role.flatMap((role) => (valueIn(roles, role) || role.held !== role.at ? role.grants.filter(([entry]) => entry === choice) : []));
    return choice.kind === "choice" && given.some(([, option]) => option !== given[0]![1]);
  };
  const write = (pairs: readonly Pair[], wanted: (entry: Entry) => unknown) => {
    const all: { [id: string]: any } = {};
    for (const [entry, value] of pairs) {
      const name = written(entry, value);
      if (wanted(entry)) all[entry.id] = entry.kind === "set" ? [...(all[entry.id] ?? []), name] : name;
    }
    return all;
  };
  return {
    roles: [...role.flatMap((role) => (valueIn(roles, role) && counts(role.grants) ? [role.id] : [])), ...inline.filter(counts).map((pairs) => write(pairs, reads))],
    grants: write(own, (entry) => reads(entry) || settles(entry)),
    facts: { ...(slots && Object.fromEntries(fact.filter(reads).map(({ id }) => [id, null]))), ...write(facts, reads) },
  };
}
