//! Reading a session: what is decided, shown and held. Reading never fails on what the policy has.

use super::error::SubjectError;
use super::evaluate::Session;
use super::inputs::{self, Giver};
use super::lookup;
use super::state::{State, grants_of};
use crate::engine;
use crate::model::{PrivilegeKind, Value, Verbs, Verdict};
use crate::pack::{Grant, MenuIndex, Operation, Policy, Privilege, Program, Slot};

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
        lookup::unknown(self.program(), kind, id, "")
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
        match (engine::read(&self.memory, slot.word()), engine::read(&self.memory, (!slot).word())) {
            (1, _) => Verdict::Yes,
            (_, 1) => Verdict::No,
            _ => Verdict::Unknown,
        }
    }

    /// The verdict of each role: surely held, surely not, or depending on an unknown fact.
    pub fn held_roles(&self) -> Vec<Verdict> {
        self.program.roles.iter().map(|role| self.verdict(role.held)).collect()
    }

    /// The value of the fact at this index, also one that it has because nobody gave it: 0 or 1, the number, or the index
    /// of the option. `None` where it is unknown. O(log facts).
    pub fn fact(&self, index: usize) -> Option<u32> {
        self.state.fact(index).or_else(|| self.program.facts.get(index)?.absent)
    }

    /// Every grant that counts or may count, with its giver. O(grants), each as often as it is given.
    pub fn given(&self) -> Vec<(Grant, Giver)> {
        inputs::given(self.program, &self.state, &|role| self.verdict(role.held))
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

    /// The menu as the subject sees it: all items, hidden ones too. O(operations × their places + menu).
    pub fn menu(&self) -> Vec<MenuNode<'p>> {
        self.nodes(&self.program.menu_index(), &self.shown(), self.program.menu.len())
    }

    /// By menu item, whether it is shown. O(operations × their places + menu).
    pub(crate) fn shown(&self) -> Vec<Verdict> {
        self.program.shown(Verdict::No, |slot| self.verdict(slot), |any, more| any | more)
    }

    /// What the subject holds of a privilege: as granted, and as far as it has an effect. O(values).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](super::SubjectFault::UnknownId).
    pub fn holds(&self, privilege: &str) -> Result<(Holding, Holding), SubjectError> {
        let index = lookup::find(self.program, &self.program.privileges, "privilege", privilege, "")?;
        let Some(privilege) = self.program.privileges.at(index) else {
            return Ok((Holding::Nothing, Holding::Nothing));
        };
        let part = |slots: &[Slot], part: usize| slots.get(part).map_or(Verdict::No, |slot| self.verdict(*slot));
        let effective = |place: usize| part(&privilege.effective, place);
        if privilege.kind == PrivilegeKind::Number {
            let granted = self.number(index, privilege);
            let effective = match effective(0) {
                Verdict::Yes => granted.clone(),
                Verdict::No => Holding::Nothing,
                Verdict::Unknown => Holding::Undecided,
            };
            return Ok((granted, effective));
        }
        Ok((holding(privilege, |place| part(&privilege.granted, place)), holding(privilege, effective)))
    }

    /// The number that is granted: the subject's own, else the greatest that roles give. It is not known where a role may
    /// give a greater one.
    fn number(&self, index: u32, privilege: &Privilege) -> Holding {
        let own = grants_of(&self.state.own, index).first();
        if let Some(own) = own {
            return Holding::Value(Value::Number(own.value));
        }
        let inline = inputs::inline_numbers(self.program, &self.state.inline);
        let inline = inline.iter().find(|(known, _)| *known == index).map(|(_, number)| *number);
        let sure = privilege.given.iter().filter(|(_, slot)| self.verdict(*slot) == Verdict::Yes);
        let greatest = sure.map(|(number, _)| *number).max().max(inline);
        let more = privilege
            .given
            .iter()
            .any(|(number, slot)| Some(*number) > greatest && self.verdict(*slot) == Verdict::Unknown);
        match greatest {
            _ if more => Holding::Undecided,
            None => Holding::Nothing,
            Some(number) => Holding::Value(Value::Number(number)),
        }
    }

    /// What is decided, in order: operations, obligations (in the order of operations), and choices on which roles clash,
    /// which nobody's do. O(operations + privileges).
    pub fn outputs(&self) -> Vec<Verdict> {
        self.program.outputs().into_iter().map(|slot| self.verdict(slot)).collect()
    }

    pub(super) fn operation(&self, id: &str) -> Result<&'p Operation, SubjectError> {
        let operations = &self.program.operations;
        let found = operations.find(id).and_then(|index| operations.get(index));
        found.ok_or_else(|| lookup::unknown(self.program, "operation", id, ""))
    }

    fn opens(&self, operation: &Operation) -> bool {
        !operation.restricts && self.verdict(operation.decision) == Verdict::Yes
    }

    /// The items below a parent, by their states.
    fn nodes(&self, arranged: &MenuIndex<'p>, states: &[Verdict], parent: usize) -> Vec<MenuNode<'p>> {
        let node = |&index: &usize| {
            let item = self.program.menu.get(index)?;
            let allowed =
                arranged.placed.get(index)?.iter().map(|(_, operation)| *operation).filter(|it| self.opens(it));
            let allowed: Vec<&Operation> = allowed.collect();
            Some(MenuNode {
                id: &item.id,
                label: &item.label,
                state: *states.get(index)?,
                verbs: allowed.iter().fold(Verbs::empty(), |verbs, operation| verbs | operation.verbs),
                operations: allowed.iter().map(|operation| operation.id.as_str()).collect(),
                children: self.nodes(arranged, states, index),
            })
        };
        arranged.below.get(parent).into_iter().flatten().filter_map(node).collect()
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
