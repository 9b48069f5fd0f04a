//! Fixes: all changes of least cost after which an operation is allowed, or denied.
//!
//! The decision becomes a BDD over the assignments that a change may make; the cheapest satisfying assignments are the
//! fixes. An answer is incomplete if the BDDs exceed their limits, if there are more fixes than were asked for, or if a
//! fix did not pass its verification; the answer says so.

use super::candidates::{Candidates, distance_from};
use super::change::FixStep;
use super::goal::{Constraints, SearchGoal};
use super::options::FixOptions;
use crate::check::{Answer, Symbolic};
use crate::session::{Change, Session, SubjectError};
use crate::studio::Studio;
use crate::studio::changes::preview::Preview;
use crate::studio::fixes::change;
use crate::studio::fixes::english;
use crate::studio::fixes::necessary;
use crate::studio::fixes::reduce;
use crate::studio::search::notation::id_of;
use crate::studio::search::solve::{SearchQuery, Solutions};
use crate::studio::search::space::{Id, SearchSpace};
use crate::util::{collect_set, insert_all};
use serde::Serialize;
use std::collections::BTreeSet;

/// A change of least cost that reaches the decision.
///
/// # Examples
/// ```
/// use privet::{FixOptions, Studio, Subject};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let session = studio.policy().session(&Subject::default())?;
/// let fix = studio.fixes(&session, "programs.access", &FixOptions::default())?.fixes.remove(0);
/// assert_eq!((fix.cost, fix.sentence.as_str()), (1, "Grant Programs."));
/// assert_eq!(fix.side_effects.menu.shown, ["programs"]);
/// assert!(session.with(&fix.change)?.can("programs.access")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Fix {
    /// The change. [`Session::with`] accepts it.
    #[cfg_attr(feature = "schema", ts(type = "Change<S>"))]
    pub change: Change,
    /// The sum over the assigned ids: a privilege costs its `cost`, a fact 100, a role the sum over the privileges that
    /// it adds or removes.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
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
///
/// # Examples
/// ```
/// use privet::{FixOptions, Studio, Subject};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let session = studio.policy().session(&Subject::default())?;
/// let result = studio.fixes(&session, "programs.access", &FixOptions::default())?;
/// assert!(result.complete && result.minimal && result.fixes.len() == 1);
///
/// let frozen = vec!["programs".into(), "owner".into()];
/// let result = studio.fixes(&session, "programs.access", &FixOptions { frozen, ..FixOptions::default() })?;
/// assert_eq!((result.fixes.len(), result.blocked_by), (0, vec!["programs".to_owned()]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FixResult {
    /// The fixes. Each is verified by evaluating the changed session.
    pub fixes: Vec<Fix>,
    /// Whether all fixes of least cost are included.
    pub complete: bool,
    /// Whether it is proved that there is no fix of lower cost.
    pub minimal: bool,
    /// The limit that stopped the search, if one did.
    #[serde(rename = "stoppedBy", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional, type = "string"))]
    pub stopped_by: Option<&'static str>,
    /// If there is no fix: the frozen ids that prevent one.
    #[serde(rename = "blockedBy")]
    #[cfg_attr(feature = "schema", ts(type = "readonly (PrivilegeId<S> | FactId<S> | RoleId<S>)[]"))]
    pub blocked_by: Vec<String>,
}

/// The additional cost of a frozen id when the search is for the frozen ids that prevent a fix: more than all other ids
/// together.
const FROZEN_COST: u64 = 1 << 40;

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
    let is_restricting = operations.iter().any(restricts);
    let goal = SearchGoal { operations, to: options.to };
    let constraints = options.constraints(studio)?;
    if is_restricting && !goal.holds(session) {
        return Ok(FixResult::empty());
    }
    Ok(smallest(studio, session, &goal, &constraints, options.max_fixes()))
}

/// The changes of least cost that reach the goal.
pub(super) fn smallest(
    studio: &Studio,
    session: &Session,
    goal: &SearchGoal,
    constraints: &Constraints,
    limit: usize,
) -> FixResult {
    let mut result = FixResult::empty();
    match search(studio, session, goal, constraints, limit) {
        Ok(Some(solutions)) => add_verified(studio, &mut result, session, goal, constraints, &solutions),
        Ok(None) if constraints.frozen.is_empty() => {}
        Ok(None) => match blocking_ids(studio, session, goal, constraints) {
            Ok(ids) => result.blocked_by = ids.into_iter().map(|id| id_of(studio, id)).collect(),
            Err(_) => result.mark_stopped("diagram-size"),
        },
        Err(_) => {
            result.mark_stopped("diagram-size");
            if let Some((cost, assignment)) = reduce::reduce(studio, session, goal, constraints) {
                let solutions = Solutions { cost, assignments: [assignment].into(), complete: false };
                add_verified(studio, &mut result, session, goal, constraints, &solutions);
            }
        }
    }
    result
}

