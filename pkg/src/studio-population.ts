import type { PrivetError } from "./errors.js";
import type { AnySchema, Change, MenuItemId, OperationId, Owed, PrivilegeId, Schema } from "./types.js";

/** How a population is made. */
export interface PopulationOptions {
  /** Stops between two blocks of people: the signal's reason is thrown. */
  readonly signal?: AbortSignal;
  /** Called after each block. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A person that could not be resolved, or to whom a change cannot be made. */
export interface RowError {
  /** From 0. */
  readonly row: number;
  readonly error: PrivetError;
}

/** People of a population, by their rows from 0, ascending: always somebody. */
export interface People {
  readonly people: readonly number[];
}

/**
 * Bits by person and column. Column `c` is the words from `c * stride`; person `p` is bit `p & 31`, the lowest being 0, of
 * its word `p >>> 5`. Bits beyond the last person are 0.
 */
export interface BitMatrix {
  /** How many people. */
  readonly rows: number;
  /** How many operations, in policy order. */
  readonly columns: number;
  /** Words of a column. */
  readonly stride: number;
  readonly words: Uint32Array;
  /** Whether the bit is set; there is none beyond the last person or column. */
  get(person: number, column: number): boolean;
}

/** Which people gain and lose which operations, as {@link Preview} has it for one. */
export interface PopulationDifference<S extends Schema = AnySchema> {
  readonly gained: readonly (People & { readonly operation: OperationId<S> })[];
  readonly lost: readonly (People & { readonly operation: OperationId<S> })[];
  /** Who is in none of the lists because nothing is known of them, before or after. */
  readonly errors: readonly RowError[];
}

/** What a change does that is made to everybody, as {@link Preview} has it for one. Policy order. */
export interface PopulationPreview<S extends Schema = AnySchema> extends PopulationDifference<S> {
  readonly menu: {
    readonly shown: readonly (People & { readonly item: MenuItemId<S> })[];
    readonly hidden: readonly (People & { readonly item: MenuItemId<S> })[];
  };
  readonly obligations: {
    readonly added: readonly (People & Owed<S>)[];
    readonly removed: readonly (People & Owed<S>)[];
  };
  /** Whose grant of a privilege becomes dormant, in whole or in part, and whose no longer is. */
  readonly dormant: {
    readonly added: readonly (People & { readonly privilege: PrivilegeId<S> })[];
    readonly removed: readonly (People & { readonly privilege: PrivilegeId<S> })[];
  };
}

/** People as bytes, one row after the other, for keeping and sending: {@link Population.pack} makes it. */
export interface PackedRows {
  /** What the bits of a row mean: rows of a policy with another layout are refused. */
  readonly layout: string;
  /** Bytes of a row. */
  readonly width: number;
  readonly rows: Uint8Array;
}

/** Many subjects resolved against one policy. People are rows, from 0, in the order in which they were given. */
export interface Population<S extends Schema = AnySchema> {
  /** How many people, those that could not be resolved among them. */
  readonly size: number;
  /** Those that could not be resolved, and why: nothing is decided for them, so they are in no list and no count. */
  readonly errors: readonly RowError[];
  /**
   * Who is allowed an operation.
   *
   * @throws UnknownIdError
   */
  whoCan(operation: OperationId<S>): readonly number[];
  /**
   * For whom it is undecided.
   *
   * @throws UnknownIdError
   */
  undecided(operation: OperationId<S>): readonly number[];
  /**
   * How many are allowed an operation.
   *
   * @throws UnknownIdError
   */
  count(operation: OperationId<S>): number;
  /** How many are allowed each operation, in policy order. */
  counts(): Uint32Array;
  /** Who is allowed what: a copy. */
  matrix(): BitMatrix;
  /** Whose grants are dormant, in whole or in part, in policy order. */
  dormant(): readonly (People & { readonly privilege: PrivilegeId<S> })[];
  /**
   * What a change does that is made to everybody. Where it is an error, it is one of the `errors`.
   *
   * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidSubjectError for a change that fits nobody.
   */
  preview(change: Change<S>, options?: PopulationOptions): PopulationPreview<S>;
  /**
   * Which people are allowed more or less in another population of the same people, such as of another version of the
   * policy: operations are the same when their ids are, and one that a policy lacks is allowed to nobody.
   *
   * @throws RangeError for a population of another size.
   */
  differences(other: Population<S>): PopulationDifference<S>;
}
