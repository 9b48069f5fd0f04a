//! The search space of all possible subjects, as changes of the empty subject.

use super::space::{Domain, Id};
use crate::check::Checked;
use crate::model::{FactKind, PrivilegeKind};
use crate::pack::{Fact, Privilege};
use crate::studio::Studio;
use crate::util::insert_all;
use litemap::LiteMap;
use std::collections::BTreeSet;

/// The domains of all facts, privileges and roles: the values that some test distinguishes.
pub(in crate::studio) fn full_domains(studio: &Studio) -> LiteMap<Id, Domain> {
    let program = studio.policy().program();
    let checked = studio.checked();
    let mut domains = LiteMap::new_vec();
    for (index, fact) in program.facts.iter().enumerate() {
        domains.insert(Id::Fact(index), Domain::OneOf(of_fact(checked, index, fact)));
    }
    for (index, privilege) in program.privileges.iter().enumerate() {
        domains.insert(Id::Privilege(index), of_privilege(checked, index, privilege));
    }
    insert_all(&mut domains, (0..program.roles.len()).map(|role| (Id::Role(role), Domain::Toggle)));
    domains
}

fn of_fact(checked: &Checked, index: usize, fact: &Fact) -> Vec<Option<u32>> {
    match fact.kind {
        FactKind::Switch => [Some(0), Some(1)].into(),
        FactKind::Choice => all(fact.values.len()),
        FactKind::Level => ranks(fact.values.len()),
        FactKind::Number => numbers(&checked.comparisons().fact_bounds(index), (0, u32::MAX)),
    }
}

fn of_privilege(checked: &Checked, index: usize, privilege: &Privilege) -> Domain {
    let count = privilege.values.len();
    match privilege.kind {
        PrivilegeKind::Flag => Domain::OneOf([Some(1)].into()),
        PrivilegeKind::Level => Domain::OneOf(ranks(count)),
        PrivilegeKind::Choice => Domain::OneOf(all(count)),
        PrivilegeKind::Set => Domain::Subset(all(count).into_iter().flatten().collect()),
        PrivilegeKind::Number => {
            let bounds = checked.comparisons().privilege_bounds(index);
            Domain::OneOf(numbers(&bounds, (privilege.min, privilege.max)))
        }
    }
}

fn all(count: usize) -> Vec<Option<u32>> {
    (0..count).map(|value| u32::try_from(value).ok()).collect()
}

fn ranks(count: usize) -> Vec<Option<u32>> {
    (1..=count).map(|rank| u32::try_from(rank).ok()).collect()
}

/// The least number of each range that no comparison distinguishes.
pub(in crate::studio) fn numbers(bounds: &BTreeSet<u32>, (min, max): (u32, u32)) -> Vec<Option<u32>> {
    let within = bounds.iter().copied().filter(|bound| *bound > min && *bound <= max);
    [min].into_iter().chain(within).map(Some).collect()
}
