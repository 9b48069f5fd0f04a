//! What two versions of a policy both decide.

use super::changed_steps::ChangedSteps;
use crate::check::{Atom, Formula, Part};
use crate::studio::Studio;

/// Something that both versions decide: by its place in either.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Operation([usize; 2]),
    Requires([(usize, Part); 2]),
    Obligation([(usize, Option<usize>); 2]),
}

impl Item {
    /// Whether the versions may decide it differently.
    pub(super) fn may_differ(&self, before: &Studio, after: &Studio, touched: &ChangedSteps) -> bool {
        let pair = |of: [Option<Formula>; 2]| {
            let [old, new] = of;
            touched.differ(after, old.as_ref(), new.as_ref())
        };
        let operation = |place: usize| Some(Formula::Atom(Atom::Allowed(place)));
        let [early, late] = [before.checked(), after.checked()];
        match *self {
            Self::Operation([old, new]) => pair([operation(old), operation(new)]),
            Self::Requires([(old, old_part), (new, new_part)]) => pair([
                early.exprs().requirement(early.document(), old, old_part),
                late.exprs().requirement(late.document(), new, new_part),
            ]),
            Self::Obligation([(old, old_owed), (new, new_owed)]) => {
                pair([operation(old), operation(new)])
                    || pair([
                        old_owed.and_then(|owed| early.exprs().obligation(early.document(), old, owed)),
                        new_owed.and_then(|owed| late.exprs().obligation(late.document(), new, owed)),
                    ])
            }
        }
    }
}
