//! The instructions of a query as gates over single words: what a population is evaluated by.
//!
//! A slot has a word of the subjects for whom it is known to be true, and one of those for whom it is known to be false. A negation
//! reads the other word, so a conjunction is an *and* of two words, and an *or* of two for the other side. Of most slots only one side
//! is read: only the words that are read are computed.

use super::block::{Block, WORDS};
use crate::util::{sort, to_u32};
use std::cell::Cell;

/// A reference to a word: twice the number of a slot, and one more for its other side.
type Reference = u32;

/// A bit plane of an answer, as references to four words `[a, b, c, d]`: `(a and not b) and not (c and not d)`. *Not* is that of bits: a
/// subject for whom a slot is unknown has no bit in either of its words.
pub(super) type Plane = [Reference; 4];

/// The words of the constants: yes, no (its other side), and the two of unknown.
const CONSTANT_WORDS: usize = 4;

/// Gates in an order in which they can be evaluated. The memory has the inputs, a block of ones, one of zeros, and the results.
#[derive(Clone, Debug)]
pub(super) struct Gates {
    /// The number of inputs.
    pub(super) inputs: usize,
    /// The operands of the gates.
    operands: Vec<[u32; 2]>,
    /// Runs of gates: how many are an *and*, then how many are an *or*, then how many are an *and not*.
    runs: Vec<[usize; 3]>,
}

/// What a gate computes, as its place in a run.
const AND: usize = 0;
const OR: usize = 1;
const AND_NOT: usize = 2;

/// A gate, with numbers of words.
struct Gate {
    kind: usize,
    operands: [usize; 2],
    result: usize,
}

impl Gates {
    /// The gates for these instructions, each a pair of references, behind `inputs` slots and two constants before them; and the places of
    /// the planes. O(instructions × log instructions).
    pub(super) fn new(inputs: usize, instructions: &[[Reference; 2]], planes: &[Plane]) -> (Self, Vec<u32>) {
        let first_result = CONSTANT_WORDS + 2 * inputs;
        let mut gates = Vec::new();
        let mut words = first_result + 2 * instructions.len();
        let mut without = |word: usize, other: usize| {
            let is_zeros = |word: usize| (1..CONSTANT_WORDS).contains(&word);
            if is_zeros(word) || is_zeros(other) {
                return word;
            }
            gates.push(Gate { kind: AND_NOT, operands: [word, other], result: words });
            words += 1;
            words - 1
        };
        let planes: Vec<usize> = planes
            .iter()
            .map(|plane| {
                let [a, b, c, d] = plane.map(|reference| reference as usize);
                let (left, right) = (without(a, b), without(c, d));
                without(left, right)
            })
            .collect();
        let mut is_read = vec![false; words];
        let read = planes.iter().chain(gates.iter().flat_map(|gate| &gate.operands));
        read.for_each(|word| mark(&mut is_read, *word));
        let results = first_result..first_result + 2 * instructions.len();
        for (operands, result) in instructions.iter().zip(results.step_by(2)).rev() {
            for (side, kind) in [AND, OR].into_iter().enumerate() {
                if is_read.get(result + side) == Some(&true) {
                    let operands = operands.map(|operand| operand as usize ^ side);
                    for word in operands {
                        mark(&mut is_read, word);
                    }
                    gates.push(Gate { kind, operands, result: result + side });
                }
            }
        }
        // The other side of an input
        for word in (CONSTANT_WORDS..first_result).step_by(2).filter(|word| is_read.get(word + 1) == Some(&true)) {
            gates.push(Gate { kind: AND_NOT, operands: [0, word], result: word + 1 });
        }
        // The ids of results are those of slots in their order, so operands come first, and last what the planes add
        sort::sort_by_key(&mut gates, |gate| gate.result);
        let mut places = vec![to_u32(inputs + 1); words];
        places.first_mut().into_iter().for_each(|ones| *ones = to_u32(inputs));
        for (place, word) in (0_u32..).zip(places.iter_mut().take(first_result).skip(CONSTANT_WORDS).step_by(2)) {
            *word = place;
        }
        let mut scheduled = Self { inputs, operands: Vec::new(), runs: Vec::new() };
        scheduled.schedule(gates, &mut places);
        let place = |word: usize| places.get(word).copied().unwrap_or_default();
        (scheduled, planes.into_iter().map(place).collect())
    }

