//! The items that two versions of a policy decide.

use super::changed_steps::ChangedSteps;
use crate::check::{Atom, Formula, Part};
use crate::studio::Studio;

/// An item that both versions decide, by its index in each.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Operation([usize; 2]),
    Requires([(usize, Part); 2]),
    Obligation([(usize, Option<usize>); 2]),
    /// Whether the `when` of a role holds.
    Role([usize; 2]),
}

impl Item {
    /// Whether the versions may decide the item differently.
    pub(super) fn may_differ(&self, before: &Studio, after: &Studio, changed_steps: &ChangedSteps) -> bool {
        let differ = |formulas: [Option<Formula>; 2]| {
            let [old, new] = formulas;
            changed_steps.differ(after, old.as_ref(), new.as_ref())
        };
        let operation = |index: usize| Some(Formula::Atom(Atom::Allowed(index)));
        let [old_checked, new_checked] = [before.checked(), after.checked()];
        match *self {
            Self::Operation([old, new]) => differ([operation(old), operation(new)]),
            Self::Requires([(old, old_part), (new, new_part)]) => differ([
                old_checked.exprs().requirement(old_checked.document(), old, old_part),
                new_checked.exprs().requirement(new_checked.document(), new, new_part),
            ]),
            Self::Role([old, new]) => {
                let formulas = [
                    old_checked.exprs().when(old_checked.document(), old),
                    new_checked.exprs().when(new_checked.document(), new),
                ];
                formulas.iter().any(Option::is_some)
            }
            Self::Obligation([(old, old_owed), (new, new_owed)]) => {
                differ([operation(old), operation(new)])
                    || differ([
                        old_owed.and_then(|owed| old_checked.exprs().obligation(old_checked.document(), old, owed)),
                        new_owed.and_then(|owed| new_checked.exprs().obligation(new_checked.document(), new, owed)),
                    ])
            }
        }
    }
}
