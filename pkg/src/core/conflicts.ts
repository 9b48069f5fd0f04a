// Conflicts: roles that grant different options of a choice, and changes that a role's grants undo. Every function reads the
// slots of the last evaluation.
import { holds } from "./engine.js";
import { ConflictingChoiceError, HeldByFactError, HeldByRoleError } from "./errors.js";
import type { Assigned, Entry, EntryValue, Program, State } from "./model.js";
import { valueIn } from "./subject.js";

/**
 * The grants of inline roles and of roles known to be held, filtered by `wanted`, each with the role's name and whether
 * the role is listed.
 */
function roleGrants(
  { entries }: Program,
  { assigned, inline }: State,
  wanted: (entry: Entry, value: number) => unknown,
) {
  const found: (readonly [entry: Entry, value: number, giver: string, listed: unknown])[] = [];
  const add = (grants: readonly EntryValue[], giver: string, listed: unknown) => {
    for (const [entry, value] of grants) if (wanted(entry, value)) found.push([entry, value, giver, listed]);
  };
  for (const [place, grants] of inline.entries()) add(grants, `inline role ${place + 1}`, true);
  for (const role of entries.role)
    if (holds(role.held)) add(role.grants, `role \`${role.id}\``, valueIn(assigned, role));
  return found;
}

/**
 * Throws if roles known to be held grant different options of a choice.
 *
 * @throws ConflictingChoiceError
 */
export function refuseConflict(policy: Program, state: State): void {
  const { privilege } = policy.entries;
  const choice = privilege[policy.choicePrivileges.find((place) => holds(privilege[place]!.conflict!))!];
  if (!choice) return;
  const { id, names } = choice;
  const all = roleGrants(policy, state, (entry) => entry === choice);
  const [, one, giver] = all[0]!;
  const [, other, rival] = all.find(([, value]) => value !== one)!;
  const message = `${giver} grants option \`${names![one]}\` of choice \`${id}\`, ${rival} grants \`${names![other]}\`; grant the subject its own option, or remove one of the roles`;
  throw new ConflictingChoiceError("conflicting-choice", message, id);
}

/**
 * Throws if roles undo a change: they still grant more than it sets, or the `when` of a role that it removes holds.
 *
 * @throws HeldByRoleError, HeldByFactError
 */
export function rejectOverridden(policy: Program, state: State, set: Assigned, removed: Assigned): void {
  const fail = (isListed: unknown, message: string, { id }: Entry, help: string) => {
    if (isListed)
      throw new HeldByRoleError("held-by-role", `${message}; remove the role, or set at least what it grants`, id);
    throw new HeldByFactError("held-by-fact", `${message}; change the fact that ${help} \`when\` tests`, id);
  };
  for (const [role] of removed) {
    if (holds(role.held)) fail(false, `role \`${role.id}\` cannot be removed: its \`when\` holds`, role, "its");
  }
  const undone = roleGrants(policy, state, (entry, value) => {
    const values = valueIn(set, entry);
    return (
      values &&
      !(entry.kind === "set" ? values.includes(value) : entry.kind === "level" ? values[0]! >= value : values.length)
    );
  });
  // A listed role is named in preference to one that is held through its `when`, since it can be removed.
  const found = undone.findLast(([, , , listed]) => listed) ?? undone.at(-1);
  if (found) fail(found[3], `privilege \`${found[0].id}\` is still granted by ${found[2]}`, found[0], "the role's");
}
