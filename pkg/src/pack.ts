import { crc } from "./crc.js";
import { InvalidPackError } from "./errors.js";

/** @internal Everything of a policy but its instructions, as the pack has it; kinds, slots and planes are told in layout.ts. */
export interface Outline {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly layout: string;
  readonly verbs: readonly (readonly [id: string, label: string])[];
  readonly guides: readonly (readonly [id: string, label: string])[];
  readonly facts: readonly (readonly [id: string, kind: number, values: readonly string[], absent: number | null])[];
  readonly privileges: readonly (readonly [
    id: string,
    kind: number,
    values: readonly string[],
    granted: readonly number[],
    effective: readonly number[],
    more: readonly number[],
  ])[];
  readonly roles: readonly (readonly [id: string, grants: readonly number[], held: number])[];
  readonly menu: readonly (readonly [id: string, label: string, parent: number])[];
  readonly operations: readonly (readonly [
    id: string,
    menu: readonly number[],
    verbs: number,
    restricts: 0 | 1,
    obligations: readonly string[],
  ])[];
}

const HEADER = 49;
const MOST = 64 << 20;

/**
 * What `use` makes of the outline and the words of a pack; `false` says that they are malformed. O(bytes).
 *
 * @throws InvalidPackError
 */
export function unpack<T>(pack: Uint8Array, use: (outline: Outline, image: Uint32Array, fingerprint: string) => T | false): T {
  const fail = (what: string, at: number, help: string): never => {
    throw new InvalidPackError("invalid-pack", `${what} at byte ${at}; ${help}`);
  };
  const view = new DataView(pack.buffer);
  const size = (at: number) => view.getUint32(at, true);
  const end = pack.length - 4;
  if (String.fromCharCode(...pack.subarray(0, 4)) !== "PRVT") fail("not a Privet pack", 0, "pass the bytes that `compile` returned");
  if (pack[4] !== 2) fail("unsupported pack version", 4, "compile the policy again with this release");
  if (end < HEADER || end + 4 > MOST || HEADER + size(5) + size(9) + size(13) !== end) {
    fail("pack is cut short, has bytes to spare or is too large", end + 4, "load it again, as binary data");
  }
  if (crc(pack.subarray(0, end)) !== size(end)) {
    fail("pack is damaged: its checksum does not match", end, "load or compile it again");
  }
  const image = HEADER + size(5);
  let at = HEADER;
  try {
    const outline = JSON.parse(new TextDecoder().decode(pack.subarray(HEADER, image))) as Outline;
    const hexadecimal = Array.from(pack.subarray(17, HEADER), (byte) => (256 + byte).toString(16).slice(1));
    const made = use(outline, new Uint32Array(pack.slice(image, image + size(9)).buffer), hexadecimal.join(""));
    if (made) return made;
    at = image;
  } catch {
    // said below: what is not there cannot be used
  }
  return fail("malformed pack", at, "compile the policy again");
}
