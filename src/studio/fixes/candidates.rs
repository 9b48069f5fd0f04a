//! Candidates: the values that a fix may assign to each id, and the costs of the assignments.

use super::goal::{Constraints, Goal, SearchGoal};
use super::grants::{granted_and_effective, grants_added, grants_lost, inline, is_listed, own};
use super::values::{distance, distance_of_fact, levels, nearest_last, numbers, options};
use crate::check::{Atom, Formula, Part};
use crate::document::GrantedThrough;
use crate::model::{FactKind, PrivilegeKind};
use crate::pack::Grant;
use crate::session::Session;
use crate::studio::Studio;
use crate::studio::search::cone::ConeOfInfluence;
use crate::studio::search::solve::{AssignedValue, Assignment};
use crate::studio::search::space::{Domain, Id};
use crate::util::{collect_map, collect_set};
use litemap::LiteMap;
use std::cmp::Ordering;
use std::collections::BTreeSet;

pub(super) use crate::studio::costs::FACT;

/// The ids that a fix may assign, with their domains and costs.
#[derive(Clone, Debug, Default)]
pub(super) struct Candidates {
    pub(super) domains: LiteMap<Id, Domain>,
    pub(super) costs: LiteMap<Id, u64>,
    /// The effective values at present, from which distances are measured; of several values only for a set.
    present: LiteMap<Id, Vec<u32>>,
    /// Options of a choice that no test distinguishes; the domain contains the first of them.
    alike: LiteMap<Id, Vec<u32>>,
}

