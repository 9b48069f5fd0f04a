// The subject of a session as callers write it: the whole of it, or what one operation reads.
import type { Program } from "./program.js";
import type { Pairs, State } from "./subject.js";
import type { FactValue, GrantValue, Subject } from "./types.js";
import { written } from "./values.js";

/** By slot, whether an operation reads it. O(program). */
function slotsOf({ image, planes, firstOwed, outline }: Program, operation: number): boolean[] {
  const [inputs = 0, count = 0] = image;
  const read: boolean[] = [];
  const mark = (word: number) => (read[image[word]! >> 1] = true);
  const outputs = 3 + 2 * count;
  mark(outputs + operation);
  outline.operations[operation]![4].forEach((_, owed) => mark(outputs + 32 * planes[2]! + firstOwed[operation]! + owed));
  for (let step = count; step-- > 0; ) {
    if (!read[inputs + step]) continue;
    mark(3 + 2 * step);
    mark(4 + 2 * step);
  }
  return read;
}

/**
 * The subject of a state. Of an operation, what its decision and its obligations rest on: `null` for a fact that is read and
 * unknown, and the subject's own option of a choice that roles give different options, since without it those roles clash.
 */
export function record(program: Program, [facts, own, roles, ...inline]: State, operation?: number): Subject {
  const { outline, privileges } = program;
  const slots = operation === undefined ? undefined : slotsOf(program, operation);
  const reads = ({ at, end }: { readonly at: number; readonly end: number }) => !slots || slots.slice(at / 2, end / 2).includes(true);
  const counts = (pairs: Pairs) => pairs.some((privilege, place) => !(place & 1) && reads(privileges[privilege]!));
  /** Whether roles that are listed or may be assumed give a choice different options. */
  const settles = (index: number) => {
    const held = outline.roles.filter(([, , held], role) => roles.includes(role) || held !== program.roles + 2 * role);
    const options = held.flatMap(([, grants]) => grants.filter((_, place) => place & 1 && grants[place - 1] === index));
    return privileges[index]!.kind === "choice" && new Set(options).size > 1;
  };
  const grants = (pairs: Pairs, wanted: (index: number) => boolean) => {
    const all: { [id: string]: GrantValue } = {};
    for (let place = 0; place < pairs.length; place += 2) {
      const entry = privileges[pairs[place]!]!;
      const value = written(entry, pairs[place + 1]!);
      if (!wanted(pairs[place]!)) continue;
      if (entry.kind === "set") ((all[entry.id] ??= []) as GrantValue[]).push(value);
      else all[entry.id] = value;
    }
    return all;
  };
  const isRead = (index: number) => reads(privileges[index]!);
  const listed = roles.map((role) => outline.roles[role]!).filter(([, grants]) => counts(grants));
  const values: { [id: string]: FactValue | null } = {};
  program.facts.forEach((fact, index) => {
    const place = facts.findIndex((known, place) => !(place & 1) && known === index);
    if (reads(fact) && (slots || place >= 0)) values[fact.id] = place < 0 ? null : written(fact, facts[place + 1]!);
  });
  return {
    roles: [...listed.map(([id]) => id), ...inline.filter(counts).map((pairs) => grants(pairs, isRead))],
    grants: grants(own, (index) => isRead(index) || settles(index)),
    facts: values,
  };
}
