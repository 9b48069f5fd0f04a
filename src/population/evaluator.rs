//! The machine that answers a query about everybody: 64 people a word, and some words at a time.

use super::packed_row::Inline;
use super::query::CompiledQuery;
use super::row_circuit::{FIRST, set_inline_inputs};
use crate::engine;
use crate::pack::Program;
use std::array;
use std::ops::{BitAnd, BitOr};

/// PackedSubjects of a word.
const LANES: usize = 64;
/// Words at a time: four take 5/6 of the time of one for what is allowed, 2/3 for dormant grants. In WebAssembly, SIMD
/// gained nothing that could be told from noise, and some browsers lack it.
const WORDS: usize = 4;
/// PackedSubjects at a time.
pub(super) const PEOPLE: usize = LANES * WORDS;

/// The words of the people that are decided at a time.
#[derive(Clone, Copy, Default)]
struct Wide([u64; WORDS]);

impl BitAnd for Wide {
    type Output = Self;

    fn bitand(self, Self(other): Self) -> Self {
        let (Self([m0, m1, m2, m3]), [o0, o1, o2, o3]) = (self, other);
        Self([m0 & o0, m1 & o1, m2 & o2, m3 & o3])
    }
}

impl BitOr for Wide {
    type Output = Self;

    fn bitor(self, Self(other): Self) -> Self {
        let (Self([m0, m1, m2, m3]), [o0, o1, o2, o3]) = (self, other);
        Self([m0 | o0, m1 | o1, m2 | o2, m3 | o3])
    }
}

/// A query with the memory in which it is answered.
pub(super) struct Evaluator<'q> {
    program: &'q Program,
    query: &'q CompiledQuery,
    memory: Vec<Wide>,
}

impl<'q> Evaluator<'q> {
    pub(super) fn new(program: &'q Program, query: &'q CompiledQuery) -> Self {
        let mut memory = vec![Wide::default(); 2 * (query.inputs + query.steps.len())];
        memory.first_mut().into_iter().for_each(|yes| *yes = Wide([u64::MAX; WORDS]));
        Self { program, query, memory }
    }

    /// Answers for some people, whose rows stand behind one another. Of `inline`, only those with rows from `first` on count,
    /// which is that of the first of these. `tell` gets what is not empty: the plane, those of the reasons first; the row of
    /// the first of 64 people, and their bits.
    pub(super) fn evaluate(
        &mut self,
        rows: &[u8],
        first: usize,
        inline: &Inline,
        tell: &mut impl FnMut(usize, usize, u64),
    ) {
        let size = rows.len() / self.query.width;
        for start in (0..size).step_by(PEOPLE) {
            let some = rows.get(start * self.query.width..).unwrap_or_default();
            self.read(some);
            self.read_inline(first + start, inline);
            engine::eval(self.query.steps.iter().copied(), self.query.inputs, &mut self.memory);
            self.planes(first + start, size - start, tell);
        }
    }

    /// Turns rows into words: one a bit.
    fn read(&mut self, rows: &[u8]) {
        let width = self.query.width;
        for lane in 0..WORDS {
            for word in 0..self.query.words {
                let used = (8 * width - 64 * word).min(64);
                let mut block: [u64; LANES] = array::from_fn(|row| {
                    read(rows, (LANES * lane + row) * width + 8 * word) & (u64::MAX >> (64 - used))
                });
                transpose(&mut block);
                let slots = self.memory.get_mut(2 * (FIRST + 64 * word)..).unwrap_or_default();
                for (slot, bits) in slots.chunks_exact_mut(2).zip(block) {
                    for (half, bits) in slot.iter_mut().zip([bits, !bits]) {
                        half.0.get_mut(lane).into_iter().for_each(|word| *word = bits);
                    }
                }
            }
        }
    }

    fn read_inline(&mut self, first: usize, inline: &Inline) {
        let Some(start) = self.query.inline else { return };
        let memory = self.memory.get_mut(2 * start..2 * self.query.inputs).unwrap_or_default();
        for slot in memory.chunks_exact_mut(2) {
            slot.iter_mut().zip([0, u64::MAX]).for_each(|(half, none)| *half = Wide([none; WORDS]));
        }
        let from = inline.partition_point(|(row, _)| *row < first);
        let here = inline.iter().skip(from).map_while(|(row, given)| Some((row - first, given)));
        for (lane, given) in here.take_while(|(lane, _)| *lane < PEOPLE) {
            set_inline_inputs(self.program, given, &mut |input| {
                for (half, set) in memory.iter_mut().skip(2 * input).zip([true, false]) {
                    let bit = 1 << (lane % LANES);
                    half.0
                        .get_mut(lane / LANES)
                        .into_iter()
                        .for_each(|word| if set { *word |= bit } else { *word &= !bit });
                }
            });
        }
    }

    fn planes(&self, first: usize, size: usize, tell: &mut impl FnMut(usize, usize, u64)) {
        let read = |word: u32| engine::read(&self.memory, word).0;
        let refused = self.query.refused.map(read);
        let reasons = self.query.reasons.iter().map(|(plane, _)| (plane, true));
        let planes = reasons.chain(self.query.planes.iter().map(|plane| (plane, false)));
        for (plane, (slots, is_reason)) in planes.enumerate() {
            let slots = slots.map(read);
            for lane in 0..size.div_ceil(LANES).min(WORDS) {
                let [is, is_not, was, was_not] = slots.each_ref().map(|words| part(words, lane));
                let left = size - LANES * lane;
                let among = match () {
                    () if !is_reason => refused.iter().fold(u64::MAX, |among, words| among & !part(words, lane)),
                    () if left < LANES => (1 << left) - 1,
                    () => u64::MAX,
                };
                let holds = is & !is_not & !(was & !was_not) & among;
                if holds != 0 {
                    tell(plane, first + LANES * lane, holds);
                }
            }
        }
    }
}

fn part(words: &[u64; WORDS], lane: usize) -> u64 {
    words.get(lane).copied().unwrap_or_default()
}

/// Eight bytes; beyond the last there are zeros.
fn read(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    let few = || rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    rest.first_chunk().map_or_else(few, |bytes| u64::from_le_bytes(*bytes))
}

/// Makes rows of bits columns: bit `c` of word `r` becomes bit `r` of word `c`. Each round exchanges, in all pairs of blocks
/// half as large as before, the one above the diagonal and the one below it (Warren, *Hacker's Delight*, 7-3).
fn transpose(block: &mut [u64; LANES]) {
    let (mut size, mut mask) = (32, 0x0000_0000_ffff_ffff_u64);
    while size > 0 {
        for pair in block.chunks_exact_mut(2 * size) {
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
