// Roles that somebody holds because of facts.
import type { Session } from "privet";
import type { PolicyDescription } from "privet/studio";

const known = new WeakMap<Session, readonly string[]>();

/** The roles of a session's policy that its facts give. Memoised. */
export function assumedRoles(roles: PolicyDescription["roles"], session: Session): readonly string[] {
  const found =
    known.get(session) ??
    roles
      .filter(({ id, when, grants }) => when && Object.keys(grants).some((privilege) => gives(session, id, privilege)))
      .map(({ id }) => id as string);
  known.set(session, found);
  return found;
}

function gives(session: Session, role: string, privilege: string): boolean {
  const { from } = session.holds(privilege);
  const givers = Array.isArray(from) ? from : Object.values(from ?? {}).flat();
  return givers.some((giver) => giver.by === "role" && giver.role === role);
}
