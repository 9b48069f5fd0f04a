//! The near misses of an operation that is not allowed: the cheapest changes that would allow it.

use super::candidates::Candidates;
use super::goal::{Constraints, Goal, SearchGoal};
use crate::check::Answer;
use crate::session::Session;
use crate::studio::Studio;
use crate::studio::explain::model::NearMiss;
use crate::studio::fixes::change;
use crate::studio::fixes::find;
use crate::studio::search::solve::{SearchQuery, Solutions};

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
    let solutions = find::with_necessary_assignments(studio, session, goal, candidates, |changed, candidates| {
        if goal.holds(changed) {
            return Ok([Solutions::trivial()].into());
        }
        let symbolic = &mut find::search_space(studio, changed, candidates);
        let satisfying = goal.satisfying(symbolic)?;
        let distance = |id, value| candidates.distance(studio, id, value);
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
