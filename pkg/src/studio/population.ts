// Evaluates many subjects in blocks, and answers queries about them from packed rows.
import type { StudioEngine } from "../../wasm/studio.js";
import { InvalidSubjectError, PrivetError } from "../core/errors.js";
import { find } from "../core/ids.js";
import { internals } from "../core/model.js";
import type { OpenedPolicy } from "../core/model.js";
import type { Change, EpochSeconds, Schema, Subject } from "../core/types.js";
import { timeOf } from "../core/policy.js";
import { errorOf } from "./handle.js";
import type { PolicyHandle } from "./handle.js";
import {
  allocateRows,
  block,
  BLOCK,
  EMPTY,
  packBlock,
  packRows,
  rowOf,
  validateRows,
  WIDE,
  WIDEST,
} from "./packed-rows.js";
import type { Rows } from "./packed-rows.js";
import type {
  PackedRows,
  People,
  PeopleGiver,
  Population,
  PopulationDifference,
  PopulationOptions,
  PopulationPreview,
  RowError,
} from "./population-types.js";
import { encode } from "./wire.js";

/** An evaluated population. Only the allowed operations are stored; other queries evaluate the rows again. */
interface Evaluated extends Rows {
  readonly policy: OpenedPolicy;
  readonly handle: PolicyHandle<StudioEngine>;
  /** Words of a bit plane. */
  readonly stride: number;
  /** A bit plane for each operation: the people who are allowed it. */
  readonly planes: Uint32Array;
  /** How many these are. */
  readonly counts: Uint32Array;
  readonly errors: readonly RowError[];
}

const evaluated = new WeakMap<Population, Evaluated>();

/** The queries of the engine. */
const ALLOWED = "a";
const undecidedQuery = (operation: number) => `u${operation}`;
const DORMANT = "d";
const changeQuery = (change: Change, now: EpochSeconds | undefined) =>
  `c${now === undefined ? "" : Math.floor(now)}${encode(change)}`;

/** Calls `each` for every block of `step` people, and yields after each. */
function* forEachBlock(
  size: number,
  step: number,
  { signal, onProgress }: PopulationOptions,
  each: (start: number, end: number) => void,
): Generator<void, void> {
  signal?.throwIfAborted();
  for (let start = 0; start < size; start += step) {
    const end = Math.min(size, start + step);
    each(start, end);
    onProgress?.(end, size);
    yield;
    if (end < size) signal?.throwIfAborted();
  }
}

