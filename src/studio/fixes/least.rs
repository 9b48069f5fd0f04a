//! Least privilege: the smallest sets of grants that allow some operations, and the existing roles that come nearest to
//! them.

use super::candidates::{Candidates, privilege_cost};
use super::fix::FixResult;
use super::goal::{Constraints, Goal, SearchGoal};
use super::least_options::LeastPrivilegeOptions;
use super::narrowest::Narrowest;
use super::verification::Verification;
use crate::document::GrantedThrough;
use crate::model::{PrivilegeKind, Value, limits};
use crate::pack::{Grant, Program};
use crate::session::{Session, State, SubjectError, SubjectFault};
use crate::studio::Studio;
use crate::studio::fixes::change;
use crate::studio::fixes::find;
use crate::studio::fixes::reduce;
use crate::studio::fixes::sentences;
use crate::studio::search::cone::ConeOfInfluence;
use crate::studio::search::solve::SearchQuery;
use crate::studio::search::space::Id;
use crate::util::sort;
use crate::util::{collect_set, to_u32};
use serde::Serialize;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The smallest sets of grants that allow a set of operations.
///
/// # Examples
/// ```
/// use privet::{LeastPrivilegeOptions, Studio, Value};
///
/// let studio = Studio::compile(privet::policies::CONTACT, false)?;
/// let least = studio.least_privilege(&["item.chats.assign"], &LeastPrivilegeOptions::default())?;
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
/// use privet::{LeastPrivilegeOptions, NearestRoles, Studio};
///
/// let studio = Studio::compile(privet::policies::CONTACT, false)?;
/// let operations = ["item.chats.assign", "staff.users.reset-password"];
/// let nearest = studio.least_privilege(&operations, &LeastPrivilegeOptions::default())?.nearest_roles;
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

/// The maximum of slots of the program that are evaluated to compare roles: of a large policy with many roles and grants, only
/// the first roles are compared.
const COMPARED_SLOTS: usize = 20_000_000;

/// What the comparison of roles may still spend.
struct RoleBudget {
    /// Steps of the searches for missing grants.
    steps: Rc<Cell<usize>>,
    /// Slots, of [`COMPARED_SLOTS`].
    slots: Cell<usize>,
    /// Whether something was left out.
    is_met: Cell<bool>,
}

impl RoleBudget {
    fn new() -> Self {
        let steps = Rc::new(Cell::new(limits::QUERY_STEPS / 2));
        Self { steps, slots: Cell::new(COMPARED_SLOTS), is_met: Cell::new(false) }
    }

    /// Takes what a candidate needs: an evaluation, and one for each grant of its roles, or for each level up to the granted
    /// one. `None` if that is more than is left.
    fn take(&self, program: &Program, roles: &[u32]) -> Option<()> {
        let is_level =
            |grant: &Grant| program.privileges.at(grant.privilege).is_some_and(|it| it.kind == PrivilegeKind::Level);
        let evaluations = |grant: &Grant| if is_level(grant) { grant.value as usize } else { 1 };
        let grants = roles.iter().filter_map(|role| program.roles.at(*role)).flat_map(|role| role.grants.iter());
        let evaluations: usize = grants.map(evaluations).sum::<usize>() + 1;
        let left = self.slots.get().checked_sub(program.slots().saturating_mul(evaluations));
        let left = left.filter(|_| self.steps.get() > 0);
        self.slots.set(left.unwrap_or(0));
        self.is_met.set(self.is_met.get() || left.is_none());
        left.map(|_| ())
    }
}

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
    LeastPrivilegeOptions { by, fixes: options }: &LeastPrivilegeOptions,
) -> Result<LeastPrivilege, SubjectError> {
    if options.to == Goal::Denied {
        let help = "leave it out: least privilege only allows operations";
        let message = "option `to` is `denied`".into();
        return Err(SubjectError::new(SubjectFault::InvalidOptions, "to", message, help.into()));
    }
    let program = studio.policy().program();
    let known = |id: &&str| program.operations.find(id).ok_or_else(|| studio.policy().unknown("operation", id));
    let operations: Vec<usize> = operations.iter().map(known).collect::<Result<_, _>>()?;
    let restricts = |it: &usize| program.operations.get(*it).is_some_and(|it| it.restricts);
    let (restrictions, operations): (Vec<_>, Vec<_>) = operations.into_iter().partition(restricts);
    let sentence = (!restrictions.is_empty()).then(|| sentences::restriction(studio, &restrictions));
    if operations.is_empty() && sentence.is_some() {
        return Ok(LeastPrivilege { fixes: FixResult { sentence, ..FixResult::empty() }, nearest_roles: Vec::new() });
    }
    let goal = SearchGoal { operations, to: Goal::Allowed };
    let constraints = options.constraints(studio)?;
    let empty = Session::evaluate(program, State::default())?;
    let candidates = Candidates::of_all_values(studio, &empty, &goal, &constraints);
    let limit = options.max_fixes();
    let verification = Verification {
        studio,
        session: &empty,
        goal: &goal,
        constraints: &constraints,
        limit,
        nearest_by: Some(&candidates),
    };
    let narrowest =
        Narrowest { studio, empty: &empty, goal: &goal, candidates: &candidates, limit: verification.most_ties() };
    let mut fixes = match narrowest.solutions(*by) {
        Ok((Some(solutions), is_proved)) => {
            let mut fixes = verification.result(&solutions);
            if !is_proved {
                fixes.mark_stopped("diagram-size");
            }
            fixes
        }
        Ok((None, _)) => verification.no_fix(),
        Err(_) => verification.reduced(),
    };
    fixes.sentence = fixes.sentence.or(sentence);
    let nearest_roles = fixes.fixes.first().map(|fix| nearest_roles(studio, &empty, fix, &goal, &constraints));
    let (nearest_roles, are_all_compared) = nearest_roles.unwrap_or((Vec::new(), true));
    if !are_all_compared {
        fixes.stopped_by = fixes.stopped_by.or(Some("role-count"));
    }
    Ok(LeastPrivilege { fixes, nearest_roles })
}

