//! What decides, as words: the image that an engine without memory of its own runs on.
//!
//! ```text
//!   ┌────────┬──────────────┬────────┬──────────────────┬──────────────────────────────────────────────┐
//!   │ inputs │ instructions │ planes │ instructions     │ outputs                                      │
//!   │ 1      │ 1            │ 1      │ 2 each: operands │ 32 for each word of the planes               │
//!   └────────┴──────────────┴────────┴──────────────────┴──────────────────────────────────────────────┘
//! ```
//!
//! Operands and outputs are slots ([`Slot::word`]). An output is the slot of a bit that is read when everything is decided;
//! so those of a session's planes stand there in order, each plane padded to whole words with what never holds.

use super::{Instruction, Program, Slot};
use alloc::vec::Vec;

/// Bits of a word of a plane.
const BITS: usize = 32;

impl Program {
    /// The slots whose bits are a session's planes, each plane padded to whole words: operations allowed, operations
    /// denied, obligations not owed even if the operation is allowed (in the order of operations), menu items shown, menu
    /// items hidden, choices on which roles clash. O(operations + menu + privileges).
    pub(crate) fn outputs(&self) -> Vec<Slot> {
        let mut outputs = Vec::new();
        let mut plane = |slots: &mut dyn Iterator<Item = Slot>| {
            outputs.extend(slots);
            outputs.resize(outputs.len().next_multiple_of(BITS), Slot::NO);
        };
        plane(&mut self.operations.iter().map(|operation| operation.decision));
        plane(&mut self.operations.iter().map(|operation| !operation.decision));
        plane(
            &mut self.operations.iter().flat_map(|operation| &operation.obligations).map(|obligation| !obligation.owed),
        );
        plane(&mut self.menu.iter().map(|item| item.state));
        plane(&mut self.menu.iter().map(|item| !item.state));
        plane(&mut self.choices().map(|privilege| privilege.clash));
        outputs
    }

    /// The image. O(program).
    pub(super) fn words(&self) -> Vec<u8> {
        let outputs = self.outputs();
        let sizes = [self.inputs(), self.instructions.len(), outputs.len() / BITS];
        let sizes = sizes.into_iter().map(|size| u32::try_from(size).unwrap_or(u32::MAX));
        let operands = self.instructions.iter().flat_map(|step| [step.left.0, step.right.0]);
        let words = sizes.chain(operands).chain(outputs.into_iter().map(|slot| slot.0));
        words.flat_map(u32::to_le_bytes).collect()
    }

    /// Takes the instructions and outputs of an image into a program that has everything else. Whether an image is one, and
    /// fits, shows when it is written again: it is read so that any other differs.
    pub(super) fn take_words(&mut self, image: &[u8]) -> Option<()> {
        let mut words = image.chunks(4).map(|word| word.try_into().map_or(u32::MAX, u32::from_le_bytes));
        let mut size = || words.next().and_then(|size| usize::try_from(size).ok());
        let (inputs, instructions, _) = (size()?, size()?, size()?);
        if inputs != self.inputs() || instructions > image.len() {
            return None;
        }
        let mut slot = || words.next().map(Slot);
        self.instructions.reserve(instructions);
        for next in inputs..inputs + instructions {
            let (left, right) = (slot()?, slot()?);
            if left.index() >= next || right.index() >= next {
                return None;
            }
            self.instructions.push(Instruction { left, right });
        }
        let mut plane = |slots: &mut dyn Iterator<Item = &mut Slot>| {
            let mut count = 0_usize;
            for place in slots {
                *place = slot()?;
                count += 1;
            }
            (count..count.next_multiple_of(BITS)).try_for_each(|_| slot().map(drop))
        };
        let count = self.operations.len();
        plane(&mut self.operations.rows_mut().map(|operation| &mut operation.decision))?;
        plane(&mut alloc::vec![Slot::NO; count].iter_mut())?;
        let obligations = self.operations.rows_mut().flat_map(|operation| &mut operation.obligations);
        plane(&mut obligations.map(|obligation| &mut obligation.owed))?;
        plane(&mut self.menu.rows_mut().map(|item| &mut item.state))?;
        for operation in self.operations.rows_mut() {
            operation.obligations.iter_mut().for_each(|obligation| obligation.owed = !obligation.owed);
        }
        let slots = self.slots();
        self.outputs().iter().all(|slot| slot.index() < slots).then_some(())
    }
}
