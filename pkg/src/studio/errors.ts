// The errors of the studio.
import { PrivetError } from "../core/errors.js";
import type { Diagnostic } from "./types.js";

/**
 * The studio stopped, because WebAssembly trapped: for lack of memory, or by a fault of the studio. Nothing was answered, and every later call
 * of this studio fails in the same way. `studio()` starts a new one. `cause` is what the runtime threw.
 */
export class StudioStoppedError extends PrivetError<"studio-stopped"> {
  constructor(cause: unknown) {
    const text = String((cause as Error | undefined)?.message ?? cause);
    super("studio-stopped", `the studio stopped: ${text}; call \`studio()\` for a new one`);
    this.cause = cause;
  }
}

/** A document that does not compile. `diagnostics` has every error and warning, found in one pass. */
export class PolicyError extends PrivetError<"invalid-policy"> {
  constructor(
    message: string,
    readonly diagnostics: readonly Diagnostic[],
  ) {
    super("invalid-policy", message);
  }
}
