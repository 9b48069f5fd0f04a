// A pack without its document, which only explanations read: it is most of a pack.

const [HEADER, CHECKSUM] = [21, 4];

/** The CRC-32 of bytes (docs/format.md). O(bytes). */
export function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A valid pack without the sections behind its program. */
export function withoutDocument(pack: Uint8Array): Uint8Array {
  const view = new DataView(pack.buffer, pack.byteOffset, pack.byteLength);
  const end = HEADER + view.getUint32(5, true) + view.getUint32(9, true);
  const stripped = new Uint8Array(end + CHECKSUM);
  stripped.set(pack.subarray(0, end));
  stripped.fill(0, 13, HEADER);
  new DataView(stripped.buffer).setUint32(end, crc32(stripped.subarray(0, end)), true);
  return stripped;
}
