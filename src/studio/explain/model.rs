//! Explaining: the decision's own tree, with what each test needs and what is held.
//!
//! The tree is the requirement's; every verdict in it is read off the session that decided, so the explanation cannot
//! say anything else than the decision.

use crate::check::{Operand, Test, TestKind};
use crate::document::Source;
use crate::model::Verdict;
use crate::session::Change;
use serde::Serialize;

/// Why an operation is allowed, denied or undecided; or a change, by one of the change rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The operation, or the change rule.
    pub operation: String,
    /// `allowed`, `denied` or `undecided`: always what the session decides.
    pub decision: &'static str,
    /// The obligations owed.
    pub obligations: Vec<String>,
    /// The requirement, test by test.
    pub tree: TestNode,
    /// What decides: of an allowed operation the fewest grants and known facts on which it can rest alone, beside the
    /// grants that only restrict it; of another one what its reasons name.
    pub decisive: Vec<String>,
    /// Of an allowed operation: the grants that it reads and does not need besides.
    pub redundant: Vec<String>,
    /// Of one that is not allowed: the changes that would open it and from which nothing can be left out, the smallest
    /// first; at most five.
    #[serde(rename = "nearMisses")]
    pub near_misses: Vec<NearMiss>,
    /// The unknown facts on which the decision rests.
    pub facts: Vec<String>,
    /// The sources that do not state the operation, but from which it follows.
    pub inferred: Vec<Source>,
    /// A stable code: the decision, with `-with-obligations` where something is owed.
    pub code: &'static str,
    /// What the sentence is made of.
    pub args: Arguments,
    /// The whole, in plain English.
    pub sentence: String,
}

/// A change that would open an operation and from which nothing can be left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NearMiss {
    /// The change.
    pub change: Change,
    /// What it costs, as of a fix.
    pub cost: u64,
}

/// What a sentence is made of, so that it can be said in another language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arguments {
    /// The operation's or change rule's label.
    pub label: String,
    /// The tests that decide, each with a stable code.
    pub reasons: Vec<Reason>,
    /// The labels of the obligations owed.
    pub obligations: Vec<String>,
}

/// A node of an explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TestNode {
    /// What it is.
    pub kind: NodeKind,
    /// Whether it holds.
    pub verdict: Verdict,
    /// What a test is about: a fact, privilege or operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// In change rules, whose it is where that is not the result's: `actor`, `before` or `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whose: Option<&'static str>,
    /// A test or negation as the policy writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needed: Option<String>,
    /// What there is: the effective value, `on`, `off`, `unknown`, or nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// Why what is granted has no effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Box<DormantGrant>>,
    /// The parts; of a test for an operation, what that requires.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<TestNode>,
    /// The test, with whom it is about.
    #[serde(skip)]
    pub(super) test: Option<Test>,
    /// What there is of what it is compared with.
    #[serde(skip)]
    pub(super) other: Option<String>,
}

/// What a node of an explanation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// All of its parts must hold.
    All,
    /// One of its parts must hold.
    Any,
    /// Its part must not hold.
    Not,
    /// A test.
    Test,
}

/// A grant that has no effect, and what is missing for it to have one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DormantGrant {
    /// The privilege.
    pub privilege: String,
    /// What is granted.
    pub granted: String,
    /// What of it still has an effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
    /// The tests that fail.
    pub missing: Vec<Missing>,
    /// The same, in plain English.
    pub sentence: String,
}

/// A test that fails, and why when it is about a dormant grant itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The test as the policy writes it.
    pub test: String,
    /// Why what is granted for it has no effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Box<DormantGrant>>,
}

/// One test that decides, with a stable code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What kind of reason it is: `granted`, `not-granted`, `dormant`, `on`, `off`, `too-low`, `too-high`, `value`,
    /// `other-value`, `set`, `not-set`, `allowed`, `denied` or `unknown`.
    pub code: &'static str,
    /// The fact, privilege or operation.
    pub id: String,
    /// Its label.
    pub label: String,
    /// In change rules, whose it is where that is not the result's: `actor`, `before` or `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whose: Option<&'static str>,
    /// What the test asks for, in labels.
    pub needed: String,
    /// What there is.
    pub held: String,
    /// The number of the `or` of which it is one alternative: where several have the same, mending one is enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternative: Option<usize>,
    /// Where a fact is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Why a dormant grant has no effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// The tests of a node that keep it from holding.
pub(super) fn failing(node: &TestNode, missing: &mut Vec<Missing>) {
    match (node.kind, &node.needed) {
        (NodeKind::Test | NodeKind::Not, Some(test)) => {
            missing.push(Missing { test: test.clone(), because: node.because.clone() });
        }
        (NodeKind::Any, _) if node.children.is_empty() => missing.push(Missing { test: "false".into(), because: None }),
        _ => {
            node.children.iter().filter(|child| child.verdict == Verdict::No).for_each(|child| failing(child, missing));
        }
    }
}

/// The fact or privilege that a test is about.
pub(super) const fn about(test: &Test) -> Option<Operand> {
    match test.kind {
        TestKind::On(fact) => Some(Operand::Fact(fact)),
        TestKind::Held(privilege) | TestKind::IsSet(privilege) | TestKind::Level(privilege, ..) => {
            Some(Operand::Privilege(privilege))
        }
        TestKind::Options(owner, ..) | TestKind::Number(owner, ..) | TestKind::CompareSubjects(owner, ..) => {
            Some(owner)
        }
        TestKind::Allowed(_) => None,
    }
}
