//! Least privilege: the smallest sets of grants that allow some operations, and the existing roles that come nearest to
//! them.

use super::candidates::{Candidates, distance_from, privilege_cost};
use super::fix::FixResult;
use super::goal::{Constraints, Goal, SearchGoal};
use super::options::FixOptions;
use crate::document::GrantedThrough;
use crate::model::Value;
use crate::pack::Grant;
use crate::session::{Session, State, SubjectError, SubjectFault};
use crate::studio::Studio;
use crate::studio::fixes::change;
use crate::studio::fixes::fix;
use crate::studio::fixes::reduce;
use crate::studio::search::solve::SearchQuery;
use crate::studio::search::space::Id;
use crate::util::{collect_set, to_u32};
use serde::Serialize;
use std::collections::BTreeMap;

/// The smallest sets of grants that allow a set of operations.
///
/// # Examples
/// ```
/// use privet::{FixOptions, Studio, Value};
///
/// let studio = Studio::compile(privet::policies::CONTACT, false)?;
/// let least = studio.least_privilege(&["item.chats.assign"], &FixOptions::default())?;
/// assert_eq!(least.fixes.fixes[0].change.set, [("assign-chats".into(), Value::Flag(true))]);
/// assert_eq!(least.nearest_roles[0].roles, ["chat"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
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
///
/// # Examples
/// ```
/// use privet::{FixOptions, NearestRoles, Studio};
///
/// let studio = Studio::compile(privet::policies::CONTACT, false)?;
/// let operations = ["item.chats.assign", "staff.users.reset-password"];
/// let nearest = studio.least_privilege(&operations, &FixOptions::default())?.nearest_roles;
/// assert_eq!(nearest[0].roles, ["administrator", "chat"]);
/// let chat = nearest.iter().find(|it| it.roles == ["chat"]).ok_or("the role is not near")?;
/// let NearestRoles { missing, excess, .. } = chat;
/// assert!(missing.keys().eq(["users"]));
/// assert!(excess.keys().eq(["file-upload", "handle-webchats"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct NearestRoles {
    /// One role or a pair.
    #[cfg_attr(feature = "schema", ts(type = "readonly RoleId<S>[]"))]
    pub roles: Vec<String>,
    /// Necessary grants that the roles do not have.
    #[cfg_attr(feature = "schema", ts(type = "Grants<S>"))]
    pub missing: BTreeMap<String, Value>,
    /// Grants of the roles that are not necessary.
    #[cfg_attr(feature = "schema", ts(type = "Grants<S>"))]
    pub excess: BTreeMap<String, Value>,
}

/// The maximum number of roles and pairs that are returned.
pub const NEAREST: usize = 10;
/// The number of roles from which pairs are formed: those with the least missing cost.
const MAX_PAIRED: usize = 32;

/// Roles with their missing and excess grants, each with its cost.
struct RoleCandidate {
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
        let help = "leave it out: least privilege only allows operations";
        let message = "option `to` is `denied`".into();
        return Err(SubjectError::new(SubjectFault::InvalidOptions, "to", message, help.into()));
    }
    let program = studio.policy().program();
    let known = |id: &&str| program.operations.find(id).ok_or_else(|| studio.policy().unknown("operation", id));
    let operations = operations.iter().map(known).collect::<Result<_, _>>()?;
    let goal = SearchGoal { operations, to: Goal::Allowed };
    let constraints = options.constraints(studio)?;
    let empty = Session::evaluate(program, State::default())?;
    let fixes = fix::smallest(studio, &empty, &goal, &constraints, options.max_fixes());
    let nearest_roles = fixes.fixes.first().map(|fix| nearest_roles(studio, &empty, fix, &goal, &constraints));
    Ok(LeastPrivilege { fixes, nearest_roles: nearest_roles.unwrap_or_default() })
}

