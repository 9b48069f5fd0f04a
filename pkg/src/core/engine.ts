// The engine: an instance for each policy, of the WebAssembly module or of its translation to JavaScript, which holds the policy's
// program. JavaScript passes it numbers in the instance's memory.
import type { Outputs, Pairs, PolicyEngine, State } from "./model.js";

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
  reads(operation: number, choices: number): void;
  letters(): number;
  write(own: number, inline: number): number;
  read(letters: number): number;
}

/** Bytes per step of a checksum, and the bytes of its tables. */
const CHUNK = 32_768;
const TABLES = 4096;
/** The CRC-32 of any bytes that end with their own CRC-32, inverted. */
const INTACT = ~0x2144df1c;
/** Letters of a token that is read although the policy's own are shorter: it may be of another policy. */
const LETTERS = 65_536;
/** Words from the granted values of an answer to the effective ones. */
const EFFECTIVE = 257;

/**
 * Puts the program of a pack, from byte `from` to `to`, into an instance. Every call of the result reads its answer before it
 * returns. The second part of the result is the program's words. `undefined` if the pack does not end with its CRC-32 (IEEE
 * 802.3), `null` if the program is invalid. O(bytes).
 */
export function load(
  { memory, __heap_base, crc, open, arguments: at, decide, holding, menu, reads, letters, write, read }: Exports,
  pack: Uint8Array,
  from: number,
  to: number,
): readonly [engine: PolicyEngine, program: readonly number[]] | null | undefined {
  const base = __heap_base.value;
  let words = new Uint32Array();
  /** Makes sure that the memory has so many words from the start of the program. */
  const reserve = (count: number) => {
    if (count <= words.length) return;
    memory.grow((4 * (count - words.length) + 0xffff) >>> 16);
    words = new Uint32Array(memory.buffer, base);
  };
  const copy = (bytes: Uint8Array, at: number) => new Uint8Array(memory.buffer, base + at).set(bytes);
  words = new Uint32Array(memory.buffer, base);
  reserve((TABLES + CHUNK) / 4);
  let sum = -1;
  for (let at = 0; at < pack.length; at += CHUNK) {
    const chunk = pack.subarray(at, at + CHUNK);
    copy(chunk, TABLES);
    sum = crc(sum, chunk.length);
  }
  if (sum !== INTACT) return undefined;
  const length = to - from;
  reserve(length / 4);
  copy(pack.subarray(from, to), 0);
  const answer = length & 3 || length < 68 ? 0 : open(length) / 4;
  if (!answer) return null;
  const first = at() / 4;
  /** Writes pairs as arguments, and returns how many are own and how many of inline roles. `more` words follow. */
  const put = ({ own, joined }: State, more = 0): [own: number, inline: number] => {
    reserve(first + own.length + joined.length + more);
    let at = first;
    for (let place = 0; place < own.length; place++) words[at++] = own[place]!;
    for (let place = 0; place < joined.length; place++) words[at++] = joined[place]!;
    return [own.length / 2, joined.length / 2];
  };
  const list = (from: number, to: number) => [...words.subarray(from, to)];
  const engine: PolicyEngine = {
    decide(state, count) {
      const [own, inline] = put(state);
      decide(own, inline);
      const outputs = new Array<number>(count);
      for (let place = 0; place < count; place++) outputs[place] = words[answer + 1 + place]!;
      return [outputs, words[answer]!];
    },
    memory: () => words.slice(0, answer),
    holding(state, privilege) {
      holding(...put(state), privilege);
      return [answer, answer + EFFECTIVE].map((at) => (~words[at]! ? list(at + 1, at + 1 + words[at]!) : undefined));
    },
    menu(outputs: Outputs) {
      reserve(first + outputs.length);
      words.set(outputs, first);
      menu();
      return words.subarray(answer);
    },
    reads(operation, choices) {
      reserve(first + choices.length);
      words.set(choices, first);
      reads(operation, choices.length);
      return words.slice(answer, first);
    },
    writeToken(state) {
      const [own, inline] = put(state, letters());
      const at = first + 2 * (own + inline);
      // One letter at a time: a call with all of them as arguments exceeds the stack for long tokens
      return list(at, at + write(own, inline)).reduce((token, letter) => token + String.fromCharCode(letter), "");
    },
    readToken(token): 0 | 1 | readonly [own: Pairs, joined: Pairs] {
      const behind = first + token.length;
      if (token.length > Math.max(letters(), LETTERS)) return 0;
      reserve(behind + 12 * letters());
      for (let at = 0; at < token.length; at++) words[first + at] = token.charCodeAt(at);
      const end = read(token.length);
      return end < 2 ? (end as 0 | 1) : [list(behind, end / 4), list(end / 4, words[answer]! / 4)];
    },
  };
  return [engine, list(0, length / 4)];
}
