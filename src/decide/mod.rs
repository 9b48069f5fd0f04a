//! Deciding: words in, words out. No strings, no allocation, no way to fail.

use crate::ground::Lanes;
use crate::program::{Connective, Instruction, Slot};
use core::ops::{BitAnd, BitOr};

/// Runs `instructions`, whose first result goes to `slots[first]`. Each lane is decided by itself: a session uses
/// one, a population one a person. O(instructions), two word operations each.
///
/// A slot that does not exist reads as unknown, which opens nothing; a [`Program`](crate::program::Program) has none.
pub fn run<W>(instructions: &[Instruction], first: usize, slots: &mut [Lanes<W>])
where
    W: Copy + Default + BitAnd<Output = W> + BitOr<Output = W>,
{
    for (offset, instruction) in instructions.iter().enumerate() {
        let left = read(slots, instruction.left);
        let right = read(slots, instruction.right);
        let result = match instruction.connective {
            Connective::And => left & right,
            Connective::Or => left | right,
        };
        if let Some(slot) = slots.get_mut(first + offset) {
            *slot = result;
        }
    }
}

/// What a slot holds, negated where it is read so.
pub fn read<W: Copy + Default>(slots: &[Lanes<W>], slot: Slot) -> Lanes<W> {
    let unknown = Lanes { yes: W::default(), no: W::default() };
    let lanes = slots.get(slot.index()).copied().unwrap_or(unknown);
    if slot.negated() { !lanes } else { lanes }
}