/// The parts of each id that are tested.
type Parts = LiteMap<Id, BTreeSet<Part>>;

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
        Self::of(CandidateQuery { studio, session, cone: &cone, constraints, to: goal.to }, &cone.ids, &cone.ids)
    }

    /// The candidates among the privileges of a cone that is known.
    pub(super) fn of_privileges(
        studio: &Studio,
        session: &Session,
        cone: &ConeOfInfluence,
        constraints: &Constraints,
    ) -> Self {
        let ids = cone.ids.iter().filter(|(id, _)| matches!(id, Id::Privilege(_)));
        let ids = collect_map(ids.map(|(id, parts)| (*id, parts.clone())));
        let query = CandidateQuery { studio, session, cone, constraints, to: Goal::Allowed };
        Self::of(query, &ids, &ids)
    }

    /// The same ids with all values that some operation distinguishes, so that those can be chosen that open the least.
    pub(super) fn of_all_values(
        studio: &Studio,
        session: &Session,
        goal: &SearchGoal,
        constraints: &Constraints,
    ) -> Self {
        let program = studio.policy().program();
        let cone_of = |formulas: &mut dyn Iterator<Item = Formula>| {
            ConeOfInfluence::of(studio.checked().resolved(), program, formulas)
        };
        let cone = cone_of(&mut goal.formulas());
        let all = cone_of(&mut (0..program.operations.len()).map(|it| Formula::Atom(Atom::Allowed(it))));
        Self::of(CandidateQuery { studio, session, cone: &cone, constraints, to: goal.to }, &cone.ids, &all.ids)
    }

    /// The ids that are not frozen and have a value that may help. Values are told apart as the parts of `distinguishing`
    /// do, which contains these ids.
    fn of(query: CandidateQuery, ids: &Parts, distinguishing: &Parts) -> Self {
        let CandidateQuery { studio, session, constraints, .. } = query;
        let mut candidates = Self::default();
        let mut privileges = Vec::new();
        let ids = ids.iter().filter(|(id, _)| !constraints.frozen.contains(id));
        let parts_of = |id, parts| distinguishing.get(id).unwrap_or(parts);
        // In the order of ids, in which a map grows without moving its entries.
        for (id, parts) in ids.clone().filter(|(id, _)| !matches!(id, Id::Role(_))) {
            let held = match *id {
                Id::Fact(fact) => (Vec::new(), session.fact(fact).into_iter().collect()),
                Id::Privilege(privilege) => granted_and_effective(studio, session, privilege),
                Id::Inline(..) | Id::Role(_) => Default::default(),
            };
            candidates.add(query, *id, parts_of(id, parts), &held);
            if let Id::Privilege(privilege) = *id {
                privileges.push((privilege, parts_of(id, parts), held));
            }
        }
        for place in 0..session.state().inline.len() {
            for (privilege, parts, held) in &privileges {
                candidates.add(query, Id::Inline(place, *privilege), parts, held);
            }
        }
        for (id, parts) in ids.filter(|(id, _)| matches!(id, Id::Role(_))) {
            candidates.add(query, *id, parts_of(id, parts), &Default::default());
        }
        candidates
    }

    /// Adds an id, if it has a value that may help. Of `held`, the first is granted at present, the second has an effect.
    fn add(&mut self, query: CandidateQuery, id: Id, parts: &BTreeSet<Part>, held: &(Vec<u32>, Vec<u32>)) {
        let CandidateQuery { studio, session, constraints, .. } = query;
        let program = studio.policy().program();
        let values = match id {
            Id::Fact(fact) => fact_values(query, fact, parts),
            Id::Role(role) => role_values(query, role),
            Id::Privilege(privilege) | Id::Inline(_, privilege) => {
                grant_values(query, id, privilege, parts, (&held.0, &held.1))
            }
        };
        let Some(values) = values else { return };
        self.domains.insert(id, values);
        self.costs.insert(id, assignment_cost(studio, session, constraints, id));
        // Of a set in an inline role, as little as possible changes: what others give is not added to it.
        let is_set = |privilege| program.privileges.get(privilege).is_some_and(|it| it.kind == PrivilegeKind::Set);
        let present = match id {
            Id::Inline(place, privilege) if is_set(privilege) => inline(session, place, privilege),
            _ => held.1.clone(),
        };
        self.present.insert(id, present);
        self.alike.extend(alike(studio, session, id, parts).map(|alike| (id, alike)));
    }

    /// On which side of the present value a value is, and its distance: steps of levels and numbers; options are all
    /// equally far apart, on no side. Of an option of a set: 0 if the set contains it at present.
    pub(super) fn distance(&self, studio: &Studio, id: Id, value: Option<u32>) -> (Ordering, u64) {
        let program = studio.policy().program();
        let present = self.present.get(&id).map(Vec::as_slice).unwrap_or_default();
        let from = present.first().copied();
        match id {
            Id::Role(_) => (Ordering::Equal, 0),
            Id::Fact(index) => {
                let kind = program.facts.get(index).map(|fact| fact.kind);
                let is_ordered = matches!(kind, Some(FactKind::Number | FactKind::Level));
                let side = if is_ordered { value.cmp(&from.or(Some(0))) } else { Ordering::Equal };
                (side, kind.map_or(0, |kind| distance_of_fact(kind, from, value)))
            }
            Id::Privilege(index) | Id::Inline(_, index) => match program.privileges.get(index) {
                Some(it) if it.kind == PrivilegeKind::Set => {
                    (Ordering::Equal, u64::from(!value.is_some_and(|option| present.contains(&option))))
                }
                Some(it) => {
                    let side = match it.kind {
                        PrivilegeKind::Level => value.unwrap_or(0).cmp(&from.unwrap_or(0)),
                        PrivilegeKind::Number => value.cmp(&from.or(Some(it.min))),
                        _ => Ordering::Equal,
                    };
                    (side, distance(it.kind, it.min, from, value))
                }
                None => (Ordering::Equal, 0),
            },
        }
    }

    /// The sum of the distances of the assigned values.
    pub(super) fn total_distance(&self, studio: &Studio, assignment: &Assignment) -> u64 {
        let distance = |(id, assigned): (&Id, &AssignedValue)| match assigned {
            AssignedValue::Toggle => 0,
            AssignedValue::Value(value) => self.distance(studio, *id, *value).1,
            AssignedValue::Options(options) => {
                let moved = |(option, held): &&(u32, bool)| *held == (self.distance(studio, *id, Some(*option)).1 > 0);
                options.iter().filter(moved).fold(0, |sum, _| sum + 1)
            }
        };
        assignment.iter().map(distance).fold(0, u64::saturating_add)
    }

    /// The assignment with each option that no test distinguishes from the assigned one, at most `limit` assignments.
    pub(super) fn with_alike(&self, assignment: &Assignment, limit: usize) -> Vec<Assignment> {
        let mut all = vec![assignment.clone()];
        for (id, options) in &self.alike {
            if !matches!(assignment.get(id), Some(AssignedValue::Value(Some(value))) if options.contains(value)) {
                continue;
            }
            let each = all.iter().flat_map(|assignment| {
                options.iter().map(|option| {
                    let mut other = assignment.clone();
                    other.insert(*id, AssignedValue::Value(Some(*option)));
                    other
                })
            });
            all = each.take(limit).collect();
        }
        all
    }
}

/// The options of a choice that no test names, without the present own one, if there are several.
fn alike(studio: &Studio, session: &Session, id: Id, parts: &BTreeSet<Part>) -> Option<Vec<u32>> {
    let program = studio.policy().program();
    let (count, present) = match id {
        Id::Fact(index) => {
            let fact = program.facts.get(index).filter(|fact| fact.kind == FactKind::Choice)?;
            (fact.values.len(), session.fact(index))
        }
        Id::Privilege(index) => {
            let privilege = program.privileges.get(index).filter(|it| it.kind == PrivilegeKind::Choice)?;
            (privilege.values.len(), own(session, index).first().copied())
        }
        Id::Role(_) | Id::Inline(..) => return None,
    };
    let unread = (0..count).filter(|option| !parts.contains(&Part::Value(*option)));
    let all: Vec<u32> = unread.filter_map(|it| u32::try_from(it).ok()).filter(|it| Some(*it) != present).collect();
    (all.len() > 1).then_some(all)
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
    nearest_last(values, present, &|value| distance_of_fact(fact.kind, present, value))
}

