import type { StudioEngine } from "../wasm/studio.js";
import { InvalidSubjectError, PrivetError } from "./errors.js";
import type { Policy } from "./policy.js";
import type { Entry, Pair } from "./program.js";
import { Session } from "./session.js";
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
  /**
   * The people as bytes, for `studio.population`: of one that could not be resolved, a row that is refused again.
   *
   * @throws InvalidSubjectError where somebody has an inline role, which has no place in a row.
   */
  pack(): PackedRows;
}

/** People at a time: one call of the engine, a whole number of words. */
const BLOCK = 1024;

/** Where the planes of a policy begin: the order is the engine's. The first is that of the people who were refused. */
function layout({ privileges, outline }: Policy) {
  const allowed = 1;
  const denied = allowed + outline.operations.length;
  const owed = denied + outline.operations.length;
  const shown = owed + outline.operations.reduce((sum, [, , , , obligations]) => sum + obligations.length, 0);
  const dormant = shown + outline.menu.length;
  return { allowed, denied, owed, shown, dormant, end: dormant + privileges.length };
}

/** People, resolved: bits and words. */
interface Resolved {
  readonly policy: Policy;
  readonly asked: Asked<StudioEngine>;
  readonly size: number;
  readonly stride: number;
  readonly planes: Uint32Array;
  /** By block: of each person how many words, and those; none of one that was refused. */
  readonly states: readonly Uint32Array[];
  readonly errors: readonly RowError[];
}

const kept = new WeakMap<Population, Resolved>();

/** What gives people: the words of a block, and what refuses a row in it that the words say is refused. */
interface Source {
  block(start: number, end: number): Uint32Array;
  refuse?(row: number): unknown;
}

/** Resolves people block by block, with a pause after each. */
function* resolved(asked: Asked<StudioEngine>, policy: Policy, size: number, source: Source, options: PopulationOptions): Generator<void, Resolved> {
  const { end: count } = layout(policy);
  const stride = (size + 31) >>> 5;
  const planes = new Uint32Array(count * stride);
  const states: Uint32Array[] = [];
  const errors: RowError[] = [];
  options.signal?.throwIfAborted();
  for (let start = 0; start < size; start += BLOCK) {
    const end = Math.min(size, start + BLOCK);
    const words = source.block(start, end);
    const wide = (end - start + 31) >>> 5;
    for (let plane = 0; plane < count; plane++) {
      planes.set(words.subarray(plane * wide, (plane + 1) * wide), plane * stride + (start >>> 5));
    }
    states.push(words.slice(count * wide));
    for (const row of people(words.subarray(0, wide))) {
      const error = refusal(() => source.refuse?.(start + row));
      if (error) errors.push({ row: start + row, error });
    }
    options.onProgress?.(end, size);
    yield;
    if (end < size) options.signal?.throwIfAborted();
  }
  return { policy, asked, size, stride, planes, states, errors };
}

function refusal(ask: () => unknown): PrivetError | undefined {
  try {
    ask();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof PrivetError) return thrown;
    throw thrown;
  }
}

