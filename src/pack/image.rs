//! The image section of a pack: the program in the form that `core.wasm` evaluates in place.
//!
//! ```text
//!   ┌─────────────────────┬──────────────┬─────────────────┐
//!   │ instructions        │ outputs      │ initial inputs  │
//!   │ 2 × 4 B             │ 4 B          │ 2 B             │  per item
//!   └─────────────────────┴──────────────┴─────────────────┘
//! ```
//!
//! The operands of an instruction and the outputs are slots ([`Slot::word`]). In linear memory the results of the instructions
//! follow the image; every slot has two bytes, *yes* and *no* (see [`engine::eval`](crate::engine::eval)).
//!
//! The outputs are the verdicts that a session reads: operations, obligations (in the order of operations) and conflicts of
//! choices, padded with [`Slot::NO`] to a multiple of [`OUTPUTS_PER_NUMBER`].
//!
//! The initial inputs are those of an empty subject with all facts unknown or absent. A reader copies the image and sets only
//! the inputs that its subject changes.

use super::{Instruction, Program, Slot};
use crate::model::PrivilegeKind;

/// The number of outputs that `core.wasm` packs into 16 bits: two bits each.
pub(super) const OUTPUTS_PER_NUMBER: usize = 8;

impl Program {
    /// The slots of [`Self::outputs`], in the same order, mutable.
    fn outputs_mut(&mut self) -> impl Iterator<Item = &mut Slot> {
        let (mut decisions, mut obligations) = (Vec::new(), Vec::new());
        for operation in self.operations.rows_mut() {
            decisions.push(&mut operation.decision);
            obligations.extend(operation.obligations.iter_mut().map(|obligation| &mut obligation.owed));
        }
        let choices = self.privileges.rows_mut().filter(|privilege| privilege.kind == PrivilegeKind::Choice);
        let conflicts = choices.map(|choice| &mut choice.conflict);
        decisions.into_iter().chain(obligations).chain(conflicts)
    }

    /// The slots of operations, of obligations (in the order of operations) and of the conflicts of choices.
    /// O(operations + privileges).
    pub(crate) fn outputs(&self) -> Vec<Slot> {
        let mut outputs: Vec<Slot> = self.operations.iter().map(|operation| operation.decision).collect();
        let obligations = self.operations.iter().flat_map(|operation| &operation.obligations);
        outputs.extend(obligations.map(|obligation| obligation.owed));
        outputs.extend(self.choices().map(|choice| choice.conflict));
        outputs
    }

    /// The image section. O(program).
    pub(super) fn image(&self) -> Vec<u8> {
        let mut outputs = self.outputs();
        outputs.resize(outputs.len().next_multiple_of(OUTPUTS_PER_NUMBER), Slot::NO);
        let operands = self.instructions.iter().flat_map(|instruction| [instruction.left.0, instruction.right.0]);
        let outputs = outputs.iter().map(|output| output.0);
        operands.chain(outputs).flat_map(u32::to_le_bytes).chain(self.initial_inputs()).collect()
    }

    /// The inputs of an empty subject: a fact has its `absent` value or is unknown, every other input is false.
    fn initial_inputs(&self) -> Vec<u8> {
        let mut bytes = vec![1, 0, 0, 0]; // the constants yes and unknown
        for fact in &self.facts {
            for (input, _) in (0..).zip(0..fact.inputs()) {
                let holds = fact.absent.map(|absent| fact.holds(input, absent));
                bytes.extend([u8::from(holds == Some(true)), u8::from(holds == Some(false))]);
            }
        }
        let rest = self.inputs() - bytes.len() / 2;
        bytes.extend(std::iter::repeat_n([0, 1], rest).flatten());
        bytes
    }

    /// Reads the instructions and outputs of an image into a program that has everything else. `None` if an operand or output
    /// is invalid. The caller validates the remaining parts by comparing [`Self::image`] with the section. O(image).
    pub(super) fn read_image(&mut self, image: &[u8]) -> Option<()> {
        let (words, _) = image.as_chunks();
        let mut words = words.iter().map(|word| u32::from_le_bytes(*word));
        let inputs = self.inputs();
        let outputs = self.outputs().len().next_multiple_of(OUTPUTS_PER_NUMBER);
        let instructions = image.len().checked_sub(4 * outputs + 2 * inputs)? / 8;
        self.instructions.reserve(instructions);
        for next in inputs..inputs + instructions {
            let (left, right) = (Slot(words.next()?), Slot(words.next()?));
            if left.index() >= next || right.index() >= next {
                return None;
            }
            self.instructions.push(Instruction { left, right });
        }
        let slots = inputs + instructions;
        for output in self.outputs_mut() {
            *output = Slot(words.next()?);
            if output.index() >= slots {
                return None;
            }
        }
        Some(())
    }
}