fn search(
    studio: &Studio,
    session: &Session,
    goal: &SearchGoal,
    constraints: &Constraints,
    limit: usize,
) -> Answer<Option<Solutions>> {
    if goal.holds(session) {
        return Ok(Some(Solutions::trivial()));
    }
    cheapest(studio, session, goal, Candidates::new(studio, session, goal, constraints), limit)
}

fn cheapest(
    studio: &Studio,
    session: &Session,
    goal: &SearchGoal,
    candidates: Candidates,
    limit: usize,
) -> Answer<Option<Solutions>> {
    with_necessary_assignments(studio, session, goal, candidates, |changed, candidates| {
        Ok(solve(studio, changed, session, goal, candidates, limit)?.into_iter().collect())
    })
    .map(|mut solutions| solutions.pop())
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

/// The cheapest assignments of the candidates to a session. Distances are measured from another session, the original
/// one.
fn solve(
    studio: &Studio,
    session: &Session,
    from: &Session,
    goal: &SearchGoal,
    candidates: &Candidates,
    limit: usize,
) -> Answer<Option<Solutions>> {
    if goal.holds(session) {
        return Ok(Some(Solutions::trivial()));
    }
    let symbolic = &mut search_space(studio, session, candidates);
    let satisfying = goal.satisfying(symbolic)?;
    let distance = |id, value| distance_from(studio, from, id, value);
    SearchQuery::new(symbolic, &candidates.costs, &distance, satisfying)?.cheapest(limit)
}

/// The decisions as functions of the assignments.
pub(super) fn search_space<'a>(
    studio: &'a Studio,
    session: &'a Session,
    candidates: &'a Candidates,
) -> Symbolic<'a, SearchSpace<'a>> {
    SearchSpace::symbolic(studio.checked().resolved(), studio.policy().program(), session.state(), &candidates.domains)
}

/// The frozen ids that the cheapest changes would assign.
fn blocking_ids(
    studio: &Studio,
    session: &Session,
    goal: &SearchGoal,
    constraints: &Constraints,
) -> Answer<BTreeSet<Id>> {
    let unfrozen = Constraints { frozen: BTreeSet::new(), ..constraints.clone() };
    let mut candidates = Candidates::new(studio, session, goal, &unfrozen);
    for (_, cost) in candidates.costs.iter_mut().filter(|(id, _)| constraints.frozen.contains(id)) {
        *cost += FROZEN_COST;
    }
    let found = cheapest(studio, session, goal, candidates, FixOptions::LIMIT)?;
    let ids = found.into_iter().flat_map(|found| found.assignments).flatten().map(|(id, _)| id);
    Ok(collect_set(ids.filter(|id| constraints.frozen.contains(id))))
}

/// Adds the solutions that evaluation confirms.
fn add_verified(
    studio: &Studio,
    result: &mut FixResult,
    session: &Session,
    goal: &SearchGoal,
    constraints: &Constraints,
    solutions: &Solutions,
) {
    result.complete &= solutions.complete;
    for assignment in &solutions.assignments {
        let change = change::change(studio, session, assignment);
        match session.with(&change) {
            Ok(after) if goal.holds(&after) => {
                let mut steps = change::steps(studio, session, assignment, &change);
                reduce::record_excess(studio, &mut steps, &after, goal, constraints);
                let sentence = english::steps_in_english(studio, &steps);
                let side_effects = studio.difference(session, &after);
                result.fixes.push(Fix { change, cost: solutions.cost, steps, side_effects, sentence });
            }
            // A solution that evaluation does not confirm is dropped, and the result is marked as stopped.
            _ => result.mark_stopped("verification"),
        }
    }
    // Among equal costs, fixes without roles come first, then those with fewer steps.
    let roles = |fix: &Fix| fix.steps.iter().filter(|step| matches!(step, FixStep::Role(_))).count();
    result.fixes.sort_by_key(|fix| (roles(fix), fix.steps.len()));
}

impl FixResult {
    pub(super) const fn empty() -> Self {
        Self { fixes: Vec::new(), complete: true, minimal: true, stopped_by: None, blocked_by: Vec::new() }
    }

    const fn mark_stopped(&mut self, bound: &'static str) {
        self.complete = false;
        self.minimal = false;
        self.stopped_by = Some(bound);
    }
}