fn nearest_roles(
    studio: &Studio,
    empty: &Session,
    fix: &super::fix::Fix,
    goal: &SearchGoal,
    constraints: &Constraints,
) -> Vec<NearestRoles> {
    let facts = crate::session::Change { facts: fix.change.facts.clone(), ..Default::default() };
    let Ok(base) = empty.with(&facts) else { return Vec::new() };
    let missing_without_roles =
        missing(studio, base.state().clone(), goal, constraints).map_or(u64::MAX, |(cost, _)| cost);
    let count = to_u32(studio.policy().program().roles.len());
    let is_nearer = |candidate: &RoleCandidate, others: u64| candidate.missing.0 < others;
    let mut candidates: Vec<RoleCandidate> = (0..count)
        .filter_map(|role| role_candidate(studio, &base, &[role], goal, constraints))
        .filter(|candidate| is_nearer(candidate, missing_without_roles))
        .collect();
    candidates.sort_by_key(|candidate| (candidate.missing.0, candidate.excess.0));
    let mut pairs = Vec::new();
    for (index, first) in candidates.iter().enumerate().take(MAX_PAIRED) {
        for second in candidates.iter().take(MAX_PAIRED).skip(index + 1).filter(|_| first.missing.0 > 0) {
            let mut roles: Vec<u32> = first.roles.iter().chain(&second.roles).copied().collect();
            roles.sort_unstable();
            let least = first.missing.0.min(second.missing.0);
            pairs.extend(
                role_candidate(studio, &base, &roles, goal, constraints)
                    .filter(|candidate| is_nearer(candidate, least)),
            );
        }
    }
    candidates.extend(pairs);
    candidates.sort_by_key(|candidate| (candidate.missing.0, candidate.excess.0, candidate.roles.len()));
    candidates.truncate(NEAREST);
    candidates.into_iter().map(|candidate| to_nearest_roles(studio, candidate)).collect()
}

fn role_candidate(
    studio: &Studio,
    base: &Session,
    roles: &[u32],
    goal: &SearchGoal,
    constraints: &Constraints,
) -> Option<RoleCandidate> {
    let state = State { roles: roles.into(), ..base.state().clone() };
    let missing = missing(studio, state.clone(), goal, constraints)?;
    let own = state.own.iter().chain(&missing.1).copied().collect();
    let complete = Session::evaluate(studio.policy().program(), State { own, ..state }).ok()?;
    let excess = reduce::excess(studio, &complete, goal, constraints, roles);
    let privileges = collect_set(excess.iter().map(|grant| grant.privilege));
    let cost = privileges.into_iter().map(|privilege| privilege_cost(studio, constraints, privilege as usize)).sum();
    Some(RoleCandidate { roles: roles.into(), missing, excess: (cost, excess) })
}

/// The own grants of least cost that the session lacks, with no regard to `grantedThrough`; and their cost.
fn missing(studio: &Studio, state: State, goal: &SearchGoal, constraints: &Constraints) -> Option<(u64, Vec<Grant>)> {
    let session = Session::evaluate(studio.policy().program(), state).ok()?;
    if goal.holds(&session) {
        return Some((0, Vec::new()));
    }
    let constraints = Constraints { through: Some(GrantedThrough::Both), ..constraints.clone() };
    let mut candidates = Candidates::new(studio, &session, goal, &constraints);
    candidates.domains.retain(|id, _| matches!(id, Id::Privilege(_)));
    let symbolic = &mut fix::search_space(studio, &session, &candidates);
    let satisfying = goal.satisfying(symbolic).ok()?;
    let distance = |id, value| distance_from(studio, &session, id, value);
    let found = SearchQuery::new(symbolic, &candidates.costs, &distance, satisfying).ok()?.cheapest(1).ok()??;
    let after = session.with(&change::change(studio, &session, found.assignments.first()?)).ok()?;
    Some((found.cost, after.state().own.clone()))
}

fn to_nearest_roles(studio: &Studio, candidate: RoleCandidate) -> NearestRoles {
    let program = studio.policy().program();
    let roles = candidate.roles.iter().filter_map(|role| program.roles.at(*role)).map(|role| role.id.clone()).collect();
    NearestRoles {
        roles,
        missing: change::grants(studio, candidate.missing.1),
        excess: change::grants(studio, candidate.excess.1),
    }
}