fn nearest_roles(
    studio: &Studio,
    empty: &Session,
    fix: &super::fix::Fix,
    goal: &SearchGoal,
    constraints: &Constraints,
) -> (Vec<NearestRoles>, bool) {
    let facts = crate::session::Change { facts: fix.change.facts.clone(), ..Default::default() };
    let Ok(base) = empty.with(&facts) else { return (Vec::new(), true) };
    let program = studio.policy().program();
    let cone = ConeOfInfluence::of(studio.checked().resolved(), program, goal.formulas());
    let budget = RoleBudget::new();
    let missing_without_roles =
        missing(studio, base.state().clone(), goal, &cone, constraints, &budget).map_or(u64::MAX, |(cost, _)| cost);
    let grants_read = |role: &u32| {
        let grants = program.roles.at(*role).map(|role| role.grants.as_slice()).unwrap_or_default();
        grants.iter().any(|grant| cone.ids.contains_key(&Id::Privilege(grant.privilege as usize)))
    };
    let roles: Vec<u32> = (0..to_u32(program.roles.len())).filter(grants_read).collect();
    let is_nearer = |candidate: &RoleCandidate, others: u64| candidate.missing.0 < others;
    let mut candidates: Vec<RoleCandidate> = roles
        .iter()
        .filter_map(|role| role_candidate(studio, &base, &[*role], goal, &cone, constraints, &budget))
        .filter(|candidate| is_nearer(candidate, missing_without_roles))
        .collect();
    sort::sort_by_key(&mut candidates, |candidate| (candidate.missing.0, candidate.excess.0));
    let mut pairs = Vec::new();
    for (index, first) in candidates.iter().enumerate().take(MAX_PAIRED) {
        for second in candidates.iter().take(MAX_PAIRED).skip(index + 1).filter(|_| first.missing.0 > 0) {
            let mut roles: Vec<u32> = first.roles.iter().chain(&second.roles).copied().collect();
            sort::sort(&mut roles);
            let least = first.missing.0.min(second.missing.0);
            pairs.extend(
                role_candidate(studio, &base, &roles, goal, &cone, constraints, &budget)
                    .filter(|candidate| is_nearer(candidate, least)),
            );
        }
    }
    candidates.extend(pairs);
    sort::sort_by_key(&mut candidates, |candidate| (candidate.missing.0, candidate.excess.0, candidate.roles.len()));
    candidates.truncate(NEAREST);
    let nearest = candidates.into_iter().map(|candidate| to_nearest_roles(studio, candidate)).collect();
    (nearest, !budget.is_met.get())
}

fn role_candidate(
    studio: &Studio,
    base: &Session,
    roles: &[u32],
    goal: &SearchGoal,
    cone: &ConeOfInfluence,
    constraints: &Constraints,
    budget: &RoleBudget,
) -> Option<RoleCandidate> {
    budget.take(studio.policy().program(), roles)?;
    let state = State { roles: roles.into(), ..base.state().clone() };
    let missing = missing(studio, state.clone(), goal, cone, constraints, budget)?;
    let own = state.own.iter().chain(&missing.1).copied().collect();
    let complete = Session::evaluate(studio.policy().program(), State { own, ..state }).ok()?;
    let excess = reduce::excess(studio, &complete, goal, constraints, roles);
    let privileges = collect_set(excess.iter().map(|grant| grant.privilege));
    let cost = privileges.into_iter().map(|privilege| privilege_cost(studio, constraints, privilege as usize)).sum();
    Some(RoleCandidate { roles: roles.into(), missing, excess: (cost, excess) })
}

/// The own grants of least cost that the session lacks, with no regard to `grantedThrough`; and their cost.
fn missing(
    studio: &Studio,
    state: State,
    goal: &SearchGoal,
    cone: &ConeOfInfluence,
    constraints: &Constraints,
    budget: &RoleBudget,
) -> Option<(u64, Vec<Grant>)> {
    let session = Session::evaluate(studio.policy().program(), state).ok()?;
    if goal.holds(&session) {
        return Some((0, Vec::new()));
    }
    let constraints = Constraints { through: Some(GrantedThrough::Both), ..constraints.clone() };
    let candidates = Candidates::of_privileges(studio, &session, cone, &constraints);
    let symbolic = &mut find::search_space(studio, &session, &candidates);
    symbolic.inputs.share(&budget.steps);
    let satisfying = goal.satisfying(symbolic).ok()?;
    let distance = |id, value| candidates.distance(studio, id, value);
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