/** Runs a generator to its end without pausing, and returns its result. */
export function drain<T>(steps: Generator<void, T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** Evaluates people, and yields after each block. O(people × program / 32). */
export function* evaluatePopulation<S extends Schema>(
  handle: PolicyHandle<StudioEngine>,
  policy: OpenedPolicy<S>,
  people: readonly Subject<S>[] | PackedRows,
  options: PopulationOptions,
): Generator<void, Population<S>> {
  const subjects = Array.isArray(people)
    ? Array.from({ length: people.length }, (_, row) => rowOf(people as readonly Subject[], row))
    : undefined;
  const packed = subjects ? allocateRows(handle, subjects.length) : validateRows(handle, people as PackedRows);
  const now = timeOf(options);
  const stride = (packed.size + 31) >>> 5;
  const planes = new Uint32Array(policy.operations.length * stride);
  const errors: RowError[] = [];
  const counts = new Uint32Array(policy.operations.length);
  // Subjects become rows here, which takes longer: in small parts, so that a page can do other work between them
  const step = subjects ? BLOCK : WIDEST;
  yield* forEachBlock(packed.size, step, options, (start, end) => {
    if (subjects) packBlock(handle, packed, subjects, start, end, now);
    const [rows, inline] = block(packed, start, step);
    const [refused, ...allowed] = handle.call((engine, id) => engine.decideRows(id, rows, inline, planes, start >>> 5));
    allowed.forEach((count, operation) => (counts[operation]! += count));
    if (refused) {
      const resolve = subjects && ((row: number) => policy.session(subjects[row] as Subject<S>, { now }));
      errors.push(...rowErrors(handle, packed, [start, step], ALLOWED, resolve));
    }
  });
  return createPopulation({
    ...packed,
    policy: policy as OpenedPolicy,
    handle,
    stride,
    planes,
    counts,
    errors,
  }) as unknown as Population<S>;
}

/**
 * The errors of a block. The row of a person that could not be packed is all zeros, for which the engine knows no reason:
 * `resolve` evaluates the subject of a row again and throws the error that names its ids.
 */
function rowErrors(
  handle: PolicyHandle<StudioEngine>,
  packed: Rows,
  [start, people]: readonly [start: number, people: number],
  query: string,
  resolve?: (row: number) => unknown,
): RowError[] {
  const parsed = new Map<string, PrivetError>();
  const errors = handle.call((engine, id) => engine.rowErrors(id, ...block(packed, start, people), query)) as [
    row: number,
    error: string,
  ][];
  return errors.map(([place, text]) => {
    const row = start + place;
    let error = parsed.get(text) ?? (errorOf(text) as PrivetError);
    parsed.set(text, error);
    try {
      resolve?.(row);
    } catch (thrown) {
      error = thrown instanceof PrivetError ? thrown : unreadable(thrown);
    }
    return { row, error };
  });
}

function unreadable(cause: unknown): PrivetError {
  const error = new InvalidSubjectError("invalid-subject", `subject cannot be read: ${textOf(cause)}`);
  error.cause = cause;
  return error;
}

function textOf(thrown: unknown): string {
  try {
    return String((thrown as Error | undefined)?.message ?? thrown);
  } catch {
    return typeof thrown; // even its text throws
  }
}

/** Evaluates a query for all people, and yields after each block. `lists` holds the rows of each numbered list of the answer. */
function* queryPeople(
  of: Evaluated,
  query: string,
  options: PopulationOptions = {},
): Generator<void, { lists: number[][]; errors: RowError[] }> {
  const lists: number[][] = [];
  const errors: RowError[] = [];
  yield* forEachBlock(of.size, WIDE, options, (start) => {
    const [rows, inline] = block(of, start, WIDE);
    const words = of.handle.call((engine, id) => engine.evaluateQuery(id, rows, inline, query));
    readLists(words, start, lists);
    if (words[0] && query.startsWith("c")) errors.push(...rowErrors(of.handle, of, [start, WIDE], query));
  });
  return { lists, errors };
}

/** Adds the lists of an answer to `lists`: each has its number and its length before it. `start` is the row of the answer's row 0. */
function readLists(words: Uint32Array, start: number, lists: number[][]): void {
  for (let at = 1; at < words.length; ) {
    const number = words[at++]!;
    const list = lists[number] ?? [];
    lists[number] = list;
    for (let left = words[at++]!; left > 0; left--) list.push(start + words[at++]!);
  }
}

/**
 * The people of each giver of an operation: the own grants, the roles in policy order, inline roles. With `isRole`, the people of each
 * operation to whom the role with this index gives what it needs.
 */
function givers(of: Evaluated, index: number, isRole: boolean, options: PopulationOptions): number[][] {
  const lists: number[][] = [];
  const steps = forEachBlock(of.size, WIDE, options, (start) => {
    const [rows, inline] = block(of, start, WIDE);
    readLists(
      of.handle.call((engine, id) => engine.givers(id, rows, inline, index, isRole)),
      start,
      lists,
    );
  });
  drain(steps);
  return lists;
}

/** Who gives people an operation. */
function giversOf(of: Evaluated, operation: number, options: PopulationOptions): PeopleGiver[] {
  const { roles } = of.policy;
  const giver = (people: readonly number[], place: number): PeopleGiver => {
    if (place === 0) return { by: "own", people };
    const role = roles[place - 1];
    return role === undefined ? { by: "inline", people } : { by: "role", role, people };
  };
  // Without people with errors, and without the holes of those who give nothing
  return givers(of, operation, false, options)
    .map((people, place) =>
      giver(
        people.filter((row) => isAllowed(of, operation, row)),
        place,
      ),
    )
    .filter(({ people }) => people.length);
}

/** A bit plane for each operation: the people to whom a role gives what it needs. */
function planesThrough(of: Evaluated, id: string, options: PopulationOptions): Uint32Array {
  const { policy, stride, planes } = of;
  const program = policy[internals];
  const { id: role } = find(program, "role", program.renamed.get(id) ?? id, "`through`");
  const index = policy.roles.indexOf(role);
  const words = new Uint32Array(planes.length);
  givers(of, index, true, options).forEach((people, operation) => {
    for (const row of people)
      if (isAllowed(of, operation, row)) words[operation * stride + (row >>> 5)]! |= 1 << (row & 31);
  });
  return words;
}

/** Whether a person is allowed an operation; not if they have an error. */
const isAllowed = ({ planes, stride }: Evaluated, operation: number, row: number): boolean =>
  ((planes[operation * stride + (row >>> 5)]! >>> (row & 31)) & 1) === 1;

/** The indices of the bits that are set. */
function setBits(plane: Iterable<number>): number[] {
  const found: number[] = [];
  let row = 0;
  for (const word of plane) {
    for (let rest = word >>> 0; rest !== 0; rest &= rest - 1) found.push(row + 31 - Math.clz32(rest & -rest));
    row += 32;
  }
  return found;
}

function createPopulation(of: Evaluated): Population {
  const { policy, size, stride, planes, counts, errors } = of;
  const plane = (operation: number) => planes.subarray(operation * stride, (operation + 1) * stride);
  const population: Population = Object.freeze<Population>({
    size,
    errors,
    whoCan: (operation) => setBits(plane(policy.handle(operation))),
    undecided: (operation) => drain(queryPeople(of, undecidedQuery(policy.handle(operation)))).lists[0] ?? [],
    count: (operation) => counts[policy.handle(operation)]!,
    counts: () => counts.slice(),
    givers: (operation, options = {}) => giversOf(of, policy.handle(operation), options),
    matrix({ through, ...options } = {}) {
      const words = through === undefined ? planes.slice() : planesThrough(of, through, options);
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
      const { lists } = drain(queryPeople(of, DORMANT));
      return policy.privileges.flatMap((privilege, index) => withPeople({ privilege }, lists[index]));
    },
    preview: (change, options = {}) => preview(of, change, options),
    differences: (other) => differences(of, other),
    pack: () => packRows(of, errors),
  });
  evaluated.set(population, of);
  return population;
}

/** The entry with its people as a list of one; an empty list if there are no people. */
function withPeople<T extends object>(entry: T, people: readonly number[] | undefined): (T & People)[] {
  return people?.length ? [{ ...entry, people }] : [];
}

function preview(of: Evaluated, change: Change, options: PopulationOptions): PopulationPreview {
  const { handle, policy } = of;
  const query = changeQuery(change, timeOf(options));
  // An invalid change is an error even if there are no people
  handle.call((engine, id) => engine.evaluateQuery(id, new Uint8Array(), EMPTY, query));
  const { lists, errors } = drain(queryPeople(of, query, options));
  let next = 0;
  /** Reads two lists for each entry: the people who have it only after the change, and only before. */
  const addedAndRemoved = <T extends object>(entries: readonly T[]): [(T & People)[], (T & People)[]] => {
    const pairs = entries.map((entry) => [withPeople(entry, lists[next++]), withPeople(entry, lists[next++])] as const);
    return [pairs.flatMap(([added]) => added), pairs.flatMap(([, removed]) => removed)];
  };
  const { operations, menu } = policy;
  const { rows } = policy[internals];
  const [gained, lost] = addedAndRemoved(operations.map((operation) => ({ operation })));
  const owed = addedAndRemoved(
    operations.flatMap((operation, index) => rows[index]!.obligations.map((obligation) => ({ operation, obligation }))),
  );
  const [shown, hidden] = addedAndRemoved(menu.map((item) => ({ item })));
  const dormant = addedAndRemoved(policy.privileges.map((privilege) => ({ privilege })));
  return {
    gained,
    lost,
    menu: { shown, hidden },
    obligations: { added: owed[0], removed: owed[1] },
    dormant: { added: dormant[0], removed: dormant[1] },
    errors: mergeErrors(of.errors, errors),
  };
}

function mergeErrors(some: readonly RowError[], others: readonly RowError[]): RowError[] {
  return [...some, ...others].sort((one, other) => one.row - other.row);
}

function differences(here: Evaluated, other: Population): PopulationDifference {
  const there = evaluated.get(other);
  if (there?.size !== here.size) {
    throw new RangeError("populations of different sizes cannot be compared; pass the same people in the same order");
  }
  const excluded = new Uint32Array(here.stride);
  for (const { row } of [...here.errors, ...there.errors]) excluded[row >>> 5]! |= 1 << (row & 31);
  const both = [here, there];
  const restricting = new Set(
    both.flatMap(({ policy }) => policy.operations.filter((_, index) => policy[internals].rows[index]!.restricts)),
  );
  const ids = [...new Set(both.flatMap(({ policy }) => [...policy.operations]))].filter((id) => !restricting.has(id));
  const word = ({ planes, stride }: Evaluated, index: number, at: number) =>
    index < 0 ? 0 : planes[index * stride + at]!;
  const only = (a: Evaluated, b: Evaluated) =>
    ids.flatMap((operation) => {
      const [inA, inB] = [a.policy.operations.indexOf(operation), b.policy.operations.indexOf(operation)];
      return withPeople(
        { operation },
        setBits(excluded.map((errors, at) => word(a, inA, at) & ~(word(b, inB, at) | errors))),
      );
    });
  return { gained: only(there, here), lost: only(here, there), errors: mergeErrors(here.errors, there.errors) };
}
