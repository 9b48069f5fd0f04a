//! The checksum of packs and tokens.

use super::block::Block;

/// The number of bytes from which the tables cost less time to fill than they save.
const MIN_BYTES_FOR_TABLES: usize = 4096;
/// The length of the tables: four of 256 words.
pub const TABLES: u32 = 4 * 256;

/// CRC-32 (IEEE 802.3). O(bytes).
pub fn crc32(bytes: &[u8]) -> u32 {
    if bytes.len() < MIN_BYTES_FOR_TABLES {
        return !bytes.iter().fold(!0, |crc, byte| update(crc, *byte));
    }
    let mut tables = [0; TABLES as usize];
    let tables = super::Words::new(&[], &mut tables, [0, 0]);
    fill(tables);
    let (words, rest) = bytes.as_chunks();
    let crc = words.iter().fold(!0, |crc, word| update_word(tables, crc, u32::from_le_bytes(*word)));
    !rest.iter().fold(crc, |crc, byte| update(crc, *byte))
}

/// Feeds `bytes` bytes, which stand behind the tables, into the inverted CRC-32. The first [`TABLES`] words of the block are
/// for the tables; they are zero at first. O(bytes).
pub fn feed<B: Block>(block: B, before: u32, bytes: u32) -> u32 {
    if block.load(4) == 0 {
        fill(block);
    }
    let mut crc = before;
    let mut at = 4 * TABLES;
    let end = at + bytes / 4 * 4;
    while at < end {
        crc = update_word(block, crc, block.load(at));
        at += 4;
    }
    (0..bytes % 4).fold(crc, |crc, byte| update(crc, (block.load(end) >> (8 * byte)).to_le_bytes()[0]))
}

/// Feeds one byte into the inverted CRC-32. It needs no table: the polynomial reduction is a few multiplications by sparse
/// constants (Stephan Brumme, *Fast CRC32*, after Hagai Gold).
pub(super) const fn update(crc: u32, byte: u8) -> u32 {
    let out = (crc ^ byte as u32) & 0xff;
    let low = (out ^ (out << 6)) & 0xff;
    let mixed = low * (1 << 23 | 1 << 14 | 1 << 2);
    let spread = (low * (1 << 24 | 1 << 16 | 1 << 8)) ^ (low * (1 << 20 | 1 << 12));
    (crc >> 8) ^ mixed ^ (mixed >> 1) ^ spread ^ (low << 19) ^ (low << 17) ^ (low >> 2)
}

/// Feeds a little-endian word into the inverted CRC-32 (slicing-by-4).
fn update_word<B: Block>(tables: B, crc: u32, word: u32) -> u32 {
    let crc = crc ^ word;
    let entry = |table: u32, byte: u32| tables.load(1024 * table + 4 * (byte & 0xff));
    entry(3, crc) ^ entry(2, crc >> 8) ^ entry(1, crc >> 16) ^ entry(0, crc >> 24)
}

/// Fills the tables. Table `n` contains the CRC of each byte followed by `n` zero bytes, without the inversions.
fn fill<B: Block>(tables: B) {
    for index in 0..TABLES {
        let before = if index < 256 { index } else { tables.load(4 * (index - 256)) };
        tables.set(4 * index, update(before, 0));
    }
}
