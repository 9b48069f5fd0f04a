//! What decides, as words: the block that an engine without memory of its own runs on ([`block`](crate::decide::block)).
//!
//! ```text
//!   ┌────────┬──────────────┬────────┬──────────────────┬──────────────────────┬────────┬────────────────────────────┐
//!   │ inputs │ instructions │ planes │ instructions     │ outputs              │ planes │ inputs                     │
//!   │ 1      │ 1            │ 1      │ 2 each: operands │ 16 for each plane    │ 1 each │ 2 each: of nobody          │
//!   └────────┴──────────────┴────────┴──────────────────┴──────────────────────┴────────┴────────────────────────────┘
//! ```
//!
//! Operands and outputs are slots ([`Slot::word`]). Whatever of a program is read when everything is decided is an output, so
//! that a reader of a session needs no slots: the outline says where verdicts stand among the outputs. The planes are nothing
//! yet; the inputs are those of somebody of whom nothing is known and who has nothing.

use super::{Instruction, Program, Slot};
use crate::ground::PrivilegeKind;
use alloc::vec::Vec;

/// Verdicts in a word of a session's planes.
const VERDICTS: usize = 16;

impl Program {
    /// The slots whose verdicts are a session's planes: those of operations, menu items, obligations and roles; then of each
    /// privilege what is granted, what is effective, the numbers that roles give, and where they clash on a choice; at last, what never
    /// holds up to a whole word. O(program).
    pub(crate) fn outputs(&self) -> Vec<Slot> {
        let mut outputs: Vec<Slot> = self.operations.iter().map(|operation| operation.decision).collect();
        outputs.extend(self.menu.iter().map(|item| item.state));
        outputs.extend(self.operations.iter().flat_map(|it| &it.obligations).map(|obligation| obligation.owed));
        outputs.extend(self.roles.iter().map(|role| role.held));
        for privilege in &self.privileges {
            outputs.extend(privilege.granted.iter().chain(&privilege.effective));
            outputs.extend(privilege.given.iter().map(|(_, slot)| slot));
            outputs.extend((privilege.kind == PrivilegeKind::Choice).then_some(privilege.clash));
        }
        outputs.resize(outputs.len().next_multiple_of(VERDICTS), Slot::NO);
        outputs
    }

    /// The same, to be written.
    fn outputs_mut(&mut self) -> Vec<&mut Slot> {
        let (mut decisions, mut owed) = (Vec::new(), Vec::new());
        for operation in self.operations.rows_mut() {
            decisions.push(&mut operation.decision);
            owed.extend(operation.obligations.iter_mut().map(|obligation| &mut obligation.owed));
        }
        let mut outputs = decisions;
        outputs.extend(self.menu.rows_mut().map(|item| &mut item.state));
        outputs.extend(owed);
        outputs.extend(self.roles.rows_mut().map(|role| &mut role.held));
        for privilege in self.privileges.rows_mut() {
            outputs.extend(privilege.granted.iter_mut().chain(&mut privilege.effective));
            outputs.extend(privilege.given.iter_mut().map(|(_, slot)| slot));
            outputs.extend((privilege.kind == PrivilegeKind::Choice).then_some(&mut privilege.clash));
        }
        outputs
    }

    /// The block. O(program).
    pub(super) fn words(&self) -> Vec<u8> {
        let outputs = self.outputs();
        let planes = outputs.len() / VERDICTS;
        let sizes = [self.inputs(), self.instructions.len(), planes];
        let sizes = sizes.into_iter().map(|size| u32::try_from(size).unwrap_or(u32::MAX));
        let operands = self.instructions.iter().flat_map(|step| [step.left.0, step.right.0]);
        let decided = outputs.into_iter().map(|slot| slot.0).chain(core::iter::repeat_n(0, planes));
        let words = sizes.chain(operands).chain(decided).chain(self.blank());
        words.flat_map(u32::to_le_bytes).collect()
    }

    /// The inputs of somebody of whom nothing is known and who has nothing: facts are as when nobody gives them.
    fn blank(&self) -> impl Iterator<Item = u32> {
        let facts = self.facts.iter().flat_map(|fact| (0_u32..).take(fact.inputs()).map(move |place| (fact, place)));
        let facts = facts.map(|(fact, place)| fact.absent.map(|value| fact.holds(place, value)));
        let all = [Some(true), None].into_iter().chain(facts).chain(core::iter::repeat(Some(false)));
        all.take(self.inputs()).flat_map(|holds| [holds == Some(true), holds == Some(false)]).map(u32::from)
    }

    /// Takes the slots of a block into a program that has everything else. Whether words are a block, and fit, shows when it
    /// is written again: it is read so that any other differs.
    pub(super) fn take_words(&mut self, block: &[u8]) -> Option<()> {
        let mut words = block.chunks(4).map(|word| word.try_into().map_or(u32::MAX, u32::from_le_bytes));
        let mut size = || words.next().and_then(|size| usize::try_from(size).ok());
        let (inputs, instructions, _) = (size()?, size()?, size()?);
        if inputs != self.inputs() || instructions > block.len() {
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
        for output in self.outputs_mut() {
            *output = slot()?;
        }
        let slots = self.slots();
        self.outputs().iter().all(|slot| slot.index() < slots).then_some(())
    }
}
