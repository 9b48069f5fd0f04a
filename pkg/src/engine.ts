// The engine: WebAssembly decides in its own memory, on an image that lies behind the stack.
import { LoadError } from "./errors.js";
import type { Entry, Pair, Program } from "./program.js";
import { order } from "./subject.js";
import type { State } from "./subject.js";

/** Where the image lies: the linker gives the stack a kilobyte. */
const IMAGE = 1024;

let engine: { readonly memory: WebAssembly.Memory; decide(at: number): void } | undefined;
let bytes: Uint8Array | undefined;
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

/** Says of inputs whether they hold of a value. Those that fail stay, but for a fact: others may pass them. */
function put(at: number, { what, tests }: Entry, value: number): void {
  for (let test = 0; test < tests.length; at += 2) {
    const kind = tests[test++];
    const bound = tests[test++]!;
    const holds = kind ? (kind > 1 ? value === bound : value < bound) : value >= bound;
    if (holds || what === "fact") {
      bytes![at] = +holds;
      bytes![at + 1] = +!holds;
    }
  }
}

/** Decides a state: two bytes for each output, whether it holds and whether it does not. Until the next call, {@link holds} says more. */
export function run({ image, memory: [inputs, end, first] }: Program, [facts, own, roles, ...inline]: State): Uint8Array {
  const { memory, decide } = engine!;
  working = IMAGE + image.length - inputs;
  const missing = working + end - memory.buffer.byteLength;
  if (missing > 0) memory.grow((missing >>> 16) + 1);
  if (bytes?.buffer !== memory.buffer) bytes = new Uint8Array(memory.buffer);
  bytes.set(image, IMAGE);
  for (const [entry, value] of [...facts, ...own, ...roles]) put(working + entry.at, entry, value);
  for (const [entry, value] of join(inline)) put(working + (entry.inline ?? entry.at), entry, value);
  decide(IMAGE);
  return bytes.slice(working + first, working + end);
}

/** Whether a slot holds of what was decided last. */
export const holds = (slot: number): number => bytes![working + slot]!;

/** What roles give together, in policy order: of levels and numbers the greatest. */
export const join = (roles: readonly (readonly Pair[])[]): readonly Pair[] =>
  roles
    .flat()
    .sort(order)
    .filter(([entry, value], place, all) => {
      const [next, other] = all[place + 1] ?? [];
      return entry !== next || (value !== other && entry.kind !== "level" && entry.kind !== "number");
    });
