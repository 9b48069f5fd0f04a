import { crc } from "./engine.js";
import { InvalidPackError } from "./errors.js";

const HEADER = 13;
/** The checksum of everything that ends with the checksum of what is before it. */
const INTACT = 0x2144df1c;

/**
 * What `use` makes of the outline and the words of a pack. O(bytes).
 *
 * @throws InvalidPackError
 */
export function unpack<T extends object>(pack: Uint8Array, use: (outline: any, image: Uint8Array) => T): T {
  const text = (from: number, to: number) => new TextDecoder().decode(pack.subarray(from, to));
  let message = `not a pack of this release at byte 0; compile the policy again`;
  try {
    if (text(0, 5) === "PRVT\x04") {
      message = `pack is damaged or cut short at byte ${pack.length}; load or compile it again`;
      const [outline, words] = new Uint32Array(pack.slice(5, HEADER).buffer) as unknown as readonly [number, number];
      const end = HEADER + outline;
      if (crc(pack) === INTACT) return use(JSON.parse(text(HEADER, end)), pack.slice(end, end + words));
    }
  } catch {
    // what is not there cannot be used
  }
  throw new InvalidPackError("invalid-pack", message);
}
