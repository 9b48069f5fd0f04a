//! Fixes: the smallest changes after which an operation is allowed, or denied. All of them, and exactly.
//!
//! The decision becomes a diagram over everything that may be assigned; its cheapest ways to *yes* are the fixes. A bound on
//! the size of diagrams is the only thing that makes an answer incomplete, and the answer says so.

use super::candidates::{Candidates, distance_from, id_of};
use super::change::{FixStep, StepKind};
use super::goal::{Terms, Wanted};
use super::options::FixOptions;
use crate::check::{Answer, Symbolic};
use crate::session::{Change, Session, SubjectError};
use crate::studio::Studio;
use crate::studio::changes::preview::Preview;
use crate::studio::fixes::change;
use crate::studio::fixes::necessary;
use crate::studio::fixes::reduce;
use crate::studio::fixes::wording;
use crate::studio::search::solve::{Question, Solved};
use crate::studio::search::space::{Id, SearchSpace};
use crate::util::{collect_set, insert_all};
use serde::Serialize;
use std::collections::BTreeSet;

/// A change of least cost after which an operation is what it is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// The change; [`Session::with`] accepts it.
    pub change: Change,
    /// The sum of what its assignments cost: each id once.
    pub cost: u64,
    /// The change step by step.
    pub steps: Vec<FixStep>,
    /// Everything that it does.
    #[serde(rename = "sideEffects")]
    pub side_effects: Preview,
    /// The steps in plain English.
    pub sentence: String,
}

/// The smallest fixes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FixResult {
    /// Each verified by deciding again.
    pub fixes: Vec<Fix>,
    /// Whether these are all of the smallest.
    pub complete: bool,
    /// Whether none is smaller.
    pub minimal: bool,
    /// The bound that stopped the search.
    #[serde(rename = "stoppedBy", skip_serializing_if = "Option::is_none")]
    pub stopped_by: Option<&'static str>,
    /// Where there is none: what is frozen and stands in the way.
    #[serde(rename = "blockedBy")]
    pub blocked_by: Vec<String>,
}

/// What frozen ids cost where the question is which of them stand in the way: more than everything else together.
const FROZEN: u64 = 1 << 40;

/// All smallest changes of a session of this policy after which the operation is allowed, or denied. O(size of the
/// operation's decision diagram), bounded by [`limits`](crate::model::limits).
///
/// # Errors
/// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
pub(in crate::studio) fn fixes(
    studio: &Studio,
    session: &Session,
    operation: &str,
    options: &FixOptions,
) -> Result<FixResult, SubjectError> {
    session.decide(operation)?;
    let operations: Vec<usize> = studio.policy().program().operations.find(operation).into_iter().collect();
    let restricts = |it: &usize| studio.policy().program().operations.get(*it).is_some_and(|it| it.restricts);
    let opens_nothing = operations.iter().any(restricts);
    let wanted = Wanted { operations, to: options.to };
    let terms = options.terms(studio)?;
    if opens_nothing && !wanted.holds(session) {
        return Ok(FixResult::none());
    }
    Ok(smallest(studio, session, &wanted, &terms, options.most()))
}

/// The smallest changes after which everything that is wanted holds.
pub(super) fn smallest(studio: &Studio, session: &Session, wanted: &Wanted, terms: &Terms, limit: usize) -> FixResult {
    let mut result = FixResult::none();
    match search(studio, session, wanted, terms, limit) {
        Ok(Some(solved)) => add(studio, &mut result, session, wanted, terms, &solved),
        Ok(None) if terms.frozen.is_empty() => {}
        Ok(None) => match frozen_in_the_way(studio, session, wanted, terms) {
            Ok(ids) => result.blocked_by = ids.into_iter().map(|id| id_of(studio, id)).collect(),
            Err(_) => result.stop("diagram-size"),
        },
        Err(_) => {
            result.stop("diagram-size");
            let found = reduce::reduce(studio, session, wanted, terms);
            let solved = |(cost, assignment)| Solved { cost, assignments: [assignment].into(), complete: false };
            if let Some(solved) = found.map(solved) {
                add(studio, &mut result, session, wanted, terms, &solved);
            }
        }
    }
    result
}

fn search(studio: &Studio, session: &Session, wanted: &Wanted, terms: &Terms, limit: usize) -> Answer<Option<Solved>> {
    if wanted.holds(session) {
        return Ok(Some(Solved::nothing()));
    }
    cheapest(studio, session, wanted, Candidates::new(studio, session, wanted, terms), limit)
}

