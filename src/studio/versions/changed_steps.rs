//! The decision steps that may differ between two versions. Most steps are equal in both and need no search for a
//! witness.

use crate::check::{Atom, Checked, DecisionStep, Formula, Part, step};
use crate::pack::{Entry, Program, Table};
use crate::studio::Studio;
use std::collections::BTreeSet;

/// The steps that differ syntactically, and those that depend on one of them. `None` stands for all steps.
pub(super) struct ChangedSteps(Option<BTreeSet<DecisionStep>>);

impl ChangedSteps {
    /// Compares two versions step by step. If their declarations differ, every step may differ. O(documents).
    pub(super) fn between(before: &Studio, after: &Studio) -> Self {
        if !declare_the_same(before.policy().program(), after.policy().program()) {
            return Self(None);
        }
        let (old, new) = (before.checked(), after.checked());
        let mut changed = BTreeSet::new();
        for &step in old.steps().iter().chain(new.steps()) {
            if formula_of(old, step) != formula_of(new, step) || reads(new, formula_of(new, step).as_ref(), &changed) {
                changed.insert(step);
            }
        }
        Self(Some(changed))
    }

    /// Whether two formulas, the second of which is of the later version, may be decided differently.
    pub(super) fn differ(&self, after: &Studio, old: Option<&Formula>, new: Option<&Formula>) -> bool {
        self.0.as_ref().is_none_or(|changed| old != new || reads(after.checked(), new, changed))
    }
}

/// Whether two programs have equal ids, kinds, values and roles in equal places, and no role with a `when`.
fn declare_the_same(old: &Program, new: &Program) -> bool {
    fn zip<T: Entry>(old: &Table<T>, new: &Table<T>, same: impl Fn(&T, &T) -> bool) -> bool {
        old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.id() == new.id() && same(old, new))
    }
    zip(&old.facts, &new.facts, |a, b| (a.kind, &a.values, a.absent) == (b.kind, &b.values, b.absent))
        && zip(&old.privileges, &new.privileges, |a, b| {
            (a.kind, &a.values, a.min, a.max) == (b.kind, &b.values, b.min, b.max)
        })
        && zip(&old.roles, &new.roles, |a, b| a.grants == b.grants)
        && old.roles.iter().all(|role| !role.has_when())
        && new.roles.iter().all(|role| !role.has_when())
        && zip(&old.operations, &new.operations, |_, _| true)
}

fn formula_of(checked: &Checked, step: DecisionStep) -> Option<Formula> {
    let (document, exprs) = (checked.document(), checked.exprs());
    match step {
        DecisionStep::Operation(operation) => exprs.operation(document, operation),
        DecisionStep::Effect(privilege, level) => exprs.requirement(document, privilege, Part::Value(level)),
    }
}

fn reads(checked: &Checked, formula: Option<&Formula>, changed: &BTreeSet<DecisionStep>) -> bool {
    let mut found = false;
    if let Some(formula) = formula {
        formula.atoms(&mut |atom: Atom, _| {
            found |= step(checked.document(), atom).is_some_and(|step| changed.contains(&step));
        });
    }
    found
}
