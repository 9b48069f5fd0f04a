// The engine: WebAssembly decides in its own memory, on a block of words behind the stack.
import { LoadError } from "./errors.js";
import type { Pair, Program } from "./program.js";
import { order } from "./subject.js";
import type { State } from "./subject.js";

/** Where the block begins, in words: the linker gives the stack a kilobyte. */
const BLOCK = 256;

let engine: { readonly memory: WebAssembly.Memory; decide(at: number): void } | undefined;
let words: Uint32Array | undefined;

/** What was decided: two bits for each verdict. */
export type Planes = readonly number[];

/** A verdict of what was decided: 1 for yes, 2 for no, 0 for unknown. */
export const verdict = (planes: Planes, index: number): number => (planes[index >>> 4]! >>> (2 * (index & 15))) & 3;

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

/** Decides a state. O(program + state). */
export function run({ image }: Program, [facts, own, roles, ...inline]: State): Planes {
  const { memory, decide } = engine!;
  const [inputs, count, size] = image as unknown as readonly [number, number, number];
  const end = BLOCK + image.length;
  const missing = 4 * (end + 2 * count) - memory.buffer.byteLength;
  if (missing > 0) memory.grow((missing + 0xffff) >>> 16);
  if (words?.buffer !== memory.buffer) words = new Uint32Array(memory.buffer);
  words.set(image, BLOCK);
  const working = end - 2 * inputs;
  const fill = (pairs: readonly Pair[], place: "at" | "inline") => {
    for (const [entry, value] of pairs) {
      const { tests, what } = entry;
      let at = working + entry[place];
      for (let test = 0; test < tests.length; at += 2) {
        const kind = tests[test++];
        const bound = tests[test++]!;
        const holds = kind ? (kind > 1 ? value === bound : value < bound) : value >= bound;
        // What fails stays as it is, for others may pass it; but a fact is given once.
        if (holds || what === "fact") {
          words![at] = +holds;
          words![at + 1] = +!holds;
        }
      }
    }
  };
  fill([...facts, ...own, ...roles], "at");
  fill(join(inline), "inline");
  decide(4 * BLOCK);
  const planes: number[] = []; // no typed array: making one takes longer than all the rest
  for (let word = working - size; word < working; ) planes.push(words[word++]!);
  return planes;
}

/** What roles give together, in policy order: of levels and numbers the greatest. */
export const join = (roles: readonly (readonly Pair[])[]): readonly Pair[] =>
  roles
    .flat()
    .sort(order)
    .filter(([{ index, kind }, value], place, all) => {
      const [next, other] = all[place + 1] ?? [];
      return index !== next?.index || (value !== other && kind !== "level" && kind !== "number");
    });
