// Conflicts: roles that grant different options of a choice, and changes that a role's grants undo.
import { ConflictingChoiceError, HeldByFactError, HeldByRoleError } from "./errors.js";
import { bit } from "./model.js";
import type { Entry, Evaluation, Pairs } from "./model.js";
import { isGiven } from "./state.js";
import type { Resolved } from "./state.js";
import { decodeValue } from "./values.js";

/** A grant that a role gives: the entry, the value, the role's name, whether the role is listed, and the role or the index of an inline one. */
export type RoleGrant = readonly [entry: Entry, value: number, giver: string, listed: boolean, role: Entry | number];

/** The grants of inline roles and of roles known to be held, filtered by `wanted`. */
export function roleGrants(
  session: Evaluation,
  wanted: (entry: Entry, value: number) => unknown,
): readonly RoleGrant[] {
  const { entries, ids, held } = session.program;
  const found: RoleGrant[] = [];
  const add = (grants: Pairs, giver: string, listed: boolean, role: Entry | number) => {
    for (let at = 0; at < grants.length; at += 2) {
      const [entry, value] = [entries[grants[at]!]!, grants[at + 1]!];
      if (wanted(entry, value)) found.push([entry, value, giver, listed, role]);
    }
  };
  for (const [place, grants] of session.state.inline.entries()) add(grants, `inline role ${place + 1}`, true, place);
  const first = entries.length - ids.roles.length;
  for (const role of entries.slice(first))
    if (bit(session.outputs, held + role.index - first))
      add(role.grants, `role \`${role.id}\``, isGiven(session.state, role), role);
  return found;
}

/** Throws that roles known to be held grant different options of a choice. */
export function failConflict(session: Evaluation, choice: Entry): never {
  const { id } = choice;
  const all = roleGrants(session, (entry) => entry === choice);
  const other = all.find(([, value]) => value !== all[0]![1]);
  const option = ([, value]: RoleGrant) => `\`${decodeValue(choice, value)}\``;
  // In a pack that does not come from the compiler, the program and the grants of roles may say different things.
  const what = other
    ? `${all[0]![2]} grants option ${option(all[0]!)} of choice \`${id}\`, ${other[2]} grants ${option(other)}`
    : `roles grant different options of choice \`${id}\``;
  const message = `${what}; grant the subject its own option, or remove one of the roles`;
  throw new ConflictingChoiceError("conflicting-choice", message, id);
}

/** The values that a change sets, by entry. */
function valuesOf({ entries, pairs }: Resolved, all: readonly Entry[]): ReadonlyMap<Entry, Set<number>> {
  const values = new Map(entries.map((entry) => [entry, new Set<number>()]));
  for (let at = 0; at < pairs.length; at += 2) values.get(all[pairs[at]!]!)!.add(pairs[at + 1]!);
  return values;
}

/**
 * Throws if roles undo a change: they still grant more than it sets, or the `when` of a role that it removes holds.
 *
 * @throws HeldByRoleError, HeldByFactError
 */
export function rejectOverridden(session: Evaluation, set: Resolved, removed: readonly Entry[]): void {
  const fail = (isListed: boolean, message: string, { id }: Entry, help: string) => {
    if (isListed)
      throw new HeldByRoleError("held-by-role", `${message}; remove the role, or set at least what it grants`, id);
    throw new HeldByFactError("held-by-fact", `${message}; change the fact that ${help} \`when\` tests`, id);
  };
  const { entries, ids, held } = session.program;
  for (const role of removed) {
    if (bit(session.outputs, held + role.index - entries.length + ids.roles.length))
      fail(false, `role \`${role.id}\` cannot be removed: its \`when\` holds`, role, "its");
  }
  if (!set.entries[0]) return;
  let values: ReadonlyMap<Entry, Set<number>> | undefined;
  const undone = [
    ...roleGrants(session, (entry, value) => {
      // Built when the first role grants something
      values ??= valuesOf(set, entries);
      const own = values.get(entry);
      return (
        own && !(entry.kind === "set" ? own.has(value) : entry.kind === "level" ? [...own][0]! >= value : own.size)
      );
    }),
  ].reverse();
  // A listed role is named in preference to one that is held through its `when`, since it can be removed.
  const found = undone.find(([, , , listed]) => listed) ?? undone[0];
  if (found) fail(found[3], `privilege \`${found[0].id}\` is still granted by ${found[2]}`, found[0], "the role's");
}
