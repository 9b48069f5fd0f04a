//! Reading a session: what is decided, shown and held. Reading never fails on what the policy has.

use super::error::SubjectError;
use super::intern;
use super::join::{self, Giver, Number};
use super::resolve::Session;
use super::state::State;
use crate::decide;
use crate::ground::{PrivilegeKind, Value, Verbs, Verdict};
use crate::program::{Grant, Operation, Policy, Privilege, Program, Slot};
use alloc::string::String;
use alloc::vec::Vec;

/// What was decided about an operation, and what it owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<'p> {
    /// `Yes` is allowed, `No` denied, `Unknown` undecided. Only allowed opens anything.
    pub verdict: Verdict,
    /// The obligations owed, in policy order; none unless allowed.
    pub obligations: Vec<&'p str>,
}

/// A menu item as the subject sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuNode<'p> {
    /// Its id.
    pub id: &'p str,
    /// Its label.
    pub label: &'p str,
    /// `Yes` is shown, `No` hidden, `Unknown` undecided.
    pub state: Verdict,
    /// The verbs of the allowed operations placed at the item itself.
    pub verbs: Verbs,
    /// The allowed operations placed at the item itself.
    pub operations: Vec<&'p str>,
    /// The items below it.
    pub children: Vec<MenuNode<'p>>,
}

/// What a subject holds of a privilege.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Nothing.
    Nothing,
    /// This value.
    Value(Value),
    /// It depends on an unknown fact.
    Undecided,
}

impl Policy {
    /// The error for an id that the policy lacks; `kind` is `operation`, `menu item`, `privilege`, `fact`,
    /// `role`, `guide` or `verb`.
    pub fn unknown(&self, kind: &str, id: &str) -> SubjectError {
        intern::unknown(self.program(), kind, id, "")
    }
}

