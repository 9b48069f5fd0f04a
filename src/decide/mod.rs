//! Deciding: words in, words out. No strings, no allocation, no way to fail.
//!
//! The working memory has two words a slot: where it is known to hold (*yes*), and where it is known not to (*no*). A slot is
//! read negated by reading the two the other way round, so negation costs nothing.

use core::ops::{BitAnd, BitOr};

/// Runs instructions, each two operands as [`Slot::word`](crate::program::Slot::word)s; the first result goes to slot `first`.
/// Each bit of a word is decided by itself: a session uses one, a population one a person. O(instructions), two word
/// operations each.
///
/// A slot that does not exist reads as unknown, which opens nothing; a [`Program`](crate::program::Program) has none.
pub fn run<W>(instructions: impl Iterator<Item = [u32; 2]>, first: usize, memory: &mut [W])
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

/// Decides the session of a block of words, in one bit of each, and reads it:
///
/// ```text
///   ┌────────┬──────────────┬────────┬────────────────┬───────────────┬────────┬───────────────────────────┐
///   │ inputs │ instructions │ planes │ left, right, … │ output slots  │ planes │ working memory            │
///   │ i      │ n            │ p      │ 2 n            │ 16 p          │ p      │ 2 (i + n), filled up to i │
///   └────────┴──────────────┴────────┴────────────────┴───────────────┴────────┴───────────────────────────┘
/// ```
///
/// The planes become the verdicts of the output slots, the first lowest: 1 where one is known to hold, 2 where it is known
/// not to, else 0. O(instructions + planes).
///
/// Nothing beyond the words is read or written; of words that are no block, what is missing reads as unknown.
pub fn block(words: &mut [u32]) {
    let Some(([inputs, count, planes], rest)) = words.split_first_chunk_mut() else { return };
    let (inputs, count, planes) = (*inputs as usize, *count as usize, *planes as usize);
    let Some((instructions, rest)) = rest.split_at_mut_checked(count.saturating_mul(2)) else { return };
    let Some((outputs, rest)) = rest.split_at_mut_checked(planes.saturating_mul(16)) else { return };
    let Some((planes, memory)) = rest.split_at_mut_checked(planes) else { return };
    run(instructions.as_chunks().0.iter().copied(), inputs, memory);
    for (plane, slots) in planes.iter_mut().zip(outputs.chunks_exact(16)) {
        *plane = slots.iter().rfold(0, |plane, slot| plane << 2 | verdict(memory, *slot));
    }
}

/// The verdict of a slot in the first lane: 1 where it is known to hold, 2 where it is known not to, else 0.
pub fn verdict(memory: &[u32], word: u32) -> u32 {
    read(memory, word) & 1 | (read(memory, word ^ 1) & 1) << 1
}
