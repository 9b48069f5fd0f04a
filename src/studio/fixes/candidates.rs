//! Candidates: the values that a fix may assign to each id, and the costs of the assignments.

use super::goal::{Constraints, Goal, SearchGoal};
use super::grants::{granted, grants_added, grants_lost, is_listed, own};
use crate::check::Part;
use crate::document::GrantedThrough;
use crate::model::{Comparison, FactKind, PrivilegeKind};
use crate::pack::Grant;
use crate::session::Session;
use crate::studio::Studio;
use crate::studio::search::cone::ConeOfInfluence;
use crate::studio::search::space::{Domain, Id};
use crate::util::collect_set;
use litemap::LiteMap;
use std::collections::BTreeSet;

/// The cost of a fact. It is high because an administrator cannot grant a fact: someone else has to switch it.
const FACT: u64 = 100;

/// The ids that a fix may assign, with their domains and costs.
#[derive(Clone, Debug, Default)]
pub(super) struct Candidates {
    pub(super) domains: LiteMap<Id, Domain>,
    pub(super) costs: LiteMap<Id, u64>,
}

/// The directions in which a value may move towards the goal. A smallest change contains no move in another direction.
#[derive(Clone, Copy)]
struct HelpfulDirections {
    more: bool,
    less: bool,
}

impl HelpfulDirections {
    fn of(cone: &ConeOfInfluence, id: Id, to: Goal) -> Self {
        let (more, less) = (cone.reads(id, false), cone.reads(id, true));
        match to {
            Goal::Allowed => Self { more, less },
            Goal::Denied => Self { more: less, less: more },
        }
    }

    /// Whether an ordered value can help in place of the present one.
    fn allows(self, present: Option<u32>, value: Option<u32>) -> bool {
        if value > present { self.more } else { self.less }
    }
}

/// The arguments of the functions that compute candidates.
#[derive(Clone, Copy)]
struct CandidateQuery<'a> {
    pub(super) studio: &'a Studio,
    pub(super) session: &'a Session<'a>,
    pub(super) cone: &'a ConeOfInfluence,
    pub(super) constraints: &'a Constraints,
    pub(super) to: Goal,
}

impl Candidates {
    /// The candidates for a goal: the ids in the cone of influence of the operations, with the values that may help.
    pub(super) fn new(studio: &Studio, session: &Session, goal: &SearchGoal, constraints: &Constraints) -> Self {
        let program = studio.policy().program();
        let cone = ConeOfInfluence::of(studio.checked().resolved(), program, goal.formulas());
        Self::of(CandidateQuery { studio, session, cone: &cone, constraints, to: goal.to })
    }

    /// The ids in the cone that are not frozen and have a value that may help.
    fn of(query: CandidateQuery) -> Self {
        let CandidateQuery { studio, session, cone, constraints, .. } = query;
        let mut candidates = Self::default();
        for (id, parts) in cone.ids.iter().filter(|(id, _)| !constraints.frozen.contains(id)) {
            let values = match *id {
                Id::Fact(fact) => fact_values(query, fact, parts),
                Id::Role(role) => role_values(query, role),
                Id::Privilege(privilege) => privilege_values(query, privilege, parts),
            };
            let cost = assignment_cost(studio, session, constraints, *id);
            if let Some(values) = values {
                candidates.domains.insert(*id, values);
                candidates.costs.insert(*id, cost);
            }
        }
        candidates
    }
}

fn fact_values(query: CandidateQuery, index: usize, parts: &BTreeSet<Part>) -> Option<Domain> {
    let CandidateQuery { studio, session, cone, to, .. } = query;
    let helps = HelpfulDirections::of(cone, Id::Fact(index), to);
    let fact = studio.policy().program().facts.get(index)?;
    let present = session.fact(index);
    let values = match fact.kind {
        FactKind::Switch => {
            [(0, helps.less), (1, helps.more)].into_iter().filter(|it| it.1).map(|(value, _)| Some(value)).collect()
        }
        FactKind::Choice => options(parts, fact.values.len()),
        FactKind::Level => (1..=fact.max_value()).map(Some).collect(),
        FactKind::Number => numbers(&fact.comparisons, present, (0, u32::MAX)).into_iter().map(Some).collect(),
    };
    nearest_last(values, present, &distance_of_fact)
}

fn distance_of_fact(present: Option<u32>, value: Option<u32>) -> u64 {
    u64::from(present.unwrap_or(0).abs_diff(value.unwrap_or(0)))
}

