//! Reduction, for searches that exceed a limit: a change that works, and of which every part is needed unless the
//! reduction exceeds its own limit. Also the excess grants of roles.

use super::candidates::{Candidates, privilege_cost};
use super::change::FixStep;
use super::goal::{Constraints, SearchGoal};
use super::grants::grants_added;
use crate::model::PrivilegeKind;
use crate::pack::Grant;
use crate::session::{Session, State};
use crate::studio::Studio;
use crate::studio::fixes::change;
use crate::studio::search::solve::{AssignedValue, Assignment};
use crate::studio::search::space::{Domain, Id};
use crate::util::collect_map;
use crate::util::sort;

/// What the evaluations of a reduction may cost together: each costs its assignments, and a part of the slots of the program.
const MAX_COST: usize = 1_000_000;
/// Slots of a program that take as long to evaluate as one assignment takes to make.
const SLOTS_PER_ASSIGNMENT: usize = 32;

/// Assigns its largest value to every candidate except roles, then drops assignments that the goal does not need: first
/// large parts, then smaller ones, as in delta debugging.
pub(super) fn reduce(
    studio: &Studio,
    session: &Session,
    goal: &SearchGoal,
    constraints: &Constraints,
) -> Option<(u64, Assignment)> {
    let candidates = Candidates::new(studio, session, goal, constraints);
    let largest = |(id, values): (&Id, &Domain)| {
        let assigned = match values {
            Domain::OneOf(values) => AssignedValue::Value(*values.iter().max()?),
            Domain::Subset(options) => AssignedValue::Options(options.iter().map(|option| (*option, true)).collect()),
            Domain::Toggle => return None,
        };
        Some((*id, assigned))
    };
    let mut remaining: Vec<(Id, AssignedValue)> = candidates.domains.iter().filter_map(largest).collect();
    let cost = |id: &Id| candidates.costs.get(id).copied().unwrap_or(0);
    sort::sort_by_key(&mut remaining, |(id, _)| std::cmp::Reverse(cost(id)));
    let reaches_goal = |parts: &[(Id, AssignedValue)]| {
        let change = change::change(studio, session, &collect_map(parts.iter().cloned()));
        session.with(&change).is_ok_and(|after| goal.holds(&after))
    };
    if !reaches_goal(&remaining) {
        return None;
    }
    let per_evaluation = studio.policy().program().slots() / SLOTS_PER_ASSIGNMENT;
    let (mut size, mut spent) = (remaining.len().div_ceil(2), 0);
    while size > 0 && spent < MAX_COST {
        let mut start = 0;
        while start < remaining.len() && spent < MAX_COST {
            spent += remaining.len() + per_evaluation;
            let end = (start + size).min(remaining.len());
            let outside = |(place, _): &(usize, &(Id, AssignedValue))| *place < start || *place >= end;
            let fewer: Vec<_> = remaining.iter().enumerate().filter(outside).map(|(_, it)| it.clone()).collect();
            if reaches_goal(&fewer) { remaining = fewer } else { start = end }
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    let cost = remaining.iter().map(|(id, _)| cost(id)).sum();
    Some((cost, collect_map(remaining)))
}

/// Sets the excess of each step that adds a role; removing a role has no excess.
pub(super) fn record_excess(
    studio: &Studio,
    steps: &mut [FixStep],
    after: &Session,
    goal: &SearchGoal,
    constraints: &Constraints,
) {
    for step in steps {
        let FixStep::Role(step) = step else { continue };
        let role = studio.policy().program().roles.find(&step.id).filter(|_| step.to.is_some());
        let role = role.and_then(|role| u32::try_from(role).ok());
        let excess = role.map(|role| excess(studio, after, goal, constraints, &[role])).unwrap_or_default();
        step.excess = change::grants(studio, excess);
    }
}

/// The unnecessary grants that only the given roles provide, and levels that are higher than the goal needs, in policy
/// order. The most expensive grants are tried first.
pub(super) fn excess(
    studio: &Studio,
    session: &Session,
    goal: &SearchGoal,
    constraints: &Constraints,
    roles: &[u32],
) -> Vec<Grant> {
    let program = studio.policy().program();
    let mut state = session.state().clone();
    state.roles.retain(|role| !roles.contains(role));
    let Ok(without) = Session::evaluate(program, state.clone()) else { return Vec::new() };
    let provided = roles.iter().flat_map(|role| grants_added(studio, &without, *role as usize));
    let mut remaining: Vec<Grant> = provided.collect();
    sort::sort_by_key(&mut remaining, |grant| {
        (std::cmp::Reverse(privilege_cost(studio, constraints, grant.privilege as usize)), *grant)
    });
    remaining.dedup();
    let reaches_goal = |grants: &[Grant]| {
        let mut inline = state.inline.clone();
        let mut grants = grants.to_vec();
        sort::sort(&mut grants);
        inline.push(grants);
        let state = State { inline, ..state.clone() };
        Session::evaluate(program, state).is_ok_and(|session| goal.holds(&session))
    };
    let mut excess = Vec::new();
    for grant in remaining.clone() {
        let others: Vec<Grant> = remaining.iter().filter(|other| **other != grant).copied().collect();
        if reaches_goal(&others) {
            remaining = others;
            excess.push(grant);
            continue;
        }
        let kind = program.privileges.at(grant.privilege).map(|it| it.kind);
        let lower = |value: u32| others.iter().copied().chain([Grant { value, ..grant }]).collect::<Vec<_>>();
        if kind == Some(PrivilegeKind::Level) && (1..grant.value).any(|value| reaches_goal(&lower(value))) {
            excess.push(grant);
        }
    }
    sort::sort(&mut excess);
    excess
}
