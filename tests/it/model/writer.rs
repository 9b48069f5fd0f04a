//! Writes random requirements from the tests that are possible at each place, so that the document is legal.
//!
//! A privilege with a requirement must not be restricting (rule 6): a requirement may read it only where removing it
//! cannot turn a test true, an obligation only where granting it cannot make something owed.

use crate::model::policies::{Raw, number};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// The place of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// The `when` of a role.
    Facts,
    Requirement,
    Obligation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A flag or switch, or a condition.
    Flag,
    Level,
    Choice,
    Set,
    Number,
}

/// A fact or privilege that tests may read.
#[derive(Clone, Debug)]
pub(super) struct Entity {
    pub(super) id: String,
    pub(super) kind: Kind,
    /// Whether it is a privilege.
    pub(super) granted: bool,
    /// Its levels or options.
    pub(super) values: Vec<String>,
    /// Whether it or one of its levels has a requirement.
    pub(super) depends: bool,
    pub(super) range: (u32, u32),
}

/// The declarations so far.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) facts: Vec<Entity>,
    pub(super) privileges: Vec<Entity>,
    /// The operations, each with whether it reads only privileges without requirements, so that it may be read in
    /// either polarity.
    pub(super) operations: Vec<(String, bool)>,
    /// The conditions, each with whether it reads facts only. Others are read where an operation could be.
    pub(super) conditions: Vec<(String, bool)>,
    /// The options of choices that each role grants, with those that it inherits.
    pub(super) role_choices: Vec<BTreeMap<String, Json>>,
    pub(super) careless: bool,
    /// Whether the requirement that is being written reads only privileges without requirements.
    pub(super) pure: bool,
}

/// The polarity with which a test reads its operand: does the test rise with the grant, fall with it, or both?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Rising,
    Falling,
    Both,
}

impl Writer {
    /// A requirement as text.
    pub(super) fn write(&mut self, raw: &Raw, sense: Sense) -> String {
        self.text(raw, sense, false, 0)
    }

    /// The requirement of an operation, and whether all privileges that it reads have no requirement.
    pub(super) fn operation(&mut self, raw: &Raw) -> (String, bool) {
        self.pure = true;
        let text = self.write(raw, Sense::Requirement);
        (text, self.pure)
    }

    /// `binds` is the precedence of the place: 0 for `or`, 1 for `and`, 2 for `not`.
    fn text(&mut self, raw: &Raw, sense: Sense, negative: bool, binds: u8) -> String {
        let (own, text) = match raw {
            Raw::Constant(constant) => (2, constant.to_string()),
            Raw::Test(raw) => (2, self.test(*raw, sense, negative)),
            Raw::Not(inner) => (2, format!("not {}", self.text(inner, sense, !negative, 2))),
            Raw::All(parts) => (1, self.chain(parts, " and ", sense, negative, 1)),
            Raw::Any(parts) => (0, self.chain(parts, " or ", sense, negative, 0)),
        };
        if own < binds { format!("({text})") } else { text }
    }

    fn chain(&mut self, parts: &[Raw], word: &str, sense: Sense, negative: bool, own: u8) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.text(part, sense, negative, own)).collect();
        parts.join(word)
    }

    /// A test that is allowed here; a constant if there is none.
    fn test(&mut self, [about, how, value]: [u32; 3], sense: Sense, negative: bool) -> String {
        // In a requirement, a test that falls with the grant restricts under an even number of negations; in an
        // obligation, one that rises.
        let restricts = match (sense == Sense::Obligation, negative) {
            (false, false) | (true, true) => Reading::Falling,
            _ => Reading::Rising,
        };
        let privileges = if sense == Sense::Facts { &[][..] } else { &self.privileges };
        let readable = |entity: &&Entity| self.careless || entity.reading(how, value, restricts).is_some();
        let entities: Vec<&Entity> = self.facts.iter().chain(privileges).filter(readable).collect();
        let follows = |operation: &&(String, bool)| self.careless || operation.1 || restricts == Reading::Falling;
        let all = if sense == Sense::Facts { &[][..] } else { &self.operations };
        let operations: Vec<&(String, bool)> = all.iter().filter(follows).collect();
        let reads_facts = |condition: &&(String, bool)| condition.1 || self.careless;
        let conditions: Vec<&(String, bool)> = self.conditions.iter().filter(reads_facts).collect();
        let choices = entities.len() + operations.len() + conditions.len();
        if choices == 0 {
            return about.is_multiple_of(2).to_string();
        }
        let chosen = about as usize % choices;
        let (text, pure) = match entities.get(chosen) {
            Some(entity) => {
                let operator = entity.reading(how, value, restricts).unwrap_or("=");
                (entity.test(operator, how, value), !entity.depends)
            }
            None => match operations.get(chosen - entities.len()) {
                Some((operation, pure)) => (format!("allowed({operation})"), *pure),
                None => (conditions[chosen - entities.len() - operations.len()].0.clone(), true),
            },
        };
        self.pure &= pure;
        text
    }
}

impl Entity {
    /// An operator that is allowed here, if there is one.
    fn reading(&self, how: u32, value: u32, restricts: Reading) -> Option<&'static str> {
        let operators: &[&str] = match self.kind {
            Kind::Flag => &[""],
            Kind::Choice | Kind::Set => &["=", "!=", "in"],
            Kind::Number if self.granted => &[">=", ">", "<=", "<", "=", "!=", "is set"],
            Kind::Level => &[">=", ">", "<=", "<", "=", "!=", "in"],
            Kind::Number => &[">=", ">", "<=", "<", "=", "!="],
        };
        let fits = |operator: &&&str| {
            let reading = self.sense(operator, value);
            !self.depends || (reading != Reading::Both && reading != restricts)
        };
        let fitting: Vec<&&str> = operators.iter().filter(fits).collect();
        fitting.get(how as usize % fitting.len().max(1)).map(|operator| **operator)
    }

    fn sense(&self, operator: &str, value: u32) -> Reading {
        let top = value as usize % self.values.len() == self.values.len() - 1;
        match (self.kind, operator) {
            (Kind::Level, "in") => Reading::Both,
            (Kind::Level, "=" | "!=") if !top => Reading::Both,
            (Kind::Level, "<" | "<=") | (_, "!=") => Reading::Falling,
            _ => Reading::Rising,
        }
    }

    fn test(&self, operator: &str, how: u32, value: u32) -> String {
        let id = &self.id;
        let place = value as usize % self.values.len();
        let named = &self.values[place];
        match (self.kind, operator) {
            (Kind::Flag, _) => id.clone(),
            (_, "is set") => format!("{id} is set"),
            (Kind::Number, operator) => format!("{id} {operator} {}", number(value)),
            (_, "in") if how & 64 == 0 => format!("{id} in ({named})"),
            (_, "in") => format!("{id} in ({}, {named})", self.values[(place + 1) % self.values.len()]),
            (_, operator) => format!("{id} {operator} {named}"),
        }
    }

    /// A grant; occasionally an empty one.
    pub(super) fn grant(&self, value: u32, other: u32) -> Json {
        let place = value as usize % self.values.len();
        match self.kind {
            Kind::Flag => json!(!other.is_multiple_of(8)),
            Kind::Level | Kind::Choice => json!(self.values[place]),
            Kind::Set => {
                let chosen = self.values.iter().enumerate().filter(|(place, _)| other >> place & 1 == 1);
                json!(chosen.map(|(_, value)| value).collect::<Vec<_>>())
            }
            Kind::Number => json!(number(value).clamp(self.range.0, self.range.1)),
        }
    }
}