/// The distance between two values of a privilege: steps of levels and numbers; all options are equally far apart.
pub(super) fn distance(kind: PrivilegeKind, min: u32, present: Option<u32>, value: Option<u32>) -> u64 {
    match (kind, present, value) {
        (PrivilegeKind::Level, ..) => u64::from(present.unwrap_or(0).abs_diff(value.unwrap_or(0))),
        (PrivilegeKind::Number, Some(present), Some(value)) => u64::from(present.abs_diff(value)),
        (PrivilegeKind::Number, None, Some(value)) => u64::from(value.saturating_sub(min)),
        (PrivilegeKind::Number, _, None) => 1 << 32,
        _ => 1,
    }
}

/// The distance of a value from the present one.
pub(super) fn distance_from(studio: &Studio, session: &Session, id: Id, value: Option<u32>) -> u64 {
    let program = studio.policy().program();
    match id {
        Id::Role(_) => 0,
        Id::Fact(index) => distance_of_fact(session.fact(index), value),
        Id::Privilege(index) => {
            let Some(privilege) = program.privileges.get(index) else { return 0 };
            distance(privilege.kind, privilege.min, own(session, index).first().copied(), value)
        }
    }
}

fn privilege_values(query: CandidateQuery, index: usize, parts: &BTreeSet<Part>) -> Option<Domain> {
    let CandidateQuery { studio, session, cone, constraints, to } = query;
    let helps = HelpfulDirections::of(cone, Id::Privilege(index), to);
    let declared = studio.checked().document().privileges.get(index)?;
    let privilege = studio.policy().program().privileges.get(index)?;
    let restricting = studio.checked().is_restricting(index) && !cone.reads_positively(index);
    let through = constraints.through.or(declared.granted_through);
    let may_grow = !restricting && through != Some(GrantedThrough::Role);
    let own = own(session, index);
    let held = Some(granted(studio, session, index)).filter(|held| !held.is_empty()).unwrap_or_else(|| own.clone());
    let present = own.first().copied();
    let nothing = present.is_some().then_some(None);
    let values: Vec<Option<u32>> = match privilege.kind {
        PrivilegeKind::Flag => [None, Some(1)].into(),
        PrivilegeKind::Level => levels(parts, present.unwrap_or(0)),
        PrivilegeKind::Choice => nothing.into_iter().chain(options(parts, privilege.values.len())).collect(),
        PrivilegeKind::Number => {
            let bounds = numbers(&privilege.comparisons, present, (privilege.min, privilege.max));
            nothing.into_iter().chain(bounds.into_iter().map(Some)).collect()
        }
        PrivilegeKind::Set => {
            let read = options(parts, privilege.values.len()).into_iter().flatten();
            let useful = |option: &u32| if own.contains(option) { helps.less } else { helps.more };
            let read: Vec<u32> = read.filter(|it| useful(it) && (may_grow || held.contains(it))).collect();
            return (!read.is_empty()).then_some(Domain::Subset(read));
        }
    };
    let grows = |value: &Option<u32>| match privilege.kind {
        PrivilegeKind::Choice => value.is_some() && value.as_ref() != held.first(),
        _ => value.as_ref() > held.first(),
    };
    let ordered = matches!(privilege.kind, PrivilegeKind::Flag | PrivilegeKind::Level);
    let useful = |value: &Option<u32>| !ordered || helps.allows(present, *value);
    let values = values.into_iter().filter(|value| useful(value) && (may_grow || !grows(value))).collect();
    nearest_last(values, present, &|present, value| distance(privilege.kind, privilege.min, present, value))
}

/// The domain of the values other than the present one, sorted so that the nearest comes last.
fn nearest_last(
    mut values: Vec<Option<u32>>,
    present: Option<u32>,
    distance: &dyn Fn(Option<u32>, Option<u32>) -> u64,
) -> Option<Domain> {
    values.retain(|value| *value != present);
    values.sort_by_key(|value| std::cmp::Reverse((distance(present, *value), *value)));
    (!values.is_empty()).then_some(Domain::OneOf(values))
}

/// For each range of ranks that no test distinguishes, the rank that is nearest to the present one.
fn levels(parts: &BTreeSet<Part>, present: u32) -> Vec<Option<u32>> {
    let rank = |part: &Part| if let Part::Value(level) = part { u32::try_from(level + 1).ok() } else { None };
    let bounds: Vec<u32> = parts.iter().filter_map(rank).collect();
    nearest(&bounds, present, (0, u32::MAX)).into_iter().map(|rank| (rank > 0).then_some(rank)).collect()
}

