//! The checksum of packs and tokens.

/// The number of bytes from which the tables cost less time to fill than they save.
const MIN_BYTES_FOR_TABLES: usize = 4096;

/// CRC-32 (IEEE 802.3). O(bytes).
pub fn crc32(bytes: &[u8]) -> u32 {
    let (words, rest) = if bytes.len() < MIN_BYTES_FOR_TABLES { (&[][..], bytes) } else { bytes.as_chunks() };
    let crc = if words.is_empty() { !0 } else { update_by_tables(!0, words) };
    !rest.iter().fold(crc, |crc, byte| update(crc, *byte))
}

/// Feeds one byte into the inverted CRC-32. It needs no table: the polynomial reduction is a few multiplications by sparse
/// constants (Stephan Brumme, *Fast CRC32*, after Hagai Gold).
pub(crate) const fn update(crc: u32, byte: u8) -> u32 {
    let out = (crc ^ byte as u32) & 0xff;
    let low = (out ^ (out << 6)) & 0xff;
    let mixed = low * (1 << 23 | 1 << 14 | 1 << 2);
    let spread = (low * (1 << 24 | 1 << 16 | 1 << 8)) ^ (low * (1 << 20 | 1 << 12));
    (crc >> 8) ^ mixed ^ (mixed >> 1) ^ spread ^ (low << 19) ^ (low << 17) ^ (low >> 2)
}

/// Feeds little-endian words into the inverted CRC-32, four bytes at a time (slicing-by-4).
fn update_by_tables(crc: u32, words: &[[u8; 4]]) -> u32 {
    let [first, second, third, fourth] = &tables();
    words.iter().fold(crc, |crc, word| {
        let crc = crc ^ u32::from_le_bytes(*word);
        lookup(fourth, crc) ^ lookup(third, crc >> 8) ^ lookup(second, crc >> 16) ^ lookup(first, crc >> 24)
    })
}

/// The table entry of the lowest byte of `word`.
fn lookup(table: &[u32; 256], word: u32) -> u32 {
    table.get((word & 0xff) as usize).copied().unwrap_or_default()
}

/// Table `n` contains the CRC of each byte followed by `n` zero bytes, without the inversions.
fn tables() -> [[u32; 256]; 4] {
    let mut tables = [[0; 256]; 4];
    let mut table = [0; 256];
    table.iter_mut().zip(0..).for_each(|(crc, byte)| *crc = byte);
    for slot in &mut tables {
        table = table.map(|crc| update(crc, 0));
        *slot = table;
    }
    tables
}
