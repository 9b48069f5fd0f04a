//! The checksum of packs and tokens.

use super::block::Block;

/// The number of bytes from which the tables cost less time to fill than they save.
const MIN_BYTES_FOR_TABLES: usize = 4096;
/// The length of the tables: eight of 256 words.
pub const TABLES: u32 = 8 * 256;

/// CRC-32 (IEEE 802.3). O(bytes).
pub fn crc32(bytes: &[u8]) -> u32 {
    if bytes.len() < MIN_BYTES_FOR_TABLES {
        return !bytes.iter().fold(!0, |crc, byte| update(crc, *byte));
    }
    let mut tables = [0; TABLES as usize];
    let tables = super::Words::new(&[], &mut tables, [0, 0]);
    fill(tables);
    let (words, rest) = bytes.as_chunks();
    let (pairs, odd) = words.as_chunks();
    let crc = pairs.iter().fold(!0, |crc, [left, right]| {
        update_pair(tables, crc, [u32::from_le_bytes(*left), u32::from_le_bytes(*right)])
    });
    let crc = odd.as_flattened().iter().fold(crc, |crc, byte| update(crc, *byte));
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
    let end = at + bytes;
    while end - at >= 8 {
        crc = update_pair(block, crc, [block.load(at), block.load(at + 4)]);
        at += 8;
    }
    while at < end {
        crc = update(crc, (block.load(at / 4 * 4) >> (at % 4 * 8)).to_le_bytes()[0]);
        at += 1;
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

/// Feeds two little-endian words into the inverted CRC-32 (slicing-by-8).
fn update_pair<B: Block>(tables: B, crc: u32, [left, right]: [u32; 2]) -> u32 {
    update_word(tables, 4, crc ^ left) ^ update_word(tables, 0, right)
}

/// The part of a word in the CRC, by the four tables from `first` on.
fn update_word<B: Block>(tables: B, first: u32, word: u32) -> u32 {
    let [a, b, c, d] = word.to_le_bytes();
    let entry = |table: u32, byte: u8| tables.load(1024 * (first + table) + 4 * u32::from(byte));
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
