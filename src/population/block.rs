//! Blocks: the rows that are evaluated together, and how their bytes become words with a bit for each of them.

/// Rows per word: one for each bit.
pub(super) const WORD_ROWS: usize = 64;
/// Words per block.
pub(super) const WORDS: usize = 4;
/// Rows per block.
pub(super) const BLOCK_ROWS: usize = WORD_ROWS * WORDS;

/// One bit for each row of a block.
pub(super) type Block = [u64; WORDS];

/// The bits of 64 rows of `width` bytes, from the byte `column` of each: word `n` of the answer has bit `n` of each row. Bytes after the
/// last are zeros.
///
/// It transposes a matrix of 64 × 64 bits. Each round halves the size and exchanges the blocks above and below the diagonal (Warren,
/// *Hacker's Delight*, 7-3). Three rounds at a time are done on eight words, which fit into registers.
pub(super) fn transposed(rows: &[u8], width: usize, column: usize) -> [u64; WORD_ROWS] {
    let mut bits = [0; WORD_ROWS];
    // Rounds 32, 16 and 8: the words with the same number modulo 8
    for (first, eighth) in (column..).step_by(width).zip(0..8) {
        let eight = [0, 1, 2, 3, 4, 5, 6, 7].map(|nth| word_at(rows, first + 8 * nth * width));
        let done = rounds::<32>(eight, [0x0000_0000_ffff_ffff, 0x0000_ffff_0000_ffff, 0x00ff_00ff_00ff_00ff]);
        for (to, word) in bits.iter_mut().skip(eighth).step_by(8).zip(done) {
            *to = word;
        }
    }
    // Rounds 4, 2 and 1: eight words in a row
    for eight in bits.as_chunks_mut::<8>().0 {
        *eight = rounds::<4>(*eight, [0x0f0f_0f0f_0f0f_0f0f, 0x3333_3333_3333_3333, 0x5555_5555_5555_5555]);
    }
    bits
}

/// Eight bytes from `at` as a word. Bytes after the last are zeros.
#[expect(
    clippy::inline_always,
    reason = "WebAssembly is compiled for its size; a call here takes longer than its work"
)]
#[inline(always)]
fn word_at(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

/// Three rounds, of sizes `SIZE`, a half and a quarter of it, with their masks.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
fn rounds<const SIZE: u32>(words: [u64; 8], [first, second, third]: [u64; 3]) -> [u64; 8] {
    let [w0, w1, w2, w3, w4, w5, w6, w7] = words;
    let ([w0, w4], [w1, w5]) = (exchanged(w0, w4, SIZE, first), exchanged(w1, w5, SIZE, first));
    let ([w2, w6], [w3, w7]) = (exchanged(w2, w6, SIZE, first), exchanged(w3, w7, SIZE, first));
    let ([w0, w2], [w1, w3]) = (exchanged(w0, w2, SIZE / 2, second), exchanged(w1, w3, SIZE / 2, second));
    let ([w4, w6], [w5, w7]) = (exchanged(w4, w6, SIZE / 2, second), exchanged(w5, w7, SIZE / 2, second));
    let ([w0, w1], [w2, w3]) = (exchanged(w0, w1, SIZE / 4, third), exchanged(w2, w3, SIZE / 4, third));
    let ([w4, w5], [w6, w7]) = (exchanged(w4, w5, SIZE / 4, third), exchanged(w6, w7, SIZE / 4, third));
    [w0, w1, w2, w3, w4, w5, w6, w7]
}

/// Exchanges the bits of `mask` in `lower` with those in `upper` that are `size` higher.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
const fn exchanged(upper: u64, lower: u64, size: u32, mask: u64) -> [u64; 2] {
    let differ = ((upper >> size) ^ lower) & mask;
    [upper ^ differ << size, lower ^ differ]
}
