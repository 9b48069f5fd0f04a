// Checks the arguments of questions: the engine reads only what has the right type.
import { InvalidOptionsError, InvalidSubjectError } from "../core/errors.js";
import type { Policy, Session } from "../core/interfaces.js";
import { internals } from "../core/model.js";
import type { State } from "../core/model.js";
import { Policy as PolicyClass } from "../core/policy.js";
import { Session as SessionClass } from "../core/session.js";
import type { Schema } from "../core/types.js";
import { encodeState } from "./handle.js";

/**
 * Refuses an argument of another type, which the engine could not read.
 *
 * @throws InvalidOptionsError
 */
export function mustBe(holds: unknown, argument: string, type: string, needed = type): void {
  if (!holds)
    throw new InvalidOptionsError("invalid-options", `\`${argument}\` is not ${type}; pass ${needed}`, argument);
}

/** Lists of words as one: each after its length. */
export const lists = (all: readonly Uint32Array[]): Uint32Array =>
  Uint32Array.from(all.flatMap((words) => [words.length, ...words]));

/** Narrows an argument to an opened policy. */
export function policyOf<S extends Schema>(policy: Policy<S>): PolicyClass<S> {
  if (policy instanceof PolicyClass) return policy;
  throw new InvalidSubjectError("invalid-subject", "`policy` is not a policy; open a pack first");
}

/** The policy and the state of an argument that is a session; `place` names it in the message. */
export function sessionOf<S extends Schema>(
  session: Session<S>,
  place = "`session`",
): [policy: Policy<S>, state: State] {
  if (session instanceof SessionClass) return [session.policy, session[internals].state];
  throw new InvalidSubjectError("invalid-subject", `${place} is not a session; call \`policy.session\` first`);
}

/** Encodes the state of a session of this policy. The indices in it are meaningless to another policy. */
export function encodeSession<S extends Schema>(policy: Policy<S>, session: Session<S>, place: string): Uint32Array {
  const [of, state] = sessionOf(session, place);
  if (of.fingerprint === policy.fingerprint) return encodeState(state);
  throw new InvalidSubjectError(
    "invalid-subject",
    `${place} is a session of another policy; create it with this policy`,
  );
}
