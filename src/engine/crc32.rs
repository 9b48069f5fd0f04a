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

/// Feeds `bytes` bytes, which stand behind [`TABLES`] words, into the inverted CRC-32 of those before. The first call, for which this
/// is `!0`, fills the tables. O(bytes).
pub fn feed<B: Block>(block: B, before: u32, bytes: u32) -> u32 {
    if before == !0 {
        fill(block);
    }
    let mut crc = before;
    let mut at = 4 * TABLES;
    let end = at + bytes / 4 * 4;
    while at < end {
        crc = update_word(block, crc, block.load(at));
        at += 4;
    }
    let [mut left, mut word] = [bytes % 4, 0];
    if left > 0 {
        word = block.load(end);
    }
    while left > 0 {
        crc = update(crc, word.to_le_bytes()[0]);
        word >>= 8;
        left -= 1;
    }
    crc
}

/// Feeds one byte into the inverted CRC-32, bit by bit.
pub(super) const fn update(crc: u32, byte: u8) -> u32 {
    let mut crc = crc ^ byte as u32;
    let mut bit = 0;
    while bit < 8 {
        crc = (crc >> 1) ^ ((crc & 1) * 0xedb8_8320);
        bit += 1;
    }
    crc
}

/// Feeds a little-endian word into the inverted CRC-32 (slicing-by-4).
fn update_word<B: Block>(tables: B, crc: u32, word: u32) -> u32 {
    let crc = crc ^ word;
    let [a, b, c, d] = crc.to_le_bytes();
    let entry = |table: u32, byte: u8| tables.load(1024 * table + 4 * u32::from(byte));
    entry(3, a) ^ entry(2, b) ^ entry(1, c) ^ entry(0, d)
}

/// Fills the tables. Table `n` contains the CRC of each byte followed by `n` zero bytes, without the inversions.
fn fill<B: Block>(tables: B) {
    for index in 0..TABLES {
        let mut word = index;
        if index < 256 {
            word = update(word, 0);
        } else {
            word = tables.load(4 * (index - 256));
            word = word >> 8 ^ tables.load(4 * (word & 0xff));
        }
        tables.set(4 * index, word);
    }
}
