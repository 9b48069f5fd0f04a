// The session of a subject that is mapped from the claims of a JWT.
import { InvalidSubjectError, PrivetError } from "../core/errors.js";
import type { IgnoredClaim } from "../core/decision-record.js";
import type { Policy, Session } from "../core/interfaces.js";
import type { AnySchema, EpochSeconds, Facts, Schema, Subject } from "../core/types.js";
import type { Awaitable } from "./hooks.js";
import type { Claims } from "./registered.js";
import type { ProblemCode, ProblemDetails, ProblemError } from "./problem.js";

/** A subject that was mapped from claims. */
export interface MappedSubject<S extends Schema = AnySchema> extends Subject<S> {
  /** The claims that were left out on purpose, for the record of the decision. */
  readonly ignored?: readonly IgnoredClaim[];
}

/**
 * Maps the claims of a verified JWT to a subject of the policy that decides. `null` or `undefined` refuses the request: the subject
 * is not known.
 */
export type SubjectOf<S extends Schema = AnySchema> = (
  claims: Claims,
  request: Request,
  policy: Policy<S>,
) => Awaitable<MappedSubject<S> | null | undefined>;

/**
 * Evaluates a mapped subject. Facts of the hook replace those of the subject with the same id.
 *
 * @throws ProblemError: 403 for roles and grants that the policy does not accept, 500 for facts.
 */
export function sessionOf<S extends Schema>(
  policy: Policy<S>,
  mapped: MappedSubject<S>,
  facts: Facts<S> | null | undefined,
  now: EpochSeconds,
  problem: (code: ProblemCode, details: ProblemDetails) => ProblemError,
): Session<S> {
  const subject = withoutIgnored(mapped);
  try {
    const session = policy.session(subject, { now });
    return facts === undefined || facts === null ? session : session.with({ facts });
  } catch (thrown) {
    if (!(thrown instanceof PrivetError) || thrown.code === "load-failed") throw thrown;
    const details = { message: thrown.message, cause: thrown };
    if (thrown.code === "conflicting-choice") throw problem(thrown.code, details);
    if (factsFail(policy, subject.facts) || factsFail(policy, facts)) throw problem("invalid-facts", details);
    throw problem(thrown instanceof InvalidSubjectError ? "invalid-subject" : "unknown-claim", details);
  }
}

/** The subject as policies take it. It is copied only if something is left out: a copy of a Map would be an empty subject. */
function withoutIgnored<S extends Schema>(mapped: MappedSubject<S>): Subject<S> {
  if (!Object.hasOwn(mapped, "ignored")) return mapped;
  const { ignored: _, ...subject } = mapped;
  return subject;
}

/** Whether the facts alone are refused. */
function factsFail<S extends Schema>(policy: Policy<S>, facts: Facts<S> | null | undefined): boolean {
  try {
    if (facts !== undefined && facts !== null) policy.session().with({ facts });
    return false;
  } catch (thrown) {
    return thrown instanceof PrivetError && thrown.code !== "conflicting-choice";
  }
}
