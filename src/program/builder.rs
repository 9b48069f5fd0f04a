//! Building straight-line instructions: equal steps are built once, constants not at all.

use super::{Instruction, Slot};
use crate::ground::known::Known;
use alloc::vec::Vec;

/// Instructions under construction.
pub(crate) struct Builder {
    pub(crate) inputs: usize,
    pub(crate) instructions: Vec<Instruction>,
    known: Known<Slot>,
}

impl Builder {
    /// Nothing built yet; results go behind `inputs` slots.
    pub(crate) fn new(inputs: usize) -> Self {
        Self { inputs, instructions: Vec::new(), known: Known::default() }
    }

    /// Both hold. In Kleene's logic `x and not x` is unknown while `x` is, so it is no constant.
    pub(crate) fn and(&mut self, left: Slot, right: Slot) -> Slot {
        match (left, right) {
            (Slot::YES, other) | (other, Slot::YES) => other,
            (Slot::NO, _) | (_, Slot::NO) => Slot::NO,
            (left, right) if left == right => left,
            (left, right) => self.instruction(left, right),
        }
    }

    /// At least one holds: not both fail.
    pub(crate) fn or(&mut self, left: Slot, right: Slot) -> Slot {
        !self.and(!left, !right)
    }

    /// At least one of any number holds.
    pub(crate) fn any(&mut self, slots: impl IntoIterator<Item = Slot>) -> Slot {
        slots.into_iter().fold(Slot::NO, |any, slot| self.or(any, slot))
    }

    fn instruction(&mut self, left: Slot, right: Slot) -> Slot {
        let (left, right) = (left.min(right), left.max(right));
        let next = Slot::at(self.inputs + self.instructions.len());
        let key = [left.0, right.0, 0];
        if let Some(known) = self.known.get(key) {
            return known;
        }
        // The limits of a document keep a program far below 2³¹ slots.
        let Some(slot) = next else { return Slot::NO };
        self.instructions.push(Instruction { left, right });
        self.known.add(key, slot);
        slot
    }
}