/// For each range of numbers that no comparison distinguishes, the number that is nearest to the present one.
fn numbers(comparisons: &[Comparison], present: Option<u32>, (min, max): (u32, u32)) -> Vec<u32> {
    let bounds = comparisons.iter().flat_map(|comparison| match *comparison {
        Comparison::AtLeast(bound) | Comparison::Below(bound) => [Some(bound), None],
        Comparison::Equal(number) => [Some(number), number.checked_add(1)],
    });
    let bounds = collect_set(bounds.flatten().filter(|bound| *bound > min && *bound <= max));
    nearest(&bounds.into_iter().collect::<Vec<_>>(), present.unwrap_or(min), (min, max))
}

/// For each range between two bounds, the number in it that is nearest to the present one.
fn nearest(bounds: &[u32], present: u32, (min, max): (u32, u32)) -> Vec<u32> {
    let starts = [min].into_iter().chain(bounds.iter().copied());
    let ends = bounds.iter().map(|bound| bound - 1).chain([max]);
    starts.zip(ends).map(|(start, end)| present.clamp(start, end)).collect()
}

/// The options that tests name, and the first of all other options.
fn options(parts: &BTreeSet<Part>, count: usize) -> Vec<Option<u32>> {
    let read = |option: &usize| parts.contains(&Part::Value(*option));
    let other = (0..count).find(|option| !read(option));
    let options = (0..count).filter(read).chain(other);
    options.filter_map(|option| u32::try_from(option).ok()).map(Some).collect()
}

/// A listed role may be removed if one of its grants may help that way. Another role may be added if it adds a grant
/// that is in the cone and may be given through roles, and no restricting grant.
fn role_values(query: CandidateQuery, index: usize) -> Option<Domain> {
    let CandidateQuery { studio, session, cone, constraints, to } = query;
    let program = studio.policy().program();
    let listed = is_listed(session, index);
    let helps = |grant: &Grant| {
        let privilege = grant.privilege as usize;
        let kind = program.privileges.get(privilege).map(|it| it.kind);
        let ordered = !matches!(kind, Some(PrivilegeKind::Choice | PrivilegeKind::Number));
        let helps = HelpfulDirections::of(cone, Id::Privilege(privilege), to);
        let in_question = cone.ids.contains_key(&Id::Privilege(privilege));
        in_question && (!ordered || if listed { helps.less } else { helps.more })
    };
    if !program.roles.get(index)?.grants.iter().any(helps) {
        return None;
    }
    if listed {
        return Some(Domain::Toggle);
    }
    let added = grants_added(studio, session, index);
    let document = studio.checked().document();
    let through_roles = |privilege: usize| {
        let declared = document.privileges.get(privilege).and_then(|it| it.granted_through);
        constraints.through.or(declared) != Some(GrantedThrough::Subject)
            && cone.ids.contains_key(&Id::Privilege(privilege))
    };
    let restricts = |privilege: usize| studio.checked().is_restricting(privilege) && !cone.reads_positively(privilege);
    let offered = added.iter().any(|grant| through_roles(grant.privilege as usize))
        && !added.iter().any(|grant| restricts(grant.privilege as usize));
    offered.then_some(Domain::Toggle)
}

/// The cost of assigning an id: a privilege has its own cost, a fact costs 100, a role as much as the privileges that
/// it adds or removes.
fn assignment_cost(studio: &Studio, session: &Session, constraints: &Constraints, id: Id) -> u64 {
    if let Some(cost) = constraints.costs.get(&id) {
        return *cost;
    }
    match id {
        Id::Fact(_) => FACT,
        Id::Privilege(privilege) => privilege_cost(studio, constraints, privilege),
        Id::Role(role) => {
            let grants = if is_listed(session, role) {
                grants_lost(studio, session, role)
            } else {
                grants_added(studio, session, role)
            };
            let privileges = collect_set(grants.iter().map(|grant| grant.privilege as usize));
            privileges.into_iter().map(|privilege| privilege_cost(studio, constraints, privilege)).sum::<u64>().max(1)
        }
    }
}

/// The cost of a privilege.
pub(super) fn privilege_cost(studio: &Studio, constraints: &Constraints, privilege: usize) -> u64 {
    let declared = studio.checked().document().privileges.get(privilege).and_then(|it| it.cost);
    constraints.costs.get(&Id::Privilege(privilege)).copied().unwrap_or(u64::from(declared.unwrap_or(1)))
}