/// What the subject itself grants of a privilege, or its inline role.
fn assigned(session: &Session, id: Id, privilege: usize) -> Vec<u32> {
    match id {
        Id::Inline(place, _) => inline(session, place, privilege),
        _ => own(session, privilege),
    }
}

/// The values of a privilege that the subject itself or its inline role may grant. `granted` is granted at present, of which
/// `effective` has an effect.
fn grant_values(
    query: CandidateQuery,
    id: Id,
    index: usize,
    parts: &BTreeSet<Part>,
    (granted, effective): (&[u32], &[u32]),
) -> Option<Domain> {
    let CandidateQuery { studio, session, cone, constraints, to } = query;
    let helps = HelpfulDirections::of(cone, Id::Privilege(index), to);
    let declared = studio.checked().document().privileges.get(index)?;
    let privilege = studio.policy().program().privileges.get(index)?;
    let restricting = studio.checked().is_restricting(index) && !cone.reads_positively(index);
    let through = constraints.through.or(declared.granted_through);
    let is_inline = matches!(id, Id::Inline(..));
    let barred = if is_inline { GrantedThrough::Subject } else { GrantedThrough::Role };
    if is_inline && through == Some(barred) {
        return None;
    }
    let own = assigned(session, id, index);
    let may_grow = !restricting && through != Some(barred);
    // What may be granted only through roles does not become the subject's own, even if a role grants it; but of a set, the own
    // options include those of roles while these are held.
    let is_barred = through == Some(barred) && privilege.kind != PrivilegeKind::Set;
    let held = if granted.is_empty() || is_barred { &own } else { granted };
    let (present, from) = (own.first().copied(), effective.first().copied());
    let nothing = present.is_some().then_some(None);
    let values: Vec<Option<u32>> = match privilege.kind {
        PrivilegeKind::Flag => [None, Some(1)].into(),
        PrivilegeKind::Level => levels(parts, from.unwrap_or(0)),
        // Options of an inline role differ where no test reads them: each agrees with other roles or conflicts with them.
        PrivilegeKind::Choice if is_inline => {
            let all = (0..privilege.values.len()).filter_map(|it| u32::try_from(it).ok()).map(Some);
            nothing.into_iter().chain(all).collect()
        }
        PrivilegeKind::Choice => nothing.into_iter().chain(options(parts, privilege.values.len())).collect(),
        PrivilegeKind::Number => {
            let bounds = numbers(&privilege.comparisons, from, (privilege.min, privilege.max));
            nothing.into_iter().chain(bounds.into_iter().map(Some)).collect()
        }
        PrivilegeKind::Set => {
            let read = options(parts, privilege.values.len()).into_iter().flatten();
            let differs = |option: &u32| !is_inline && own.contains(option) != effective.contains(option);
            let useful = |option: &u32| differs(option) || if own.contains(option) { helps.less } else { helps.more };
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
    nearest_last(values, present, &|value| distance(privilege.kind, privilege.min, from, value))
}

/// A listed role may be removed if one of its grants may help that way. Another role may be added if it has a grant
/// that is in the cone and may be given through roles, and adds no restricting grant.
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
    let mut helpful = program.roles.get(index)?.grants.iter().filter(|grant| helps(grant));
    if listed {
        return helpful.next().map(|_| Domain::Toggle);
    }
    let document = studio.checked().document();
    let through_roles = |grant: &Grant| {
        let declared = document.privileges.get(grant.privilege as usize).and_then(|it| it.granted_through);
        constraints.through.or(declared) != Some(GrantedThrough::Subject)
    };
    let restricts = |privilege: usize| studio.checked().is_restricting(privilege) && !cone.reads_positively(privilege);
    // A grant that is held already may help too: the role that gives it now may be lost by the same change.
    let offered = helpful.any(through_roles)
        && !grants_added(studio, session, index).iter().any(|grant| restricts(grant.privilege as usize));
    offered.then_some(Domain::Toggle)
}

/// The cost of assigning an id: a privilege has its own cost, a fact costs 100, a role as much as the privileges that
/// it adds or removes.
fn assignment_cost(studio: &Studio, session: &Session, constraints: &Constraints, id: Id) -> u64 {
    if let Some(cost) = constraints.costs.get(&id) {
        return *cost;
    }
    match id {
        Id::Fact(_) => FACT.into(),
        Id::Privilege(privilege) | Id::Inline(_, privilege) => privilege_cost(studio, constraints, privilege),
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
