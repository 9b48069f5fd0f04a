// Writes a state back as a subject: the whole of it, or the part that one operation reads.
import { eachPair } from "./model.js";
import type { Entry, Pairs, Program, State } from "./model.js";
import { isGiven } from "./state.js";
import type { Subject } from "./types.js";
import { decodeValue } from "./values.js";

/** The choice privileges for which roles that are listed, or that a `when` may make held, grant different options. O(their grants). */
function contested({ entries, roles }: Program, state: State): readonly Entry[] {
  const options = new Map<Entry, number>();
  const found = new Set<Entry>();
  for (const { grants } of roles.filter((entry) => entry.hasWhen || isGiven(state, entry)))
    eachPair(grants, (index, option) => {
      const entry = entries[index]!;
      if ((options.get(entry) ?? option) !== option && entry.kind === "choice") found.add(entry);
      options.set(entry, option);
    });
  return [...found];
}

/**
 * The subject of a state. With an operation, the part that its decision and obligations depend on: `null` for a fact that is
 * read and unknown. If roles may conflict on a choice, it also has what prevents that: the subject's own option, or else all that
 * decides whether they conflict. O(program + state).
 */
export function writeSubject(program: Program, state: State, operation?: number): Subject {
  const { entries, engine, rows } = program;
  const choices = operation === undefined ? undefined : contested(program, state);
  const open = choices?.filter((choice) => !isGiven(state, choice)).map(({ range }) => range[0]);
  const read = open && engine.reads([...rows[operation!]!.slots, ...open]);
  const ends = read ? undefined : state.ends;
  const isRead = ({ index }: Entry) => !read || read[index];
  const isFact = (entry: Entry) => entry.what === "fact" && isRead(entry);
  const withEnd = (key: string, value: unknown, entry: Entry) =>
    ends?.has(entry.index) ? { [key]: value, until: ends.get(entry.index) } : value;
  /** The values of pairs by entry, those of a set as a list, after `null` for unknown ones. */
  const write = (pairs: Pairs, isWanted: (entry: Entry) => unknown, unknown: readonly Entry[] = []) => {
    const all = new Map<Entry, unknown>(unknown.map((entry) => [entry, null]));
    eachPair(pairs, (index, code) => {
      const entry = entries[index]!;
      const value = decodeValue(entry, code);
      if (isWanted(entry)) all.set(entry, entry.kind === "set" ? [...((all.get(entry) as []) ?? []), value] : value);
    });
    return all;
  };
  const object = (all: ReadonlyMap<Entry, unknown>, of = (value: unknown, _: Entry) => value) =>
    Object.fromEntries([...all].map(([entry, value]) => [entry.id, of(value, entry)]));
  const isOwn = (entry: Entry) => entry.what === "privilege" && (isRead(entry) || choices!.includes(entry));
  return {
    roles: [
      ...program.roles
        .filter((role) => isGiven(state, role) && (isRead(role) || write(role.grants, isRead).size))
        .map((role) => withEnd("role", role.id, role)),
      ...state.inline.flatMap((pairs, place) => {
        const values = write(pairs, isRead);
        const grants = object(values);
        const name = read ? undefined : state.names?.[place];
        return read && !values.size ? [] : [name === undefined ? grants : { name, grants }];
      }),
    ],
    grants: object(write(state.own, isOwn), (value, entry) => withEnd("value", value, entry)),
    facts: object(write(state.own, isFact, read && entries.filter(isFact))),
  } as Subject;
}
