//! The search for the cheapest assignments that reach a goal.
//!
//! The decision becomes a BDD over the assignments that a change may make; the cheapest satisfying assignments are the
//! fixes. An answer is incomplete if the BDDs exceed their limits, or if there are more assignments than were asked for;
//! the answer says so.

use super::candidates::Candidates;
use super::goal::SearchGoal;
use crate::bdd::Bdd;
use crate::check::{Answer, Symbolic};
use crate::session::Session;
use crate::studio::Studio;
use crate::studio::fixes::change;
use crate::studio::fixes::necessary;
use crate::studio::search::solve::{SearchQuery, Solutions};
use crate::studio::search::space::SearchSpace;
use crate::util::insert_all;

/// The cheapest assignments of the candidates.
pub(super) fn cheapest(
    studio: &Studio,
    session: &Session,
    goal: &SearchGoal,
    candidates: Candidates,
    limit: usize,
) -> Answer<Option<Solutions>> {
    with_necessary_assignments(studio, session, goal, candidates, |changed, candidates| {
        if goal.holds(changed) {
            return Ok([Solutions::trivial()].into());
        }
        let symbolic = &mut search_space(studio, changed, candidates);
        let satisfying = goal.satisfying(symbolic)?;
        Ok(cheapest_satisfying(studio, symbolic, candidates, satisfying, limit)?.into_iter().collect())
    })
    .map(|mut solutions| solutions.pop())
}

/// The cheapest assignments that satisfy a function, with each option of a choice that no test distinguishes.
pub(super) fn cheapest_satisfying<'a>(
    studio: &Studio,
    symbolic: &mut Symbolic<'a, SearchSpace<'a>>,
    candidates: &Candidates,
    satisfying: Bdd,
    limit: usize,
) -> Answer<Option<Solutions>> {
    let distance = |id, value| candidates.distance(studio, id, value);
    let Some(mut found) = SearchQuery::new(symbolic, &candidates.costs, &distance, satisfying)?.cheapest(limit)? else {
        return Ok(None);
    };
    let all: Vec<_> =
        found.assignments.iter().flat_map(|it| candidates.with_alike(it, limit + 1)).take(limit + 1).collect();
    found.complete &= all.len() <= limit;
    found.assignments = all.into_iter().take(limit).collect();
    Ok(Some(found))
}

/// Runs a search on the session with all necessary assignments, and adds these to its solutions.
pub(super) fn with_necessary_assignments(
    studio: &Studio,
    session: &Session,
    goal: &SearchGoal,
    mut candidates: Candidates,
    search: impl FnOnce(&Session, &Candidates) -> Answer<Vec<Solutions>>,
) -> Answer<Vec<Solutions>> {
    let necessary = necessary::necessary_assignments(studio, session, goal, &candidates);
    if necessary.is_empty() {
        return search(session, &candidates);
    }
    // The necessary assignments alone may be refused: a switch may make the `when` of a role hold that conflicts with another role.
    let Ok(changed) = session.with(&change::change(studio, session, &necessary)) else {
        return search(session, &candidates);
    };
    candidates.domains.retain(|id, _| !necessary.contains_key(id));
    let necessary_cost: u64 = necessary.keys().filter_map(|id| candidates.costs.get(id)).sum();
    let mut found = search(&changed, &candidates)?;
    for solutions in &mut found {
        solutions.cost += necessary_cost;
        for assignment in &mut solutions.assignments {
            insert_all(assignment, necessary.iter().map(|(id, assigned)| (*id, assigned.clone())));
        }
    }
    Ok(found)
}

/// The decisions as functions of the assignments.
pub(super) fn search_space<'a>(
    studio: &'a Studio,
    session: &'a Session,
    candidates: &'a Candidates,
) -> Symbolic<'a, SearchSpace<'a>> {
    SearchSpace::symbolic(studio.checked().resolved(), studio.policy().program(), session.state(), &candidates.domains)
}
