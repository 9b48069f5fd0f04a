// The engine: WebAssembly evaluates a subject in its own memory and computes checksums there. Images are written behind
// the module's stack.
import { LoadError } from "./errors.js";
import type { Entry, EntryValue, Program, State } from "./model.js";

/** The address of an image, or of the input of a checksum: the linker reserves the kilobyte below for the stack. */
const IMAGE = 1024;
/** Bytes per call of a checksum. Bounded, so that a long input cannot grow the memory, which never shrinks. */
const CHUNK = 4096;

let engine:
  | {
      readonly memory: WebAssembly.Memory;
      decide(instructions: number, outputs: number, memory: number, results: number): void;
      crc(before: number, from: number, to: number): number;
    }
  | undefined;
/** Views of the whole memory, as bytes and as pairs of bytes. Only {@link writeImage} grows the memory and replaces them. */
let bytes = new Uint8Array();
let pairs = new Uint16Array();
/** Address of the slots: for each slot a byte that says whether it is known to hold, and one whether it is known not to. */
let memoryStart: number;

/**
 * Starts the engine on the first call; later calls do nothing.
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

/**
 * Marks the inputs that `value` satisfies as known to hold. Inputs of a fact that it does not satisfy are marked as known not
 * to hold. Those of a privilege or role stay as they are, since another grant may satisfy them.
 */
function setInputs(at: number, { what, tests }: Entry, value: number): void {
  for (let test = 0; test < tests.length; at++) {
    const kind = tests[test++];
    const bound = tests[test++]!;
    const holds = kind ? (kind > 1 ? value === bound : value < bound) : value >= bound;
    if (holds || what === "fact") pairs[at] = holds ? 1 : 256;
  }
}

/**
 * The outputs of an evaluation, in 16-bit words: two bits for each output, whether it holds and whether it does not. A plain
 * array of small integers is the most compact form in every JavaScript engine.
 */
export type Outputs = readonly number[];

/** 1 if an output is known to hold, or, with `not` = 1, known not to hold; else 0. */
export const outputBit = (outputs: Outputs, output: number, not = 0): number =>
  (outputs[output >> 3]! >> (2 * (output & 7) + not)) & 1;

/** Writes bytes at {@link IMAGE}, makes sure that `room` bytes follow, and returns the end of what was written. */
function writeImage(all: Uint8Array, room: number): number {
  const end = IMAGE + all.length;
  if (end + room > bytes.length) {
    engine!.memory.grow(((end + room) >>> 16) + 1);
    bytes = new Uint8Array(engine!.memory.buffer);
    pairs = new Uint16Array(engine!.memory.buffer);
  }
  bytes.set(all, IMAGE);
  return end;
}

/** CRC-32 (IEEE 802.3) of packs and tokens. It detects every change within 32 consecutive bits. O(bytes). */
export function crc(all: Uint8Array): number {
  let crc = -1;
  for (let at = 0; at < all.length; ) crc = engine!.crc(crc, IMAGE, writeImage(all.subarray(at, (at += CHUNK)), 0));
  return ~crc >>> 0;
}

/**
 * Evaluates a state. Its slots stay readable by {@link holds} until the next call of this function or of {@link crc}.
 * O(program + state).
 */
export function evaluate({ image, sizes: [inputs, slots, packed] }: Program, { assigned, inline }: State): Outputs {
  const first = writeImage(image, 2 * (slots - inputs + packed)) / 2 - inputs;
  memoryStart = 2 * first;
  for (const [entry, value] of assigned) setInputs(first + entry.at, entry, value);
  if (inline[0]) for (const [entry, value] of join(inline)) setInputs(first + (entry.inline ?? entry.at), entry, value);
  engine!.decide(IMAGE, memoryStart - 32 * packed, memoryStart, memoryStart + 2 * inputs);
  const outputs: number[] = Array(packed);
  for (let at = 0; at < packed; at++) outputs[at] = pairs[first + slots + at]!;
  return outputs;
}

/** Whether a slot holds in the last evaluation. */
export const holds = (slot: number): number => bytes[memoryStart + slot]!;

/** The join of roles' grants, in policy order: of values that are compared by "at least", the largest. */
export const join = (roles: readonly (readonly EntryValue[])[]): readonly EntryValue[] =>
  roles
    .flat()
    .sort(([a, x], [b, y]) => a.index - b.index || x - y)
    .filter(([entry, value], place, all) => {
      const [next, other] = all[place + 1] ?? [];
      return entry !== next || (value !== other && entry.tests[0]! > 1);
    });
