//! Evaluates a compiled query over packed rows: 64 subjects per word, several words at a time.

use super::block::{BLOCK_ROWS, Block, MIN_WIDTH, WORD_ROWS, transpose};
use super::inline::InlineRoles;
use super::query::CompiledQuery;
use super::row_circuit::set_inline_role_bits;
use crate::pack::Program;

/// A query and the memory in which it is evaluated.
pub(super) struct Evaluator<'q> {
    program: &'q Program,
    query: &'q CompiledQuery,
    memory: Vec<Block>,
    /// A block of rows: those of the last one, and zeros behind them, and rows that are shorter than [`MIN_WIDTH`].
    padded: Vec<u8>,
}

impl<'q> Evaluator<'q> {
    pub(super) fn new(program: &'q Program, query: &'q CompiledQuery) -> Self {
        Self { program, query, memory: query.gates.memory(), padded: Vec::new() }
    }

    /// Evaluates consecutive rows, the first with row number `first`. `inline` may contain entries of other rows. The rows of the planes
    /// are added to `lists`, those of the reasons before those of the answer; if there are `planes`, the bits of the answer are written to
    /// them instead. O(rows × gates / 64).
    pub(super) fn evaluate(
        &mut self,
        rows: &[u8],
        first: usize,
        inline: &InlineRoles,
        planes: &mut [&mut [u32]],
        lists: &mut [Vec<usize>],
    ) {
        let width = self.query.width;
        for (block, rows) in rows.chunks(BLOCK_ROWS * width).enumerate() {
            let start = block * BLOCK_ROWS;
            self.set_row_bits(rows);
            self.set_inline_bits(first + start, inline);
            self.query.gates.evaluate(&mut self.memory);
            self.list_reasons(first + start, rows.len() / width, lists);
            if planes.is_empty() {
                self.list_planes(first + start, lists);
            } else {
                self.write_planes(start / 32, planes);
            }
        }
    }

    /// Sets the inputs of a block of rows: the memory has one block per bit of a row.
    fn set_row_bits(&mut self, rows: &[u8]) {
        let width = self.query.width;
        let Some(bits) = self.memory.get_mut(..8 * width) else { return };
        if width >= MIN_WIDTH && rows.len() == BLOCK_ROWS * width {
            return transpose(rows, width, bits);
        }
        let padded_width = width.max(MIN_WIDTH);
        self.padded.clear();
        self.padded.resize(BLOCK_ROWS * padded_width, 0);
        for (row, padded) in rows.chunks_exact(width).zip(self.padded.chunks_exact_mut(padded_width)) {
            padded.iter_mut().zip(row).for_each(|(to, byte)| *to = *byte);
        }
        transpose(&self.padded, padded_width, bits);
    }

    /// Sets the inputs for inline roles of a block of rows, the first with row number `first`.
    fn set_inline_bits(&mut self, first: usize, inline: &InlineRoles) {
        let inputs = self.query.inline.and_then(|inputs| self.memory.get_mut(inputs..self.query.gates.inputs));
        let Some(inputs) = inputs else { return };
        inputs.fill(Block::default());
        let skipped = inline.partition_point(|(row, _)| *row < first);
        let here = inline.iter().skip(skipped).map(|(row, roles)| (row - first, roles));
        for (row, roles) in here.take_while(|(row, _)| *row < BLOCK_ROWS) {
            set_inline_role_bits(self.program, roles, &mut |input| {
                let block = inputs.get_mut(input);
                if let Some(word) = block.and_then(|block| block.get_mut(row / WORD_ROWS)) {
                    *word |= 1 << (row % WORD_ROWS);
                }
            });
        }
    }

    /// Lists the subjects of a block of `size` rows that are refused, for each reason.
    fn list_reasons(&self, first: usize, size: usize, lists: &mut [Vec<usize>]) {
        for ((place, _), list) in self.query.reasons.iter().zip(lists) {
            add_rows(list, first, size, self.block(*place));
        }
    }

    /// Lists the subjects of a block for each plane of the answer. Rows after the last are zeros, which are refused.
    fn list_planes(&self, first: usize, lists: &mut [Vec<usize>]) {
        let refused = self.block(self.query.refused);
        for (place, list) in self.query.planes.iter().zip(lists.iter_mut().skip(self.query.reasons.len())) {
            add_rows(list, first, BLOCK_ROWS, &without(self.block(*place), refused));
        }
    }

    /// Writes the planes of the answer, from the word `at` of each.
    #[inline(never)]
    fn write_planes(&self, at: usize, planes: &mut [&mut [u32]]) {
        let refused = self.block(self.query.refused);
        for (place, plane) in self.query.planes.iter().zip(planes) {
            let bits = without(self.block(*place), refused);
            write_bits(plane.get_mut(at..).unwrap_or_default(), bits);
        }
    }

    /// The bits at a place; none if there is no such place, which allows nothing.
    fn block(&self, place: u32) -> &Block {
        self.memory.get(place as usize).unwrap_or(const { &[0; _] })
    }
}

/// The bits that are not refused.
#[expect(
    clippy::inline_always,
    reason = "WebAssembly is compiled for its size; a call here takes longer than its work"
)]
#[inline(always)]
fn without([a0, a1, a2, a3, a4, a5, a6, a7]: &Block, [b0, b1, b2, b3, b4, b5, b6, b7]: &Block) -> Block {
    [a0 & !b0, a1 & !b1, a2 & !b2, a3 & !b3, a4 & !b4, a5 & !b5, a6 & !b6, a7 & !b7]
}

/// Adds the rows whose bits are set, of the first `size` rows of a block that begins with the row `first`.
fn add_rows(list: &mut Vec<usize>, first: usize, size: usize, block: &Block) {
    for (word, bits) in (0..size).step_by(WORD_ROWS).zip(block) {
        let mut bits = *bits;
        while bits != 0 {
            let row = word + bits.trailing_zeros() as usize;
            list.extend((row < size).then_some(first + row));
            bits &= bits - 1;
        }
    }
}

/// Writes the bits of a block, as far as there is room.
fn write_bits(words: &mut [u32], bits: Block) {
    let pairs = words.as_chunks_mut::<2>().0;
    if let Some(pairs) = pairs.first_chunk_mut() {
        let [b0, b1, b2, b3, b4, b5, b6, b7] = bits;
        *pairs = [halves(b0), halves(b1), halves(b2), halves(b3), halves(b4), halves(b5), halves(b6), halves(b7)];
    } else {
        words.iter_mut().zip(bits.into_iter().flat_map(halves)).for_each(|(word, half)| *word = half);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "both halves of a word are returned")]
const fn halves(word: u64) -> [u32; 2] {
    [word as u32, (word >> 32) as u32]
}
