//! Reduction: a change that works and from which nothing can be left out, for searches that exceed a limit; and the
//! excess grants of roles.

use super::candidates::{Candidates, adds, cost};
use super::change::{FixStep, StepKind};
use super::goal::{Terms, Wanted};
use crate::model::PrivilegeKind;
use crate::pack::Grant;
use crate::session::{Session, State};
use crate::studio::Studio;
use crate::studio::fixes::change;
use crate::studio::search::solve::{Assigned, Assignment};
use crate::studio::search::space::{Id, Values};
use crate::util::collect_map;

/// The maximum number of evaluations in a reduction.
const TRIES: usize = 4_096;

/// Assigns all candidates, then removes parts that are not needed. The parts get smaller and smaller, as in delta
/// debugging.
pub(super) fn reduce(studio: &Studio, session: &Session, wanted: &Wanted, terms: &Terms) -> Option<(u64, Assignment)> {
    let candidates = Candidates::new(studio, session, wanted, terms);
    let most = |(id, values): (&Id, &Values)| {
        let assigned = match values {
            Values::OneOf(values) => Assigned::Value(*values.iter().max()?),
            Values::Each(options) => Assigned::Options(options.iter().map(|option| (*option, true)).collect()),
            Values::Flip => return None,
        };
        Some((*id, assigned))
    };
    let mut kept: Vec<(Id, Assigned)> = candidates.axes.iter().filter_map(most).collect();
    let price = |id: &Id| candidates.prices.get(id).copied().unwrap_or(0);
    kept.sort_by_key(|(id, _)| std::cmp::Reverse(price(id)));
    let works = |parts: &[(Id, Assigned)]| {
        let change = change::change(studio, session, &collect_map(parts.iter().cloned()));
        session.with(&change).is_ok_and(|after| wanted.holds(&after))
    };
    if !works(&kept) {
        return None;
    }
    let (mut size, mut tries) = (kept.len().div_ceil(2), 0);
    while size > 0 && tries < TRIES {
        let mut start = 0;
        while start < kept.len() && tries < TRIES {
            tries += 1;
            let end = (start + size).min(kept.len());
            let outside = |(place, _): &(usize, &(Id, Assigned))| *place < start || *place >= end;
            let fewer: Vec<_> = kept.iter().enumerate().filter(outside).map(|(_, it)| it.clone()).collect();
            if works(&fewer) { kept = fewer } else { start = end }
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    let cost = kept.iter().map(|(id, _)| price(id)).sum();
    Some((cost, collect_map(kept)))
}

/// Sets the excess of each step that adds a role; removing a role has no excess.
pub(super) fn name_excess(studio: &Studio, steps: &mut [FixStep], after: &Session, wanted: &Wanted, terms: &Terms) {
    for step in steps.iter_mut().filter(|step| step.kind == StepKind::Role) {
        let role = studio.policy().program().roles.find(&step.id).filter(|_| step.to.is_some());
        let role = role.and_then(|role| u32::try_from(role).ok());
        let excess = role.map(|role| excess(studio, after, wanted, terms, &[role])).unwrap_or_default();
        step.excess = Some(change::grants(studio, excess));
    }
}

/// The unnecessary grants that only the given roles provide, the most expensive first.
pub(super) fn excess(studio: &Studio, session: &Session, wanted: &Wanted, terms: &Terms, roles: &[u32]) -> Vec<Grant> {
    let program = studio.policy().program();
    let mut state = session.state().clone();
    state.roles.retain(|role| !roles.contains(role));
    let Ok(without) = Session::resolve(program, state.clone()) else { return Vec::new() };
    let given = roles.iter().flat_map(|role| adds(studio, &without, *role as usize));
    let mut kept: Vec<Grant> = given.collect();
    kept.sort_by_key(|grant| (std::cmp::Reverse(cost(studio, terms, grant.privilege as usize)), *grant));
    kept.dedup();
    let works = |grants: &[Grant]| {
        let mut inline = state.inline.clone();
        let mut grants = grants.to_vec();
        grants.sort();
        inline.push(grants);
        let state = State { inline, ..state.clone() };
        Session::resolve(program, state).is_ok_and(|session| wanted.holds(&session))
    };
    let mut excess = Vec::new();
    for grant in kept.clone() {
        let others: Vec<Grant> = kept.iter().filter(|other| **other != grant).copied().collect();
        if works(&others) {
            kept = others;
            excess.push(grant);
            continue;
        }
        let kind = program.privileges.at(grant.privilege).map(|it| it.kind);
        let lower = |value: u32| others.iter().copied().chain([Grant { value, ..grant }]).collect::<Vec<_>>();
        if kind == Some(PrivilegeKind::Level) && (1..grant.value).any(|value| works(&lower(value))) {
            excess.push(grant);
        }
    }
    excess.sort();
    excess
}
