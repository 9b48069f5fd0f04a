//! Blocks: the rows that are evaluated together, and how their bytes become words with a bit for each of them.

/// Rows per word: one for each bit.
pub(super) const WORD_ROWS: usize = 64;
/// Words per block: as many as a line of the processor's cache has, so that each line of a plane is written once.
pub(super) const WORDS: usize = 8;
/// Rows per block.
pub(super) const BLOCK_ROWS: usize = WORD_ROWS * WORDS;
/// Bytes that are read at a time. Rows that are shorter need bytes behind them.
pub(super) const MIN_WIDTH: usize = 8;

/// One bit for each row of a block.
pub(super) type Block = [u64; WORDS];

/// Transposes a block of rows of `width` bytes, of at least [`MIN_WIDTH`] each: `bits` has a block for each bit of a row, and the blocks
/// of the first bytes alone if it is shorter.
///
/// A matrix of 64 × 64 bits is transposed in six rounds. Each round halves the size and exchanges the squares above and below the diagonal
/// (Warren, *Hacker's Delight*, 7-3). Three rounds at a time are done on eight words, which fit into registers: those of the sizes 32, 16
/// and 8 on rows whose numbers are the same modulo 8, then those of the sizes 4, 2 and 1 for each byte of the rows.
pub(super) fn transpose(rows: &[u8], width: usize, bits: &mut [Block]) {
    let bits = bits.as_chunks_mut::<8>().0;
    let mut columns = [[0; 8]; 8];
    for word in 0..WORDS {
        let rows = rows.get(word * WORD_ROWS * width..).unwrap_or_default();
        let mut done = 0;
        while let Some(rest) = bits.get_mut(done..).filter(|rest| !rest.is_empty()) {
            // The last eight bytes may be some that were read before
            let column = done.min(width - MIN_WIDTH);
            read_columns(rows, width, column, &mut columns);
            let new = columns.get(done - column..).unwrap_or_default();
            for (column, blocks) in new.iter().zip(rest) {
                let words = rounds::<4>(*column, [0x0f0f_0f0f_0f0f_0f0f, 0x3333_3333_3333_3333, 0x5555_5555_5555_5555]);
                put(blocks, word, words);
            }
            done = column + MIN_WIDTH;
        }
    }
}

/// Eight bytes of 64 rows, from the byte `column` of each. For each of these bytes there are eight words: the first has it of the rows
/// 0, 8, 16, …, the second of the rows 1, 9, 17, …
#[expect(
    clippy::inline_always,
    reason = "WebAssembly is compiled for its size; a call here takes longer than its work"
)]
#[inline(always)]
fn read_columns(rows: &[u8], width: usize, column: usize, columns: &mut [[u64; 8]; 8]) {
    let Some([r0, r1, r2, r3, r4, r5, r6, r7]) = eight_parts(rows, 8 * width) else { return };
    for row in 0..8 {
        let at = row * width + column;
        let words = [
            word_at(r0, at),
            word_at(r1, at),
            word_at(r2, at),
            word_at(r3, at),
            word_at(r4, at),
            word_at(r5, at),
            word_at(r6, at),
            word_at(r7, at),
        ];
        let words = rounds::<32>(words, [0x0000_0000_ffff_ffff, 0x0000_ffff_0000_ffff, 0x00ff_00ff_00ff_00ff]);
        put(columns, row, words);
    }
}

/// Eight parts of equal size. Since it is known to be equal, one check serves for reading at the same place of all of them.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
fn eight_parts(bytes: &[u8], size: usize) -> Option<[&[u8]; 8]> {
    let (r0, rest) = bytes.split_at_checked(size)?;
    let (r1, rest) = rest.split_at_checked(size)?;
    let (r2, rest) = rest.split_at_checked(size)?;
    let (r3, rest) = rest.split_at_checked(size)?;
    let (r4, rest) = rest.split_at_checked(size)?;
    let (r5, rest) = rest.split_at_checked(size)?;
    let (r6, rest) = rest.split_at_checked(size)?;
    let (r7, _) = rest.split_at_checked(size)?;
    Some([r0, r1, r2, r3, r4, r5, r6, r7])
}

/// Eight bytes from `at` as a word.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
fn word_at(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(<[u8]>::first_chunk) {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => 0,
    }
}

/// Puts a word into each of eight blocks, at the same place.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
fn put([b0, b1, b2, b3, b4, b5, b6, b7]: &mut [Block; 8], at: usize, [w0, w1, w2, w3, w4, w5, w6, w7]: [u64; 8]) {
    let blocks = [
        b0.get_mut(at),
        b1.get_mut(at),
        b2.get_mut(at),
        b3.get_mut(at),
        b4.get_mut(at),
        b5.get_mut(at),
        b6.get_mut(at),
        b7.get_mut(at),
    ];
    if let [Some(b0), Some(b1), Some(b2), Some(b3), Some(b4), Some(b5), Some(b6), Some(b7)] = blocks {
        (*b0, *b1, *b2, *b3) = (w0, w1, w2, w3);
        (*b4, *b5, *b6, *b7) = (w4, w5, w6, w7);
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
