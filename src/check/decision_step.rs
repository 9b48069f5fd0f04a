//! Decision steps: the nodes of the dependency graph of a document.

use super::formula::{Atom, Part};
use crate::document::{Document, Privilege};
use crate::model::PrivilegeKind;

/// A node of the dependency graph. It is decided once; other steps may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DecisionStep {
    /// The effect of a privilege: its index, and the index of a level. Privileges of other kinds have the single step
    /// 0.
    Effect(usize, usize),
    /// The decision on the operation at this index.
    Operation(usize),
}

/// The step that decides an atom; `None` for facts, which are inputs. Each level has its own step; the parts of any
/// other privilege share one.
pub fn step(document: &Document, atom: Atom) -> Option<DecisionStep> {
    let is_level =
        |privilege: usize| document.privileges.get(privilege).is_some_and(|it| it.kind == PrivilegeKind::Level);
    match atom {
        Atom::Fact(..) => None,
        Atom::Allowed(operation) => Some(DecisionStep::Operation(operation)),
        Atom::Effective(privilege, Part::Value(level)) if is_level(privilege) => {
            Some(DecisionStep::Effect(privilege, level))
        }
        Atom::Effective(privilege, _) => Some(DecisionStep::Effect(privilege, 0)),
    }
}

/// All steps of a document, in document order.
pub(super) fn all(document: &Document) -> impl Iterator<Item = DecisionStep> {
    let effects = document.privileges.iter().enumerate();
    let effects =
        effects.flat_map(|(index, it)| (0..step_count(it)).map(move |part| DecisionStep::Effect(index, part)));
    effects.chain((0..document.operations.len()).map(DecisionStep::Operation))
}

/// The number of steps of a privilege. It is 0 for a level privilege without levels, which is an error.
fn step_count(privilege: &Privilege) -> usize {
    if privilege.kind == PrivilegeKind::Level { privilege.levels.len() } else { 1 }
}

/// A map from the steps of a document to values, as an array. Lookup is O(1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerStep<T> {
    /// The index of the first value of each privilege; the last element is the index of the first operation's value.
    first: Vec<usize>,
    values: Vec<T>,
}

impl<T: Clone> PerStep<T> {
    /// The same value for each step.
    pub(super) fn new(document: &Document, value: T) -> Self {
        let mut next = 0;
        let mut first = Vec::with_capacity(document.privileges.len() + 1);
        first.push(next);
        first.extend(document.privileges.iter().map(|privilege| {
            next += step_count(privilege);
            next
        }));
        Self { first, values: vec![value; next + document.operations.len()] }
    }
}

impl<T> PerStep<T> {
    /// The value of a step; `None` if the document has no such step.
    pub fn get(&self, step: DecisionStep) -> Option<&T> {
        self.values.get(self.index_of(step)?)
    }

    pub(super) fn get_mut(&mut self, step: DecisionStep) -> Option<&mut T> {
        let index = self.index_of(step)?;
        self.values.get_mut(index)
    }

    pub(super) fn set(&mut self, step: DecisionStep, value: T) {
        if let Some(there) = self.get_mut(step) {
            *there = value;
        }
    }

    fn index_of(&self, step: DecisionStep) -> Option<usize> {
        match step {
            DecisionStep::Operation(operation) => Some(self.first.last()? + operation),
            DecisionStep::Effect(privilege, part) => {
                let index = self.first.get(privilege)? + part;
                (index < *self.first.get(privilege + 1)?).then_some(index)
            }
        }
    }
}
