// Puts a pack into host.wasm or component.wasm: as data, or already opened.
import {
  bytesOf,
  CORE_MODULE,
  dataCountOf,
  dataOf,
  exportedGlobal,
  globalsOf,
  memoryOf,
  pagesOf,
  SECTION,
  type Section,
  sectionsOf,
  type Segment,
} from "./sections.js";

const PAGE = 65_536;
/** As many zeros between two segments take as many bytes as the head of a segment. */
const GAP = 8;

/** The exports of host.wasm that are called here. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  open(length: number): number;
  answer(): number;
}

/** The section with an id, which every host module has. */
function find(sections: readonly Section[], id: number): Section {
  const found = sections.find((section) => section.id === id);
  if (!found) throw new RangeError(`the module has no section ${id}`);
  return found;
}

/** The module with other data and another size of its memory. */
function withData(sections: readonly Section[], pages: number, data: Section): Uint8Array {
  const replaced = new Map([memoryOf(pages), data, dataCountOf(data)].map((section) => [section.id, section]));
  return bytesOf(sections.map((section) => replaced.get(section.id) ?? section));
}

/** The address of the two words that say where the pack is and how long it is. */
const placeOf = (sections: readonly Section[]): number =>
  globalsOf(find(sections, SECTION.global))[exportedGlobal(find(sections, SECTION.export), "embedded")]!.value;

/**
 * The host module with a pack, which `open(0)` opens. The pack is behind the memory that the module has.
 *
 * @throws RangeError if it is not a host module
 */
export function embed(host: Uint8Array, pack: Uint8Array): Uint8Array {
  const sections = sectionsOf(host);
  const pages = pagesOf(find(sections, SECTION.memory));
  const words = Uint8Array.from(new Uint8Array(Uint32Array.of(pages * PAGE, pack.length).buffer));
  const segments = [
    { address: placeOf(sections), bytes: words },
    { address: pages * PAGE, bytes: pack },
  ];
  return withData(sections, pages + Math.ceil(pack.length / PAGE), dataOf(segments, find(sections, SECTION.data)));
}

/**
 * The host module with an opened policy: runs `open(0)`, and takes the memory as it is then. The stack and the pack, which nothing
 * reads any more, are left out; freed memory is zero.
 *
 * @throws RangeError if it is not a host module; Error with the message of the module if the pack is invalid
 */
export function preinitialise(host: Uint8Array, pack: Uint8Array): Uint8Array {
  const embedded = embed(host, pack);
  const sections = sectionsOf(embedded);
  const globals = globalsOf(find(sections, SECTION.global)).filter(({ isMutable }) => isMutable);
  // Between calls the only mutable global, the position in the stack, has its initial value: the end of the stack
  if (globals.length !== 1) throw new RangeError(`the module has ${globals.length} mutable globals, not one`);
  const module = new WebAssembly.Module(embedded as BufferSource);
  const exports = new WebAssembly.Instance(module, importsOf(module)).exports as unknown as Exports;
  const opened = exports.open(0);
  const memory = new Uint8Array(exports.memory.buffer);
  if (opened < 0) {
    const answer = new TextDecoder().decode(memory.subarray(exports.answer(), exports.answer() - opened));
    throw new Error((JSON.parse(answer) as { message: string }).message);
  }
  const [place, start] = [placeOf(sections), pagesOf(find(sectionsOf(host), SECTION.memory)) * PAGE];
  memory.fill(0, 0, globals[0]!.value);
  memory.fill(0, place, place + 8);
  memory.fill(0, start, start + pack.length);
  return withData(sections, memory.length / PAGE, dataOf(segmentsOf(memory)));
}

/** Stands for the imports of a component's module, which make handles of resources. Opening a pack calls none. */
function importsOf(module: WebAssembly.Module): WebAssembly.Imports {
  const imports: Record<string, Record<string, () => never>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const stub = () => {
      throw new Error(`opening the policy called ${from} ${name}`);
    };
    imports[from] = { ...imports[from], [name]: stub };
  }
  return imports;
}

/** Whether it is the module of a section of a component that has the memory. The others connect it with the component. */
const isMain = ({ id, content }: Section): boolean =>
  id === CORE_MODULE && sectionsOf(content).some((section) => section.id === SECTION.memory);

/**
 * A component whose module with the memory `change` has changed.
 *
 * @throws RangeError if it is not a component
 */
export function inComponent(component: Uint8Array, change: (module: Uint8Array) => Uint8Array): Uint8Array {
  const sections = sectionsOf(component, "component");
  return bytesOf(
    sections.map((section) => (isMain(section) ? { id: section.id, content: change(section.content) } : section)),
    "component",
  );
}

/** The parts of a memory that are not zero. */
function segmentsOf(memory: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  for (let at = 0; at < memory.length; at++) {
    if (memory[at] === 0) continue;
    let end = at + 1;
    for (let next = end; next < memory.length && next - end < GAP; next++) if (memory[next] !== 0) end = next + 1;
    segments.push({ address: at, bytes: memory.slice(at, end) });
    at = end;
  }
  return segments;
}
