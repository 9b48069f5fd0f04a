//! The inputs that a requirement reads, directly and indirectly, and all assignments of them.

use crate::model::requirement::Test;
use crate::model::{Model, requirements_of};
use privet::model::{PrivilegeKind, Value};
use privet::session::Subject;
use std::collections::{BTreeMap, BTreeSet};

/// Sets of more options are given only those that the requirements name, and all options at once.
const MOST_OPTIONS: usize = 8;

/// The facts and privileges on which an answer depends.
#[derive(Default)]
pub(crate) struct Reads<'d> {
    facts: BTreeSet<&'d str>,
    privileges: BTreeSet<&'d str>,
    followed: BTreeSet<&'d str>,
    /// The values that tests of an id name.
    named: BTreeMap<&'d str, BTreeSet<&'d str>>,
}

impl<'d> Reads<'d> {
    pub(crate) fn of_requirement(model: &'d Model, text: &str) -> Self {
        let mut reads = Self::default();
        reads.requirement(model, text);
        reads
    }

    pub(crate) fn of_privilege(model: &'d Model, id: &str) -> Self {
        let mut reads = Self::default();
        reads.id(model, id);
        reads
    }

    /// Whether a fact or privilege is read.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.facts.contains(id) || self.privileges.contains(id)
    }

    pub(crate) fn requirement(&mut self, model: &'d Model, text: &str) {
        let (text, parsed) = model.parsed.get_key_value(text).expect("a requirement of the document");
        if !self.followed.insert(text) {
            return;
        }
        for test in parsed.tests() {
            match test {
                Test::Held(id) if model.conditions.contains_key(id.as_str()) => {
                    self.requirement(model, model.conditions[id.as_str()].requires.as_str());
                }
                Test::Compare(id, operator, value) if is_constant(model, id, operator, value) => {}
                Test::Held(id) | Test::IsSet(id) => self.id(model, id),
                Test::Compare(id, _, value) => {
                    self.named.entry(id).or_default().insert(value);
                    self.id(model, id);
                }
                Test::In(id, values) => {
                    self.named.entry(id).or_default().extend(values.iter().map(String::as_str));
                    self.id(model, id);
                }
                Test::Allowed(id) => self.requirement(model, model.operations[id.as_str()].requires.as_str()),
            }
        }
    }

    /// Adds a fact; or a privilege with its requirements and the facts that the `when` of a role with that privilege tests.
    fn id(&mut self, model: &'d Model, id: &str) {
        if let Some(fact) = model.facts.get(id) {
            self.facts.insert(&fact.id);
            return;
        }
        let privilege = model.privileges[id];
        if !self.privileges.insert(&privilege.id) {
            return;
        }
        for requires in requirements_of(privilege) {
            self.requirement(model, requires.as_str());
        }
        for role in model.document.roles.iter() {
            if model.role_grants[&*role.id].iter().all(|(granted, _)| granted != id) {
                continue;
            }
            if let Some(when) = &role.when {
                self.requirement(model, when.as_str());
            }
        }
    }

    /// All assignments of the inputs: each fact may also be unknown, each privilege may also not be granted.
    pub(crate) fn assignments(&self, model: &'d Model) -> Assignments<'d> {
        let optional = |values: Vec<Value>| [None].into_iter().chain(values.into_iter().map(Some)).collect();
        let facts = self.facts.iter().map(|id| (*id, optional(model.fact_values(model.facts[id]))));
        let privileges = self.privileges.iter().map(|id| (*id, optional(self.grants(model, id))));
        let inputs: Vec<_> = facts.chain(privileges).collect();
        Assignments { facts: self.facts.len(), at: vec![0; inputs.len()], inputs, exhausted: false }
    }
}

/// No level is above the highest, and no number above the greatest.
fn is_constant(model: &Model, id: &str, operator: &str, value: &str) -> bool {
    let Some(privilege) = model.privileges.get(id) else { return false };
    let is_highest = privilege.levels.iter().last().is_some_and(|level| *level.id == *value);
    matches!(operator, ">" | "<=") && is_highest || operator == ">" && value == "4294967295"
}

impl Reads<'_> {
    /// The grants of a privilege that are told apart.
    fn grants(&self, model: &Model, id: &str) -> Vec<Value> {
        let privilege = model.privileges[id];
        let named = self.named.get(id).filter(|_| privilege.options.len() > MOST_OPTIONS);
        let Some(named) = named.filter(|_| privilege.kind == PrivilegeKind::Set) else {
            return model.grants(privilege);
        };
        let list =
            |options: &mut dyn Iterator<Item = &str>| Value::List(options.map(|id| Value::Text(id.into())).collect());
        let subsets = (1..1_u32 << named.len()).map(|bits| {
            list(&mut named.iter().enumerate().filter(|(place, _)| bits >> place & 1 == 1).map(|(_, option)| *option))
        });
        subsets.chain([list(&mut privilege.options.iter().map(|option| &*option.id))]).collect()
    }
}

/// All combinations, counted like an odometer.
pub(crate) struct Assignments<'d> {
    /// The number of inputs that are facts; these come first.
    facts: usize,
    inputs: Vec<(&'d str, Vec<Option<Value>>)>,
    at: Vec<usize>,
    exhausted: bool,
}

impl Assignments<'_> {
    /// The number of combinations.
    pub(crate) fn size(&self) -> usize {
        self.inputs.iter().map(|(_, values)| values.len()).fold(1, usize::saturating_mul)
    }

    fn advance(&mut self) {
        for (at, (_, values)) in self.at.iter_mut().zip(&self.inputs) {
            *at += 1;
            if *at < values.len() {
                return;
            }
            *at = 0;
        }
        self.exhausted = true;
    }
}

impl Iterator for Assignments<'_> {
    type Item = Subject;

    fn next(&mut self) -> Option<Subject> {
        if self.exhausted {
            return None;
        }
        let given =
            self.at.iter().zip(&self.inputs).map(|(at, (id, values))| Some((String::from(*id), values[*at].clone()?)));
        let mut given: Vec<_> = given.collect();
        let grants = given.split_off(self.facts).into_iter().flatten().collect();
        self.advance();
        Some(Subject { grants, facts: given.into_iter().flatten().collect(), roles: Vec::new() })
    }
}
