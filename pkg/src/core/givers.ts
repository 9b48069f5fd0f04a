// Provenance: who gives what is granted.
import { roleGrants } from "./conflicts.js";
import type { Entry, Evaluation } from "./model.js";
import { isGiven } from "./state.js";
import type { Giver } from "./types.js";

/**
 * Who gives a value of a privilege: the subject, roles known to be held in policy order, inline roles. The subject's own choice or
 * number is the only one that counts. O(program + grants).
 */
export function giversOf(session: Evaluation, entry: Entry): (value: number) => readonly Giver[] {
  const { program, state } = session;
  const { engine, entries, ids, rows } = program;
  const isOwn = (value: number) =>
    state.own.some((index, at) => !(at & 1) && index === entry.index && state.own[at + 1] === value);
  const isAlone = /^[cn]/.test(entry.kind) && isGiven(state, entry);
  const grants = isAlone ? [] : roleGrants(session, (granted) => granted === entry);
  return (value) => {
    const roles: Giver[] = isOwn(value) ? [{ by: "own" }] : [];
    const inline: Giver[] = [];
    for (const [, given, , isListed, role] of grants) {
      if (given !== value) continue;
      if (typeof role === "number")
        inline.push({
          by: "inline",
          index: role,
          ...(state.names?.[role] !== undefined && { name: state.names[role] }),
        });
      else if (isListed) roles.push({ by: "role", role: role.id });
      else {
        const read = engine.reads(rows.length + role.index - entries.length + ids.roles.length, []);
        roles.push({ by: "role", role: role.id, facts: ids.facts.filter((_, index) => read[index]) });
      }
    }
    return roles.concat(inline);
  };
}
