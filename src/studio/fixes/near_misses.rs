//! For an allowed operation: the grants that decide it and the grants that it does not need; for other operations, the near
//! misses: the cheapest changes that would allow it.

use super::candidates::{Candidates, distance_from, privilege_cost};
use super::goal::{Constraints, Goal, SearchGoal};
use super::grants::granted;
use crate::check::{Answer, Atom, Formula};
use crate::model::PrivilegeKind;
use crate::pack::Grant;
use crate::session::{Session, State};
use crate::studio::Studio;
use crate::studio::explain::model::NearMiss;
use crate::studio::fixes::change;
use crate::studio::fixes::fix;
use crate::studio::search::cone::ConeOfInfluence;
use crate::studio::search::notation::id_of;
use crate::studio::search::solve::{AssignedValue, SearchQuery, Solutions};
use crate::studio::search::space::{Domain, Id, SearchSpace};
use crate::util::to_u32;

/// The maximum number of near misses.
const MAX_NEAR_MISSES: usize = 5;

/// The near misses of an operation, in order of cost. Facts cost more than grants, so changes that an administrator can
/// make come first.
pub(in crate::studio) fn near_misses(studio: &Studio, session: &Session, operation: usize) -> Vec<NearMiss> {
    let goal = SearchGoal { operations: [operation].into(), to: Goal::Allowed };
    let restricts = studio.policy().program().operations.get(operation).is_some_and(|it| it.restricts);
    if restricts {
        return Vec::new();
    }
    search(studio, session, &goal).unwrap_or_default()
}

fn search(studio: &Studio, session: &Session, goal: &SearchGoal) -> Answer<Vec<NearMiss>> {
    let candidates = Candidates::new(studio, session, goal, &Constraints::default());
    let solutions = fix::with_necessary_assignments(studio, session, goal, candidates, |changed, candidates| {
        if goal.holds(changed) {
            return Ok([Solutions::trivial()].into());
        }
        let symbolic = &mut fix::search_space(studio, changed, candidates);
        let satisfying = goal.satisfying(symbolic)?;
        let distance = |id, value| distance_from(studio, session, id, value);
        let mut query = SearchQuery::new(symbolic, &candidates.costs, &distance, satisfying)?;
        let (mut found, mut count) = (Vec::new(), 0);
        while let Some(solutions) = query.cheapest(MAX_NEAR_MISSES)?.filter(|_| count < MAX_NEAR_MISSES) {
            count += solutions.assignments.len();
            query.exclude(&solutions)?;
            found.push(solutions);
        }
        Ok(found)
    })?;
    let mut found = Vec::new();
    for (cost, assignment) in
        solutions.iter().flat_map(|solutions| solutions.assignments.iter().map(|it| (solutions.cost, it)))
    {
        let change = change::change(studio, session, assignment);
        if session.with(&change).is_ok_and(|after| goal.holds(&after)) {
            found.push(NearMiss { change, cost });
        }
    }
    found.truncate(MAX_NEAR_MISSES);
    Ok(found)
}

/// Of an allowed operation: the cheapest set of grants and known facts that suffices, and the other grants that it
/// reads.
pub(in crate::studio) fn sufficient_grants(
    studio: &Studio,
    session: &Session,
    operation: usize,
) -> (Vec<String>, Vec<String>) {
    let program = studio.policy().program();
    let resolved = studio.checked().resolved();
    let cone = ConeOfInfluence::of(resolved, program, [Formula::Atom(Atom::Allowed(operation))]);
    let (state, candidates) = support_candidates(studio, session, &cone);
    let decisive = cheapest_sufficient_grants(studio, session, &state, &candidates, operation);
    let decisive = decisive.ok().flatten().unwrap_or_else(|| candidates.domains.keys().copied().collect());
    let redundant = |id: &&Id| matches!(id, Id::Privilege(_)) && !decisive.contains(id);
    let redundant = candidates.domains.keys().filter(redundant).map(|id| id_of(studio, *id)).collect();
    (decisive.into_iter().map(|id| id_of(studio, id)).collect(), redundant)
}

/// A state with only the grants that restrict the operation, and the other grants and known facts of the session as
/// candidates.
fn support_candidates(studio: &Studio, session: &Session, cone: &ConeOfInfluence) -> (State, Candidates) {
    let program = studio.policy().program();
    let (mut state, mut candidates) = (State::default(), Candidates::default());
    // An id without parts is not read itself; it is in the cone only because of roles.
    for (id, _) in cone.ids.iter().filter(|(_, parts)| !parts.is_empty()) {
        let values = match *id {
            Id::Role(_) => continue,
            Id::Fact(fact) => session.state().fact(fact).map(|value| Domain::OneOf([Some(value)].into())),
            Id::Privilege(privilege) => {
                let held = granted(studio, session, privilege);
                if studio.checked().is_restricting(privilege) && !cone.reads_positively(privilege) {
                    let index = to_u32(privilege);
                    state.own.extend(held.into_iter().map(|value| Grant { privilege: index, value }));
                    continue;
                }
                let kind = program.privileges.get(privilege).map(|it| it.kind);
                match (kind, held.as_slice()) {
                    (_, []) => None,
                    (Some(PrivilegeKind::Set), options) => Some(Domain::Subset(options.into())),
                    (_, [value, ..]) => Some(Domain::OneOf([Some(*value)].into())),
                }
            }
        };
        let cost = match *id {
            Id::Privilege(privilege) => privilege_cost(studio, &Constraints::default(), privilege),
            _ => 1,
        };
        if let Some(values) = values {
            candidates.domains.insert(*id, values);
            candidates.costs.insert(*id, cost);
        }
    }
    (state, candidates)
}

fn cheapest_sufficient_grants(
    studio: &Studio,
    session: &Session,
    state: &State,
    candidates: &Candidates,
    operation: usize,
) -> Answer<Option<Vec<Id>>> {
    let program = studio.policy().program();
    let symbolic = &mut SearchSpace::symbolic(studio.checked().resolved(), program, state, &candidates.domains);
    let satisfying = symbolic.operation(operation)?.yes;
    let distance = |id, value| distance_from(studio, session, id, value);
    let found = SearchQuery::new(symbolic, &candidates.costs, &distance, satisfying)?.cheapest(1)?;
    let first = found.and_then(|found| found.assignments.into_iter().next());
    let is_held = |assigned: &AssignedValue| *assigned != AssignedValue::Value(None);
    Ok(first.map(|first| first.into_iter().filter(|(_, it)| is_held(it)).map(|(id, _)| id).collect()))
}
