//! What an edit can have touched: most of two versions is the same to the letter, and needs no question.

use crate::check::{Atom, Checked, DecisionStep, Formula, Part, step};
use crate::pack::{Entry, Program, Table};
use crate::studio::Studio;
use std::collections::BTreeSet;

/// The steps that two versions may decide differently: those that are written differently and all that read one.
pub(super) struct ChangedSteps(Option<BTreeSet<DecisionStep>>);

impl ChangedSteps {
    /// Compares two versions step by step; where they declare different things, everything is touched. O(documents).
    pub(super) fn between(before: &Studio, after: &Studio) -> Self {
        if !declare_the_same(before.policy().program(), after.policy().program()) {
            return Self(None);
        }
        let (old, new) = (before.checked(), after.checked());
        let mut touched = BTreeSet::new();
        for &step in old.steps().iter().chain(new.steps()) {
            if written(old, step) != written(new, step) || reads(new, written(new, step).as_ref(), &touched) {
                touched.insert(step);
            }
        }
        Self(Some(touched))
    }

    /// Whether one of two formulas, of which the second is the later version's, may be decided differently.
    pub(super) fn differ(&self, after: &Studio, old: Option<&Formula>, new: Option<&Formula>) -> bool {
        self.0.as_ref().is_none_or(|touched| old != new || reads(after.checked(), new, touched))
    }
}

/// Whether two programs have the same ids, kinds, values and roles in the same places.
fn declare_the_same(old: &Program, new: &Program) -> bool {
    fn zip<T: Entry>(old: &Table<T>, new: &Table<T>, same: impl Fn(&T, &T) -> bool) -> bool {
        old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.id() == new.id() && same(old, new))
    }
    zip(&old.facts, &new.facts, |a, b| (a.kind, &a.options, a.absent) == (b.kind, &b.options, b.absent))
        && zip(&old.privileges, &new.privileges, |a, b| {
            (a.kind, &a.values, a.min, a.max) == (b.kind, &b.values, b.min, b.max)
        })
        && zip(&old.roles, &new.roles, |a, b| a.grants == b.grants)
        && old.roles.iter().all(|role| !role.is_assumed())
        && new.roles.iter().all(|role| !role.is_assumed())
        && zip(&old.operations, &new.operations, |_, _| true)
}

fn written(checked: &Checked, step: DecisionStep) -> Option<Formula> {
    let (document, trees) = (checked.document(), checked.exprs());
    match step {
        DecisionStep::Operation(operation) => trees.operation(document, operation),
        DecisionStep::Effect(privilege, level) => trees.requirement(document, privilege, Part::Value(level)),
    }
}

fn reads(checked: &Checked, formula: Option<&Formula>, touched: &BTreeSet<DecisionStep>) -> bool {
    let mut found = false;
    if let Some(formula) = formula {
        formula.atoms(&mut |atom: Atom, _| {
            found |= step(checked.document(), atom).is_some_and(|step| touched.contains(&step));
        });
    }
    found
}
