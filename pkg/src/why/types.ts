// The answers of `privet/why`.
import { PrivetError } from "../core/errors.js";
import type { Decided, Giver, Schema } from "../core/types.js";

/** Who gives a value, if the subject does not give it itself, with the label of the role. */
export type GivingRole<S extends Schema> = Giver<S> & { readonly label: string };

/** A test that determines a decision: `args.reasons` of the studio's `explain` has the same ones, in the same order. */
export interface Reason<S extends Schema> {
  /**
   * `granted`, `not-granted`, `dormant`, `on`, `off`, `too-low`, `too-high`, `value`, `other-value`, `set`, `not-set`, `included`,
   * `not-included`, `allowed`, `denied`, `met`, `not-met` or `unknown`.
   */
  readonly code: string;
  /** The id of the fact, privilege, operation or condition. */
  readonly id: string;
  readonly label: string;
  /** The needed value, in labels. */
  readonly needed: string;
  /** The held value, in labels; empty if there is none. */
  readonly held: string;
  /** Of the reasons with the same number, fixing one is enough. */
  readonly alternative?: number;
  /** Whether it is a fact: the system's, which nobody grants. */
  readonly system?: true;
  /** The place where the fact is set. */
  readonly place?: string;
  /** The roles that give the value, if the subject does not give it itself. */
  readonly through?: readonly GivingRole<S>[];
  /** The reason in words; of a dormant grant with one cause. */
  readonly text: string;
}

/** Why an operation is allowed, denied or undecided. */
export interface Why<S extends Schema> {
  readonly decision: Decided<S>["decision"];
  /** The tests that decide: those that hold if it is allowed, that fail if denied, that are unknown if undecided. */
  readonly reasons: readonly Reason<S>[];
  /** The first of them in words. */
  readonly sentence: string;
}

/** The pack has no reasons (`reasons-missing`), or its reasons do not belong to its program (`reasons-invalid`). */
export class ReasonsError extends PrivetError<"reasons-missing" | "reasons-invalid"> {}