fn cheapest(
    studio: &Studio,
    session: &Session,
    wanted: &Wanted,
    candidates: Candidates,
    limit: usize,
) -> Answer<Option<Solved>> {
    beyond_forced(studio, session, wanted, candidates, |with, candidates| {
        Ok(solve(studio, with, session, wanted, candidates, limit)?.into_iter().collect())
    })
    .map(|mut solved| solved.pop())
}

/// Answers a question about a session that has what is forced, and adds that to the answers again.
pub(super) fn beyond_forced(
    studio: &Studio,
    session: &Session,
    wanted: &Wanted,
    mut candidates: Candidates,
    ask: impl FnOnce(&Session, &Candidates) -> Answer<Vec<Solved>>,
) -> Answer<Vec<Solved>> {
    let forced = necessary::forced(studio, session, wanted, &candidates);
    if forced.is_empty() {
        return ask(session, &candidates);
    }
    // What is forced may need something else beside it: a switch may assume a role that clashes with another.
    let Ok(with) = session.with(&change::change(studio, session, &forced)) else { return ask(session, &candidates) };
    candidates.axes.retain(|id, _| !forced.contains_key(id));
    let paid: u64 = forced.keys().filter_map(|id| candidates.prices.get(id)).sum();
    let mut found = ask(&with, &candidates)?;
    for solved in &mut found {
        solved.cost += paid;
        for assignment in &mut solved.assignments {
            insert_all(assignment, forced.iter().map(|(id, assigned)| (*id, assigned.clone())));
        }
    }
    Ok(found)
}

/// The cheapest of the candidates' assignments to a session; what is near is measured from another one.
fn solve(
    studio: &Studio,
    session: &Session,
    from: &Session,
    wanted: &Wanted,
    candidates: &Candidates,
    limit: usize,
) -> Answer<Option<Solved>> {
    if wanted.holds(session) {
        return Ok(Some(Solved::nothing()));
    }
    let symbolic = &mut space(studio, session, candidates);
    let goal = wanted.goal(symbolic)?;
    let distance = |id, value| distance_from(studio, from, id, value);
    Question::new(symbolic, &candidates.prices, &distance, goal)?.cheapest(limit)
}

/// The decisions as functions of what may be assigned.
pub(super) fn space<'a>(
    studio: &'a Studio,
    session: &'a Session,
    candidates: &'a Candidates,
) -> Symbolic<'a, SearchSpace<'a>> {
    SearchSpace::symbolic(studio.checked().meaning(), studio.policy().program(), session.state(), &candidates.axes)
}

/// The frozen ids that would have to change, by the cheapest ways.
fn frozen_in_the_way(studio: &Studio, session: &Session, wanted: &Wanted, terms: &Terms) -> Answer<BTreeSet<Id>> {
    let thawed = Terms { frozen: BTreeSet::new(), ..terms.clone() };
    let mut candidates = Candidates::new(studio, session, wanted, &thawed);
    for (_, price) in candidates.prices.iter_mut().filter(|(id, _)| terms.frozen.contains(id)) {
        *price += FROZEN;
    }
    let found = cheapest(studio, session, wanted, candidates, FixOptions::LIMIT)?;
    let ids = found.into_iter().flat_map(|found| found.assignments).flatten().map(|(id, _)| id);
    Ok(collect_set(ids.filter(|id| terms.frozen.contains(id))))
}

/// Adds what was found, each verified.
fn add(studio: &Studio, result: &mut FixResult, session: &Session, wanted: &Wanted, terms: &Terms, solved: &Solved) {
    result.complete &= solved.complete;
    for assignment in &solved.assignments {
        let change = change::change(studio, session, assignment);
        match session.with(&change) {
            Ok(after) if wanted.holds(&after) => {
                let mut steps = change::steps(studio, session, assignment, &change);
                reduce::name_excess(studio, &mut steps, &after, wanted, terms);
                let sentence = wording::say_steps(studio, &steps);
                let side_effects = studio.difference(session, &after);
                result.fixes.push(Fix { change, cost: solved.cost, steps, side_effects, sentence });
            }
            // What deciding does not confirm is never shown.
            _ => result.stop("verification"),
        }
    }
    // Of equal cost, single grants come before roles, and what takes fewer steps first.
    let roles = |fix: &Fix| fix.steps.iter().filter(|step| step.kind == StepKind::Role).count();
    result.fixes.sort_by_key(|fix| (roles(fix), fix.steps.len()));
}

impl FixResult {
    pub(super) const fn none() -> Self {
        Self { fixes: Vec::new(), complete: true, minimal: true, stopped_by: None, blocked_by: Vec::new() }
    }

    const fn stop(&mut self, bound: &'static str) {
        self.complete = false;
        self.minimal = false;
        self.stopped_by = Some(bound);
    }
}