impl<'p> Session<'p> {
    /// The program that decided.
    pub const fn program(&self) -> &'p Program {
        self.program
    }

    /// The subject, with its names looked up.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The verdict of a slot of the program.
    pub fn verdict(&self, slot: Slot) -> Verdict {
        decide::read(&self.slots, slot).into()
    }

    /// The verdict of each role: surely held, surely not, or depending on an unknown fact.
    pub fn held_roles(&self) -> &[Verdict] {
        &self.held
    }

    /// The value of the fact at this index, also one that it has because nobody gave it: 0 or 1, the number, or the index
    /// of the option. `None` where it is unknown. O(log facts).
    pub fn fact(&self, index: usize) -> Option<u32> {
        self.state.fact(index).or_else(|| self.program.facts.get(index)?.absent)
    }

    /// Every grant that counts or may count, with its giver. O(grants), each as often as it is given.
    pub fn given(&self) -> impl Iterator<Item = (Grant, Giver)> + '_ {
        join::given(self.program, &self.state, &self.held).into_iter()
    }

    /// Whether the operation is allowed: undecided is not. O(log operations).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](super::SubjectFault::UnknownId): an operation that the policy lacks is never answered.
    pub fn can(&self, operation: &str) -> Result<bool, SubjectError> {
        Ok(self.verdict(self.operation(operation)?.decision) == Verdict::Yes)
    }

    /// The decision on an operation with the obligations that it owes. O(log operations + obligations).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](super::SubjectFault::UnknownId).
    pub fn decide(&self, operation: &str) -> Result<Decision<'p>, SubjectError> {
        let operation = self.operation(operation)?;
        let verdict = self.verdict(operation.decision);
        let owed = operation
            .obligations
            .iter()
            .filter(|obligation| verdict == Verdict::Yes && self.verdict(obligation.owed) != Verdict::No);
        Ok(Decision { verdict, obligations: owed.map(|obligation| obligation.id.as_str()).collect() })
    }

    /// The allowed operations, in policy order, without those that stand for a restriction. O(operations).
    pub fn allowed(&self) -> Vec<&'p str> {
        let allowed = self.program.operations.iter().filter(|operation| self.opens(operation));
        allowed.map(|operation| operation.id.as_str()).collect()
    }

    /// The menu as the subject sees it: all items, hidden ones too. O(menu × depth + operations).
    pub fn menu(&self) -> Vec<MenuNode<'p>> {
        self.below(None)
    }

    /// What the subject holds of a privilege: as granted, and as far as it has an effect. O(values).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](super::SubjectFault::UnknownId).
    pub fn holds(&self, privilege: &str) -> Result<(Holding, Holding), SubjectError> {
        let index = intern::find(self.program, &self.program.privileges, "privilege", privilege, "")?;
        let Some(privilege) = self.program.privileges.at(index) else {
            return Ok((Holding::Nothing, Holding::Nothing));
        };
        let granted = |part: usize| self.slots.get(privilege.input + part).copied().map_or(Verdict::No, Verdict::from);
        let effective = |part: usize| privilege.effective.get(part).map_or(Verdict::No, |slot| self.verdict(*slot));
        if privilege.kind == PrivilegeKind::Number {
            let number = self.numbers.iter().find(|(known, _)| *known == index).map_or(Number::Known(None), |it| it.1);
            let granted = match number {
                Number::Known(number) => {
                    number.map_or(Holding::Nothing, |number| Holding::Value(Value::Number(number)))
                }
                Number::Undecided => Holding::Undecided,
            };
            let effective = match effective(0) {
                Verdict::Yes => granted.clone(),
                Verdict::No => Holding::Nothing,
                Verdict::Unknown => Holding::Undecided,
            };
            return Ok((granted, effective));
        }
        Ok((holding(privilege, granted), holding(privilege, effective)))
    }

    /// The decisions as bit planes, each padded to whole words: operations allowed, operations denied, obligations
    /// owed (in the order of operations), menu items shown, menu items hidden.
    pub fn planes(&self) -> Vec<u32> {
        let mut planes = Planes(Vec::new());
        let of = |slot: Slot| decide::read(&self.slots, slot);
        let decisions = self.program.operations.iter().map(|operation| operation.decision);
        let states = self.program.menu.iter().map(|item| item.state);
        decisions.clone().enumerate().for_each(|(bit, slot)| planes.push(bit, of(slot).yes));
        decisions.enumerate().for_each(|(bit, slot)| planes.push(bit, of(slot).no));
        let mut bit = 0;
        for operation in &self.program.operations {
            for obligation in &operation.obligations {
                planes.push(bit, of(operation.decision).yes & !of(obligation.owed).no);
                bit += 1;
            }
        }
        states.clone().enumerate().for_each(|(bit, slot)| planes.push(bit, of(slot).yes));
        states.enumerate().for_each(|(bit, slot)| planes.push(bit, of(slot).no));
        planes.0
    }

    pub(super) fn operation(&self, id: &str) -> Result<&'p Operation, SubjectError> {
        let operations = &self.program.operations;
        let found = operations.find(id).and_then(|index| operations.get(index));
        found.ok_or_else(|| intern::unknown(self.program, "operation", id, ""))
    }

    fn opens(&self, operation: &Operation) -> bool {
        !operation.restricts && self.verdict(operation.decision) == Verdict::Yes
    }

    fn below(&self, parent: Option<u32>) -> Vec<MenuNode<'p>> {
        let items = (0_u32..).zip(&self.program.menu).filter(|(_, item)| item.parent == parent);
        let node = |(index, item): (u32, &'p crate::program::MenuItem)| {
            let here = self.program.operations.iter();
            let here: Vec<_> = here.filter(|it| it.menu.contains(&index) && self.opens(it)).collect();
            MenuNode {
                id: &item.id,
                label: &item.label,
                state: self.verdict(item.state),
                verbs: here.iter().fold(Verbs::empty(), |verbs, operation| verbs | operation.verbs),
                operations: here.iter().map(|operation| operation.id.as_str()).collect(),
                children: self.below(Some(index)),
            }
        };
        items.map(node).collect()
    }
}

/// Reads a privilege's value off the verdicts of its parts.
fn holding(privilege: &Privilege, part: impl Fn(usize) -> Verdict) -> Holding {
    let parts = || (0..privilege.parts()).map(&part);
    if parts().any(|verdict| verdict == Verdict::Unknown) {
        return Holding::Undecided;
    }
    let held: Vec<usize> = (0..privilege.parts()).filter(|&index| part(index) == Verdict::Yes).collect();
    let text = |index: &usize| privilege.values.get(*index).cloned().map(Value::Text);
    let value = match privilege.kind {
        PrivilegeKind::Flag => held.first().map(|_| Value::Flag(true)),
        PrivilegeKind::Set if held.is_empty() => None,
        PrivilegeKind::Set => Some(Value::List(held.iter().filter_map(text).collect())),
        PrivilegeKind::Level | PrivilegeKind::Choice | PrivilegeKind::Number => held.last().and_then(text),
    };
    value.map_or(Holding::Nothing, Holding::Value)
}

/// Planes behind one another; the first bit of each begins a word.
struct Planes(Vec<u32>);

impl Planes {
    fn push(&mut self, bit: usize, value: u32) {
        if bit.is_multiple_of(32) {
            self.0.push(0);
        }
        if let Some(word) = self.0.last_mut() {
            *word |= (value & 1) << (bit % 32);
        }
    }
}

impl Holding {
    /// The value as a message shows it.
    pub fn shown(&self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Value(Value::List(items)) => Some(items.iter().map(Value::shown).collect::<Vec<_>>().join(", ")),
            Self::Value(value) => Some(value.shown()),
            Self::Undecided => Some("undecided".into()),
        }
    }
}
