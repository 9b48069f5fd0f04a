// The public types of populations.
import type { PrivetError } from "../core/errors.js";
import type {
  AnySchema,
  Change,
  EpochSeconds,
  MenuItemId,
  OperationId,
  Owed,
  PrivilegeId,
  RoleId,
  Schema,
} from "../core/types.js";

/** Options of the evaluation of a population. */
export interface PopulationOptions {
  /** Checked between blocks; once it is aborted, its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Called after each block, with the number of people done and in total. */
  readonly onProgress?: (done: number, total: number) => void;
  /** The time, for people with grants and roles that end, and for changes with grants that end. Packed rows have no ends. */
  readonly now?: EpochSeconds | undefined;
}

/** A person that cannot be evaluated, or to whom a change cannot be applied. */
export interface RowError {
  /** The row of the person, from 0. */
  readonly row: number;
  readonly error: PrivetError;
}

/** A non-empty list of people of a population: their rows, from 0, ascending. */
export interface People {
  readonly people: readonly number[];
}

/** Who gives people what an operation needs: their own grants, a role of the policy, or inline roles. */
export type PeopleGiver<S extends Schema = AnySchema> = People &
  ({ readonly by: "own" } | { readonly by: "role"; readonly role: RoleId<S> } | { readonly by: "inline" });

/** Options of {@link Population.matrix}. */
export interface MatrixOptions<S extends Schema = AnySchema> extends PopulationOptions {
  /** Only decisions for which this role gives a person what is needed, as in {@link Population.givers}. Evaluates all people again. */
  readonly through?: RoleId<S> | undefined;
}

/**
 * A bit for each person and operation. Column `c` begins at the word `c * stride`; person `p` is bit `p & 31` (0 is the lowest)
 * of the column's word `p >>> 5`. Bits after the last person are 0.
 */
export interface BitMatrix {
  /** The number of people. */
  readonly rows: number;
  /** The number of operations; columns are in policy order. */
  readonly columns: number;
  /** The number of 32-bit words of a column. */
  readonly stride: number;
  readonly words: Uint32Array;
  /** Whether the bit is set; false outside of the matrix. */
  get(person: number, column: number): boolean;
}

/** Which people gain and lose which operations, as in a {@link Preview} of one session. */
export interface PopulationDifference<S extends Schema = AnySchema> {
  readonly gained: readonly (People & { readonly operation: OperationId<S> })[];
  readonly lost: readonly (People & { readonly operation: OperationId<S> })[];
  /** People who cannot be evaluated before or after, and so are in none of the lists. */
  readonly errors: readonly RowError[];
}

/** The effects of a change that is applied to all people, as in a {@link Preview} of one session. In policy order. */
export interface PopulationPreview<S extends Schema = AnySchema> extends PopulationDifference<S> {
  readonly menu: {
    readonly shown: readonly (People & { readonly item: MenuItemId<S> })[];
    readonly hidden: readonly (People & { readonly item: MenuItemId<S> })[];
  };
  readonly obligations: {
    readonly added: readonly (People & Owed<S>)[];
    readonly removed: readonly (People & Owed<S>)[];
  };
  /** People whose grant of a privilege becomes dormant, fully or partly, and people whose grant is no longer dormant. */
  readonly dormant: {
    readonly added: readonly (People & { readonly privilege: PrivilegeId<S> })[];
    readonly removed: readonly (People & { readonly privilege: PrivilegeId<S> })[];
  };
}

/**
 * People as bytes, one row after the other, to store or to send; {@link Population.pack} returns it. A population of packed rows
 * refers to these bytes for later queries and does not copy them: do not modify or transfer them.
 */
export interface PackedRows {
  /** The layout hash, which identifies the meaning of the bits. Rows of another layout are rejected. */
  readonly layout: string;
  /** The number of bytes of a row. */
  readonly width: number;
  readonly rows: Uint8Array;
  /** The inline roles of those people who have some, without their names. Store it with the rows. */
  readonly inline?: Uint32Array;
}

/** Many subjects evaluated against one policy. People are numbered from 0, in the order of the input. */
export interface Population<S extends Schema = AnySchema> {
  /** The number of people, including those with errors. */
  readonly size: number;
  /** The people who cannot be evaluated, with the reason. They are in no list and no count. */
  readonly errors: readonly RowError[];
  /**
   * The people who are allowed an operation. O(people / 32 + result).
   *
   * @throws UnknownIdError
   */
  whoCan(operation: OperationId<S>): readonly number[];
  /**
   * The people for whom an operation is undecided. Evaluates all people again.
   *
   * @throws UnknownIdError
   */
  undecided(operation: OperationId<S>): readonly number[];
  /**
   * The number of people who are allowed an operation. O(people / 32).
   *
   * @throws UnknownIdError
   */
  count(operation: OperationId<S>): number;
  /** The number of people who are allowed each operation, in policy order. */
  counts(): Uint32Array;
  /**
   * The people who are allowed an operation, by who gives them what it needs: the privileges that their explanation names, as
   * decisive or in its sentence. In the order own grants, roles in policy order, inline roles. A person to whom several give it is
   * in the list of each, and one who needs no grant in none. Evaluates all people again, and explains each kind of person once.
   *
   * @throws UnknownIdError; the signal's reason.
   */
  givers(operation: OperationId<S>, options?: PopulationOptions): readonly PeopleGiver<S>[];
  /**
   * A copy of all decisions; with `through` of those that a role gives.
   *
   * @throws UnknownIdError for an unknown role; the signal's reason.
   */
  matrix(options?: MatrixOptions<S>): BitMatrix;
  /** People with dormant grants, full or partial, by privilege, in policy order. Evaluates all people again. */
  dormant(): readonly (People & { readonly privilege: PrivilegeId<S> })[];
  /**
   * The effects of a change that is applied to all people. People to whom it cannot be applied are in `errors`.
   *
   * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidSubjectError for an invalid change; the signal's reason.
   */
  preview(change: Change<S>, options?: PopulationOptions): PopulationPreview<S>;
  /**
   * The operations that people gain and lose in another population of the same people, such as one of another version of the
   * policy. Operations are compared by id; an operation that a policy does not have counts as denied.
   *
   * @throws RangeError for a population of another size.
   */
  differences(other: Population<S>): PopulationDifference<S>;
  /** The people as bytes, for `studio.population`. People with errors become rows that are rejected again. */
  pack(): PackedRows;
}
