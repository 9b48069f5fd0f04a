//! What decides, as words: the image that an engine without memory of its own runs on.
//!
//! ```text
//!   ┌────────┬──────────────┬────────────────────┬────────────────────┐
//!   │ inputs │ instructions │ operands           │ inputs of nobody   │
//!   │ 4 B    │ 4 B          │ 2 × 4 B for each   │ 2 B for each       │
//!   └────────┴──────────────┴────────────────────┴────────────────────┘
//! ```
//!
//! Operands are slots ([`Slot::word`]). Where an image lies, its instructions write behind it: two bytes for each slot, where it
//! is known to hold and where it is known not to. The last instructions are the *outputs*, the verdicts of a session behind
//! one another: operations, obligations (in the order of operations), menu items, and choices on which roles clash. The inputs
//! are those of somebody of whom nothing is known and who has nothing: so an image is ready to be decided, and a reader only
//! sets what is known and given.

use super::{Instruction, PrivilegeKind, Program, Slot};
use crate::ground::Gather;
use alloc::vec::Vec;

impl Program {
    /// Where everything is decided that a session is asked for, in the order of its outputs.
    pub(super) fn outputs_mut(&mut self) -> impl Iterator<Item = &mut Slot> {
        let (mut decisions, mut obligations) = (Vec::new(), Vec::new());
        for operation in self.operations.rows_mut() {
            decisions.push(&mut operation.decision);
            obligations.extend(operation.obligations.iter_mut().map(|obligation| &mut obligation.owed));
        }
        let choices = self.privileges.rows_mut().filter(|privilege| privilege.kind == PrivilegeKind::Choice);
        let clashes = choices.map(|choice| &mut choice.clash);
        let states = self.menu.rows_mut().map(|item| &mut item.state);
        decisions.into_iter().chain(obligations).chain(states).chain(clashes)
    }

    /// How many outputs there are. O(operations + privileges).
    pub(crate) fn outputs(&self) -> usize {
        self.owed_before(self.operations.len()) + self.operations.len() + self.menu.len() + self.choices().count()
    }

    /// How many obligations come before those of an operation.
    fn owed_before(&self, operation: usize) -> usize {
        self.operations.iter().take(operation).map(|operation| operation.obligations.len()).sum()
    }

    /// The image. O(program).
    pub(super) fn words(&self) -> Vec<u8> {
        let sizes = [self.inputs(), self.instructions.len()].into_iter();
        let sizes = sizes.map(|size| u32::try_from(size).unwrap_or(u32::MAX));
        let operands = self.instructions.iter().flat_map(|step| [step.left.0, step.right.0]);
        sizes.chain(operands).flat_map(u32::to_le_bytes).chain(self.nobody()).listed()
    }

    /// The inputs of somebody of whom nothing is known and who has nothing: a fact has its value that nobody gives, or none.
    fn nobody(&self) -> Vec<u8> {
        let mut bytes = alloc::vec![1, 0, 0, 0];
        for fact in &self.facts {
            for (place, _) in (0..).zip(0..fact.inputs()) {
                let holds = fact.absent.map(|absent| fact.holds(place, absent));
                bytes.extend([u8::from(holds == Some(true)), u8::from(holds == Some(false))]);
            }
        }
        let rest = self.inputs() - bytes.len() / 2;
        bytes.extend(core::iter::repeat_n([0, 1], rest).flatten());
        bytes
    }

    /// Takes the instructions and outputs of an image into a program that has everything else. Whether an image fits in all
    /// its parts shows when it is written again.
    pub(super) fn take_words(&mut self, image: &[u8]) -> Option<()> {
        let (words, _) = image.as_chunks();
        let mut words = words.iter().map(|word| u32::from_le_bytes(*word));
        let (inputs, instructions) = (words.next()? as usize, words.next()? as usize);
        if inputs != self.inputs() || instructions > image.len() || instructions < self.outputs() {
            return None;
        }
        self.instructions.reserve(instructions);
        for next in inputs..inputs + instructions {
            let (left, right) = (Slot(words.next()?), Slot(words.next()?));
            if left.index() >= next || right.index() >= next {
                return None;
            }
            self.instructions.push(Instruction { left, right });
        }
        let first = inputs + instructions - self.outputs();
        for (output, place) in self.outputs_mut().zip(first..) {
            *output = Slot::at(place)?;
        }
        Some(())
    }
}
