// People as rows of a fixed width, as the engine reads them, and their inline roles, which a row cannot hold: for each person that has
// some, ascending, the row, the number of words that follow, and these words.
import type { StudioEngine } from "../../wasm/studio.js";
import { InvalidSubjectError } from "../core/errors.js";
import type { EpochSeconds, Subject } from "../core/types.js";
import type { PolicyHandle } from "./handle.js";
import type { PackedRows, RowError } from "./population-types.js";
import { encode } from "./wire.js";

/** People per call of the engine: a multiple of 32, so that a block fills whole words of a bit plane. */
export const BLOCK = 1024;

/** People per call for rows, which take less time to evaluate than to hand over in small parts: a multiple of {@link BLOCK}. */
export const WIDE = 16 * BLOCK;

/** People per call when rows are decided, of which little is left but handing over: a multiple of {@link BLOCK}. */
export const WIDEST = 4 * WIDE;

export const EMPTY = new Uint32Array();

/** Packed people: a row each, and for each block the encoded inline roles, which a row cannot hold. */
export interface Rows {
  readonly layout: string;
  readonly width: number;
  readonly size: number;
  readonly rows: Uint8Array;
  readonly inline: Uint32Array[];
}

/** The rows and inline roles of the `people` from `start`: both are multiples of {@link BLOCK}. */
export function block(
  { rows, width, inline, size }: Rows,
  start: number,
  people: number,
): readonly [rows: Uint8Array, inline: Uint32Array] {
  requireRows(rows, width, size);
  const parts = inline.slice(start / BLOCK, (start + people) / BLOCK);
  return [rows.subarray(start * width, Math.min(size, start + people) * width), together(parts)];
}

/** The inline roles of consecutive blocks as those of one. */
function together(parts: readonly (Uint32Array | undefined)[]): Uint32Array {
  const all = parts.flatMap((words, index) => (words ? [...moved(words, index * BLOCK)] : []));
  return all.length > 0 ? joined(all) : EMPTY;
}

/** The inline roles of people whose rows are `by` further. */
function* moved(words: Uint32Array, by: number): Generator<Uint32Array> {
  for (const subject of perSubject(words)) {
    subject[0]! += by;
    yield subject;
  }
}

/** Throws if the buffer of the rows was transferred, which leaves it empty. */
function requireRows(rows: Uint8Array, width: number, size: number): void {
  if (rows.length !== size * width || isTransferred(rows)) {
    throw new InvalidSubjectError("invalid-subject", "the row buffer was transferred; pass a copy of the packed rows");
  }
}

/** Whether the buffer of the rows was transferred: it is empty then, like the buffer of no rows. */
function isTransferred(rows: Uint8Array): boolean {
  try {
    new Uint8Array(rows.buffer);
    return false;
  } catch {
    return true;
  }
}

/** Allocates the rows of people who are not packed yet. */
export function allocateRows(handle: PolicyHandle<StudioEngine>, size: number): Rows {
  const [layout = "", bytes] = handle.call((engine, id) => engine.rowLayout(id)).split(" ");
  const width = Number(bytes);
  return { layout, width, size, rows: new Uint8Array(size * width), inline: [] };
}

/** Packs the people of a block into its rows. */
export function packBlock(
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

/** The subject of a row. `undefined` counts as a person without grants, as for `policy.session`. */
export function rowOf(people: readonly Subject[], row: number): Subject {
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
export function validateRows(handle: PolicyHandle<StudioEngine>, people: PackedRows): Rows {
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

/** A copy of the rows and inline roles, with zeros for people with errors, which are rejected when the rows are evaluated again. */
export function packRows({ layout, width, size, rows, inline }: Rows, errors: readonly RowError[]): PackedRows {
  const failed = new Set(errors.map(({ row }) => row));
  const copy = rows.slice();
  for (const row of failed) copy.fill(0, row * width, (row + 1) * width);
  requireRows(copy, width, size);
  const kept = inline.flatMap((words, index) =>
    [...moved(words, index * BLOCK)].filter(([row = 0]) => !failed.has(row)),
  );
  return { layout, width, rows: copy, ...(kept.length > 0 && { inline: joined(kept) }) };
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
