//! Steps: what is decided once and read by others.

use super::formula::{Atom, Part};
use crate::document::{Document, Privilege};
use crate::model::PrivilegeKind;

/// Something that is decided once and read by others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DecisionStep {
    /// The effect of a privilege, or of one of its levels (others have the single part 0).
    Effect(usize, usize),
    /// The decision on an operation.
    Operation(usize),
}

/// The step that decides an atom; facts need none. Levels are decided one by one, other parts of a privilege together.
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

/// The steps of a document, in order.
pub(super) fn all(document: &Document) -> impl Iterator<Item = DecisionStep> {
    let effects = document.privileges.iter().enumerate();
    let effects = effects.flat_map(|(index, it)| (0..parts(it)).map(move |part| DecisionStep::Effect(index, part)));
    effects.chain((0..document.operations.len()).map(DecisionStep::Operation))
}

/// How many steps a privilege takes: none where it lacks the levels that it should have.
fn parts(privilege: &Privilege) -> usize {
    if privilege.kind == PrivilegeKind::Level { privilege.levels.len() } else { 1 }
}

/// Something of each step of a document, found in O(1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerStep<T> {
    /// Where the values of each privilege begin, and behind the last one those of operations.
    first: Vec<usize>,
    values: Vec<T>,
}

impl<T: Clone> PerStep<T> {
    /// The same of each step.
    pub(super) fn new(document: &Document, value: T) -> Self {
        let mut next = 0;
        let mut first = Vec::with_capacity(document.privileges.len() + 1);
        first.push(next);
        first.extend(document.privileges.iter().map(|privilege| {
            next += parts(privilege);
            next
        }));
        Self { first, values: vec![value; next + document.operations.len()] }
    }
}

impl<T> PerStep<T> {
    /// That of a step; nothing where the document has no such step.
    pub fn get(&self, step: DecisionStep) -> Option<&T> {
        self.values.get(self.place(step)?)
    }

    pub(super) fn get_mut(&mut self, step: DecisionStep) -> Option<&mut T> {
        let place = self.place(step)?;
        self.values.get_mut(place)
    }

    pub(super) fn set(&mut self, step: DecisionStep, value: T) {
        if let Some(there) = self.get_mut(step) {
            *there = value;
        }
    }

    fn place(&self, step: DecisionStep) -> Option<usize> {
        match step {
            DecisionStep::Operation(operation) => Some(self.first.last()? + operation),
            DecisionStep::Effect(privilege, part) => {
                let place = self.first.get(privilege)? + part;
                (place < *self.first.get(privilege + 1)?).then_some(place)
            }
        }
    }
}
