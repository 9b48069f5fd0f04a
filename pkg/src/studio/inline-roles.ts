// The inline roles of packed people as words: for each person that has some, ascending, the row, the number of words that follow, and
// these words, which the engine reads.
import { InvalidSubjectError } from "../core/errors.js";
import type { PackedRows } from "./population-types.js";

/** People per call of the engine: a multiple of 32, so that a block fills whole words of a bit plane. */
export const BLOCK = 1024;

/** The inline roles of packed rows, by block. The engine validates what each row has. */
export function inlineByBlock({ inline }: PackedRows, size: number): Uint32Array[] {
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
export function* perSubject(inline: Uint32Array): Generator<Uint32Array> {
  for (let at = 0; at < inline.length; at += 2 + (inline[at + 1] ?? 0))
    yield inline.slice(at, at + 2 + (inline[at + 1] ?? 0));
}

export function joined(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
