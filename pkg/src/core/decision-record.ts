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
}
