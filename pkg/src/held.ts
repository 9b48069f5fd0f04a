// What roles give, and the errors for what they give against each other or against a change.
import { holds } from "./engine.js";
import { ConflictingChoiceError, HeldByFactError, HeldByRoleError } from "./errors.js";
import type { Program } from "./program.js";
import type { Assigned, Pairs, State } from "./subject.js";

/** Who surely gives what, of what was decided last, and whether that role is listed. */
function givers({ outline }: Program, [, , listed, ...inline]: State): (readonly [name: string, pairs: Pairs, listed: boolean])[] {
  const known = outline.roles.map(([id, grants, held], role) => [`role \`${id}\``, holds(held) ? grants : [], listed.includes(role)] as const);
  return [...inline.map((pairs, place) => [`inline role ${place + 1}`, pairs, true] as const), ...known];
}

/**
 * Refuses what was decided last where roles that are surely held give a choice different options.
 *
 * @throws ConflictingChoiceError
 */
export function refuseClash(program: Program, state: State, planes: Uint32Array): void {
  const clashes = planes.subarray(program.planes[5]);
  const place = clashes.findIndex((word) => word > 0);
  if (place < 0) return;
  const choices = program.privileges.filter(({ kind }) => kind === "choice");
  const choice = choices[32 * place + 31 - Math.clz32(clashes[place]! & -clashes[place]!)]!;
  const index = program.privileges.indexOf(choice);
  const given = givers(program, state).flatMap(([name, pairs]) => pairs.flatMap((privilege, at) => (at & 1 || privilege !== index ? [] : [[name, choice.values[pairs[at + 1]!]!] as const])));
  const [one, option] = given[0]!;
  const [other, another] = given.find(([, of]) => of !== option)!;
  const message = `${one} gives choice \`${choice.id}\` the option \`${option}\`, ${other} gives it \`${another}\``;
  throw new ConflictingChoiceError("conflicting-choice", `${message}; grant the subject an option of its own, or take one of the roles away`, choice.id);
}

/**
 * Refuses a change of which what was decided last says that roles undo it.
 *
 * @throws HeldByRoleError, HeldByFactError
 */
export function refuseUndone(program: Program, state: State, set: Assigned, removed: readonly number[]): void {
  for (const role of removed) {
    const [id, , held] = program.outline.roles[role]!;
    if (holds(held)) {
      throw new HeldByFactError("held-by-fact", `role \`${id}\` cannot be removed: the subject's facts assume it; change the fact that its \`when\` tests`, id);
    }
  }
  if (!set.length) return;
  const assigned = new Map(set.map(([index, ...values]) => [index, values]));
  let undone: readonly [id: string, giver: string, listed: boolean] | undefined;
  for (const [name, pairs, listed] of givers(program, state)) {
    if (undone?.[2] && !listed) continue; // a listed role is named before one that facts assume: it can be taken away
    for (let place = 0; place < pairs.length; ) {
      const { id, kind } = program.privileges[pairs[place]!]!;
      const values = assigned.get(pairs[place++]!);
      const value = pairs[place++]!;
      if (values && !(kind === "set" ? values.includes(value) : kind === "level" ? values[0]! >= value : values.length)) undone = [id, name, listed];
    }
  }
  if (!undone) return;
  const [id, name, listed] = undone;
  const message = `privilege \`${id}\` is still given by ${name}; `;
  if (listed) throw new HeldByRoleError("held-by-role", `${message}take the role away, or set no less than it gives`, id);
  throw new HeldByFactError("held-by-fact", `${message}change the fact that the role's \`when\` tests`, id);
}
