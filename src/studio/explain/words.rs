//! The words for labels and values, which explanations and fixes share.

use super::model::TestNode;
use super::tree;
use crate::check::{Operand, Test, TestKind};
use crate::document::{Document, Op, Privilege};
use crate::model::{PrivilegeKind, Verdict};
use crate::pack::Program;
use crate::studio::Studio;
use crate::studio::messages::Messages;

/// The labels of a document, and the messages in which they are told.
#[derive(Clone, Copy)]
pub(in crate::studio) struct Words<'a> {
    pub(in crate::studio) document: &'a Document,
    pub(in crate::studio) program: &'a Program,
    pub(in crate::studio) messages: &'a Messages,
}

impl<'a> Words<'a> {
    pub(in crate::studio) const fn new(studio: &'a Studio) -> Self {
        Self { document: studio.checked().document(), program: studio.policy().program(), messages: studio.messages() }
    }

    /// An inline role by its name, or by its number from 1.
    pub(in crate::studio) fn inline_role(self, place: usize, name: Option<&str>) -> String {
        let number = || self.messages.text("inline-role", &[("number", &(place + 1).to_string())]);
        name.map_or_else(number, String::from)
    }

    /// The needed value in labels: `Modify or above`, `All or Same Group`, `2 or more`.
    pub(super) fn needed(self, node: &TestNode, test: &Test) -> String {
        let Self { document, messages, .. } = self;
        match &test.kind {
            TestKind::Level(operand, op, rank) => {
                let label = |rank: usize| {
                    let level = rank.checked_sub(1).and_then(|index| value(document, *operand, index));
                    level.map(|(_, label)| label).unwrap_or_default()
                };
                let top = match operand {
                    Operand::Fact(fact) => document.facts.get(*fact).map_or(0, |it| it.levels.len()),
                    Operand::Privilege(privilege) => {
                        document.privileges.get(*privilege).map_or(0, |it| it.levels.len())
                    }
                };
                // A test above a level is a test of the next one, and nothing is above the highest.
                let (op, rank) = if *op == Op::Above && *rank < top { (Op::AtLeast, rank + 1) } else { (*op, *rank) };
                self.ordered("needed", if op == Op::AtLeast && rank == top { Op::Equal } else { op }, label(rank))
            }
            TestKind::Options(operand, chosen, negated) => {
                let held = node.held.as_deref().unwrap_or_default();
                let is_set = matches!(operand, Operand::Privilege(it)
                    if document.privileges.get(*it).is_some_and(|it| it.kind == PrivilegeKind::Set));
                let mut chosen: Vec<_> = chosen.iter().filter_map(|it| value(document, *operand, *it)).collect();
                let is_decided_set = is_set && node.verdict != Verdict::Unknown;
                // Of a set that passes, or that has what it must not have, the options that it surely has.
                let tells_held = is_decided_set && (node.verdict == Verdict::Yes) != *negated;
                let has = |id: &str| held.split(", ").any(|held| held == id);
                let tells_held = tells_held && chosen.iter().any(|(id, _)| has(id));
                chosen.retain(|(id, _)| !tells_held || has(id));
                let labels: Vec<String> = chosen.into_iter().map(|(_, label)| label.into()).collect();
                let chosen = messages.list(&labels, if tells_held { "and" } else { "or" });
                self.ordered("needed", if *negated && !is_decided_set { Op::NotEqual } else { Op::Equal }, &chosen)
            }
            TestKind::Number(operand, op, number) => {
                let max = match operand {
                    Operand::Privilege(privilege) => document.privileges.get(*privilege).and_then(|it| it.max),
                    Operand::Fact(_) => None,
                };
                let op = if *op == Op::AtLeast && max == Some(*number) { Op::Equal } else { *op };
                self.ordered("needed-number", op, &number.to_string())
            }
            TestKind::On(_) => messages.word("on"),
            TestKind::Held(_) => messages.word("granted"),
            TestKind::IsSet(_) => messages.word("set"),
            TestKind::Allowed(_) => messages.word("allowed"),
            TestKind::Condition(..) => messages.word("met"),
            TestKind::CompareSubjects(_, op, whose, value) => {
                let held = node.other.as_ref();
                let held = held.map_or_else(|| messages.word("none"), |held| self.held_in_labels(*value, held));
                let label = self.qualified(tree::whose(*whose), &self.label(*value).unwrap_or_default());
                self.ordered("needed", *op, &messages.text("compared", &[("label", &label), ("held", &held)]))
            }
        }
    }

