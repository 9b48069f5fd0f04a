import type { Meaning } from "./mapping.js";
import type { Subject } from "privet";

/** What the page asks of the worker, which keeps the table and the people. */
export type Asked =
  | { readonly ask: "read"; readonly file: File | { readonly sample: number }; readonly pack: Uint8Array }
  | { readonly ask: "resolve"; readonly meanings: readonly Meaning[] }
  | { readonly ask: "who"; readonly operation: string }
  | { readonly ask: "person"; readonly row: number }
  | { readonly ask: "export"; readonly what: "everything" | "errors" | { readonly who: string } };

/** What a table looks like before its columns are mapped. */
export interface Outlined {
  readonly header: readonly string[];
  readonly meanings: readonly Meaning[];
  /** The first values of each column. */
  readonly values: readonly (readonly string[])[];
  readonly rows: number;
  /** Whether columns mean nothing, because the file says what everything is. */
  readonly isJson: boolean;
}

/** People with identical access. */
export interface Group {
  readonly people: number;
  /** The row of one of them, and the name. */
  readonly row: number;
  readonly name: string;
  /** By operation, in policy order. */
  readonly allowed: Uint8Array;
}

export interface Resolved {
  readonly size: number;
  readonly ms: number;
  /** The largest first. */
  readonly groups: readonly Group[];
  readonly groupCount: number;
  readonly counts: Uint32Array;
  readonly dormant: readonly { readonly privilege: string; readonly people: number }[];
  readonly errorCount: number;
  readonly errors: readonly { readonly at: number; readonly name: string; readonly message: string }[];
}

export interface Listed {
  readonly operation: string;
  readonly count: number;
  readonly undecided: number;
  readonly first: readonly { readonly row: number; readonly name: string }[];
}

/** Answers carry the number of what was asked; progress of `resolve` comes before its answer. */
export type Answer =
  | { readonly id: number; readonly done: number; readonly all: number }
  | {
      readonly id: number;
      readonly result: Outlined | Resolved | Listed | { readonly name: string; readonly subject: Subject } | Blob;
    }
  | { readonly id: number; readonly error: string };

/** Rows and groups that are sent to be listed; the export has all. */
export const LISTED = 200;
