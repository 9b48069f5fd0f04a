import type { Session } from "./session.js";
import type { Explanation } from "./studio.js";
import type { AnySchema, Schema, Subject, Verdict } from "./types.js";

/** A change that somebody would make. */
export interface ReviewedChange<S extends Schema = AnySchema> {
  /** Who makes it. */
  readonly actor: Session<S>;
  /** Whom it is made to, as they are; `{}`, or the one who is copied, for somebody new. */
  readonly before: Subject<S>;
  /** The result; `{}` for a deletion. */
  readonly after: Subject<S>;
  /** What the difference does not say. Before and after a `role-definition` are what the role grants. */
  readonly kind?: "create" | "delete" | "role-definition";
}

/** Whether a change is allowed, and why not. */
export interface Review {
  /** `yes` where every rule that applies holds, `no` where one surely does not; `unknown` refuses as well. */
  readonly allowed: Verdict;
  /** The change rules that do not surely hold, in policy order. */
  readonly broken: readonly {
    readonly rule: string;
    readonly label: string;
    /** Its `operation` is the rule; `undecided` where an unknown fact matters. */
    readonly explanation: Explanation;
  }[];
}

/** A step of a guide as it stands. */
export interface GuideStep<S extends Schema = AnySchema> {
  readonly id: string;
  readonly label: string;
  /** Ready: it is its turn, all earlier steps being done, and who does it may. */
  readonly state: "done" | "ready" | "blocked";
  readonly who?: string;
  /** The earlier steps that are not done; of a step that is done, none. */
  readonly waitsFor: readonly string[];
  /** Why its operation is not allowed to who does it, where the step is not done. */
  readonly explanation?: Explanation<S>;
}
