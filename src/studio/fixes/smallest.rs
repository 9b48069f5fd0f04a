//! The fixes of an operation: the search for them, and what is said where there is none.

use super::candidates::Candidates;
use super::find::cheapest;
use super::fix::FixResult;
use super::goal::SearchGoal;
use super::options::FixOptions;
use super::verification::Verification;
use crate::session::{Session, SubjectError};
use crate::studio::Studio;
use crate::studio::fixes::sentences;
use crate::studio::search::solve::Solutions;

/// See [`Studio::fixes`].
pub(in crate::studio) fn fixes(
    studio: &Studio,
    session: &Session,
    operation: &str,
    options: &FixOptions,
) -> Result<FixResult, SubjectError> {
    session.decide(operation)?;
    let operations: Vec<usize> = studio.policy().program().operations.find(operation).into_iter().collect();
    let goal = SearchGoal { operations, to: options.to };
    let constraints = options.constraints(studio)?;
    if goal.restricts(studio) && !goal.holds(session) {
        return Ok(FixResult {
            sentence: Some(sentences::restriction(studio, &goal.operations)),
            ..FixResult::empty()
        });
    }
    let limit = options.max_fixes();
    let verification =
        Verification { studio, session, goal: &goal, constraints: &constraints, limit, nearest_by: None };
    if goal.holds(session) {
        return Ok(verification.result(&Solutions::trivial()));
    }
    let candidates = Candidates::new(studio, session, &goal, &constraints);
    Ok(match cheapest(studio, session, &goal, candidates, verification.most_ties()) {
        Ok(Some(solutions)) => verification.result(&solutions),
        Ok(None) => verification.no_fix(),
        Err(_) => verification.reduced(),
    })
}
