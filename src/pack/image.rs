//! What decides, as words: the image that an engine without memory of its own runs on.
//!
//! ```text
//!   ┌──────────────────┬──────────────┬──────────────────┐
//!   │ instructions     │ outputs      │ inputs of nobody │
//!   │ 2 × 4 B for each │ 4 B for each │ 2 B for each     │
//!   └──────────────────┴──────────────┴──────────────────┘
//! ```
//!
//! Both operands of an instruction and outputs are slots ([`Slot::word`]). Where an image lies, its instructions write behind
//! it: two bytes for each slot, where it is known to hold and where it is known not to. The *outputs* are the verdicts of a
//! session: operations, obligations (in the order of operations), and choices on which roles clash; then so many that do not
//! hold that they are a multiple of [`OUTPUTS`], the two bits of which fill one number. The inputs are those of
//! somebody of whom nothing is known and who has nothing: so an image is ready to be decided, and a reader only sets what is
//! known and given.

use super::{Instruction, Program, Slot};
use crate::model::PrivilegeKind;

/// How many outputs fill one number of 16 bits.
pub(super) const OUTPUTS: usize = 8;

impl Program {
    /// [`Self::outputs`], to be set.
    fn outputs_mut(&mut self) -> impl Iterator<Item = &mut Slot> {
        let (mut decisions, mut obligations) = (Vec::new(), Vec::new());
        for operation in self.operations.rows_mut() {
            decisions.push(&mut operation.decision);
            obligations.extend(operation.obligations.iter_mut().map(|obligation| &mut obligation.owed));
        }
        let choices = self.privileges.rows_mut().filter(|privilege| privilege.kind == PrivilegeKind::Choice);
        let clashes = choices.map(|choice| &mut choice.clash);
        decisions.into_iter().chain(obligations).chain(clashes)
    }

    /// Where everything is decided that a session is asked for: operations, obligations (in the order of operations), and
    /// choices on which roles clash. O(operations + privileges).
    pub(crate) fn outputs(&self) -> Vec<Slot> {
        let mut outputs: Vec<Slot> = self.operations.iter().map(|operation| operation.decision).collect();
        let obligations = self.operations.iter().flat_map(|operation| &operation.obligations);
        outputs.extend(obligations.map(|obligation| obligation.owed));
        outputs.extend(self.choices().map(|choice| choice.clash));
        outputs
    }

    /// The image. O(program).
    pub(super) fn words(&self) -> Vec<u8> {
        let mut outputs = self.outputs();
        outputs.resize(outputs.len().next_multiple_of(OUTPUTS), Slot::NO);
        let operands = self.instructions.iter().flat_map(|step| [step.left.0, step.right.0]);
        let outputs = outputs.iter().map(|output| output.0);
        operands.chain(outputs).flat_map(u32::to_le_bytes).chain(self.nobody()).collect()
    }

    /// The inputs of somebody of whom nothing is known and who has nothing: a fact has its value that nobody gives, or none.
    fn nobody(&self) -> Vec<u8> {
        let mut bytes = vec![1, 0, 0, 0];
        for fact in &self.facts {
            for (place, _) in (0..).zip(0..fact.inputs()) {
                let holds = fact.absent.map(|absent| fact.holds(place, absent));
                bytes.extend([u8::from(holds == Some(true)), u8::from(holds == Some(false))]);
            }
        }
        let rest = self.inputs() - bytes.len() / 2;
        bytes.extend(std::iter::repeat_n([0, 1], rest).flatten());
        bytes
    }

    /// Takes the instructions and outputs of an image into a program that has everything else. Whether an image fits in all
    /// its parts shows when it is written again.
    pub(super) fn take_words(&mut self, image: &[u8]) -> Option<()> {
        let (words, _) = image.as_chunks();
        let mut words = words.iter().map(|word| u32::from_le_bytes(*word));
        let inputs = self.inputs();
        let outputs = self.outputs().len().next_multiple_of(OUTPUTS);
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
