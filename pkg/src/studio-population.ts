import type { StudioEngine } from "../wasm/studio.js";
import { InvalidSubjectError, PrivetError } from "./errors.js";
import type { Policy } from "./policy.js";
import { errorOf } from "./studio-asked.js";
import type { Asked } from "./studio-asked.js";
import type { AnySchema, Change, MenuItemId, OperationId, Owed, PrivilegeId, Schema, Subject } from "./types.js";
import { wire } from "./wire.js";

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

/**
 * People as bytes, one row after the other, for keeping and sending: {@link Population.pack} makes it. A population of rows
 * keeps these very bytes, since it decides from them whatever else is asked: do not change them.
 */
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
  /**
   * The people as bytes, for `studio.population`: of one that could not be resolved, a row that is refused again.
   *
   * @throws InvalidSubjectError where somebody has an inline role, which has no place in a row.
   */
  pack(): PackedRows;
}

/** People at a time: one call of the engine, a whole number of words. */
const BLOCK = 1024;

/** People as they are kept: a row each, and by block the words of inline roles, which have no place in a row. */
interface Rows {
  readonly layout: string;
  readonly width: number;
  readonly size: number;
  readonly rows: Uint8Array;
  readonly inline: Uint32Array[];
}

/** People, decided for. Whatever else is asked of them is decided anew from the rows. */
interface Resolved extends Rows {
  readonly policy: Policy;
  readonly asked: Asked<StudioEngine>;
  /** Words of a plane. */
  readonly stride: number;
  /** A plane an operation: who is allowed it. */
  readonly planes: Uint32Array;
  readonly errors: readonly RowError[];
}

const kept = new WeakMap<Population, Resolved>();
const none = new Uint32Array();

/** What is asked of the engine about the people of a block. */
const ALLOWED = "a";
const undecided = (operation: number) => `u${operation}`;
const DORMANT = "d";
const changed = (change: Change) => `c${wire(change)}`;

/** Goes from block to block, with a pause after each. */
function* blocks(
  size: number,
  { signal, onProgress }: PopulationOptions,
  each: (start: number, end: number) => void,
): Generator<void, void> {
  signal?.throwIfAborted();
  for (let start = 0; start < size; start += BLOCK) {
    const end = Math.min(size, start + BLOCK);
    each(start, end);
    onProgress?.(end, size);
    yield;
    if (end < size) signal?.throwIfAborted();
  }
}

/** The people of a block. */
function block({ rows, width, inline, size }: Rows, start: number): readonly [rows: Uint8Array, inline: Uint32Array] {
  if (rows.length !== size * width)
    throw new TypeError("the packed rows were given away; make the population of a copy");
  return [rows.subarray(start * width, Math.min(size, start + BLOCK) * width), inline[start / BLOCK] ?? none];
}

