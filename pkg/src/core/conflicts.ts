// Conflicts: roles that grant different options of a choice, and changes that a role's grants undo.
import { ConflictingChoiceError, HeldByFactError, HeldByRoleError } from "./errors.js";
import { fail } from "./fail.js";
import * as texts from "./messages.js";
import { bit, eachPair } from "./model.js";
import type { Entry, Evaluation, Pairs } from "./model.js";
import { say } from "./say.js";
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

const nameOf = (role: Entry | number) =>
  typeof role === "number" ? say(texts.inlineRole, role + 1) : say(texts.role, role.id);

/** Throws that roles known to be held grant different options of a choice. */
export function failConflict(session: Evaluation, choice: Entry): never {
  const { id } = choice;
  const all = roleGrants(session, (entry) => entry === choice);
  const other = all.find(([, value]) => value !== all[0]![1]);
  const of = ([, value, role]: RoleGrant) => [nameOf(role), decodeValue(choice, value) as string] as const;
  // In a pack that does not come from the compiler, the program and the grants of roles may say different things.
  return other
    ? fail(ConflictingChoiceError, "conflicting-choice", id, texts.optionsConflict, ...of(all[0]!), id, ...of(other))
    : fail(ConflictingChoiceError, "conflicting-choice", id, texts.rolesConflict, id);
}

/**
 * Throws if roles undo a change: they still grant more than it sets, or the `when` of a role that it removes holds.
 *
 * @throws HeldByRoleError, HeldByFactError
 */
export function rejectOverridden(session: Evaluation, set: Resolved, removed: readonly Entry[]): void {
  for (const role of removed)
    if (isHeld(session, role)) fail(HeldByFactError, "held-by-fact", role.id, texts.notRemovable, role.id);
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
    const [{ id }, , role] = found;
    if (isListed(session, role)) fail(HeldByRoleError, "held-by-role", id, texts.heldByListed, id, nameOf(role));
    fail(HeldByFactError, "held-by-fact", id, texts.heldByWhen, id, nameOf(role));
  }
}
