//! Requirements as data: the text and the parsed tree, so that readers need no parser.

use crate::check::{Operand, ResolvedExpr, ResolvedExprKind, Test, TestKind, Whose};
use crate::document::{self, Document, Requirement};
use crate::model::Value;
use serde::Serialize;

/// A requirement as text and as a tree.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(rename = "Requirement"))]
pub(crate) struct RequirementDescription<'a> {
    text: &'a str,
    #[cfg_attr(feature = "schema", ts(as = "RequirementTree"))]
    tree: Option<RequirementTree<'a>>,
}

/// The tree of a requirement. `true` is an `all` without children, `false` an `any` without children. `unknown` is only in
/// residuals: it is unknown whatever the facts are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum RequirementTree<'a> {
    All { children: Vec<RequirementTree<'a>> },
    Any { children: Vec<RequirementTree<'a>> },
    Not { children: Vec<RequirementTree<'a>> },
    Test(RequirementTest<'a>),
    Unknown,
}

/// A test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(crate) struct RequirementTest<'a> {
    #[cfg_attr(
        feature = "schema",
        ts(type = "'held' | 'on' | 'level' | 'option' | 'number' | 'is-set' | 'condition' | 'allowed' | 'against'")
    )]
    pub(in crate::studio) test: &'static str,
    #[cfg_attr(feature = "schema", ts(type = "string"))]
    pub(in crate::studio) id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub(in crate::studio) op: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub(in crate::studio) value: Option<RequirementValue<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub(in crate::studio) values: Option<Vec<String>>,
    /// In change rules: the subject whose value is tested, if it is not the subject after the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional, type = "'actor' | 'before' | 'after'"))]
    pub(in crate::studio) whose: Option<&'static str>,
    /// In residuals: the value of a fact that counts where it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional, type = "FactValue"))]
    pub(in crate::studio) absent: Option<Value>,
}

/// The right side of a test: a level, a number, or a value of another subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(untagged)]
pub(crate) enum RequirementValue<'a> {
    Level(String),
    Number(u32),
    Subject {
        #[cfg_attr(feature = "schema", ts(type = "'actor' | 'before' | 'after' | null"))]
        whose: Option<&'static str>,
        #[cfg_attr(feature = "schema", ts(type = "string"))]
        id: Option<&'a str>,
    },
}

impl<'a> RequirementDescription<'a> {
    /// Describes a requirement and its resolved expression.
    pub(crate) fn new(document: &'a Document, text: &'a Requirement, tree: Option<&ResolvedExpr>) -> Self {
        Self { text: text.as_str(), tree: tree.map(|tree| node(document, tree)) }
    }
}

fn node<'a>(document: &'a Document, tree: &ResolvedExpr) -> RequirementTree<'a> {
    let children = || tree.parts().iter().map(|part| node(document, part)).collect();
    match &tree.kind {
        ResolvedExprKind::All(_) => RequirementTree::All { children: children() },
        ResolvedExprKind::Any(_) => RequirementTree::Any { children: children() },
        ResolvedExprKind::Not(_) => RequirementTree::Not { children: children() },
        ResolvedExprKind::Test(test) => RequirementTree::Test(self::test(document, test)),
    }
}

fn test<'a>(document: &'a Document, test: &Test) -> RequirementTest<'a> {
    let about = |word, operand| RequirementTest {
        test: word,
        id: id(document, operand),
        op: None,
        value: None,
        values: None,
        whose: whose(test.whose),
        absent: None,
    };
    match &test.kind {
        TestKind::Held(privilege) => about("held", Operand::Privilege(*privilege)),
        TestKind::On(fact) => about("on", Operand::Fact(*fact)),
        TestKind::IsSet(privilege) => about("is-set", Operand::Privilege(*privilege)),
        TestKind::Level(operand, op, rank) => {
            let level = values(document, *operand).into_iter().nth(rank - 1);
            RequirementTest {
                op: Some(op.symbol()),
                value: level.map(RequirementValue::Level),
                ..about("level", *operand)
            }
        }
        TestKind::Options(operand, options, negated) => {
            let all = values(document, *operand);
            let options: Vec<String> = options.iter().filter_map(|it| all.get(*it).cloned()).collect();
            let op = match (options.len(), negated) {
                (_, true) => "!=",
                (1, false) => "=",
                _ => "in",
            };
            RequirementTest { op: Some(op), values: Some(options), ..about("option", *operand) }
        }
        TestKind::Number(operand, op, number) => {
            let value = Some(RequirementValue::Number(*number));
            RequirementTest { op: Some(op.symbol()), value, ..about("number", *operand) }
        }
        TestKind::Condition(condition, _) => RequirementTest {
            test: "condition",
            id: document.conditions.get(*condition).map(|condition| &*condition.id),
            op: None,
            value: None,
            values: None,
            whose: whose(test.whose),
            absent: None,
        },
        TestKind::Allowed(operation) => RequirementTest {
            test: "allowed",
            id: document.operations.get(*operation).map(|operation| &*operation.id),
            op: None,
            value: None,
            values: None,
            whose: whose(test.whose),
            absent: None,
        },
        TestKind::CompareSubjects(operand, op, other, value) => {
            let value = Some(RequirementValue::Subject { whose: whose(*other), id: id(document, *value) });
            RequirementTest { op: Some(op.symbol()), value, ..about("against", *operand) }
        }
    }
}

/// The prefix that names the subject of a test in a change rule; `None` for the result.
pub(super) const fn whose(whose: Whose) -> Option<&'static str> {
    match whose {
        Whose::Subject => None,
        Whose::Actor => Some("actor"),
        Whose::Before => Some("before"),
        Whose::After => Some("after"),
    }
}

fn id(document: &Document, operand: Operand) -> Option<&str> {
    match operand {
        Operand::Fact(fact) => document.facts.get(fact).map(|fact| &*fact.id),
        Operand::Privilege(privilege) => document.privileges.get(privilege).map(|privilege| &*privilege.id),
    }
}

fn values(document: &Document, operand: Operand) -> Vec<String> {
    match operand {
        Operand::Fact(fact) => document.facts.get(fact).map(document::Fact::values),
        Operand::Privilege(privilege) => document.privileges.get(privilege).map(document::Privilege::values),
    }
    .unwrap_or_default()
}