    fn ordered(self, id: &str, op: Op, value: &str) -> String {
        Self::text_of_needed(self.messages, id, op, value)
    }

    /// A value with what a test demands of it: `Modify or above`.
    pub(super) fn text_of_needed(messages: &Messages, id: &str, op: Op, value: &str) -> String {
        let op = match op {
            Op::AtLeast => "at-least",
            Op::Above => "above",
            Op::AtMost => "at-most",
            Op::Below => "below",
            Op::Equal => "equal",
            Op::NotEqual => "not",
        };
        messages.text(id, &[("op", op), ("value", value)])
    }

    /// The label of a fact or privilege.
    pub(super) fn label(self, operand: Operand) -> Option<String> {
        match operand {
            Operand::Fact(fact) => self.document.facts.get(fact).map(|it| it.label.clone()),
            Operand::Privilege(privilege) => self.document.privileges.get(privilege).map(|it| it.label.clone()),
        }
    }

    /// A label, qualified by the subject of a change rule: `the actor's User Level`, `User Level before the change`.
    pub(super) fn qualified(self, whose: Option<&str>, label: &str) -> String {
        self.messages.text("whose", &[("whose", whose.unwrap_or_default()), ("label", label)])
    }

    /// The held value, in labels if it consists of levels or options.
    pub(super) fn held_in_labels(self, operand: Operand, held: &str) -> String {
        match operand {
            Operand::Privilege(privilege) => {
                self.document.privileges.get(privilege).map(|privilege| self.labels(privilege, held))
            }
            Operand::Fact(fact) => {
                let fact = self.document.facts.get(fact);
                let values = fact.into_iter().flat_map(|fact| fact.options.iter().chain(fact.levels.iter()));
                values.into_iter().find(|it| *it.id == *held).map(|it| it.label.clone())
            }
        }
        .unwrap_or_else(|| self.messages.word(held))
    }

    /// Levels or options by their labels.
    pub(in crate::studio) fn labels(self, privilege: &Privilege, held: &str) -> String {
        let level = |id: &str| privilege.levels.iter().find(|it| *it.id == *id).map(|it| it.label.clone());
        let option = |id: &str| privilege.options.iter().find(|it| *it.id == *id).map(|it| it.label.clone());
        let label = |id: &str| level(id).or_else(|| option(id)).unwrap_or_else(|| self.messages.word(id));
        let labels: Vec<String> = held.split(',').map(str::trim_start).map(label).collect();
        self.messages.list(&labels, "comma")
    }

    /// A number with its unit, which is singular for 1: `30 minutes`, `1 minute`.
    pub(in crate::studio) fn amount(self, number: u32, unit: Option<&str>) -> String {
        self.messages.text("amount", &[("count", &number.to_string()), ("unit", unit.unwrap_or_default())])
    }
}

/// The id and the label of the level or option at this index.
fn value(document: &Document, operand: Operand, index: usize) -> Option<(&str, &str)> {
    match operand {
        Operand::Fact(fact) => {
            let fact = document.facts.get(fact)?;
            fact.levels.get(index).or_else(|| fact.options.get(index)).map(|it| (&*it.id, it.label.as_str()))
        }
        Operand::Privilege(privilege) => {
            let privilege = document.privileges.get(privilege)?;
            let option = || privilege.options.get(index).map(|it| (&*it.id, it.label.as_str()));
            privilege.levels.get(index).map(|it| (&*it.id, it.label.as_str())).or_else(option)
        }
    }
}
