// The engine: a WebAssembly instance for each policy, which holds the policy's program. JavaScript passes it numbers in the
// instance's memory.
import { LoadError } from "./errors.js";
import type { Pairs, PolicyEngine } from "./model.js";

/** Positions are numbers of bytes from `__heap_base`, where the program is. */
export interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly __heap_base: WebAssembly.Global;
  intact(bytes: number): number;
  open(length: number): number;
  arguments(): number;
  decide(own: number, inline: number): void;
  holding(own: number, inline: number, privilege: number): void;
  menu(): void;
  reads(slots: number): void;
  token(own: number, inline: number, letters: number): number;
}

/** The bytes of a pack's header. */
const HEADER = 21;
/** The words before a pack whose checksum is computed. Its first byte is the last of the next word, so that its header is aligned. */
const TABLES = 1024;
/** Letters of a token that is read although the policy's own are shorter: it may be of another policy. */
const LETTERS = 65_536;
/** Words from the granted values of an answer to the effective ones. */
const EFFECTIVE = 257;

let module: WebAssembly.Module | undefined;

/**
 * Compiles the engine on the first call, and starts an instance.
 *
 * @throws LoadError
 */
export function start(source: () => BufferSource | WebAssembly.Module): Exports {
  try {
    if (!module) {
      const code = source();
      module = code instanceof WebAssembly.Module ? code : new WebAssembly.Module(code);
    }
    return new WebAssembly.Instance(module).exports as unknown as Exports;
  } catch (thrown) {
    throw new LoadError(thrown);
  }
}

/**
 * Puts the program of a pack into a new instance. Every call of the engine reads its answer before it returns. The result is a number for
 * a fault: 0 if the bytes are not a pack of this release, 1 if their lengths or the CRC-32 (IEEE 802.3) at their end are wrong, 2 if
 * the program is invalid. O(bytes).
 */
export function load(
  start: () => Exports,
  pack: Uint8Array,
): number | readonly [engine: PolicyEngine, names: Uint8Array, program: readonly number[]] {
  // With three bytes before them the lengths in the header are words
  const header = new Uint8Array(24);
  header.set(pack.subarray(0, HEADER), 3);
  const [first, magic, names, length, reasons, document] = new Uint32Array(header.buffer) as unknown as [
    ...[number, number, number, number, number, number],
  ];
  // "PRVT" and the number of the format
  if (first !== 0x50000000 || magic !== 0x5545652) return 0;
  const from = HEADER + names;
  if (from + length + reasons + document + 4 !== pack.length) return 1;
  const exports = start();
  const { memory, decide } = exports;
  const base = exports.__heap_base.value as number;
  const view = () => new Uint32Array(memory.buffer, base);
  let words = view();
  /** Makes sure that the memory has so many words from the start of the program. */
  const reserve = (count: number) => {
    if (count <= words.length) return;
    memory.grow(((count - words.length) >> 14) + 1);
    words = view();
  };
  const copy = (bytes: Uint8Array, at: number) => new Uint8Array(memory.buffer, base + at).set(bytes);
  reserve(TABLES + 2 + pack.length / 4);
  copy(pack, 4 * TABLES + 3);
  if (!exports.intact(pack.length)) return 1;
  copy(pack.subarray(from, from + length), 0);
  const answer = length & 3 || length < 68 ? 0 : exports.open(length) / 4;
  if (!answer) return 2;
  const behind = exports.arguments() / 4;
  /** Writes two lists as arguments. Room for `more` words follows. */
  const put = (list: ArrayLike<number>, next: ArrayLike<number>, more = 0) => {
    reserve(behind + list.length + next.length + more);
    let at = behind;
    for (let place = 0; place < list.length; place++) words[at++] = list[place]!;
    for (let place = 0; place < next.length; place++) words[at++] = next[place]!;
  };
  const list = (from: number, to: number) => [...words.subarray(from, to)];
  const engine: PolicyEngine = {
    decide({ own, joined }, count) {
      put(own, joined);
      decide(own.length / 2, joined.length / 2);
      const outputs = new Array<number>(count);
      for (let place = 0; place < count; place++) outputs[place] = words[answer + 1 + place]!;
      return [outputs, words[answer]!];
    },
    holding({ own, joined }, privilege) {
      put(own, joined);
      exports.holding(own.length / 2, joined.length / 2, privilege);
      return [answer, answer + EFFECTIVE].map((at) => (~words[at]! ? list(at + 1, at + 1 + words[at]!) : undefined));
    },
    menu(outputs) {
      put(outputs, []);
      exports.menu();
      return words.subarray(answer);
    },
    reads(slots) {
      put(slots, []);
      exports.reads(slots.length);
      return words.slice(answer, behind);
    },
    writeToken({ own, joined }) {
      put(own, joined, length);
      const at = behind + own.length + joined.length;
      const letters = exports.token(own.length / 2, joined.length / 2, 0);
      // One letter at a time: a call with all of them as arguments exceeds the stack for long tokens
      return list(at, at + letters).reduce((token, letter) => token + String.fromCharCode(letter), "");
    },
    readToken(token): 0 | 1 | readonly [own: Pairs, joined: Pairs] {
      if (!token || token.length > Math.max(length / 2, LETTERS)) return 0;
      put(
        token.split("").map((letter) => letter.charCodeAt(0)),
        [],
        length,
      );
      const end = exports.token(0, 0, token.length) / 4;
      return end < 1 ? ((4 * end) as 0 | 1) : [list(behind + token.length, end), list(end, words[answer]! / 4)];
    },
  };
  return [engine, pack.subarray(HEADER, from), list(0, length / 4)];
}