/** @internal The last value of steps that need not be waited for. */
export function drain<T>(steps: Generator<void, T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** @internal Resolves people, with a pause after each block. */
export function* populate<S extends Schema>(
  asked: Asked<StudioEngine>,
  policy: Policy<S>,
  people: readonly Subject<S>[] | PackedRows,
  options: PopulationOptions,
): Generator<void, Population<S>> {
  const { size, ...source } = Array.isArray(people) ? listed(asked, policy, people) : packed(asked, people as PackedRows);
  return population(yield* resolved(asked, policy, size, source, options)) as unknown as Population<S>;
}

function listed(asked: Asked<StudioEngine>, policy: Policy, people: readonly Subject[]): Source & { size: number } {
  const given = [...people];
  const block = (start: number, end: number) =>
    asked.ask((engine, handle) => engine.population(handle, wire(given.slice(start, end))));
  const refuse = (row: number) => policy.session(given[row]);
  return { size: given.length, block, refuse };
}

function packed(asked: Asked<StudioEngine>, people: PackedRows): Source & { size: number } {
  const { layout, width, rows } = people ?? {};
  const known = asked.ask((engine, handle) => engine.rowLayout(handle));
  if (!(rows instanceof Uint8Array)) {
    throw new InvalidSubjectError("invalid-subject", "people are neither a list nor packed rows; give subjects, or what `pack` made");
  }
  if (`${layout} ${width}` !== known) {
    throw new InvalidSubjectError("invalid-subject", "packed rows belong to another version of the policy; pack them again");
  }
  if (rows.length % width !== 0) {
    throw new InvalidSubjectError("invalid-subject", "packed rows are cut short; load them again");
  }
  const some = (start: number, end: number) => rows.subarray(start * width, end * width);
  const block = (start: number, end: number) => asked.ask((engine, handle) => engine.rows(handle, some(start, end)));
  const refuse = (row: number) => asked.ask((engine, handle) => engine.row(handle, some(row, row + 1)));
  return { size: rows.length / width, block, refuse };
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
  const { allowed, denied, dormant } = layout(policy);
  const plane = (index: number) => planes.subarray(index * stride, (index + 1) * stride);
  const counted = (index: number) => plane(index).reduce((sum, word) => sum + bits(word), 0);
  const found: Population = Object.freeze<Population>({
    size,
    errors,
    whoCan: (operation) => people(plane(allowed + policy.handle(operation))),
    undecided(operation) {
      const index = policy.handle(operation);
      const [refused, yes, no] = [plane(0), plane(allowed + index), plane(denied + index)];
      return people(refused.map((word, at) => ~(word | (yes[at] ?? 0) | (no[at] ?? 0)))).filter((row) => row < size);
    },
    count: (operation) => counted(allowed + policy.handle(operation)),
    counts: () => Uint32Array.from(policy.operations, (_, index) => counted(allowed + index)),
    matrix() {
      const words = planes.slice(allowed * stride, denied * stride);
      const columns = policy.operations.length;
      const get = (person: number, column: number) =>
        person >= 0 && person < size && column >= 0 && column < columns && (((words[column * stride + (person >>> 5)] ?? 0) >>> (person & 31)) & 1) === 1;
      return Object.freeze({ rows: size, columns, stride, words, get });
    },
    dormant: () =>
      policy.privileges
        .map((privilege, index) => ({ privilege, people: people(plane(dormant + index)) }))
        .filter(({ people }) => people.length > 0),
    preview: (change, options = {}) => preview(of, change, options),
    differences: (other) => differences(of, other),
    pack: () => pack(of),
  });
  kept.set(found, of);
  return found;
}

function bits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Everybody after a change. */
function changed(of: Resolved, change: Change, options: PopulationOptions): Resolved {
  const { policy, asked, size, states } = of;
  const text = wire(change);
  const after = (states: Uint32Array) => asked.ask((engine, handle) => engine.change(handle, states, text));
  after(new Uint32Array()); // a change that fits nobody is refused, also where there is nobody
  const refuse = (row: number) => {
    const state = stateOf(of, row);
    if (state.length > 0) sessionOf(policy, state).with(change);
  };
  return drain(resolved(asked, policy, size, { block: (start) => after(states[start / BLOCK] ?? new Uint32Array()), refuse }, options));
}

/** The state of a person; empty where it was refused. */
function stateOf({ states }: Resolved, row: number): Uint32Array {
  const words = states[Math.floor(row / BLOCK)] ?? new Uint32Array();
  let at = 0;
  for (let skipped = row % BLOCK; skipped > 0; skipped--) at += 1 + (words[at] ?? 0);
  return words.subarray(at + 1, at + 1 + (words[at] ?? 0));
}

/** The session of a person's state. */
function sessionOf(policy: Policy, words: Uint32Array): Session {
  let at = 0;
  const list = <T>(item: () => T): T[] => Array.from({ length: words[at++] ?? 0 }, item);
  const pairs = (entries: readonly Entry[]) => list((): Pair => [entries[words[at++]!]!, words[at++]!]);
  const [facts, own, roles] = [pairs(policy.entries.fact), pairs(policy.entries.privilege), list((): Pair => [policy.entries.role[words[at++]!]!, 1])];
  return new Session(policy, [facts, own, roles, ...list(() => pairs(policy.entries.privilege))]);
}

/** Of the entries of two populations, each with its plane, those that somebody has in only one: `[added, removed]`. */
function apart<T extends object>(a: Resolved, b: Resolved, entries: readonly (readonly [what: T, was: number, is: number])[]): [(People & T)[], (People & T)[]] {
  const words = ({ planes, stride }: Resolved, plane: number, at: number) => (plane < 0 ? 0 : (planes[plane * stride + at] ?? 0));
  const only = (x: Resolved, of: number, y: Resolved, not: number) =>
    people(Uint32Array.from({ length: a.stride }, (_, at) => words(x, of, at) & ~(words(y, not, at) | words(a, 0, at) | words(b, 0, at))));
  const some = (list: (People & T)[]) => list.filter(({ people }) => people.length > 0);
  const added = some(entries.map(([what, was, is]) => ({ ...what, people: only(b, is, a, was) })));
  return [added, some(entries.map(([what, was, is]) => ({ ...what, people: only(a, was, b, is) })))];
}

function preview(before: Resolved, change: Change, options: PopulationOptions): PopulationPreview {
  const after = changed(before, change, options);
  const { privileges, outline } = before.policy;
  const at = layout(before.policy);
  const both = (plane: number) => [plane, plane] as const;
  const operations = outline.operations.flatMap(([operation, , , restricts], index) =>
    restricts ? [] : [[{ operation }, ...both(at.allowed + index)] as const],
  );
  const pairs = outline.operations.flatMap(([operation, , , , obligations]) => obligations.map(([obligation]) => ({ operation, obligation })));
  const [gained, lost] = apart(before, after, operations);
  const [shown, hidden] = apart(before, after, outline.menu.map(([item], index) => [{ item }, ...both(at.shown + index)] as const));
  const obligations = apart(before, after, pairs.map((pair, index) => [pair, ...both(at.owed + index)] as const));
  const dormant = apart(before, after, privileges.map((privilege, index) => [{ privilege }, ...both(at.dormant + index)] as const));
  return {
    gained,
    lost,
    menu: { shown, hidden },
    obligations: { added: obligations[0], removed: obligations[1] },
    dormant: { added: dormant[0], removed: dormant[1] },
    errors: merged(before, after),
  };
}

/** What is wrong with each row, in one of two populations or both. */
function merged(a: Resolved, b: Resolved): RowError[] {
  return [...a.errors, ...b.errors].sort((one, other) => one.row - other.row);
}

function differences(here: Resolved, other: Population): PopulationDifference {
  const there = kept.get(other);
  if (there?.size !== here.size) {
    throw new RangeError("populations of different people have no difference; give the same people in the same order");
  }
  const restricting = new Set<string>();
  for (const [id, , , restricts] of [...here.policy.outline.operations, ...there.policy.outline.operations]) if (restricts) restricting.add(id);
  const ids = [...new Set([...here.policy.operations, ...there.policy.operations])].filter((id) => !restricting.has(id));
  const plane = ({ policy }: Resolved, id: string) => (policy.ids.get("operation")?.has(id) ? layout(policy).allowed + policy.handle(id) : -1);
  const [gained, lost] = apart(here, there, ids.map((operation) => [{ operation }, plane(here, operation), plane(there, operation)] as const));
  return { gained, lost, errors: merged(here, there) };
}

function pack({ asked, size, states }: Resolved): PackedRows {
  const [layout = "", bytes] = asked.ask((engine, handle) => engine.rowLayout(handle)).split(" ");
  const width = Number(bytes);
  const rows = new Uint8Array(size * width);
  states.forEach((block, index) => rows.set(asked.ask((engine, handle) => engine.pack(handle, block)), index * BLOCK * width));
  return { layout, width, rows };
}
