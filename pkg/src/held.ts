// What roles give, and the errors for what they give against each other or against a change.
import { verdict } from "./engine.js";
import type { Planes } from "./engine.js";
import { ConflictingChoiceError, HeldByFactError, HeldByRoleError } from "./errors.js";
import type { Entry, Program } from "./program.js";
import type { Assigned, State } from "./subject.js";

/** What is surely given of wanted entries: by whom, and whether that role is listed. */
const given = ({ entries }: Program, [, , roles, ...inline]: State, planes: Planes, wanted: (entry: Entry) => unknown) =>
  [
    ...inline.map((grants, place) => [`inline role ${place + 1}`, grants, true] as const),
    ...entries.role.flatMap((role) => (verdict(planes, role.first) === 1 ? [[`role \`${role.id}\``, role.grants, roles.some(([listed]) => listed === role)] as const] : [])),
  ].flatMap(([giver, grants, listed]) => grants.flatMap(([entry, value]) => (wanted(entry) ? [[entry, value, giver, listed] as const] : [])));

/**
 * Refuses what was decided where roles that are surely held give a choice different options.
 *
 * @throws ConflictingChoiceError
 */
export function refuseClash(policy: Program, state: State, planes: Planes): void {
  for (const choice of policy.entries.privilege) {
    const { id, kind, names, tests, first } = choice;
    if (kind !== "choice" || verdict(planes, first + tests.length) !== 1) continue;
    const all = given(policy, state, planes, (entry) => entry === choice);
    const [, one, giver] = all[0]!;
    const [, other, rival] = all.find(([, value]) => value !== one)!;
    const message = `${giver} gives choice \`${id}\` the option \`${names![one]}\`, ${rival} gives it \`${names![other]}\``;
    throw new ConflictingChoiceError("conflicting-choice", `${message}; grant the subject an option of its own, or take one of the roles away`, id);
  }
}

/**
 * Refuses a change that roles undo.
 *
 * @throws HeldByRoleError, HeldByFactError
 */
export function refuseUndone(policy: Program, state: State, planes: Planes, set: Assigned, removed: Assigned): void {
  for (const { id, first } of policy.entries.role.filter((role) => removed.has(role))) {
    if (verdict(planes, first) !== 1) continue;
    throw new HeldByFactError("held-by-fact", `role \`${id}\` cannot be removed: the subject's facts assume it; change the fact that its \`when\` tests`, id);
  }
  const undone = given(policy, state, planes, (entry) => set.has(entry)).filter(([entry, value]) => {
    const values = set.get(entry)!;
    return !(entry.kind === "set" ? values.includes(value) : entry.kind === "level" ? values[0]! >= value : values.length);
  });
  // A listed role is named before one that facts assume: it can be taken away.
  const found = undone.findLast(([, , , listed]) => listed) ?? undone.at(-1);
  if (!found) return;
  const [{ id }, , giver, listed] = found;
  const message = `privilege \`${id}\` is still given by ${giver}; `;
  if (listed) throw new HeldByRoleError("held-by-role", `${message}take the role away, or set no less than it gives`, id);
  throw new HeldByFactError("held-by-fact", `${message}change the fact that the role's \`when\` tests`, id);
}
