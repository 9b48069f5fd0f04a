// Conflicts: roles that grant different options of a choice, and changes that a role's grants undo.
import { ConflictingChoiceError, HeldByFactError, HeldByRoleError } from "./errors.js";
import { bit, eachPair } from "./model.js";
import type { Entry, Evaluation, Pairs } from "./model.js";
import { isGiven } from "./state.js";
import type { Resolved } from "./state.js";
import { decodeValue } from "./values.js";

/** A grant that a role gives: the entry, the value, and the role or the place of an inline one. */
export type RoleGrant = readonly [entry: Entry, value: number, role: Entry | number];

/** The grants of inline roles and of roles known to be held, filtered by `wanted`. */
export function roleGrants(session: Evaluation, wanted: (entry: Entry, value: number) => unknown): RoleGrant[] {
  const { entries, roles } = session.program;
  const found: RoleGrant[] = [];
  const add = (role: Entry | number, grants: Pairs) =>
    eachPair(grants, (index, value) => {
      if (wanted(entries[index]!, value)) found.push([entries[index]!, value, role]);
    });
  for (const [place, grants] of session.state.inline.entries()) add(place, grants);
  for (const role of roles) if (isHeld(session, role)) add(role, role.grants);
  return found;
}

const isHeld = ({ outputs, program }: Evaluation, { index }: Entry) => bit(outputs, program.held + index);

/** Whether a role is listed or inline. */
export const isListed = ({ state }: Evaluation, role: Entry | number) =>
  typeof role === "number" || isGiven(state, role);

const nameOf = (role: Entry | number) => (typeof role === "number" ? `inline role ${role + 1}` : `role \`${role.id}\``);

/** Throws that roles known to be held grant different options of a choice. */
export function failConflict(session: Evaluation, choice: Entry): never {
  const { id } = choice;
  const all = roleGrants(session, (entry) => entry === choice);
  const other = all.find(([, value]) => value !== all[0]![1]);
  const option = ([, value]: RoleGrant) => `\`${decodeValue(choice, value)}\``;
  // In a pack that does not come from the compiler, the program and the grants of roles may say different things.
  const what = other
    ? `${nameOf(all[0]![2])} grants option ${option(all[0]!)} of choice \`${id}\`, ${nameOf(other[2])} grants ${option(other)}`
    : `roles grant different options of choice \`${id}\``;
  const message = `${what}; grant the subject its own option, or remove one of the roles`;
  throw new ConflictingChoiceError("conflicting-choice", message, id);
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
  for (const role of removed)
    if (isHeld(session, role)) fail(false, `role \`${role.id}\` cannot be removed: its \`when\` holds`, role, "its");
  if (!set.entries[0]) return;
  const { own } = session.state;
  // What roles grant of the privileges that the change sets, and the subject has not of its own
  const undone = roleGrants(
    session,
    (entry, value) =>
      set.entries.includes(entry) &&
      !own.some(
        (index, at) =>
          !(at & 1) &&
          index === entry.index &&
          (entry.kind === "set" ? own[at + 1] === value : entry.kind !== "level" || own[at + 1]! >= value),
      ),
  ).reverse();
  // A listed role is named in preference to one that is held through its `when`, since it can be removed.
  const found = undone.find(([, , role]) => isListed(session, role)) ?? undone[0];
  if (found) {
    const [privilege, , role] = found;
    const message = `privilege \`${privilege.id}\` is still granted by ${nameOf(role)}`;
    fail(isListed(session, role), message, privilege, "the role's");
  }
}
