// Writes a state back as a subject: the whole of it, or the part that one operation reads.
import type { Entry, EntryValue, Program, State } from "./model.js";
import { valueIn } from "./subject.js";
import type { Facts, Subject } from "./types.js";
import { decodeValue } from "./values.js";

/** By slot, whether an operation or its obligations read it. O(program). */
function slotsOf({ image, sizes: [inputs, slots], operationRows }: Program, operation: number): boolean[] {
  const read: boolean[] = [];
  const words = new Uint32Array(image.buffer, 0, (image.length - 2 * inputs) / 4);
  const [, , obligations, owed] = operationRows[operation]!;
  for (const output of [operation, ...obligations.map((_, obligation) => owed + obligation)])
    read[words[2 * (slots - inputs) + output]! >> 1] = true;
  for (let slot = slots; slot-- > inputs; )
    if (read[slot]) for (const side of [0, 1]) read[words[side + 2 * (slot - inputs)]! >> 1] = true;
  return read;
}

/**
 * The subject of a state. With an operation, the part that its decision and obligations depend on: `null` for a fact that is
 * read and unknown, and the subject's own option of a choice for which roles grant different options, since without it those
 * roles would conflict. O(program + state).
 */
export function writeSubject(policy: Program, { assigned, inline }: State, operation?: number): Subject {
  const slots = operation === undefined ? undefined : slotsOf(policy, operation);
  const reads = ({ at, tests }: Entry) => !slots || tests.some((_, place) => slots[at + (place >> 1)]);
  const counts = (pairs: readonly EntryValue[]) => !slots || pairs.some(([entry]) => reads(entry));
  const { fact, role } = policy.entries;
  /** Whether roles that are listed, or that a `when` may make held, grant different options of a choice. */
  const rolesConflict = (choice: Entry) => {
    const options = role.flatMap((role) =>
      valueIn(assigned, role) || role.held !== 2 * role.at ? role.grants.filter(([entry]) => entry === choice) : [],
    );
    return choice.kind === "choice" && options.some(([, option]) => option !== options[0]![1]);
  };
  const write = (pairs: readonly EntryValue[], of: Entry["what"], wanted: (entry: Entry) => unknown) => {
    const all: { [id: string]: boolean | number | string | readonly string[] } = {};
    for (const [entry, value] of pairs) {
      const name = decodeValue(entry, value);
      if (entry.what === of && wanted(entry))
        all[entry.id] =
          entry.kind === "set" ? [...((all[entry.id] as string[] | undefined) ?? []), name as string] : name;
    }
    return all;
  };
  return {
    roles: [
      ...role.flatMap((role) => (valueIn(assigned, role) && counts(role.grants) ? [role.id] : [])),
      ...inline.filter(counts).map((pairs) => write(pairs, "privilege", reads)),
    ],
    grants: write(assigned, "privilege", (entry) => reads(entry) || rolesConflict(entry)),
    facts: {
      ...(slots && Object.fromEntries(fact.filter(reads).map(({ id }) => [id, null]))),
      ...(write(assigned, "fact", reads) as Facts),
    },
  };
}
