// The engine: WebAssembly decides in its own memory, on an image that lies behind the stack, and makes checksums there.
import { LoadError } from "./errors.js";
import type { Entry, Pair, Program } from "./program.js";
import type { State } from "./subject.js";

/** Where an image lies, or what a checksum is made of: the linker gives the stack a kilobyte. */
const IMAGE = 1024;
/** Bytes that a checksum is made of at a time, so that no input makes the memory grow, which it would stay. */
const PART = 4096;

let engine:
  | {
      readonly memory: WebAssembly.Memory;
      decide(instructions: number, outputs: number, memory: number, results: number): void;
      crc(before: number, from: number, to: number): number;
    }
  | undefined;
/** All of its memory, which only {@link lay} makes grow: as bytes, and as couples of them. */
let bytes = new Uint8Array();
let couples = new Uint16Array();
/** Where the working memory begins: for each slot a byte that says whether it is known to hold, and one whether it is known not to. */
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
    engine = new WebAssembly.Instance(source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source))
      .exports as unknown as typeof engine;
  } catch (thrown) {
    throw new LoadError(thrown);
  }
}

/** Says of inputs whether they hold of a value. Those that fail stay, but for a fact: others may pass them. */
function put(at: number, { what, tests }: Entry, value: number): void {
  for (let test = 0; test < tests.length; at++) {
    const kind = tests[test++];
    const bound = tests[test++]!;
    const holds = kind ? (kind > 1 ? value === bound : value < bound) : value >= bound;
    if (holds || what === "fact") couples[at] = holds ? 1 : 256;
  }
}

/**
 * What was decided, 16 bits a number, two for each output: whether it holds and whether it does not. Small numbers in a
 * list are what every JavaScript engine keeps closest together.
 */
export type Outputs = readonly number[];

/** Whether an output holds, or (`not` 1) whether it does not. */
export const bit = (outputs: Outputs, output: number, not = 0): number =>
  (outputs[output >> 3]! >> (2 * (output & 7) + not)) & 1;

/** Lays bytes out behind the stack, with room behind them, and says where they end. */
function lay(all: Uint8Array, room: number): number {
  const end = IMAGE + all.length;
  if (end + room > bytes.length) {
    engine!.memory.grow(((end + room) >>> 16) + 1);
    bytes = new Uint8Array(engine!.memory.buffer);
    couples = new Uint16Array(engine!.memory.buffer);
  }
  bytes.set(all, IMAGE);
  return end;
}

/** CRC-32 (IEEE 802.3) of packs and tokens: it finds damage, surely every change within 32 bits in a row. */
export function crc(all: Uint8Array): number {
  let crc = -1;
  for (let at = 0; at < all.length; ) crc = engine!.crc(crc, IMAGE, lay(all.subarray(at, (at += PART)), 0));
  return ~crc >>> 0;
}

/** Decides a state. Until the next call, or the next checksum, {@link holds} says more. */
export function run({ image, sizes: [inputs, slots, packed] }: Program, { given, inline }: State): Outputs {
  const first = lay(image, 2 * (slots - inputs + packed)) / 2 - inputs;
  working = 2 * first;
  for (const [entry, value] of given) put(first + entry.at, entry, value);
  if (inline[0]) for (const [entry, value] of join(inline)) put(first + (entry.inline ?? entry.at), entry, value);
  engine!.decide(IMAGE, working - 32 * packed, working, working + 2 * inputs);
  const outputs: number[] = Array(packed);
  for (let at = 0; at < packed; at++) outputs[at] = couples[first + slots + at]!;
  return outputs;
}

/** Whether a slot holds of what was decided last. */
export const holds = (slot: number): number => bytes[working + slot]!;

/** What roles give together, in policy order: of what is tested for being at least something, the greatest. */
export const join = (roles: readonly (readonly Pair[])[]): readonly Pair[] =>
  roles
    .flat()
    .sort(([a, x], [b, y]) => a.index - b.index || x - y)
    .filter(([entry, value], place, all) => {
      const [next, other] = all[place + 1] ?? [];
      return entry !== next || (value !== other && entry.tests[0]! > 1);
    });
