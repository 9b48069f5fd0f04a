//! What is forced: long chains of dependencies, of which every link must be had, need no diagram.

use super::candidates::Candidates;
use super::goal::{Goal, Wanted};
use crate::check::{Atom, Formula, Part};
use crate::model::{PrivilegeKind, Verdict};
use crate::pack::Slot;
use crate::session::Session;
use crate::studio::Studio;
use crate::studio::search::solve::{Assigned, Assignment};
use crate::studio::search::space::{Id, Values};
use hashbrown::HashSet;

/// Flags and switches without which nothing that is wanted can hold, and that there is one way to have: they are part
/// of every fix. O(what is read).
pub(super) fn forced(studio: &Studio, session: &Session, wanted: &Wanted, candidates: &Candidates) -> Assignment {
    let mut forced = Assignment::new();
    if wanted.to != Goal::Allowed {
        return forced;
    }
    let (document, trees) = (studio.checked().document(), studio.checked().exprs());
    let mut seen = HashSet::new();
    let mut waiting: Vec<Formula> = wanted.formulas().collect();
    while let Some(formula) = waiting.pop() {
        let atom = match formula {
            Formula::All(parts) => {
                waiting.extend(parts);
                continue;
            }
            Formula::Atom(atom) if seen.insert(atom) => atom,
            _ => continue,
        };
        let id = match atom {
            Atom::Allowed(operation) => {
                waiting.extend(trees.operation(document, operation));
                continue;
            }
            Atom::Effective(privilege, part) => {
                waiting.extend(trees.requirement(document, privilege, part));
                Id::Privilege(privilege)
            }
            Atom::Fact(fact, Part::Whole) => Id::Fact(fact),
            Atom::Fact(..) => continue,
        };
        let on = |values: &Values| matches!(values, Values::OneOf(values) if values.contains(&Some(1)));
        if is_missing(studio, session, id) && candidates.axes.get(&id).is_some_and(on) {
            forced.insert(id, Assigned::Value(Some(1)));
        }
    }
    forced
}

/// Whether something is a switch that is not on, or a flag that is not granted and that no role gives.
fn is_missing(studio: &Studio, session: &Session, id: Id) -> bool {
    let program = studio.policy().program();
    let is_on = |input: usize| Slot::at(input).is_some_and(|slot| session.verdict(slot) == Verdict::Yes);
    match id {
        Id::Fact(fact) => program.facts.get(fact).is_some_and(|fact| !is_on(fact.input)),
        Id::Privilege(privilege) => {
            let given = program.roles.iter().flat_map(|role| &role.grants);
            let mut given = given.chain(session.state().inline.iter().flatten());
            let is_given = given.any(|grant| grant.privilege as usize == privilege);
            let declared = program.privileges.get(privilege);
            declared.is_some_and(|it| it.kind == PrivilegeKind::Flag && !is_on(it.input)) && !is_given
        }
        Id::Role(_) => false,
    }
}
