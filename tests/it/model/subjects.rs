//! Subjects and changes: all values that requirements can distinguish, and random ones by seed.

use super::Model;
use super::requirement::Test;
use crate::support::random::Random;
use privet::document::{Fact, Privilege};
use privet::model::{FactKind, PrivilegeKind, Value};
use privet::session::{RoleRef, Subject};
use std::collections::BTreeSet;

type Assignments = Vec<(String, Value)>;

impl Model<'_> {
    /// The values of a fact that a requirement can distinguish, without the absence of a value.
    pub(crate) fn fact_values(&self, fact: &Fact) -> Vec<Value> {
        match fact.kind {
            FactKind::Switch => vec![Value::Flag(false), Value::Flag(true)],
            FactKind::Choice => fact.options.iter().map(|option| Value::Text(option.id.to_string())).collect(),
            FactKind::Level => fact.levels.iter().map(|level| Value::Text(level.id.to_string())).collect(),
            FactKind::Number => self.numbers(&fact.id, (0, u32::MAX)),
        }
    }

    /// The grants of a privilege that a requirement can distinguish, without the absence of a grant.
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

    /// The numbers at which some comparison changes, and the ends of the range.
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

    /// A random subject: listed and inline roles, own grants (some empty) and facts (some missing).
    pub(crate) fn subject(&self, random: &mut Random) -> Subject {
        let mut subject = Subject::default();
        let often = random.below(5);
        for role in self.document.roles.iter() {
            if random.below(8) < often {
                subject.roles.push(RoleRef::Known(role.id.to_string()));
            }
        }
        if random.below(4) == 0 {
            subject.roles.push(RoleRef::Inline(self.own_grants(random, 1)));
        }
        let often = random.below(10);
        subject.grants = self.own_grants(random, often);
        let often = random.below(10);
        for fact in self.document.facts.iter() {
            if random.below(9) < often {
                subject.facts.push((fact.id.to_string(), random.of(&self.fact_values(fact))));
            } else if random.below(4) == 0 {
                subject.facts.push((fact.id.to_string(), Value::Null));
            }
        }
        subject
    }

    fn own_grants(&self, random: &mut Random, often: usize) -> Assignments {
        let mut grants = Assignments::new();
        for privilege in self.document.privileges.iter() {
            if random.below(9) < often {
                grants.push((privilege.id.to_string(), self.grant(random, privilege)));
            }
        }
        grants
    }

    /// A random inline role, with few or many grants.
    pub(crate) fn inline_role(&self, random: &mut Random) -> RoleRef {
        let often = 1 + random.below(8);
        let mut grants = Vec::new();
        for privilege in self.document.privileges.iter() {
            if random.below(9) < often {
                grants.push((privilege.id.to_string(), self.grant(random, privilege)));
            }
        }
        RoleRef::Inline(grants)
    }

    /// A random value; occasionally one that is no grant.
    pub(crate) fn grant(&self, random: &mut Random, privilege: &Privilege) -> Value {
        match privilege.kind {
            PrivilegeKind::Flag if random.below(6) == 0 => Value::Flag(false),
            PrivilegeKind::Set => {
                let often = random.below(7);
                let chosen = privilege.options.iter().filter(|_| random.below(6) < often);
                Value::List(chosen.map(|option| Value::Text(option.id.to_string())).collect())
            }
            _ => random.of(&self.grants(privilege)),
        }
    }
}
