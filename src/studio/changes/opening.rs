//! Whether a change may open an operation that is undecided before and after it.

use crate::bdd::Bdd;
use crate::check::{Answer, Atom, Formula};
use crate::session::Session;
use crate::studio::Studio;
use crate::studio::search::cone::ConeOfInfluence;
use crate::studio::search::domains::full_domains;
use crate::studio::search::space::{Domain, Id, SearchSpace};
use litemap::LiteMap;

/// Whether the facts that are unknown before and after have values with which the operation is not allowed before and may be
/// allowed after. Also if the analysis exceeds its limits. O(size of the decision diagrams).
pub(super) fn may_open(studio: &Studio, before: &Session, after: &Session, operation: usize) -> bool {
    let formula = Formula::Atom(Atom::Allowed(operation));
    let cone = ConeOfInfluence::of(studio.checked().resolved(), studio.policy().program(), [formula]);
    if cone.part_of(before.state()) == cone.part_of(after.state()) {
        return false;
    }
    opens(studio, before, after, operation).unwrap_or(true)
}

fn opens(studio: &Studio, before: &Session, after: &Session, operation: usize) -> Answer<bool> {
    let (resolved, program) = (studio.checked().resolved(), studio.policy().program());
    let is_unknown =
        |id: &Id| matches!(id, Id::Fact(fact) if [before, after].iter().all(|it| it.fact(*fact).is_none()));
    let domains: LiteMap<Id, Domain> = full_domains(studio).into_iter().filter(|(id, _)| is_unknown(id)).collect();
    let mut old = SearchSpace::symbolic(resolved, program, before.state(), &domains);
    let was = old.operation(operation)?.yes;
    let (variables, diagrams) = (old.inputs.variables.clone(), std::mem::take(&mut old.bdds));
    let mut new = SearchSpace::with_manager(resolved, program, after.state(), &domains, variables, diagrams);
    let is_denied = new.operation(operation)?.no;
    let stays = new.bdds.or(was, is_denied)?;
    let mut opened = new.bdds.not(stays)?;
    // Each unknown fact has some value
    for id in domains.keys() {
        if let [is_given, ..] = new.inputs.variables_of(*id) {
            opened = new.bdds.restrict(opened, *is_given, true)?;
        }
    }
    Ok(opened != Bdd::FALSE)
}
