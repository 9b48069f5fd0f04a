//! Instructions over words of any width: a population evaluates many subjects at once, one in each bit.

use core::ops::{BitAnd, BitOr};

/// Instructions, each a pair of slot references. The result of the first goes to slot `inputs`, the next to the following
/// slot. Every operand is a slot before the result.
///
/// The memory has two words per slot: *yes*, the bits that are known to be true, and *no*, the bits that are known to be false.
/// A slot reference is the index of its *yes* word, or of its *no* word if it is read negated, so negation costs nothing.
#[derive(Clone, Debug)]
pub struct Instructions {
    /// The operands.
    pub operands: Vec<[u32; 2]>,
    /// The number of slots before the first result.
    pub inputs: usize,
}

impl Instructions {
    /// The number of words of memory: two for each input and result.
    pub fn memory(&self) -> usize {
        2 * (self.inputs + self.operands.len())
    }

    /// Evaluates all instructions. The bits of a word are independent. O(instructions), two word operations each.
    pub fn eval<W>(&self, memory: &mut [W])
    where
        W: Copy + Default + BitAnd<Output = W> + BitOr<Output = W>,
    {
        for ([left, right], at) in self.operands.iter().zip((2 * self.inputs..).step_by(2)) {
            let yes = read(memory, *left) & read(memory, *right);
            let no = read(memory, left ^ 1) | read(memory, right ^ 1);
            if let Some(result) = memory.get_mut(at..).and_then(<[W]>::first_chunk_mut) {
                *result = [yes, no];
            }
        }
    }
}

/// The bits in which the slot reference `word` is known to be true. For `word ^ 1`, the bits in which it is known to be
/// false. Unknown if the memory has no such slot, which allows nothing.
pub fn read<W: Copy + Default>(memory: &[W], word: u32) -> W {
    memory.get(word as usize).copied().unwrap_or_default()
}
