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

/** People per call of the engine: a multiple of 32, so that a block fills whole words of a bit plane. */
const BLOCK = 1024;

/** Packed people: a row each, and for each block the encoded inline roles, which a row cannot hold. */
interface Rows {
  readonly layout: string;
  readonly width: number;
  readonly size: number;
  readonly rows: Uint8Array;
  readonly inline: Uint32Array[];
}

/** An evaluated population. Only the allowed operations are stored; other queries evaluate the rows again. */
interface Evaluated extends Rows {
  readonly policy: OpenedPolicy;
  readonly handle: PolicyHandle<StudioEngine>;
  /** Words of a bit plane. */
  readonly stride: number;
  /** A bit plane for each operation: the people who are allowed it. */
  readonly planes: Uint32Array;
  readonly errors: readonly RowError[];
}

const evaluated = new WeakMap<Population, Evaluated>();
const EMPTY = new Uint32Array();

/** The queries of the engine. */
const ALLOWED = "a";
const undecidedQuery = (operation: number) => `u${operation}`;
const DORMANT = "d";
const changeQuery = (change: Change, now: EpochSeconds | undefined) =>
  `c${now === undefined ? "" : Math.floor(now)}${encode(change)}`;

/** Calls `each` for every block, and yields after each. */
function* forEachBlock(
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

/** The rows and inline roles of the block that begins at `start`. */
function block({ rows, width, inline, size }: Rows, start: number): readonly [rows: Uint8Array, inline: Uint32Array] {
  requireRows(rows, width, size);
  return [rows.subarray(start * width, Math.min(size, start + BLOCK) * width), inline[start / BLOCK] ?? EMPTY];
}

/** Throws if the buffer of the rows was transferred, which leaves it empty. */
function requireRows(rows: Uint8Array, width: number, size: number): void {
  if (rows.length !== size * width || isTransferred(rows)) {
    throw new InvalidSubjectError("invalid-subject", "the row buffer was transferred; pass a copy of the packed rows");
  }
}

/** Whether the buffer of the rows belongs to somebody else now: rows of such a buffer are empty, like rows of nobody. */
function isTransferred(rows: Uint8Array): boolean {
  try {
    new Uint8Array(rows.buffer);
    return false;
  } catch {
    return true;
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
  yield* forEachBlock(packed.size, options, (start, end) => {
    if (subjects) packBlock(handle, packed, subjects, start, end, now);
    const [rows, inline] = block(packed, start);
    const words = handle.call((engine, id) => engine.evaluateQuery(id, rows, inline, ALLOWED));
    const blockStride = (end - start + 31) >>> 5;
    for (let operation = 0; operation < policy.operations.length; operation++) {
      const plane = words.subarray(1 + operation * blockStride, 1 + (operation + 1) * blockStride);
      planes.set(plane, operation * stride + (start >>> 5));
    }
    if (words[0]) {
      const resolve = subjects && ((row: number) => policy.session(subjects[row] as Subject<S>, { now }));
      errors.push(...rowErrors(handle, packed, start, ALLOWED, resolve));
    }
  });
  return createPopulation({
    ...packed,
    policy: policy as OpenedPolicy,
    handle,
    stride,
    planes,
    errors,
  }) as unknown as Population<S>;
}

/** Allocates the rows of people who are not packed yet. */
function allocateRows(handle: PolicyHandle<StudioEngine>, size: number): Rows {
  const [layout = "", bytes] = handle.call((engine, id) => engine.rowLayout(id)).split(" ");
  const width = Number(bytes);
  return { layout, width, size, rows: new Uint8Array(size * width), inline: [] };
}

/** Packs the people of a block into its rows. */
function packBlock(
  handle: PolicyHandle<StudioEngine>,
  { rows, width, inline }: Rows,
  people: readonly Subject[],
  start: number,
  end: number,
  now: EpochSeconds | undefined,
): void {
  const encoded = `[${people.slice(start, end).map(encodeRow).join()}]`;
  const words = handle.call((engine, id) => engine.packSubjects(id, encoded, now));
  const bytes = (end - start) * width;
  rows.set(new Uint8Array(words.buffer, words.byteOffset, bytes), start * width);
  if (words.length > (bytes + 3) >>> 2) inline[start / BLOCK] = words.slice((bytes + 3) >>> 2);
}

/** The subject of a row. `undefined` is somebody without grants, as for `policy.session`. */
function rowOf(people: readonly Subject[], row: number): Subject {
  try {
    const subject = people[row];
    return subject === undefined ? {} : subject;
  } catch (thrown) {
    // A row that throws whenever it is read
    return {
      get grants(): never {
        throw thrown;
      },
    };
  }
}

/** A row that cannot be read, such as one with a getter that throws: it is no subject, and the others are evaluated. */
function encodeRow(row: Subject): string {
  try {
    return encode(row);
  } catch {
    return encode(Symbol());
  }
}

/** Validates the layout and the length of packed rows; the engine validates their content. */
function validateRows(handle: PolicyHandle<StudioEngine>, people: PackedRows): Rows {
  const { layout, width, rows } = people ?? {};
  if (!(rows instanceof Uint8Array)) {
    throw new InvalidSubjectError(
      "invalid-subject",
      "people are neither a list nor packed rows; pass subjects, or the result of `pack`",
    );
  }
  if (`${layout} ${width}` !== handle.call((engine, id) => engine.rowLayout(id))) {
    throw new InvalidSubjectError(
      "invalid-subject",
      "packed rows belong to another version of the policy; pack them again",
    );
  }
  requireRows(rows, 1, rows.length);
  if (rows.length % width !== 0) {
    throw new InvalidSubjectError("invalid-subject", "packed rows are cut short; load them again");
  }
  const size = rows.length / width;
  return { layout, width, size, rows, inline: inlineByBlock(people as PackedRows, size) };
}

/** The inline roles of packed rows, by block. The engine validates what each row has. */
function inlineByBlock({ inline }: PackedRows, size: number): Uint32Array[] {
  if (inline === undefined) return [];
  const damaged = () =>
    new InvalidSubjectError("invalid-subject", "the inline roles of packed rows are damaged; load them again");
  // `pack` writes no empty list: one is left when its buffer was transferred
  if (!(inline instanceof Uint32Array) || inline.length === 0) throw damaged();
  const blocks: Uint32Array[][] = [];
  let previous = -1;
  for (const subject of perSubject(inline)) {
    const [row = size, count = 0] = subject;
    if (row <= previous || row >= size || subject.length !== 2 + count) throw damaged();
    previous = row;
    subject[0] = row % BLOCK;
    const block = blocks[Math.floor(row / BLOCK)];
    if (block) block.push(subject);
    else blocks[Math.floor(row / BLOCK)] = [subject];
  }
  return blocks.map(joined);
}

/** Copies of the parts of encoded inline roles that belong to one person each: the row, the number of words that follow, these. */
function* perSubject(inline: Uint32Array): Generator<Uint32Array> {
  for (let at = 0; at < inline.length; at += 2 + (inline[at + 1] ?? 0))
    yield inline.slice(at, at + 2 + (inline[at + 1] ?? 0));
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * The errors of a block. The row of a person that could not be packed is all zeros, for which the engine knows no reason:
 * `resolve` evaluates the subject of a row again and throws the error that names its ids.
 */
function rowErrors(
  handle: PolicyHandle<StudioEngine>,
  packed: Rows,
  start: number,
  query: string,
  resolve?: (row: number) => unknown,
): RowError[] {
  const parsed = new Map<string, PrivetError>();
  const errors = handle.call((engine, id) => engine.rowErrors(id, ...block(packed, start), query)) as [
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
  yield* forEachBlock(of.size, options, (start) => {
    const [rows, inline] = block(of, start);
    const words = of.handle.call((engine, id) => engine.evaluateQuery(id, rows, inline, query));
    readLists(words, start, lists);
    if (words[0] && query.startsWith("c")) errors.push(...rowErrors(of.handle, of, start, query));
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

/** Who gives people an operation. Lists have the numbers of givers: the own grants, the roles in policy order, inline roles. */
function* giversOf(of: Evaluated, operation: number, options: PopulationOptions): Generator<void, PeopleGiver[]> {
  const lists: number[][] = [];
  yield* forEachBlock(of.size, options, (start) => {
    const [rows, inline] = block(of, start);
    readLists(
      of.handle.call((engine, id) => engine.givers(id, rows, inline, operation)),
      start,
      lists,
    );
  });
  const { roles } = of.policy;
  const giver = (people: readonly number[], place: number): PeopleGiver => {
    if (place === 0) return { by: "own", people };
    const role = roles[place - 1];
    return role === undefined ? { by: "inline", people } : { by: "role", role, people };
  };
  return lists.map(giver).filter(Boolean); // also skips the holes of those who give nothing
}

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

/** The number of bits of a word that are set. */
function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function createPopulation(of: Evaluated): Population {
  const { policy, size, stride, planes, errors } = of;
  const plane = (operation: number) => planes.subarray(operation * stride, (operation + 1) * stride);
  const count = (operation: number) => plane(operation).reduce((sum, word) => sum + popcount(word), 0);
  const population: Population = Object.freeze<Population>({
    size,
    errors,
    whoCan: (operation) => setBits(plane(policy.handle(operation))),
    undecided: (operation) => drain(queryPeople(of, undecidedQuery(policy.handle(operation)))).lists[0] ?? [],
    count: (operation) => count(policy.handle(operation)),
    counts: () => Uint32Array.from(policy.operations, (_, index) => count(index)),
    givers: (operation, options = {}) => drain(giversOf(of, policy.handle(operation), options)),
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
    pack: () => packRows(of),
  });
  evaluated.set(population, of);
  return population;
}

/** A bit plane for each operation: the people to whom a role gives what it needs. */
function planesThrough(of: Evaluated, id: string, options: PopulationOptions): Uint32Array {
  const { policy, stride, planes } = of;
  const program = policy[internals];
  const { id: role } = find(program, "role", program.renamed.get(id)?.id ?? id, "through");
  const index = policy.roles.indexOf(role);
  const lists: number[][] = [];
  drain(
    forEachBlock(of.size, options, (start) => {
      const [rows, inline] = block(of, start);
      readLists(
        of.handle.call((engine, id) => engine.through(id, rows, inline, index)),
        start,
        lists,
      );
    }),
  );
  const words = new Uint32Array(planes.length);
  lists.forEach((people, operation) => {
    for (const row of people) words[operation * stride + (row >>> 5)]! |= 1 << (row & 31);
  });
  return words;
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

/** A copy of the rows and inline roles, with zeros for people with errors, which are rejected when the rows are evaluated again. */
function packRows({ layout, width, size, rows, inline, errors }: Evaluated): PackedRows {
  const failed = new Set(errors.map(({ row }) => row));
  const copy = rows.slice();
  for (const row of failed) copy.fill(0, row * width, (row + 1) * width);
  requireRows(copy, width, size);
  const kept = inline.flatMap((words, index) =>
    Array.from(perSubject(words), (subject) => {
      subject[0]! += index * BLOCK;
      return subject;
    }).filter(([row = 0]) => !failed.has(row)),
  );
  return { layout, width, rows: copy, ...(kept.length > 0 && { inline: joined(kept) }) };
}
