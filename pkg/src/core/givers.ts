// Provenance: who gives what is granted.
import { isListed, roleGrants } from "./conflicts.js";
import { eachPair } from "./model.js";
import type { Entry, Evaluation } from "./model.js";
import { isGiven } from "./state.js";
import type { Giver } from "./types.js";

/**
 * Who gives a value of a privilege: the subject, roles known to be held in policy order, inline roles. The subject's own choice or
 * number is the only one that counts. O(program + grants).
 */
export function giversOf(session: Evaluation, entry: Entry, value: number): readonly Giver[] {
  const { program, state } = session;
  const { engine, ids } = program;
  const roles: Giver[] = [];
  const inline: Giver[] = [];
  eachPair(state.own, (index, own) => {
    if (index === entry.index && own === value) roles.push({ by: "own" });
  });
  const isAlone = (entry.kind === "choice" || entry.kind === "number") && isGiven(state, entry);
  const grants = isAlone ? [] : roleGrants(session, (granted, given) => granted === entry && given === value);
  // A pack that does not come from the compiler may grant a value twice in a role
  for (const role of new Set(grants.map(([, , role]) => role))) {
    if (typeof role === "number") {
      const name = state.names?.[role];
      inline.push({ by: "inline", index: role, ...(name !== undefined && { name }) });
    } else {
      const read = isListed(session, role) ? undefined : engine.reads([role.slot]);
      roles.push({
        by: "role",
        role: role.id,
        ...(read && { facts: ids.facts.filter((_, index) => read[index]) }),
      });
    }
  }
  return roles.concat(inline);
}
