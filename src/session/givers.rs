//! The grants of a subject with who gives each.

use super::state::State;
use crate::model::Verdict;
use crate::pack::{Grant, Program, Role};

/// The provenance of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giver {
    /// The subject's own grants.
    Own,
    /// The inline role at this index.
    Inline(usize),
    /// The role at this index, which is held.
    Role(usize),
    /// The role at this index, for which it is undecided whether it is held.
    Possible(usize),
}

/// All grants of held and possibly held roles and of the subject, with their provenance. `held` returns whether a role is held.
/// O(roles + grants).
pub(super) fn grants_with_givers(
    program: &Program,
    state: &State,
    held: &dyn Fn(&Role) -> Verdict,
) -> Vec<(Grant, Giver)> {
    let mut all = Vec::new();
    let mut add = |grants: &[Grant], giver: Giver| all.extend(grants.iter().map(|grant| (*grant, giver)));
    add(&state.own, Giver::Own);
    for (index, grants) in state.inline.iter().enumerate() {
        add(grants, Giver::Inline(index));
    }
    for (index, role) in program.roles.iter().enumerate() {
        match held(role) {
            Verdict::Yes => add(&role.grants, Giver::Role(index)),
            Verdict::Unknown => add(&role.grants, Giver::Possible(index)),
            Verdict::No => {}
        }
    }
    all
}
