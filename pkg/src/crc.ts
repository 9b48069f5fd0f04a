let table: Uint32Array | undefined;

/** CRC-32 (IEEE 802.3) of packs and tokens: it finds damage, surely every change within 32 bits in a row. */
export function crc(bytes: ArrayLike<number>): number {
  table ??= Uint32Array.from({ length: 256 }, (_, crc) => {
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (-(crc & 1) & 0xedb88320);
    return crc;
  });
  let crc = -1;
  // Not `of`: a pack is read once, before anything is compiled, and that takes half as long by index.
  for (let at = 0; at < bytes.length; ) crc = (crc >>> 8) ^ table[(crc ^ bytes[at++]!) & 255]!;
  return ~crc >>> 0;
}

/** Whether bytes end with the checksum of those before it, lowest byte first: then all of them have the same checksum. */
export const intact = (bytes: ArrayLike<number>): boolean => crc(bytes) === 0x2144df1c;
