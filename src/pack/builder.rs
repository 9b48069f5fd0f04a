//! Builds instructions, with hash-consing and constant folding.

use super::{Instruction, Slot};
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

/// Instructions under construction.
pub(crate) struct Builder {
    pub(crate) inputs: usize,
    pub(crate) instructions: Vec<Instruction>,
    /// The result slot of each instruction.
    results: HashMap<Instruction, Slot>,
}

impl Builder {
    /// A builder without instructions, for a memory with `inputs` slots before the first result.
    pub(crate) fn new(inputs: usize) -> Self {
        Self { inputs, instructions: Vec::new(), results: HashMap::new() }
    }

    /// The conjunction. `x and not x` is not folded to false: in Kleene's logic it is unknown if `x` is unknown.
    pub(crate) fn and(&mut self, left: Slot, right: Slot) -> Slot {
        match (left, right) {
            (Slot::YES, other) | (other, Slot::YES) => other,
            (Slot::NO, _) | (_, Slot::NO) => Slot::NO,
            (left, right) if left == right => left,
            (left, right) => self.instruction(left, right),
        }
    }

    /// The disjunction, by De Morgan's law.
    pub(crate) fn or(&mut self, left: Slot, right: Slot) -> Slot {
        !self.and(!left, !right)
    }

    /// The disjunction of any number of slots; [`Slot::NO`] for an empty iterator.
    pub(crate) fn any(&mut self, slots: impl IntoIterator<Item = Slot>) -> Slot {
        slots.into_iter().fold(Slot::NO, |any, slot| self.or(any, slot))
    }

    fn instruction(&mut self, left: Slot, right: Slot) -> Slot {
        let next = Slot::at(self.inputs + self.instructions.len());
        let instruction = Instruction { left: left.min(right), right: left.max(right) };
        match self.results.entry(instruction) {
            Entry::Occupied(existing) => *existing.get(),
            Entry::Vacant(vacant) => {
                // Within the document limits a program has far fewer than 2³¹ slots.
                let Some(slot) = next else { return Slot::NO };
                self.instructions.push(instruction);
                *vacant.insert(slot)
            }
        }
    }
}