/** @internal The last value of steps that need not be waited for. */
export function drain<T>(steps: Generator<void, T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** @internal Decides for people, with a pause after each block. */
export function* populate<S extends Schema>(
  asked: Asked<StudioEngine>,
  policy: Policy<S>,
  people: readonly Subject<S>[] | PackedRows,
  options: PopulationOptions,
): Generator<void, Population<S>> {
  const given = Array.isArray(people) ? [...(people as readonly Subject[])] : undefined;
  const at = given ? unpacked(asked, given.length) : packed(asked, people as PackedRows);
  const stride = (at.size + 31) >>> 5;
  const planes = new Uint32Array(policy.operations.length * stride);
  const errors: RowError[] = [];
  yield* blocks(at.size, options, (start, end) => {
    if (given) pack(asked, at, given, start, end);
    const [rows, inline] = block(at, start);
    const words = asked.ask((engine, handle) => engine.ask(handle, rows, inline, ALLOWED));
    const wide = (end - start + 31) >>> 5;
    for (let operation = 0; operation < policy.operations.length; operation++) {
      planes.set(words.subarray(1 + operation * wide, 1 + (operation + 1) * wide), operation * stride + (start >>> 5));
    }
    if (words[0])
      errors.push(...refused(asked, at, start, ALLOWED, given && ((row) => policy.session(given[row] as Subject<S>))));
  });
  return population({ ...at, policy, asked, stride, planes, errors }) as unknown as Population<S>;
}

/** Room for the rows of people who are not packed yet. */
function unpacked(asked: Asked<StudioEngine>, size: number): Rows {
  const [layout = "", bytes] = asked.ask((engine, handle) => engine.rowLayout(handle)).split(" ");
  const width = Number(bytes);
  return { layout, width, size, rows: new Uint8Array(size * width), inline: [] };
}

/** Packs the people of a block. */
function pack(
  asked: Asked<StudioEngine>,
  { rows, width, inline }: Rows,
  people: readonly Subject[],
  start: number,
  end: number,
): void {
  const words = asked.ask((engine, handle) => engine.people(handle, wire(people.slice(start, end))));
  const bytes = (end - start) * width;
  rows.set(new Uint8Array(words.buffer, words.byteOffset, bytes), start * width);
  if (words.length > (bytes + 3) >>> 2) inline[start / BLOCK] = words.slice((bytes + 3) >>> 2);
}

/** People who are packed. */
function packed(asked: Asked<StudioEngine>, people: PackedRows): Rows {
  const { layout, width, rows } = people ?? {};
  if (!(rows instanceof Uint8Array)) {
    throw new InvalidSubjectError(
      "invalid-subject",
      "people are neither a list nor packed rows; give subjects, or what `pack` made",
    );
  }
  if (`${layout} ${width}` !== asked.ask((engine, handle) => engine.rowLayout(handle))) {
    throw new InvalidSubjectError(
      "invalid-subject",
      "packed rows belong to another version of the policy; pack them again",
    );
  }
  if (rows.length % width !== 0) {
    throw new InvalidSubjectError("invalid-subject", "packed rows are cut short; load them again");
  }
  return { layout, width, size: rows.length / width, rows, inline: [] };
}

/** Why people of a block are refused. A row of zeros is nobody's; of the subject that it stands for, `tell` throws more. */
function refused(
  asked: Asked<StudioEngine>,
  at: Rows,
  start: number,
  question: string,
  tell?: (row: number) => unknown,
): RowError[] {
  const told = new Map<string, PrivetError>();
  const errors = asked.ask((engine, handle) => engine.refused(handle, ...block(at, start), question)) as [
    row: number,
    error: string,
  ][];
  return errors.map(([place, text]) => {
    const row = start + place;
    let error = told.get(text);
    if (!error) told.set(text, (error = errorOf(text) as PrivetError));
    try {
      tell?.(row);
    } catch (thrown) {
      if (!(thrown instanceof PrivetError)) throw thrown;
      error = thrown;
    }
    return { row, error };
  });
}

/** The answer to a question that is asked of everybody: by its lists the rows; and those who are refused. */
function* asking(
  of: Resolved,
  question: string,
  options: PopulationOptions = {},
): Generator<void, { lists: number[][]; errors: RowError[] }> {
  const lists: number[][] = [];
  const errors: RowError[] = [];
  yield* blocks(of.size, options, (start) => {
    const [rows, inline] = block(of, start);
    const words = of.asked.ask((engine, handle) => engine.ask(handle, rows, inline, question));
    for (let at = 1; at < words.length; ) {
      const list = (lists[words[at++]!] ??= []);
      for (let left = words[at++]!; left > 0; left--) list.push(start + words[at++]!);
    }
    if (words[0] && question.startsWith("c")) errors.push(...refused(of.asked, of, start, question));
  });
  return { lists, errors };
}

/** The rows of the bits that are set. */
function people(plane: Iterable<number>): number[] {
  const found: number[] = [];
  let row = 0;
  for (const word of plane) {
    for (let rest = word >>> 0; rest !== 0; rest &= rest - 1) found.push(row + 31 - Math.clz32(rest & -rest));
    row += 32;
  }
  return found;
}

function population(of: Resolved): Population {
  const { policy, size, stride, planes, errors } = of;
  const plane = (operation: number) => planes.subarray(operation * stride, (operation + 1) * stride);
  const counted = (operation: number) => plane(operation).reduce((sum, word) => sum + bits(word), 0);
  const found: Population = Object.freeze<Population>({
    size,
    errors,
    whoCan: (operation) => people(plane(policy.handle(operation))),
    undecided: (operation) => drain(asking(of, undecided(policy.handle(operation)))).lists[0] ?? [],
    count: (operation) => counted(policy.handle(operation)),
    counts: () => Uint32Array.from(policy.operations, (_, index) => counted(index)),
    matrix() {
      const words = planes.slice();
      const columns = policy.operations.length;
      const get = (person: number, column: number) =>
        person >= 0 &&
        person < size &&
        column >= 0 &&
        column < columns &&
        (((words[column * stride + (person >>> 5)] ?? 0) >>> (person & 31)) & 1) === 1;
      return Object.freeze({ rows: size, columns, stride, words, get });
    },
    dormant() {
      const { lists } = drain(asking(of, DORMANT));
      return policy.privileges.flatMap((privilege, index) => somebody({ privilege }, lists[index]));
    },
    preview: (change, options = {}) => preview(of, change, options),
    differences: (other) => differences(of, other),
    pack: () => repacked(of),
  });
  kept.set(found, of);
  return found;
}

function bits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** An entry of a list, where there is anybody in it. */
function somebody<T extends object>(what: T, people: readonly number[] | undefined): (T & People)[] {
  return people?.length ? [{ ...what, people }] : [];
}

function preview(of: Resolved, change: Change, options: PopulationOptions): PopulationPreview {
  const { asked, policy } = of;
  const question = changed(change);
  // A change that fits nobody is refused, also where there is nobody
  asked.ask((engine, handle) => engine.ask(handle, new Uint8Array(), none, question));
  const { lists, errors } = drain(asking(of, question, options));
  let next = 0;
  /** Of each of these, who has it afterwards and had it not, and the reverse. */
  const apart = <T extends object>(entries: readonly T[]): [(T & People)[], (T & People)[]] => {
    const pairs = entries.map((what) => [somebody(what, lists[next++]), somebody(what, lists[next++])] as const);
    return [pairs.flatMap(([added]) => added), pairs.flatMap(([, removed]) => removed)];
  };
  const { operations, menu, operationRows } = policy;
  const [gained, lost] = apart(operations.map((operation) => ({ operation })));
  const owed = apart(
    operations.flatMap((operation, index) => operationRows[index]![2].map((obligation) => ({ operation, obligation }))),
  );
  const [shown, hidden] = apart(menu.map((item) => ({ item })));
  const dormant = apart(policy.privileges.map((privilege) => ({ privilege })));
  return {
    gained,
    lost,
    menu: { shown, hidden },
    obligations: { added: owed[0], removed: owed[1] },
    dormant: { added: dormant[0], removed: dormant[1] },
    errors: merged(of.errors, errors),
  };
}

function merged(some: readonly RowError[], others: readonly RowError[]): RowError[] {
  return [...some, ...others].sort((one, other) => one.row - other.row);
}

function differences(here: Resolved, other: Population): PopulationDifference {
  const there = kept.get(other);
  if (there?.size !== here.size) {
    throw new RangeError("populations of different people have no difference; give the same people in the same order");
  }
  const out = new Uint32Array(here.stride);
  for (const { row } of [...here.errors, ...there.errors]) out[row >>> 5]! |= 1 << (row & 31);
  const both = [here, there];
  const restricting = new Set(
    both.flatMap(({ policy }) => policy.operations.filter((_, index) => policy.operationRows[index]![1])),
  );
  const ids = [...new Set(both.flatMap(({ policy }) => [...policy.operations]))].filter((id) => !restricting.has(id));
  const word = ({ planes, stride }: Resolved, index: number, at: number) =>
    index < 0 ? 0 : planes[index * stride + at]!;
  const only = (a: Resolved, b: Resolved) =>
    ids.flatMap((operation) => {
      const [has, lacks] = [a.policy.operations.indexOf(operation), b.policy.operations.indexOf(operation)];
      return somebody(
        { operation },
        people(out.map((refused, at) => word(a, has, at) & ~(word(b, lacks, at) | refused))),
      );
    });
  return { gained: only(there, here), lost: only(here, there), errors: merged(here.errors, there.errors) };
}

function repacked({ layout, width, size, rows, inline, errors }: Resolved): PackedRows {
  const out = new Set(errors.map(({ row }) => row));
  const copy = rows.slice();
  for (const row of out) copy.fill(0, row * width, (row + 1) * width);
  inline.forEach((words, index) => {
    for (let at = 0; at < words.length; at += 2 + words[at + 1]!) {
      if (out.has(index * BLOCK + words[at]!)) continue;
      throw new InvalidSubjectError(
        "invalid-subject",
        "an inline role has no place in a packed row; declare the role in the policy, or grant what it gives to the subject itself",
      );
    }
  });
  if (copy.length !== size * width)
    throw new TypeError("the packed rows were given away; make the population of a copy");
  return { layout, width, rows: copy };
}
