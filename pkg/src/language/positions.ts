// Offsets in texts: editors count UTF-16 code units, the studio bytes of UTF-8; a part of a string's value may be written with escapes.

/** A range of UTF-16 code units, end exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** The offsets of a text's bytes in UTF-8 as offsets of its UTF-16 code units. */
export class ByteOffsets {
  /** The offset of each byte; `undefined` for a text of ASCII, whose offsets are equal. */
  readonly #offsets: Uint32Array | undefined;
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    this.#offsets = /^[\0-\x7f]*$/.test(text) ? undefined : offsetsOf(text);
  }

  /** The offset of the code unit at a byte. */
  at(byte: number): number {
    return Math.min(this.#offsets ? (this.#offsets[byte] ?? this.#length) : byte, this.#length);
  }

  /** A range of bytes in code units. */
  range({ start, end }: TextRange): TextRange {
    return { start: this.at(start), end: this.at(end) };
  }
}

function offsetsOf(text: string): Uint32Array {
  const offsets = new Uint32Array(text.length * 3 + 1);
  let byte = 0;
  let unit = 0;
  for (const char of text) {
    const point = char.codePointAt(0)!;
    const bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    offsets.fill(unit, byte, byte + bytes);
    byte += bytes;
    unit += char.length;
  }
  offsets[byte] = unit;
  return offsets.subarray(0, byte + 1);
}

/** A character of a string literal: plain, or an escape. */
const CHARACTER = /\\u[0-9a-fA-F]{4}|\\[\s\S]|[\s\S]/y;

/** The offset in a string literal, without its quotes, of an offset in its value. */
export function offsetInLiteral(literal: string, value: number): number {
  let at = 0;
  for (let units = 0; units < value && at < literal.length; units += 1) {
    CHARACTER.lastIndex = at;
    at += CHARACTER.exec(literal)![0].length;
  }
  return at;
}

/** The value of the beginning of a string literal, without its quote. What is no escape stays as it is written. */
export function decoded(literal: string): string {
  return literal.replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (character) => {
    try {
      return JSON.parse(`"${character}"`) as string;
    } catch {
      return character;
    }
  });
}
