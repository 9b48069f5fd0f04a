import type { Diagnostic, PolicyDescription, PolicyDifference } from "privet/studio";

export interface WorkerRequest {
  readonly id: number;
  readonly text: string;
  /** The pack to compare with. */
  readonly loaded: Uint8Array;
}

/** Diagnostics come first; if the document compiles, its description and the difference follow. */
export type WorkerResponse =
  | { readonly id: number; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly id: number;
      readonly pack: Uint8Array;
      readonly described: PolicyDescription;
      readonly difference: PolicyDifference;
    }
  | { readonly id: number; readonly error: string };
