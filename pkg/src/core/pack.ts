// Reads packs: verifies the header and the checksum, and builds a program from the metadata and the image.
import { crc } from "./engine.js";
import { InvalidPackError } from "./errors.js";
import type { Entry, Metadata, Program } from "./model.js";

const HEADER = 13;
/** The CRC-32 of any bytes that end with their own CRC-32. */
const INTACT = 0x2144df1c;

/**
 * Calls `build` with the metadata and the image of a pack. An exception in it is reported as damage. O(bytes).
 *
 * @throws InvalidPackError
 */
function unpack<T extends object>(pack: Uint8Array, build: (metadata: Metadata, image: Uint8Array) => T): T {
  const text = (from: number, to: number) => new TextDecoder().decode(pack.subarray(from, to));
  let message = `not a pack of this release at byte 0; compile the policy again`;
  try {
    if (text(0, 5) === "PRVT\x04") {
      message = `pack is damaged or cut short at byte ${pack.length}; load or compile it again`;
      const [metadata, words] = new Uint32Array(pack.slice(5, HEADER).buffer) as unknown as readonly [number, number];
      const end = HEADER + metadata;
      if (crc(pack) === INTACT) return build(JSON.parse(text(HEADER, end)), pack.slice(end, end + words));
    }
  } catch {
    // Anything that is missing or malformed is reported below
  }
  throw new InvalidPackError("invalid-pack", message);
}

/**
 * The program of a pack. O(bytes).
 *
 * @throws InvalidPackError
 */
export const readPack = (pack: Uint8Array) =>
  unpack(pack, (metadata, image) => {
    const lists: { [table: string]: readonly string[] } = {};
    const index: { [what: string]: ReadonlyMap<string, Entry | number> } = {};
    const entries: { readonly [what: string]: readonly Entry[] } = metadata.entries;
    for (const [what, table, ids] of metadata.ids) {
      lists[table] = Object.freeze(ids);
      index[what] = new Map(ids.map((id, place) => [id, entries[what]?.[place] ?? place]));
    }
    for (const role of metadata.entries.role) {
      for (const grant of role.grants as unknown as [Entry | number, number][])
        grant[0] = metadata.entries.privilege[grant[0] as number]!;
    }
    return {
      ...metadata,
      operationRows: metadata.operations,
      menuRows: metadata.menu,
      ...lists,
      pack,
      image,
      index: index as unknown as Program["index"],
      rows: [],
    };
  });
