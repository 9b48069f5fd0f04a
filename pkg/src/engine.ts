// The engine: WebAssembly decides in its own memory, on a block of words behind the stack.
import { LoadError } from "./errors.js";
import { put } from "./program.js";
import type { Pair, Program } from "./program.js";
import { order } from "./subject.js";
import type { State } from "./subject.js";

/** Where the block begins, in words: the linker gives the stack a kilobyte. */
const BLOCK = 256;

let engine: { readonly memory: WebAssembly.Memory; decide(at: number): void } | undefined;
let words: Uint32Array | undefined;
/** Where the working memory begins. */
let working: number;

/**
 * Starts the engine, once.
 *
 * @throws LoadError
 */
export function start(module: () => BufferSource | WebAssembly.Module): void {
  try {
    if (engine) return;
    const source = module();
    engine = new WebAssembly.Instance(source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source)).exports as unknown as typeof engine;
  } catch (thrown) {
    throw new LoadError(thrown);
  }
}

/** Decides a state: the planes. Until the next call, {@link holds} says more. O(program + state). */
export function run({ image }: Program, [facts, own, roles, ...inline]: State): readonly number[] {
  const { memory, decide } = engine!;
  const [inputs, count, size] = image as unknown as readonly [number, number, number];
  working = BLOCK + image.length - 2 * inputs;
  const missing = 4 * (BLOCK + image.length + 2 * count) - memory.buffer.byteLength;
  if (missing > 0) memory.grow((missing + 0xffff) >>> 16);
  if (words?.buffer !== memory.buffer) words = new Uint32Array(memory.buffer);
  words.set(image, BLOCK);
  for (const [entry, value] of [...facts, ...own, ...roles]) put(words, working + entry.at, entry, value);
  for (const [entry, value] of join(inline)) put(words, working + entry.inline, entry, value);
  decide(4 * BLOCK);
  const planes: number[] = []; // no typed array: making one takes longer than all the rest
  for (let word = working - size; word < working; ) planes.push(words[word++]!);
  return planes;
}

/** Whether a slot holds of what was decided last. */
export const holds = (slot: number): boolean => words![working + slot] === 1;

/** What roles give together, in policy order: of levels and numbers the greatest. */
export const join = (roles: readonly (readonly Pair[])[]): readonly Pair[] =>
  roles
    .flat()
    .sort(order)
    .filter(([{ index, kind }, value], place, all) => {
      const [next, other] = all[place + 1] ?? [];
      return index !== next?.index || (value !== other && kind !== "level" && kind !== "number");
    });
