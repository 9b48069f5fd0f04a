// The error of the studio.
import { PrivetError } from "../core/errors.js";
import type { Diagnostic } from "./types.js";

/** A document that does not compile. `diagnostics` has every error and warning, found in one pass. */
export class PolicyError extends PrivetError<"invalid-policy"> {
  constructor(
    message: string,
    readonly diagnostics: readonly Diagnostic[],
  ) {
    super("invalid-policy", message);
  }
}
