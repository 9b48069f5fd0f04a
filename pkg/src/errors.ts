import type { ProblemCode } from "./edge-problem.js";
import type { Diagnostic } from "./studio-types.js";

/** The stable codes of errors. */
export type ErrorCode =
  | "unknown-id"
  | "invalid-grant"
  | "invalid-fact"
  | "invalid-subject"
  | "invalid-options"
  | "conflicting-choice"
  | "held-by-role"
  | "held-by-fact"
  | "invalid-token"
  | "stale-token"
  | "invalid-snapshot"
  | "invalid-pack"
  | "invalid-policy"
  | "load-failed"
  | "invalid-signature"
  | ProblemCode;

/** Any error of Privet. Test it by `code` or by class. Nothing was decided. */
export class PrivetError extends Error {
  constructor(
    /** The stable code. */
    readonly code: ErrorCode,
    message: string,
    /** The id that it is about; empty when it is about the whole. */
    readonly id: string = "",
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** An id that the policy lacks. The message names the nearest one that it has. */
export class UnknownIdError extends PrivetError {}
/** A value that the privilege does not take. */
export class InvalidGrantError extends PrivetError {}
/** A value that the fact does not take. */
export class InvalidFactError extends PrivetError {}
/** Something that has not the shape of a subject or change. */
export class InvalidSubjectError extends PrivetError {}
/** Options that nothing can be made of, or that would leave something unguarded. */
export class InvalidOptionsError extends PrivetError {}
/** Roles that are surely held give a choice different options. */
export class ConflictingChoiceError extends PrivetError {}
/** A change that a listed or inline role undoes. */
export class HeldByRoleError extends PrivetError {}
/** A change that a role undoes which facts assume. */
export class HeldByFactError extends PrivetError {}
/** Text that is no token, or was damaged. */
export class InvalidTokenError extends PrivetError {}
/** A token of a policy with another layout: other ids, kinds, levels, options or ranges. */
export class StaleTokenError extends PrivetError {}
/** Text that is no snapshot of this release. */
export class InvalidSnapshotError extends PrivetError {}
/** Bytes that are no pack of this release. */
export class InvalidPackError extends PrivetError {}

/** A document that cannot be compiled: everything that is wrong with it, found in one pass. */
export class PolicyError extends PrivetError {
  constructor(
    message: string,
    readonly diagnostics: readonly Diagnostic[],
  ) {
    super("invalid-policy", message);
  }
}

/** The engine could not be started. `cause` is what the runtime threw. */
export class LoadError extends PrivetError {
  constructor(cause: unknown) {
    const said = String((cause as Error | undefined)?.message ?? cause);
    const csp = /unsafe-eval|CSP/i.test(said) && "; add 'wasm-unsafe-eval' to script-src";
    const embedder = /embedder/.test(said) && "; resolve the export condition `workerd` or `edge-light`";
    super("load-failed", `WebAssembly did not start: ${said}${csp || embedder || ""}`);
    this.cause = cause;
  }
}
