import type { Diagnostic, PolicyDescription, PolicyDifference } from "privet/studio";

export interface Asked {
  readonly id: number;
  readonly text: string;
  /** The version to compare with. */
  readonly loaded: Uint8Array;
}

/** What a document is worth: its faults at once, then what it says and means where it compiles. */
export type Answer =
  | { readonly id: number; readonly diagnostics: readonly Diagnostic[] }
  | { readonly id: number; readonly described: PolicyDescription; readonly difference: PolicyDifference }
  | { readonly id: number; readonly error: string };
