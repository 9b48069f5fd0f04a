import type { Meaning } from "./mapping.js";
import type { Subject } from "privet";

/** Requests to the worker, which holds the table and the people. */
export type WorkerRequest =
  | { readonly type: "read"; readonly file: File | { readonly sample: number }; readonly pack: Uint8Array }
  | { readonly type: "resolve"; readonly meanings: readonly Meaning[] }
  | { readonly type: "who"; readonly operation: string }
  | { readonly type: "person"; readonly row: number }
  | { readonly type: "export"; readonly what: "everything" | "errors" | { readonly who: string } };

/** A table before its columns are mapped. */
export interface TablePreview {
  readonly header: readonly string[];
  readonly meanings: readonly Meaning[];
  /** The first values of each column, as examples. */
  readonly values: readonly (readonly string[])[];
  readonly rows: number;
  /** A JSON file needs no column mapping. */
  readonly isJson: boolean;
}

/** People with identical access. */
export interface Group {
  readonly people: number;
  /** An example: the row and name of one person of the group. */
  readonly row: number;
  readonly name: string;
  /** One entry per operation, in policy order. */
  readonly allowed: Uint8Array;
}

export interface Resolved {
  readonly size: number;
  readonly ms: number;
  /** Largest group first. */
  readonly groups: readonly Group[];
  readonly groupCount: number;
  readonly counts: Uint32Array;
  readonly dormant: readonly { readonly privilege: string; readonly people: number }[];
  readonly errorCount: number;
  readonly errors: readonly { readonly at: number; readonly name: string; readonly message: string }[];
}

export interface WhoCan {
  readonly operation: string;
  readonly count: number;
  readonly undecided: number;
  readonly first: readonly { readonly row: number; readonly name: string }[];
}

/** Responses carry the id of their request; progress messages of `resolve` precede its result. */
export type WorkerResponse =
  | { readonly id: number; readonly done: number; readonly all: number }
  | {
      readonly id: number;
      readonly result: TablePreview | Resolved | WhoCan | { readonly name: string; readonly subject: Subject } | Blob;
    }
  | { readonly id: number; readonly error: string };

/** Maximum number of rows and groups sent to the page; exports contain all. */
export const LISTED = 200;
