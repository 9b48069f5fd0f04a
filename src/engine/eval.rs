//! Deciding: words in, words out. No strings, no allocation, no way to fail.
//!
//! The working memory has two words a slot: where it is known to hold (*yes*), and where it is known not to (*no*). A slot is
//! read negated by reading the two the other way round, so negation costs nothing.

use core::ops::{BitAnd, BitOr};

/// Runs instructions, each two operands as [`Slot::word`](crate::pack::Slot::word)s; the first result goes to slot `first`.
/// Each bit of a word is decided by itself: a session uses one, a population one a person. O(instructions), two word
/// operations each.
///
/// A slot that does not exist reads as unknown, which opens nothing; a [`Program`](crate::pack::Program) has none.
pub fn eval<W>(instructions: impl Iterator<Item = [u32; 2]>, first: usize, memory: &mut [W])
where
    W: Copy + Default + BitAnd<Output = W> + BitOr<Output = W>,
{
    for ([left, right], at) in instructions.zip((2 * first..).step_by(2)) {
        let yes = read(memory, left) & read(memory, right);
        let no = read(memory, left ^ 1) | read(memory, right ^ 1);
        if let Some([yes_at, no_at]) = memory.get_mut(at..).and_then(<[W]>::first_chunk_mut) {
            (*yes_at, *no_at) = (yes, no);
        }
    }
}

/// Where a slot is known to hold, as it is read: of a slot's word with its lowest bit changed, where it is known not to.
pub fn read<W: Copy + Default>(memory: &[W], word: u32) -> W {
    memory.get(word as usize).copied().unwrap_or_default()
}
