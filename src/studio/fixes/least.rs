//! Least privilege: the smallest sets of grants that allow some operations, and the existing roles that come nearest to
//! them.

use super::candidates::{Candidates, cost};
use super::fix::FixResult;
use super::goal::{Goal, Terms, Wanted};
use super::options::FixOptions;
use crate::document::GrantedThrough;
use crate::model::Value;
use crate::pack::Grant;
use crate::session::{Session, State, SubjectError, SubjectFault};
use crate::studio::Studio;
use crate::studio::fixes::change;
use crate::studio::fixes::fix;
use crate::studio::fixes::reduce;
use crate::studio::search::solve::Question;
use crate::studio::search::space::Id;
use crate::util::{collect_set, to_u32};
use serde::Serialize;
use std::collections::BTreeMap;

/// The smallest sets of grants that allow a set of operations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeastPrivilege {
    /// The changes that allow all of the operations to a subject without grants and known facts.
    #[serde(flatten)]
    pub fixes: FixResult,
    /// Roles and pairs of roles that give a part of the necessary grants, ordered by the cost of what is missing, then
    /// of the excess; at most [`NEAREST`].
    #[serde(rename = "nearestRoles")]
    pub nearest_roles: Vec<NearestRoles>,
}

/// Existing roles, compared with the necessary grants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NearestRoles {
    /// One role or a pair.
    pub roles: Vec<String>,
    /// Necessary grants that the roles do not have.
    pub missing: BTreeMap<String, Value>,
    /// Grants of the roles that are not necessary.
    pub excess: BTreeMap<String, Value>,
}

/// The maximum number of roles and pairs that are returned.
pub const NEAREST: usize = 10;
/// The number of roles from which pairs are formed: those with the least missing cost.
const PAIRED: usize = 32;

/// Roles with their missing and excess grants, each with its cost.
struct Tried {
    roles: Vec<u32>,
    missing: (u64, Vec<Grant>),
    excess: (u64, Vec<Grant>),
}

/// See [`Studio::least_privilege`].
///
/// # Errors
/// [`SubjectFault::UnknownId`], and [`SubjectFault::InvalidOptions`] if the goal is to deny.
pub(in crate::studio) fn least_privilege(
    studio: &Studio,
    operations: &[&str],
    options: &FixOptions,
) -> Result<LeastPrivilege, SubjectError> {
    if options.to == Goal::Denied {
        let help = "leave it out: the least is what allows";
        let message = "option `to` is `denied`".into();
        return Err(SubjectError::new(SubjectFault::InvalidOptions, "to", message, help.into()));
    }
    let program = studio.policy().program();
    let known = |id: &&str| program.operations.find(id).ok_or_else(|| studio.policy().unknown("operation", id));
    let operations = operations.iter().map(known).collect::<Result<_, _>>()?;
    let wanted = Wanted { operations, to: Goal::Allowed };
    let terms = options.terms(studio)?;
    let nobody = Session::resolve(program, State::default())?;
    let fixes = fix::smallest(studio, &nobody, &wanted, &terms, options.most());
    let nearest_roles = fixes.fixes.first().map(|fix| nearest_roles(studio, &nobody, fix, &wanted, &terms));
    Ok(LeastPrivilege { fixes, nearest_roles: nearest_roles.unwrap_or_default() })
}

fn nearest_roles(
    studio: &Studio,
    nobody: &Session,
    fix: &super::fix::Fix,
    wanted: &Wanted,
    terms: &Terms,
) -> Vec<NearestRoles> {
    let facts = crate::session::Change { facts: fix.change.facts.clone(), ..Default::default() };
    let Ok(base) = nobody.with(&facts) else { return Vec::new() };
    let none = missing(studio, base.state().clone(), wanted, terms).map_or(u64::MAX, |(cost, _)| cost);
    let count = to_u32(studio.policy().program().roles.len());
    let helps = |tried: &Tried, others: u64| tried.missing.0 < others;
    let mut alone: Vec<Tried> = (0..count)
        .filter_map(|role| tried(studio, &base, &[role], wanted, terms))
        .filter(|tried| helps(tried, none))
        .collect();
    alone.sort_by_key(|tried| (tried.missing.0, tried.excess.0));
    let mut pairs = Vec::new();
    for (place, first) in alone.iter().enumerate().take(PAIRED) {
        for second in alone.iter().take(PAIRED).skip(place + 1).filter(|_| first.missing.0 > 0) {
            let mut roles: Vec<u32> = first.roles.iter().chain(&second.roles).copied().collect();
            roles.sort();
            let least = first.missing.0.min(second.missing.0);
            pairs.extend(tried(studio, &base, &roles, wanted, terms).filter(|tried| helps(tried, least)));
        }
    }
    alone.extend(pairs);
    alone.sort_by_key(|tried| (tried.missing.0, tried.excess.0, tried.roles.len()));
    alone.truncate(NEAREST);
    alone.into_iter().map(|tried| named(studio, tried)).collect()
}

fn tried(studio: &Studio, base: &Session, roles: &[u32], wanted: &Wanted, terms: &Terms) -> Option<Tried> {
    let state = State { roles: roles.into(), ..base.state().clone() };
    let missing = missing(studio, state.clone(), wanted, terms)?;
    let own = state.own.iter().chain(&missing.1).copied().collect();
    let complete = Session::resolve(studio.policy().program(), State { own, ..state }).ok()?;
    let excess = reduce::excess(studio, &complete, wanted, terms, roles);
    let privileges = collect_set(excess.iter().map(|grant| grant.privilege));
    let price = privileges.into_iter().map(|privilege| cost(studio, terms, privilege as usize)).sum();
    Some(Tried { roles: roles.into(), missing, excess: (price, excess) })
}

/// The own grants of least cost that the session lacks, with no regard to `grantedThrough`; and their cost.
fn missing(studio: &Studio, state: State, wanted: &Wanted, terms: &Terms) -> Option<(u64, Vec<Grant>)> {
    let session = Session::resolve(studio.policy().program(), state).ok()?;
    if wanted.holds(&session) {
        return Some((0, Vec::new()));
    }
    let terms = Terms { through: Some(GrantedThrough::Both), ..terms.clone() };
    let mut candidates = Candidates::new(studio, &session, wanted, &terms);
    candidates.axes.retain(|id, _| matches!(id, Id::Privilege(_)));
    let symbolic = &mut fix::space(studio, &session, &candidates);
    let goal = wanted.goal(symbolic).ok()?;
    let distance = |id, value| super::candidates::distance_from(studio, &session, id, value);
    let found = Question::new(symbolic, &candidates.prices, &distance, goal).ok()?.cheapest(1).ok()??;
    let after = session.with(&change::change(studio, &session, found.assignments.first()?)).ok()?;
    Some((found.cost, after.state().own.clone()))
}

fn named(studio: &Studio, tried: Tried) -> NearestRoles {
    let roles = studio.policy().program();
    let roles = tried.roles.iter().filter_map(|role| roles.roles.at(*role)).map(|role| role.id.clone()).collect();
    NearestRoles {
        roles,
        missing: change::grants(studio, tried.missing.1),
        excess: change::grants(studio, tried.excess.1),
    }
}
