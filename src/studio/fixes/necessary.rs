//! Necessary assignments. Assignments that follow from conjunctions are part of every fix and are found without a BDD,
//! which keeps long chains of dependencies cheap.

use super::candidates::Candidates;
use super::goal::{Goal, SearchGoal};
use crate::check::{Atom, Formula, Part};
use crate::model::{PrivilegeKind, Verdict};
use crate::pack::Slot;
use crate::session::Session;
use crate::studio::Studio;
use crate::studio::search::solve::{AssignedValue, Assignment};
use crate::studio::search::space::{Domain, Id};
use hashbrown::HashSet;

/// The flags and switches without which the goal cannot be reached, and which only one assignment provides. O(the
/// formulas that the goal reads).
pub(super) fn necessary_assignments(
    studio: &Studio,
    session: &Session,
    goal: &SearchGoal,
    candidates: &Candidates,
) -> Assignment {
    let mut necessary = Assignment::new();
    if goal.to != Goal::Allowed {
        return necessary;
    }
    let (document, exprs) = (studio.checked().document(), studio.checked().exprs());
    let mut seen = HashSet::new();
    let mut pending: Vec<Formula> = goal.formulas().collect();
    while let Some(formula) = pending.pop() {
        let atom = match formula {
            Formula::All(parts) => {
                pending.extend(parts);
                continue;
            }
            Formula::Atom(atom) if seen.insert(atom) => atom,
            _ => continue,
        };
        let id = match atom {
            Atom::Allowed(operation) => {
                pending.extend(exprs.operation(document, operation));
                continue;
            }
            Atom::Effective(privilege, part) => {
                pending.extend(exprs.requirement(document, privilege, part));
                Id::Privilege(privilege)
            }
            Atom::Fact(fact, Part::Whole) => Id::Fact(fact),
            Atom::Fact(..) => continue,
        };
        let may_be_on = |values: &Domain| matches!(values, Domain::OneOf(values) if values.contains(&Some(1)));
        let in_inline_role = |place| matches!(id, Id::Privilege(privilege) if candidates.domains.contains_key(&Id::Inline(place, privilege)));
        if (0..session.state().inline.len()).any(in_inline_role) {
            continue; // one of several ways
        }
        if is_missing(studio, session, id) && candidates.domains.get(&id).is_some_and(may_be_on) {
            necessary.insert(id, AssignedValue::Value(Some(1)));
        }
    }
    necessary
}

/// Whether a switch is not on, or a flag is not granted and no role gives it.
fn is_missing(studio: &Studio, session: &Session, id: Id) -> bool {
    let program = studio.policy().program();
    let is_on = |input: usize| Slot::at(input).is_some_and(|slot| session.verdict(slot) == Verdict::Yes);
    match id {
        Id::Fact(fact) => program.facts.get(fact).is_some_and(|fact| !is_on(fact.input)),
        Id::Privilege(privilege) => {
            let role_grants = program.roles.iter().flat_map(|role| &role.grants);
            let mut role_grants = role_grants.chain(session.state().inline.iter().flatten());
            let is_role_granted = role_grants.any(|grant| grant.privilege as usize == privilege);
            let declared = program.privileges.get(privilege);
            declared.is_some_and(|it| it.kind == PrivilegeKind::Flag && !is_on(it.input)) && !is_role_granted
        }
        Id::Role(_) | Id::Inline(..) => false,
    }
}
