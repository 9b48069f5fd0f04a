//! Evaluates a compiled query over packed rows: 64 subjects per word, several words at a time.

use super::block::{BLOCK_ROWS, Block, WORD_ROWS, WORDS, transposed};
use super::gates::read;
use super::inline::InlineRoles;
use super::query::{CompiledQuery, Plane};
use super::row_circuit::set_inline_role_bits;
use crate::pack::Program;
use crate::util::to_u32;

/// A query and the memory in which it is evaluated.
pub(super) struct Evaluator<'q> {
    program: &'q Program,
    query: &'q CompiledQuery,
    memory: Vec<Block>,
}

impl<'q> Evaluator<'q> {
    pub(super) fn new(program: &'q Program, query: &'q CompiledQuery) -> Self {
        Self { program, query, memory: query.gates.memory() }
    }

    /// Evaluates consecutive rows, the first with row number `first`. `inline` may contain entries of other rows. Calls
    /// `output` for each plane of each block, with the index of the plane, the number of the block's first row, and its bits; rows behind
    /// the last have no bits. The planes of the reasons precede those of the answer. O(rows × gates / 64).
    pub(super) fn evaluate(
        &mut self,
        rows: &[u8],
        first: usize,
        inline: &InlineRoles,
        output: &mut impl FnMut(usize, usize, Block),
    ) {
        let size = rows.len() / self.query.width;
        for start in (0..size).step_by(BLOCK_ROWS) {
            let rest = rows.get(start * self.query.width..).unwrap_or_default();
            self.set_row_bits(rest);
            self.set_inline_bits(first + start, inline);
            self.query.gates.evaluate(&mut self.memory);
            self.read_planes(first + start, size - start, output);
        }
    }

    /// Sets the inputs of a block of rows: the memory has one block per bit of a row.
    fn set_row_bits(&mut self, rows: &[u8]) {
        let width = self.query.width;
        for word in 0..WORDS {
            let rows = rows.get(WORD_ROWS * word * width..).unwrap_or_default();
            for (column, inputs) in (0..width).step_by(8).zip(self.query.gates.inputs.chunks(WORD_ROWS)) {
                let bits = transposed(rows, width, column);
                for ([yes, no], bits) in inputs.iter().zip(bits) {
                    self.word(*yes, word).into_iter().for_each(|word| *word = bits);
                    self.word(*no, word).into_iter().for_each(|word| *word = !bits);
                }
            }
        }
    }

    /// A word of a block of the memory.
    fn word(&mut self, at: u32, word: usize) -> Option<&mut u64> {
        self.memory.get_mut(at as usize)?.get_mut(word)
    }

    /// Sets the inputs for inline roles of a block of rows, the first with row number `first`.
    fn set_inline_bits(&mut self, first: usize, inline: &InlineRoles) {
        let Some(start) = self.query.inline else { return };
        let inputs = self.query.gates.inputs.get(start..).unwrap_or_default();
        for pair in inputs {
            for (place, bits) in pair.iter().zip([0, u64::MAX]) {
                self.memory.get_mut(*place as usize).into_iter().for_each(|block| *block = [bits; WORDS]);
            }
        }
        let skipped = inline.partition_point(|(row, _)| *row < first);
        let here = inline.iter().skip(skipped).map(|(row, roles)| (row - first, roles));
        for (row, roles) in here.take_while(|(row, _)| *row < BLOCK_ROWS) {
            let bit = 1 << (row % WORD_ROWS);
            set_inline_role_bits(self.program, roles, &mut |input| {
                let Some([yes, no]) = inputs.get(input) else { return };
                self.word(*yes, row / WORD_ROWS).into_iter().for_each(|word| *word |= bit);
                self.word(*no, row / WORD_ROWS).into_iter().for_each(|word| *word &= !bit);
            });
        }
    }

    /// Passes the planes of the first `size` rows of a block to `output`.
    fn read_planes(&self, first: usize, size: usize, output: &mut impl FnMut(usize, usize, Block)) {
        let memory = &self.memory;
        let [refused, refused_before] = self.query.refused.map(|at| read(memory, at));
        let row = |word: usize| (size.saturating_sub(WORD_ROWS * word)).min(WORD_ROWS);
        let present: Block = [0, 1, 2, 3].map(|word| u64::MAX.checked_shr(64 - to_u32(row(word))).unwrap_or(0));
        // Rows after the last are zeros, which are refused; so they need no mask in the planes of the answer.
        let asked = and_not(and_not([u64::MAX; WORDS], refused), refused_before);
        for (plane, (slots, _)) in self.query.reasons.iter().enumerate() {
            output(plane, first, and(self.plane(*slots), present));
        }
        for (plane, slots) in self.query.planes.iter().enumerate() {
            output(self.query.reasons.len() + plane, first, and(self.plane(*slots), asked));
        }
    }

    /// The bits of a plane: `(a and not b) and not (c and not d)`.
    fn plane(&self, [a, b, c, d]: Plane) -> Block {
        let [a, b, c, d] = [a, b, c, d].map(|at| read(&self.memory, at));
        and_not(and_not(a, b), and_not(c, d))
    }
}

const fn and([a0, a1, a2, a3]: Block, [b0, b1, b2, b3]: Block) -> Block {
    [a0 & b0, a1 & b1, a2 & b2, a3 & b3]
}

const fn and_not(a: Block, [b0, b1, b2, b3]: Block) -> Block {
    and(a, [!b0, !b1, !b2, !b3])
}
