// The engine: WebAssembly decides in its own memory, on a block of words behind the stack.
import { LoadError } from "./errors.js";
import { put } from "./program.js";
import type { Entry, Program } from "./program.js";
import type { Pairs, State } from "./subject.js";
import { ascending } from "./values.js";

/** Where the block begins, in words: the linker gives the stack a kilobyte. */
const BLOCK = 256;

let memory: WebAssembly.Memory | undefined;
let decideBlock: (at: number) => void;
/** The memory, and whose block is in it. */
let words: Uint32Array;
let present: Program | undefined;
/** Where the working memory begins. */
let working = 0;

/**
 * Starts the engine, once.
 *
 * @throws LoadError
 */
export function start(module: () => BufferSource | WebAssembly.Module): void {
  if (memory) return;
  try {
    const source = module();
    const compiled = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
    const { exports } = new WebAssembly.Instance(compiled);
    decideBlock = exports["decide"] as typeof decideBlock;
    memory = exports["memory"] as WebAssembly.Memory;
  } catch (thrown) {
    throw new LoadError(thrown);
  }
}

/** Decides a state: the planes. Until the next call, {@link holds} says more. O(program + state). */
export function run(program: Program, [facts, own, roles, ...inline]: State): Uint32Array {
  const { image, blank, facts: known, privileges } = program;
  const planes = BLOCK + image.length;
  if (present !== program) {
    working = planes + image[2]!;
    const missing = (working + 2 * (image[0]! + image[1]!)) * 4 - memory!.buffer.byteLength;
    if (missing > 0) memory!.grow((missing + 0xffff) >>> 16);
    words = new Uint32Array(memory!.buffer);
    words.set(image, BLOCK);
    present = program;
  }
  words.set(blank, working);
  const fill = (entries: readonly Entry[], pairs: Pairs, at: "at" | "inline") => {
    for (let place = 0; place < pairs.length; ) {
      const entry = entries[pairs[place++]!]!;
      put(words, working + entry[at], entry, pairs[place++]!);
    }
  };
  fill(known, facts, "at");
  fill(privileges, own, "at");
  if (inline.length) fill(privileges, join(program, inline), "inline");
  for (const role of roles) {
    words[working + program.roles + 2 * role] = 1;
    words[working + program.roles + 2 * role + 1] = 0;
  }
  decideBlock(BLOCK * 4);
  return words.slice(planes, working);
}

/** Whether a slot holds of what was decided last. */
export const holds = (slot: number): boolean => words[working + slot] === 1;

/** What roles give together: of levels and numbers the greatest. */
export function join({ privileges }: Program, roles: readonly Pairs[]): Pairs {
  const given: Set<number>[] = [];
  for (const pairs of roles) {
    for (let place = 0; place < pairs.length; ) {
      const privilege = pairs[place++]!;
      const { kind } = privileges[privilege]!;
      const values = (given[privilege] ??= new Set());
      values.add(pairs[place++]!);
      if (kind === "level" || kind === "number") given[privilege] = new Set([Math.max(...values)]);
    }
  }
  return given.flatMap((values, privilege) => [...values].sort(ascending).flatMap((value) => [privilege, value]));
}
