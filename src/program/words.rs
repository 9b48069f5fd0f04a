//! What decides, as words: the image that an engine without memory of its own runs on.
//!
//! ```text
//!   ┌────────┬──────────────┬────────┬──────────────────┬──────────────────┬────────┬──────────────┐
//!   │ inputs │ instructions │ planes │ instructions     │ outputs          │ planes │ inputs       │
//!   │ 1      │ 1            │ 1      │ 2 each: operands │ 32 for each word │ empty  │ 2 each, of   │
//!   │        │              │        │                  │ of the planes    │        │ nobody       │
//!   └────────┴──────────────┴────────┴──────────────────┴──────────────────┴────────┴──────────────┘
//! ```
//!
//! Operands and outputs are slots ([`Slot::word`]). An output is the slot of a bit that is read when everything is decided;
//! so those of a session's planes stand there in order, each plane padded to whole words with what never holds. The inputs are
//! those of somebody of whom nothing is known and who has nothing: so an image is ready to be decided, and a reader only sets
//! what is known and given.

use super::{Instruction, Program, Slot};
use alloc::vec::Vec;

/// Bits of a word of a plane.
const BITS: usize = 32;

impl Program {
    /// The planes of a session, each the slots of its bits: operations allowed, operations denied, obligations not owed even if
    /// the operation is allowed (in the order of operations), menu items shown, menu items hidden, choices on which roles clash.
    fn bits(&self) -> [Vec<Slot>; 6] {
        let obligations = self.operations.iter().flat_map(|operation| &operation.obligations);
        [
            self.operations.iter().map(|operation| operation.decision).collect(),
            self.operations.iter().map(|operation| !operation.decision).collect(),
            obligations.map(|obligation| !obligation.owed).collect(),
            self.menu.iter().map(|item| item.state).collect(),
            self.menu.iter().map(|item| !item.state).collect(),
            self.choices().map(|privilege| privilege.clash).collect(),
        ]
    }

    /// The planes behind one another, each padded to whole words. O(operations + menu + privileges).
    pub(crate) fn outputs(&self) -> Vec<Slot> {
        let pad = |mut plane: Vec<Slot>| {
            plane.resize(plane.len().next_multiple_of(BITS), Slot::NO);
            plane
        };
        self.bits().into_iter().flat_map(pad).collect()
    }

    /// The word that each plane begins at.
    pub(super) fn planes(&self) -> [usize; 6] {
        let mut next = 0;
        self.bits().map(|plane| {
            let begin = next;
            next += plane.len().div_ceil(BITS);
            begin
        })
    }

    /// The image. O(program).
    pub(super) fn words(&self) -> Vec<u8> {
        let outputs = self.outputs();
        let sizes = [self.inputs(), self.instructions.len(), outputs.len() / BITS];
        let sizes = sizes.into_iter().map(|size| u32::try_from(size).unwrap_or(u32::MAX));
        let operands = self.instructions.iter().flat_map(|step| [step.left.0, step.right.0]);
        let empty = core::iter::repeat_n(0, outputs.len() / BITS);
        let outputs = outputs.into_iter().map(|slot| slot.0);
        let words = sizes.chain(operands).chain(outputs).chain(empty).chain(self.nobody());
        words.flat_map(u32::to_le_bytes).collect()
    }

    /// The inputs of somebody of whom nothing is known and who has nothing, two words each: a fact has its value that nobody
    /// gives, or none.
    fn nobody(&self) -> Vec<u32> {
        let mut words = alloc::vec![1, 0, 0, 0];
        for fact in &self.facts {
            for (place, _) in (0..).zip(0..fact.inputs()) {
                let holds = fact.absent.map(|absent| fact.holds(place, absent));
                words.extend([u32::from(holds == Some(true)), u32::from(holds == Some(false))]);
            }
        }
        let rest = self.inputs() - words.len() / 2;
        words.extend(core::iter::repeat_n([0, 1], rest).flatten());
        words
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
