//! Evaluates a compiled query over packed rows: 64 subjects per word, several words at a time.

use super::inline::InlineRoles;
use super::query::CompiledQuery;
use super::row_circuit::{FIRST_BIT, set_inline_role_bits};
use crate::engine;
use crate::pack::Program;
use std::array;
use std::ops::{BitAnd, BitOr};

/// Subjects per word: one for each bit.
const WORD_ROWS: usize = 64;
/// Words per [`Block`]. With four, a query for allowed operations takes 5/6 of the time of one, and a query for dormant grants
/// 2/3. In WebAssembly SIMD was not measurably faster, and some browsers lack it.
const WORDS: usize = 4;
/// Subjects per [`Block`].
pub(super) const BLOCK_ROWS: usize = WORD_ROWS * WORDS;

/// One bit for each subject that is evaluated at the same time.
#[derive(Clone, Copy, Default)]
struct Block([u64; WORDS]);

impl BitAnd for Block {
    type Output = Self;

    fn bitand(self, Self(other): Self) -> Self {
        let (Self([m0, m1, m2, m3]), [o0, o1, o2, o3]) = (self, other);
        Self([m0 & o0, m1 & o1, m2 & o2, m3 & o3])
    }
}

impl BitOr for Block {
    type Output = Self;

    fn bitor(self, Self(other): Self) -> Self {
        let (Self([m0, m1, m2, m3]), [o0, o1, o2, o3]) = (self, other);
        Self([m0 | o0, m1 | o1, m2 | o2, m3 | o3])
    }
}

/// A query and the memory in which it is evaluated.
pub(super) struct Evaluator<'q> {
    program: &'q Program,
    query: &'q CompiledQuery,
    memory: Vec<Block>,
}

impl<'q> Evaluator<'q> {
    pub(super) fn new(program: &'q Program, query: &'q CompiledQuery) -> Self {
        let mut memory = vec![Block::default(); query.instructions.memory()];
        memory.first_mut().into_iter().for_each(|yes| *yes = Block([u64::MAX; WORDS]));
        Self { program, query, memory }
    }

    /// Evaluates consecutive rows, the first with row number `first`. `inline` may contain entries of other rows. Calls
    /// `output` for each word that is not zero, with the index of its plane, the number of its first row, and its bits. The
    /// planes of the reasons precede those of the answer. O(rows × instructions / 64).
    pub(super) fn evaluate(
        &mut self,
        rows: &[u8],
        first: usize,
        inline: &InlineRoles,
        output: &mut impl FnMut(usize, usize, u64),
    ) {
        let size = rows.len() / self.query.width;
        for start in (0..size).step_by(BLOCK_ROWS) {
            let rest = rows.get(start * self.query.width..).unwrap_or_default();
            self.set_row_bits(rest);
            self.set_inline_bits(first + start, inline);
            self.query.instructions.eval(&mut self.memory);
            self.read_planes(first + start, size - start, output);
        }
    }

    /// Sets the inputs of a block of rows: transposes them, so that the memory has one block per bit of a row.
    fn set_row_bits(&mut self, rows: &[u8]) {
        let width = self.query.width;
        for word in 0..WORDS {
            for column in 0..self.query.words {
                let used = (8 * width - 64 * column).min(64);
                let mut bits: [u64; WORD_ROWS] = array::from_fn(|row| {
                    read_word(rows, (WORD_ROWS * word + row) * width + 8 * column) & (u64::MAX >> (64 - used))
                });
                transpose(&mut bits);
                let slots = self.memory.get_mut(2 * (FIRST_BIT + 64 * column)..).unwrap_or_default();
                for (slot, bits) in slots.chunks_exact_mut(2).zip(bits) {
                    for (block, bits) in slot.iter_mut().zip([bits, !bits]) {
                        block.0.get_mut(word).into_iter().for_each(|word| *word = bits);
                    }
                }
            }
        }
    }

    /// Sets the inputs for inline roles of a block of rows, the first with row number `first`.
    fn set_inline_bits(&mut self, first: usize, inline: &InlineRoles) {
        let Some(start) = self.query.inline else { return };
        let memory = self.memory.get_mut(2 * start..2 * self.query.inputs).unwrap_or_default();
        for slot in memory.chunks_exact_mut(2) {
            slot.iter_mut().zip([0, u64::MAX]).for_each(|(block, bits)| *block = Block([bits; WORDS]));
        }
        let skipped = inline.partition_point(|(row, _)| *row < first);
        let here = inline.iter().skip(skipped).map(|(row, roles)| (row - first, roles));
        for (row, roles) in here.take_while(|(row, _)| *row < BLOCK_ROWS) {
            set_inline_role_bits(self.program, roles, &mut |input| {
                for (block, is_yes) in memory.iter_mut().skip(2 * input).zip([true, false]) {
                    let bit = 1 << (row % WORD_ROWS);
                    block
                        .0
                        .get_mut(row / WORD_ROWS)
                        .into_iter()
                        .for_each(|word| if is_yes { *word |= bit } else { *word &= !bit });
                }
            });
        }
    }

    /// Passes the planes of the first `size` rows of a block to `output`.
    fn read_planes(&self, first: usize, size: usize, output: &mut impl FnMut(usize, usize, u64)) {
        let read = |slot: u32| engine::read(&self.memory, slot).0;
        let refused = self.query.refused.map(read);
        let reasons = self.query.reasons.iter().map(|(plane, _)| (plane, true));
        let planes = reasons.chain(self.query.planes.iter().map(|plane| (plane, false)));
        for (plane, (slots, is_reason)) in planes.enumerate() {
            let slots = slots.map(read);
            for word in 0..size.div_ceil(WORD_ROWS).min(WORDS) {
                let [is, is_not, was, was_not] = slots.each_ref().map(|words| word_of(words, word));
                let left = size - WORD_ROWS * word;
                // Rows after the last are zeros, so they are refused and need no mask in the planes of the answer.
                let mask = match () {
                    () if !is_reason => refused.iter().fold(u64::MAX, |mask, words| mask & !word_of(words, word)),
                    () if left < WORD_ROWS => (1 << left) - 1,
                    () => u64::MAX,
                };
                let bits = is & !is_not & !(was & !was_not) & mask;
                if bits != 0 {
                    output(plane, first + WORD_ROWS * word, bits);
                }
            }
        }
    }
}

fn word_of(words: &[u64; WORDS], index: usize) -> u64 {
    words.get(index).copied().unwrap_or_default()
}

/// Reads eight bytes from `at` as a little-endian word. Bytes after the last are zeros.
fn read_word(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    let partial = || rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    rest.first_chunk().map_or_else(partial, |bytes| u64::from_le_bytes(*bytes))
}

/// Transposes a 64 × 64 bit matrix: bit `c` of word `r` becomes bit `r` of word `c`. Each round halves the block size and
/// exchanges the blocks above and below the diagonal (Warren, *Hacker's Delight*, 7-3).
fn transpose(matrix: &mut [u64; WORD_ROWS]) {
    let (mut size, mut mask) = (32, 0x0000_0000_ffff_ffff_u64);
    while size > 0 {
        for pair in matrix.chunks_exact_mut(2 * size) {
            let (upper, lower) = pair.split_at_mut(size);
            for (upper, lower) in upper.iter_mut().zip(lower) {
                let differ = ((*upper >> size) ^ *lower) & mask;
                *lower ^= differ;
                *upper ^= differ << size;
            }
        }
        size /= 2;
        mask ^= mask << size;
    }
}
