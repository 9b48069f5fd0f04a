// What roles give, and the errors for what they give against each other or against a change.
import { holds } from "./engine.js";
import { ConflictingChoiceError, HeldByFactError, HeldByRoleError } from "./errors.js";
import type { Entry, Pair, Program } from "./program.js";
import { valueIn } from "./subject.js";
import type { Assigned, State } from "./subject.js";

/** What is surely given, of what was decided last and is wanted: by whom, and whether that role is listed. */
function gifts({ entries }: Program, { given, inline }: State, wanted: (entry: Entry, value: number) => unknown) {
  const found: (readonly [entry: Entry, value: number, giver: string, listed: unknown])[] = [];
  const add = (grants: readonly Pair[], giver: string, listed: unknown) => {
    for (const [entry, value] of grants) if (wanted(entry, value)) found.push([entry, value, giver, listed]);
  };
  inline.forEach((grants, place) => add(grants, `inline role ${place + 1}`, true));
  for (const role of entries.role) if (holds(role.held)) add(role.grants, `role \`${role.id}\``, valueIn(given, role));
  return found;
}

/**
 * Refuses what was decided last where roles that are surely held give a choice different options.
 *
 * @throws ConflictingChoiceError
 */
export function refuseClash(policy: Program, state: State): void {
  const { privilege } = policy.entries;
  const choice = privilege[policy.choicePrivileges.find((place) => holds(privilege[place]!.clash!))!];
  if (!choice) return;
  const { id, names } = choice;
  const all = gifts(policy, state, (entry) => entry === choice);
  const [, one, giver] = all[0]!;
  const [, other, rival] = all.find(([, value]) => value !== one)!;
  const message = `${giver} gives choice \`${id}\` the option \`${names![one]}\`, ${rival} gives it \`${names![other]}\`; grant the subject an option of its own, or take one of the roles away`;
  throw new ConflictingChoiceError("conflicting-choice", message, id);
}

/**
 * Refuses a change of which what was decided last says that roles undo it.
 *
 * @throws HeldByRoleError, HeldByFactError
 */
export function refuseUndone(policy: Program, state: State, set: Assigned, removed: Assigned): void {
  const fail = (isListed: unknown, message: string, { id }: Entry, help: string) => {
    if (isListed)
      throw new HeldByRoleError("held-by-role", `${message}; take the role away, or set no less than it gives`, id);
    throw new HeldByFactError("held-by-fact", `${message}; change the fact that ${help} \`when\` tests`, id);
  };
  for (const [role] of removed) {
    if (holds(role.held))
      fail(false, `role \`${role.id}\` cannot be removed: the subject's facts assume it`, role, "its");
  }
  const undone = gifts(policy, state, (entry, value) => {
    const values = valueIn(set, entry);
    return (
      values &&
      !(entry.kind === "set" ? values.includes(value) : entry.kind === "level" ? values[0]! >= value : values.length)
    );
  });
  // A listed role is named before one that facts assume: it can be taken away.
  const found = undone.findLast(([, , , listed]) => listed) ?? undone.at(-1);
  if (found) fail(found[3], `privilege \`${found[0].id}\` is still given by ${found[2]}`, found[0], "the role's");
}