    /// Orders the gates in runs of one kind, by turns: each gate goes into the first run of its kind that is not before those of its
    /// operands. `places` are those of the words.
    fn schedule(&mut self, gates: Vec<Gate>, places: &mut [u32]) {
        let mut runs = vec![0; places.len()];
        let mut ordered = Vec::new();
        for gate in gates {
            let after = gate.operands.iter().filter_map(|operand| runs.get(*operand)).max().copied().unwrap_or(0);
            let run = after + (3 + gate.kind - after % 3) % 3;
            runs.get_mut(gate.result).into_iter().for_each(|to| *to = run);
            ordered.push((run, gate));
        }
        // Operands in the same run stay before what reads them
        sort::sort_by_key(&mut ordered, |(run, gate)| (*run, gate.result));
        for (next, (run, gate)) in (to_u32(self.inputs + 2)..).zip(ordered) {
            self.operands.push(gate.operands.map(|operand| places.get(operand).copied().unwrap_or_default()));
            places.get_mut(gate.result).into_iter().for_each(|place| *place = next);
            self.runs.resize(self.runs.len().max(run / 3 + 1), [0; 3]);
            if let Some(count) = self.runs.get_mut(run / 3).and_then(|counts| counts.get_mut(run % 3)) {
                *count += 1;
            }
        }
    }

    /// The memory of a block, with the constants.
    pub(super) fn memory(&self) -> Vec<Block> {
        let mut memory = vec![[0; WORDS]; self.inputs + 2 + self.operands.len()];
        memory.get_mut(self.inputs).into_iter().for_each(|ones| *ones = [u64::MAX; WORDS]);
        memory
    }

    /// Evaluates all gates. O(gates).
    #[inline(never)]
    pub(super) fn evaluate(&self, memory: &mut [Block]) {
        let memory = Cell::from_mut(memory).as_slice_of_cells();
        let (mut gates, mut results) = (self.operands.as_slice(), memory.get(self.inputs + 2..).unwrap_or_default());
        for [ands, ors, and_nots] in &self.runs {
            (gates, results) = run(memory, *ands, gates, results, |a, b| a & b);
            (gates, results) = run(memory, *ors, gates, results, |a, b| a | b);
            (gates, results) = run(memory, *and_nots, gates, results, |a, b| a & !b);
        }
    }
}

fn mark(is_read: &mut [bool], word: usize) {
    is_read.get_mut(word).into_iter().for_each(|is_read| *is_read = true);
}

/// Evaluates the next `count` gates, which are of one kind, and returns the rest.
#[expect(
    clippy::inline_always,
    reason = "WebAssembly is compiled for its size; a call here takes longer than its work"
)]
#[inline(always)]
fn run<'a>(
    memory: &[Cell<Block>],
    count: usize,
    mut gates: &'a [[u32; 2]],
    mut results: &'a [Cell<Block>],
    gate: impl Fn(u64, u64) -> u64,
) -> (&'a [[u32; 2]], &'a [Cell<Block>]) {
    for _ in 0..count {
        let (Some(([left, right], next)), Some((result, rest))) = (gates.split_first(), results.split_first()) else {
            break;
        };
        let (Some(left), Some(right)) = (memory.get(*left as usize), memory.get(*right as usize)) else { break };
        let ([a0, a1, a2, a3, a4, a5, a6, a7], [b0, b1, b2, b3, b4, b5, b6, b7]) = (left.get(), right.get());
        result.set([
            gate(a0, b0),
            gate(a1, b1),
            gate(a2, b2),
            gate(a3, b3),
            gate(a4, b4),
            gate(a5, b5),
            gate(a6, b6),
            gate(a7, b7),
        ]);
        (gates, results) = (next, rest);
    }
    (gates, results)
}
