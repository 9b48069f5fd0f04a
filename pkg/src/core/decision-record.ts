import type { AnySchema, Decision, ObligationId, OperationId, Schema, Subject } from "./types.js";

/** The record of a decision: plain data. It never holds the token. */
export interface DecisionRecord<S extends Schema = AnySchema> {
  /** The time of the decision, as ISO 8601 in UTC. */
  readonly at: string;
  /** The claim `sub`. */
  readonly subject: string | null;
  readonly policy: { readonly id: string; readonly version: string; readonly fingerprint: string };
  readonly operation: OperationId<S>;
  readonly decision: Decision;
  /** The obligations that are owed. */
  readonly obligations: readonly ObligationId<S>[];
  /** Those of them that the handler discharges. */
  readonly discharged: readonly ObligationId<S>[];
  /** The part of the subject that was read: `policy.session(inputs)` decides the operation in the same way. */
  readonly inputs: Subject<S>;
  /** The trace of the request: the trace id of its W3C `traceparent`. Absent without a valid one. */
  readonly traceId?: string;
  /** The claims that a mapper left out because it ignores them. Absent where grants come from the token's own claim. */
  readonly ignored?: readonly IgnoredClaim[];
}

/** A value of a claim that a mapper left out. */
export interface IgnoredClaim {
  /** The claim, such as `scope` or `realm_access.roles`. */
  readonly claim: string;
  readonly value: string;
}
