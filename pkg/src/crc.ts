let table: Uint32Array | undefined;

/** CRC-32 (IEEE 802.3) of packs and tokens: it finds damage, surely every change within 32 bits in a row. */
export function crc(bytes: Iterable<number>): number {
  table ??= Uint32Array.from({ length: 256 }, (_, crc) => {
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (-(crc & 1) & 0xedb88320);
    return crc;
  });
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255]!;
  return ~crc >>> 0;
}

/** Whether bytes end with the checksum of those before it, lowest byte first: then all of them have the same checksum. */
export const intact = (bytes: Iterable<number>): boolean => crc(bytes) === 0x2144df1c;
