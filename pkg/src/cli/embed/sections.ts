// The sections of a WebAssembly module or component, as much of them as putting data into a module needs. The formats: the core
// specification of WebAssembly, chapter 5, and Binary.md of the component model.

/** The ids of the sections that are read or replaced. */
export const SECTION = { custom: 0, memory: 5, global: 6, export: 7, data: 11, dataCount: 12 } as const;

/** The id of the section of a component that has a module. */
export const CORE_MODULE = 1;

/** A section: its id and its content. */
export interface Section {
  readonly id: number;
  readonly content: Uint8Array;
}

/** Bytes that are put into the memory when a module is instantiated. */
export interface Segment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** A global: its initial value, if that is a constant number of 32 bits. */
export interface Global {
  readonly isMutable: boolean;
  readonly value: number;
}

/** Reads a module or the content of a section. */
export class Reader {
  #at = 0;

  constructor(readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.#at >= this.bytes.length;
  }

  take(length: number): Uint8Array {
    const [start, end] = [this.#at, this.#at + length];
    if (end > this.bytes.length) throw new RangeError("the module is cut short");
    this.#at = end;
    return this.bytes.subarray(start, end);
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  /** A number in LEB128; `isSigned` if its last byte has a sign. */
  number(isSigned = false): number {
    let [result, shift, byte] = [0, 0, 0];
    do {
      byte = this.byte();
      result |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128 && shift < 35);
    if (!isSigned) return result >>> 0;
    return shift < 32 && byte & 64 ? result | (-1 << shift) : result;
  }

  name(): string {
    return new TextDecoder().decode(this.take(this.number()));
  }
}

/** A number in LEB128. */
function unsigned(value: number): number[] {
  const bytes = [];
  for (let rest = value >>> 0; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}

/** A signed number of 32 bits in LEB128. */
function signed(value: number): number[] {
  const bytes = [];
  for (let rest = value | 0; ; rest >>= 7) {
    if (rest >= -64 && rest < 64) return [...bytes, rest & 127];
    bytes.push((rest & 127) | 128);
  }
}

/** What a module and a component begin with: the letters `\0asm`, a version and the layer. */
const HEADER = {
  module: Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
  component: Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 13, 0, 1, 0),
};
type Layer = keyof typeof HEADER;

/** The sections of a module or a component. */
export function sectionsOf(bytes: Uint8Array, layer: Layer = "module"): Section[] {
  const reader = new Reader(bytes);
  const header = reader.take(HEADER[layer].length);
  if (!header.every((byte, at) => byte === HEADER[layer][at])) throw new RangeError(`not a ${layer} of WebAssembly`);
  const sections: Section[] = [];
  while (!reader.isAtEnd) sections.push({ id: reader.byte(), content: reader.take(reader.number()) });
  return sections;
}

/** The bytes of a module or a component with these sections. */
export function bytesOf(sections: readonly Section[], layer: Layer = "module"): Uint8Array {
  const parts = sections.flatMap(({ id, content }) => [Uint8Array.of(id, ...unsigned(content.length)), content]);
  return Uint8Array.from(Buffer.concat([HEADER[layer], ...parts]));
}

/** The pages of 64 KiB that the memory of a module begins with. */
export function pagesOf(memory: Section): number {
  const reader = new Reader(memory.content);
  reader.take(2); // one memory, and whether it has a limit
  return reader.number();
}

/** A memory section without a limit. */
export const memoryOf = (pages: number): Section => ({
  id: SECTION.memory,
  content: Uint8Array.of(1, 0, ...unsigned(pages)),
});

/** The globals of a module without imports. */
export function globalsOf(section: Section): Global[] {
  const reader = new Reader(section.content);
  return Array.from({ length: reader.number() }, () => {
    const [type, isMutable, instruction] = [reader.byte(), reader.byte() === 1, reader.byte()];
    if (type !== 0x7f || instruction !== 0x41) throw new RangeError("a global of the module is no constant of 32 bits");
    const value = reader.number(true);
    reader.byte(); // the end of the expression
    return { isMutable, value };
  });
}

/** The index of an exported global. */
export function exportedGlobal(section: Section, wanted: string): number {
  const reader = new Reader(section.content);
  for (let left = reader.number(); left > 0; left--) {
    const [name, kind, index] = [reader.name(), reader.byte(), reader.number()];
    if (name === wanted && kind === 3) return index;
  }
  throw new RangeError(`the module does not export \`${wanted}\``);
}

/** A data section with these segments, in front of which `before` has others. */
export function dataOf(segments: readonly Segment[], before?: Section): Section {
  const reader = before && new Reader(before.content);
  const count = reader?.number() ?? 0;
  const known = reader ? reader.bytes.subarray(unsigned(count).length) : new Uint8Array();
  const parts = segments.flatMap(({ address, bytes }) => [
    Uint8Array.of(0, 0x41, ...signed(address), 0x0b, ...unsigned(bytes.length)),
    bytes,
  ]);
  const content = Buffer.concat([Uint8Array.from(unsigned(count + segments.length)), known, ...parts]);
  return { id: SECTION.data, content };
}

/** The number of segments, which modules repeat in front of their code. */
export function dataCountOf(data: Section): Section {
  return { id: SECTION.dataCount, content: Uint8Array.from(unsigned(new Reader(data.content).number())) };
}
