//! The instructions of a query as gates over single words: what a population is evaluated by.
//!
//! A slot has a word of the subjects for whom it is known to be true, and one of those for whom it is known to be false. A negation
//! reads the other word, so a conjunction is an *and* of two words, and an *or* of two for the other side. Of most slots only one side
//! is read: only the words that are read are computed.

use super::block::{Block, WORDS};
use crate::util::sort;

/// The places in the memory of the two words of the constant yes: all ones, and all zeros. The words of the constant unknown are zeros too.
const ONES: u32 = 0;
const ZEROS: u32 = 1;
/// The place that nobody reads, where words go that are not needed.
const SPARE: u32 = 2;

/// Gates in an order in which they can be evaluated. The result of each goes behind the last.
#[derive(Clone, Debug)]
pub(super) struct Gates {
    /// The places of the two words of each input, counted from the slot behind the constants. [`SPARE`] for a word that is not read.
    pub(super) inputs: Vec<[u32; 2]>,
    /// The operands of the gates.
    operands: Vec<[u32; 2]>,
    /// Runs of gates: how many are an *and*, then how many are an *or*.
    runs: Vec<[usize; 2]>,
    /// The place of the first result.
    results: u32,
}

/// A reference to a word: twice the number of a slot, and one more for its other side.
type Reference = u32;

impl Gates {
    /// The gates for these instructions, each a pair of references, behind `inputs` slots of which the first two are constants. `used`
    /// are the references that are read afterwards; they are replaced by the places of their words. O(instructions × log instructions).
    pub(super) fn new(inputs: usize, instructions: &[[Reference; 2]], used: &mut [&mut Reference]) -> Self {
        let words = 2 * (inputs + instructions.len());
        let mut is_read = vec![false; words];
        let mark = |is_read: &mut Vec<bool>, reference: Reference| {
            is_read.get_mut(reference as usize).into_iter().for_each(|is_read| *is_read = true);
        };
        for reference in used.iter() {
            mark(&mut is_read, **reference);
        }
        for (index, operands) in instructions.iter().enumerate().rev() {
            for side in 0..2 {
                if is_read.get(2 * (inputs + index) + side) == Some(&true) {
                    for operand in operands {
                        mark(&mut is_read, operand ^ u32::from(side == 1));
                    }
                }
            }
        }
        // The constants, the spare word, then the inputs that are read
        let mut places = vec![SPARE; words];
        [ONES, ZEROS, ZEROS, ZEROS].iter().zip(&mut places).for_each(|(place, to)| *to = *place);
        let mut next = SPARE + 1;
        let mut take = || {
            next += 1;
            next - 1
        };
        for (place, _) in places.iter_mut().zip(&is_read).take(2 * inputs).skip(4).filter(|(_, is_read)| **is_read) {
            *place = take();
        }
        let results = take();
        let input_places =
            places.chunks_exact(2).take(inputs).skip(2).map(|pair| pair.try_into().unwrap_or([SPARE; 2]));
        let mut gates = Self { inputs: input_places.collect(), operands: Vec::new(), runs: Vec::new(), results };
        gates.schedule(inputs, instructions, &is_read, &mut places);
        for reference in used {
            **reference = places.get(**reference as usize).copied().unwrap_or(ZEROS);
        }
        gates
    }

    /// Orders the gates in runs of one kind, *and* and *or* by turns: each gate goes into the first run of its kind that is not before
    /// those of its operands.
    fn schedule(&mut self, inputs: usize, instructions: &[[Reference; 2]], is_read: &[bool], places: &mut [u32]) {
        let mut runs = vec![0; places.len()];
        let mut gates = Vec::new();
        for (index, operands) in instructions.iter().enumerate() {
            for side in 0..2 {
                let word = 2 * (inputs + index) + side;
                if is_read.get(word) != Some(&true) {
                    continue;
                }
                let operands = operands.map(|operand| (operand ^ u32::from(side == 1)) as usize);
                let after = operands.iter().filter_map(|operand| runs.get(*operand)).max().copied().unwrap_or(0);
                let run = after + usize::from(after % 2 != side);
                runs.get_mut(word).into_iter().for_each(|to| *to = run);
                gates.push((run, word, operands));
            }
        }
        // The sort is by run, then word: operands in the same run stay before what reads them
        sort::sort_by_key(&mut gates, |(run, word, _)| (*run, *word));
        for (next, (run, word, operands)) in (self.results..).zip(gates) {
            self.operands.push(operands.map(|operand| places.get(operand).copied().unwrap_or(ZEROS)));
            places.get_mut(word).into_iter().for_each(|place| *place = next);
            self.runs.resize(self.runs.len().max(run / 2 + 1), [0; 2]);
            if let Some(count) = self.runs.get_mut(run / 2).and_then(|pair| pair.get_mut(run % 2)) {
                *count += 1;
            }
        }
    }

    /// The memory of a block, with the constants.
    pub(super) fn memory(&self) -> Vec<Block> {
        let mut memory = vec![[0; WORDS]; self.results as usize + self.operands.len()];
        memory.first_mut().into_iter().for_each(|ones| *ones = [u64::MAX; WORDS]);
        memory
    }

    /// Evaluates all gates. O(gates).
    pub(super) fn evaluate(&self, memory: &mut [Block]) {
        let (mut at, mut operands) = (self.results as usize, self.operands.as_slice());
        for [ands, ors] in &self.runs {
            let Some((these, rest)) = operands.split_at_checked(*ands) else { return };
            for [left, right] in these {
                let [[a0, a1, a2, a3], [b0, b1, b2, b3]] = [read(memory, *left), read(memory, *right)];
                let result = [a0 & b0, a1 & b1, a2 & b2, a3 & b3];
                memory.get_mut(at).into_iter().for_each(|to| *to = result);
                at += 1;
            }
            let Some((these, rest)) = rest.split_at_checked(*ors) else { return };
            for [left, right] in these {
                let [[a0, a1, a2, a3], [b0, b1, b2, b3]] = [read(memory, *left), read(memory, *right)];
                let result = [a0 | b0, a1 | b1, a2 | b2, a3 | b3];
                memory.get_mut(at).into_iter().for_each(|to| *to = result);
                at += 1;
            }
            operands = rest;
        }
    }
}

/// The words at a place; zeros if there is none, which allows nothing.
#[inline]
pub(super) fn read(memory: &[Block], at: u32) -> Block {
    const NONE: &Block = &[0; WORDS];
    *memory.get(at as usize).unwrap_or(NONE)
}
