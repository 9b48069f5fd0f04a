//! Random people of a policy as packed rows.
#![expect(clippy::cast_possible_truncation, reason = "indices are small")]

use super::random::Random;
use privet::PackedRows;
use privet::model::{FactKind, PrivilegeKind};
use privet::pack::{Fact, Grant, Policy, Privilege};
use privet::session::State;

/// A random state. The numbers of known facts and of grants vary between people. Numbers are mostly small, like those
/// with which policies compare.
pub(crate) fn state(policy: &Policy, random: &mut Random) -> State {
    let program = policy.program();
    let [facts, grants, roles] = [random.below(9), random.below(9), random.below(6)];
    let mut state = State::default();
    for (index, fact) in (0..).zip(&program.facts) {
        if random.below(8) < facts {
            state.facts.push((index, fact_value(fact, random)));
        }
    }
    for (index, privilege) in (0..).zip(&program.privileges) {
        if random.below(8) < grants {
            state.own.extend(values(privilege, random).into_iter().map(|value| Grant { privilege: index, value }));
        }
    }
    for (index, _) in (0..).zip(&program.roles) {
        if random.below(16) < roles {
            state.roles.push(index);
        }
    }
    state
}

/// Packed rows of `people` random people.
pub(crate) fn rows(policy: &Policy, people: usize, seed: u64) -> PackedRows {
    let mut random = Random::new(seed);
    let rows = (0..people).flat_map(|_| policy.row(&state(policy, &mut random))).collect();
    PackedRows { rows, inline: Vec::new() }
}

fn fact_value(fact: &Fact, random: &mut Random) -> u32 {
    match fact.kind {
        FactKind::Number => number(random, 0, u32::MAX),
        FactKind::Level => 1 + random.below(fact.values.len()) as u32,
        FactKind::Switch | FactKind::Choice => random.below(fact.max_value() as usize + 1) as u32,
    }
}

fn values(privilege: &Privilege, random: &mut Random) -> Vec<u32> {
    let count = privilege.values.len();
    match privilege.kind {
        PrivilegeKind::Flag => vec![1],
        PrivilegeKind::Level => vec![1 + random.below(count) as u32],
        PrivilegeKind::Choice => vec![random.below(count) as u32],
        PrivilegeKind::Set => (0..count as u32).filter(|_| random.below(2) == 0).collect(),
        PrivilegeKind::Number => vec![number(random, privilege.min, privilege.max)],
    }
}

/// A number in a range, mostly near its minimum.
fn number(random: &mut Random, min: u32, max: u32) -> u32 {
    let wide = u64::from(max - min) + 1;
    let near = [1, 2, 4, 8, 100, wide].map(|near: u64| near.min(wide));
    min + (random.bits() % random.of(&near)) as u32
}
