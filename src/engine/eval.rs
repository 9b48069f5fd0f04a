//! The evaluator of programs. It does not allocate and cannot fail.
//!
//! The memory has two words per slot: *yes*, the bits that are known to be true, and *no*, the bits that are known to be false.
//! A negated operand reads the two words in exchanged order, so negation costs nothing.

use core::ops::{BitAnd, BitOr};

/// Evaluates instructions, each a pair of operands as [`Slot::word`](crate::pack::Slot::word)s. The result of the first
/// instruction goes to slot `first`, the next to the following slot. The bits of a word are independent: a session uses one,
/// a population one for each subject. O(instructions), two word operations each.
///
/// A slot outside `memory` reads as unknown, which allows nothing. A [`Program`](crate::pack::Program) contains no such slot.
pub fn eval<W>(instructions: impl Iterator<Item = [u32; 2]>, first: usize, memory: &mut [W])
where
    W: Copy + Default + BitAnd<Output = W> + BitOr<Output = W>,
{
    for ([left, right], at) in instructions.zip((2 * first..).step_by(2)) {
        let yes = read(memory, left) & read(memory, right);
        let no = read(memory, left ^ 1) | read(memory, right ^ 1);
        if let Some(result) = memory.get_mut(at..).and_then(<[W]>::first_chunk_mut) {
            *result = [yes, no];
        }
    }
}

/// The bits in which the operand `word` is known to be true. For `word ^ 1`, the bits in which it is known to be false.
pub fn read<W: Copy + Default>(memory: &[W], word: u32) -> W {
    memory.get(word as usize).copied().unwrap_or_default()
}
