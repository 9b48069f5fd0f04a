//! Subjects and changes: every value that makes a difference, and random ones by seed.

use super::Model;
use super::requirement::Test;
use privet::document::{Fact, Privilege};
use privet::ground::{FactKind, PrivilegeKind, Value};
use privet::session::{RoleRef, Subject};
use std::collections::BTreeSet;

type Assignments = Vec<(String, Value)>;

impl Model<'_> {
    /// Every value of a fact that a requirement could tell from others; not giving it is not among them.
    pub(crate) fn fact_values(&self, fact: &Fact) -> Vec<Value> {
        match fact.kind {
            FactKind::Switch => vec![Value::Flag(false), Value::Flag(true)],
            FactKind::Choice => fact.options.iter().map(|option| Value::Text(option.id.to_string())).collect(),
            FactKind::Number => self.numbers(&fact.id, (0, u32::MAX)),
        }
    }

    /// Every grant of a privilege that a requirement could tell from others; no grant is not among them.
    pub(crate) fn grants(&self, privilege: &Privilege) -> Vec<Value> {
        let text = |id: &str| Value::Text(id.into());
        match privilege.kind {
            PrivilegeKind::Flag => vec![Value::Flag(true)],
            PrivilegeKind::Level => privilege.levels.iter().map(|level| text(&level.id)).collect(),
            PrivilegeKind::Choice => privilege.options.iter().map(|option| text(&option.id)).collect(),
            PrivilegeKind::Set => {
                let options: Vec<Value> = privilege.options.iter().map(|option| text(&option.id)).collect();
                let subset = |bits: u32| {
                    let chosen = options.iter().enumerate().filter(|(place, _)| bits >> place & 1 == 1);
                    Value::List(chosen.map(|(_, option)| option.clone()).collect())
                };
                (1..1_u32 << options.len()).map(subset).collect()
            }
            PrivilegeKind::Number => {
                self.numbers(&privilege.id, (privilege.min.unwrap_or(0), privilege.max.unwrap_or(u32::MAX)))
            }
        }
    }

    /// The numbers next to which some comparison changes, and the ends of the range.
    fn numbers(&self, id: &str, (min, max): (u32, u32)) -> Vec<Value> {
        let tests = self.parsed.values().flat_map(super::requirement::Requirement::tests);
        let constants = tests.filter_map(|test| match test {
            Test::Compare(tested, _, number) if tested == id => number.parse::<u32>().ok(),
            _ => None,
        });
        let around = constants.flat_map(|number| [number.saturating_sub(1), number, number.saturating_add(1)]);
        let numbers: BTreeSet<u32> = around.chain([min, max]).filter(|number| (min..=max).contains(number)).collect();
        numbers.into_iter().map(Value::Number).collect()
    }

    /// A random subject: listed and inline roles, own grants (also of nothing), facts (also not given).
    pub(crate) fn subject(&self, dice: &mut Dice) -> Subject {
        let mut subject = Subject::default();
        let often = dice.below(5);
        for role in self.document.roles.iter() {
            if dice.below(8) < often {
                subject.roles.push(RoleRef::Known(role.id.to_string()));
            }
        }
        if dice.below(4) == 0 {
            subject.roles.push(RoleRef::Inline(self.own_grants(dice, 1)));
        }
        let often = dice.below(10);
        subject.grants = self.own_grants(dice, often);
        let often = dice.below(10);
        for fact in self.document.facts.iter() {
            if dice.below(9) < often {
                subject.facts.push((fact.id.to_string(), dice.of(&self.fact_values(fact))));
            } else if dice.below(4) == 0 {
                subject.facts.push((fact.id.to_string(), Value::Null));
            }
        }
        subject
    }

    fn own_grants(&self, dice: &mut Dice, often: usize) -> Assignments {
        let mut grants = Assignments::new();
        for privilege in self.document.privileges.iter() {
            if dice.below(9) < often {
                grants.push((privilege.id.to_string(), self.grant(dice, privilege)));
            }
        }
        grants
    }

    /// A random value; now and then one that is no grant.
    pub(crate) fn grant(&self, dice: &mut Dice, privilege: &Privilege) -> Value {
        match privilege.kind {
            PrivilegeKind::Flag if dice.below(6) == 0 => Value::Flag(false),
            PrivilegeKind::Set if dice.below(6) == 0 => Value::List(Vec::new()),
            _ => dice.of(&self.grants(privilege)),
        }
    }
}

/// Random numbers that are the same in every run: `SplitMix64`.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number from 0 to `count - 1`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).expect("31 bits") % count
    }

    pub(crate) fn of(&mut self, values: &[Value]) -> Value {
        values[self.below(values.len())].clone()
    }
}
