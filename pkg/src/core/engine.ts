// The engine: an instance for each policy, of the WebAssembly module or of its translation to JavaScript, which holds the policy's
// program. JavaScript passes it numbers in the instance's memory.
import type { Pairs, PolicyEngine } from "./model.js";

/** Positions are numbers of bytes from `__heap_base`, where the program is. */
export interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly __heap_base: { readonly value: number };
  crc(before: number, bytes: number): number;
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
/** Bytes of a pack whose checksum is computed in one call, and the bytes of the tables before them. */
const CHUNK = 32_768;
const TABLES = 8192;
/** The CRC-32 of any bytes that end with their own CRC-32, inverted. */
const INTACT = ~0x2144df1c;
/** Letters of a token that is read although the policy's own are shorter: it may be of another policy. */
const LETTERS = 65_536;
/** Words from the granted values of an answer to the effective ones. */
const EFFECTIVE = 257;

/**
 * Why bytes are refused: they are not a pack of this release; their lengths or the CRC-32 (IEEE 802.3) at their end are wrong; the
 * program or the names are invalid.
 */
export type PackFault = "foreign" | "damaged" | "malformed";

/** Puts the program of a pack into a new instance. Every call of the engine reads its answer before it returns. O(bytes). */
export function load(
  start: () => Exports,
  pack: Uint8Array,
): PackFault | readonly [engine: PolicyEngine, names: Uint8Array, program: Uint32Array] {
  // A header of its own, since the pack may be shorter
  const header = new Uint8Array(HEADER);
  header.set(pack.subarray(0, HEADER));
  const word = (at: number) => new DataView(header.buffer).getUint32(at, true);
  // "PRVT" and the number of the format
  if (word(0) !== 0x54565250 || header[4] !== 5) return "foreign";
  const [from, length] = [HEADER + word(5), word(9)];
  if (from + length + word(13) + word(17) + 4 !== pack.length) return "damaged";
  const exports = start();
  const { memory, decide } = exports;
  const base = exports.__heap_base.value;
  const view = () => new Uint32Array(memory.buffer, base);
  let words = view();
  /** Makes sure that the memory has so many words from the start of the program. */
  const reserve = (count: number) => {
    if (count <= words.length) return;
    memory.grow(((count - words.length) >> 14) + 1);
    words = view();
  };
  const copy = (bytes: Uint8Array, at: number) => {
    reserve((at + bytes.length + 3) / 4);
    new Uint8Array(memory.buffer, base + at).set(bytes);
  };
  let crc = -1;
  for (let at = 0; at < pack.length; at += CHUNK) {
    const chunk = pack.subarray(at, at + CHUNK);
    copy(chunk, TABLES);
    crc = exports.crc(crc, chunk.length);
  }
  if (crc !== INTACT) return "damaged";
  copy(pack.subarray(from, from + length), 0);
  const answer = length & 3 || length < 68 ? 0 : exports.open(length) / 4;
  if (!answer) return "malformed";
  /** How many words behind its arguments a call for a token uses at most: `token_room` in `src/engine/token.rs`. */
  const room = 8 * (words[13]! - words[12]!) + 32;
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
    memory: () => words.slice(0, answer),
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
      put(own, joined, room);
      const at = behind + own.length + joined.length;
      const letters = exports.token(own.length / 2, joined.length / 2, 0);
      // One letter at a time: a call with all of them as arguments exceeds the stack for long tokens
      return list(at, at + letters).reduce((token, letter) => token + String.fromCharCode(letter), "");
    },
    readToken(token): 0 | 1 | readonly [own: Pairs, joined: Pairs] {
      if (!token || token.length > Math.max(room, LETTERS)) return 0;
      const letters = token.split("").map((letter) => letter.charCodeAt(0));
      put(letters, [], room);
      const result = exports.token(0, 0, token.length);
      if (result < 2) return result as 0 | 1;
      // The position of the pairs of inline roles, which follow the own ones
      const inline = result / 4;
      return [list(behind + token.length, inline), list(inline, words[answer]! / 4)];
    },
  };
  return [engine, pack.subarray(HEADER, from), words.slice(0, length / 4)];
}
