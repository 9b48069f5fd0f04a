//! Fixes: all changes of least cost after which an operation is allowed, or denied.
//!
//! The decision becomes a BDD over the assignments that a change may make; the cheapest satisfying assignments are the
//! fixes. An answer is incomplete only if a BDD exceeds its size limit, and the answer says so.

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

/// A change of least cost that reaches the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// The change. [`Session::with`] accepts it.
    pub change: Change,
    /// The sum over the assigned ids: a privilege costs its `cost`, a fact 100, a role the sum over the privileges that
    /// it adds or removes.
    pub cost: u64,
    /// The assignments of the change.
    pub steps: Vec<FixStep>,
    /// All effects of the change, the intended one included.
    #[serde(rename = "sideEffects")]
    pub side_effects: Preview,
    /// The steps in English.
    pub sentence: String,
}

/// The fixes of least cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FixResult {
    /// The fixes. Each is verified by evaluating the changed session.
    pub fixes: Vec<Fix>,
    /// Whether all fixes of least cost are included.
    pub complete: bool,
    /// Whether it is proved that there is no fix of lower cost.
    pub minimal: bool,
    /// The limit that stopped the search, if one did.
    #[serde(rename = "stoppedBy", skip_serializing_if = "Option::is_none")]
    pub stopped_by: Option<&'static str>,
    /// If there is no fix: the frozen ids that prevent one.
    #[serde(rename = "blockedBy")]
    pub blocked_by: Vec<String>,
}

/// The additional cost of a frozen id when the search is for the frozen ids that prevent a fix: more than all other ids
/// together.
const FROZEN: u64 = 1 << 40;

/// See [`Studio::fixes`].
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

/// The changes of least cost that reach the goal.
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

/// Runs a search on the session with all necessary assignments, and adds these to its solutions.
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
    // The necessary assignments alone may be refused: a switch may assume a role that clashes with another one.
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

/// The cheapest assignments of the candidates to a session. Distances are measured from another session, the original
/// one.
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

/// The decisions as functions of the assignments.
pub(super) fn space<'a>(
    studio: &'a Studio,
    session: &'a Session,
    candidates: &'a Candidates,
) -> Symbolic<'a, SearchSpace<'a>> {
    SearchSpace::symbolic(studio.checked().meaning(), studio.policy().program(), session.state(), &candidates.axes)
}

/// The frozen ids that the cheapest changes would assign.
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

/// Adds the solutions that evaluation confirms.
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
            // A solution that evaluation does not confirm is dropped, and the result is marked as stopped.
            _ => result.stop("verification"),
        }
    }
    // Among equal costs, fixes without roles come first, then those with fewer steps.
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
