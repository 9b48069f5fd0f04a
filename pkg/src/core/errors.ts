// The errors of the core. The studio and the edge declare their own codes and classes.

/** The stable codes of errors that `privet` throws; `privet/studio` and `privet/edge` add their own. */
export type ErrorCode =
  | "unknown-id"
  | "invalid-grant"
  | "invalid-fact"
  | "invalid-subject"
  | "invalid-options"
  | "time-missing"
  | "conflicting-choice"
  | "held-by-role"
  | "held-by-fact"
  | "invalid-token"
  | "stale-token"
  | "invalid-snapshot"
  | "invalid-pack"
  | "load-failed";

/** The base class of all errors of Privet. Test for `code` or for the class. No decision was made. */
export class PrivetError<Code extends string = string> extends Error {
  constructor(
    /** The stable code. */
    readonly code: Code,
    message: string,
    /** The id that it is about; empty when it is not about a single id. */
    readonly id: string = "",
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** An id that the policy does not have. The message suggests the nearest id. */
export class UnknownIdError extends PrivetError<"unknown-id"> {}
/** A value that the privilege does not accept. */
export class InvalidGrantError extends PrivetError<"invalid-grant"> {}
/** A value that the fact does not accept. */
export class InvalidFactError extends PrivetError<"invalid-fact"> {}
/** A value that does not have the shape of a subject or change. */
export class InvalidSubjectError extends PrivetError<"invalid-subject"> {}
/** Options that are invalid or unsafe. */
export class InvalidOptionsError extends PrivetError<"invalid-options"> {}
/** A grant or role that ends, where the time is not given. */
export class TimeMissingError extends PrivetError<"time-missing"> {}
/** Roles known to be held grant different options of a choice. */
export class ConflictingChoiceError extends PrivetError<"conflicting-choice"> {}
/** A change without effect, because a listed or inline role still grants the value. */
export class HeldByRoleError extends PrivetError<"held-by-role"> {}
/** A change without effect, because a role that is held through its `when` still grants the value. */
export class HeldByFactError extends PrivetError<"held-by-fact"> {}
/** Text that is not a token, or a damaged token. */
export class InvalidTokenError extends PrivetError<"invalid-token"> {}
/** A token of a policy with another layout: other ids, kinds, levels, options or ranges. */
export class StaleTokenError extends PrivetError<"stale-token"> {}
/** Text that is not a snapshot of this release. */
export class InvalidSnapshotError extends PrivetError<"invalid-snapshot"> {}
/** Bytes that are not a pack of this release. */
export class InvalidPackError extends PrivetError<"invalid-pack"> {}

/** WebAssembly did not start. `cause` is what the runtime threw. */
export class LoadError extends PrivetError<"load-failed"> {
  constructor(cause: unknown, instead = "") {
    const text = String((cause as Error | undefined)?.message ?? cause);
    const csp = /unsafe-eval|CSP/i.test(text) && "; add 'wasm-unsafe-eval' to script-src";
    const embedder = /embedder/.test(text) && "; resolve the export condition `workerd` or `edge-light`";
    super("load-failed", `WebAssembly did not start: ${text}${csp || embedder || ""}${instead}`);
    this.cause = cause;
  }
}
