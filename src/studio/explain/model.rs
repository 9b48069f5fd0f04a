//! The types of explanations.

use super::reason::{Reason, Through};
use crate::check::{Operand, Test, TestKind};
use crate::document::Source;
use crate::model::Verdict;
use crate::session::{Change, Provenance};
use serde::Serialize;
use std::sync::Arc;

/// Why an operation is allowed, denied or undecided; in a review, why a change rule does not hold.
///
/// # Examples
/// ```
/// use privet::{Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
/// let facts = vec![("email-allowed".into(), Value::Flag(true))];
/// let session = studio.policy().session(&Subject { facts, ..Subject::default() })?;
/// let why = studio.explain(&session, "email-accounts.open")?;
/// assert_eq!((why.decision, why.decisive), ("denied", vec!["modify-email-accounts".to_owned()]));
/// assert_eq!(why.sentence, "Open Email Accounts: denied, because Modify Email Accounts is not granted.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Explanation {
    /// The id of the operation or change rule.
    #[cfg_attr(feature = "schema", ts(type = "OperationId<S>"))]
    pub operation: String,
    /// The decision of the session: `allowed`, `denied` or `undecided`.
    #[cfg_attr(feature = "schema", ts(type = "Decision"))]
    pub decision: &'static str,
    /// The obligations that are owed.
    #[cfg_attr(feature = "schema", ts(type = "readonly ObligationId<S>[]"))]
    pub obligations: Vec<String>,
    /// The requirement with the verdict on each test.
    pub tree: TestNode,
    /// Privileges and facts that decide, in policy order, facts first. Of an allowed operation: the set of held privileges and known
    /// facts that suffices and costs least, as in fixes, whichever of the others are taken away; of several, the first in policy order. If the
    /// analysis exceeds a limit: all that it reads. Of an operation that is not allowed: those that the reasons name, those
    /// of other operations included.
    #[cfg_attr(feature = "schema", ts(type = "readonly (PrivilegeId<S> | FactId<S>)[]"))]
    pub decisive: Vec<String>,
    /// Of an allowed operation: the other held privileges that it reads; all of them can be taken away together.
    #[cfg_attr(feature = "schema", ts(type = "readonly PrivilegeId<S>[]"))]
    pub redundant: Vec<String>,
    /// Of an operation that is not allowed: changes that would allow it and from which nothing can be left out, in
    /// order of cost; at most five.
    #[serde(rename = "nearMisses")]
    pub near_misses: Vec<NearMiss>,
    /// The unknown facts on which the decision depends, and the known facts by which a role is held that gives what the reasons
    /// name; in policy order.
    #[cfg_attr(feature = "schema", ts(type = "readonly FactId<S>[]"))]
    pub facts: Vec<String>,
    /// The sources that imply the operation without stating it.
    pub inferred: Vec<Source>,
    /// The stable code: the decision, or `allowed-with-obligations`.
    #[cfg_attr(feature = "schema", ts(type = "'allowed' | 'allowed-with-obligations' | 'denied' | 'undecided'"))]
    pub code: &'static str,
    /// The arguments of the sentence.
    pub args: Arguments,
    /// The explanation in words.
    pub sentence: String,
}

/// A change that would allow an operation and from which nothing can be left out.
///
/// # Examples
/// ```
/// use privet::{NearMiss, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
/// let facts = vec![("email-allowed".into(), Value::Flag(true))];
/// let session = studio.policy().session(&Subject { facts, ..Subject::default() })?;
/// let why = studio.explain(&session, "email-accounts.open")?;
/// let [NearMiss { change, cost: 1 }] = why.near_misses.as_slice() else { return Err("one near miss".into()) };
/// assert_eq!(change.set, [("modify-email-accounts".into(), Value::Flag(true))]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct NearMiss {
    /// The change.
    #[cfg_attr(feature = "schema", ts(type = "Change<S>"))]
    pub change: Change,
    /// The cost, as that of a fix.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub cost: u64,
}

/// The arguments of a sentence, for translations.
///
/// # Examples
/// ```
/// use privet::{Studio, Subject};
///
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
/// let session = studio.policy().session(&Subject::default())?;
/// let args = studio.explain(&session, "email-accounts.open")?.args;
/// assert_eq!((args.label.as_str(), args.reasons.len()), ("Open Email Accounts", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Arguments {
    /// The label of the operation or change rule.
    pub label: String,
    /// The tests that determine the decision: if it is allowed, those that hold; if denied, those that fail; if undecided,
    /// those that are unknown.
    pub reasons: Vec<Reason>,
    /// The labels of the obligations that are owed.
    pub obligations: Vec<String>,
}

/// A node of an explanation.
///
/// # Examples
/// ```
/// use privet::{Studio, Subject, Value, Verdict};
///
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
/// let facts = vec![("email-allowed".into(), Value::Flag(true))];
/// let session = studio.policy().session(&Subject { facts, ..Subject::default() })?;
/// let tree = studio.explain(&session, "email-accounts.open")?.tree;
/// let failing = tree.children.iter().find(|node| node.verdict == Verdict::No).ok_or("no test fails")?;
/// assert_eq!(failing.needed.as_deref(), Some("modify-email-accounts"));
/// assert_eq!(failing.held, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TestNode {
    /// The kind of the node.
    pub kind: NodeKind,
    /// Whether the node holds.
    #[cfg_attr(feature = "schema", ts(type = "Verdict"))]
    pub verdict: Verdict,
    /// The id of the fact, privilege or operation that a test reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub id: Option<String>,
    /// In change rules: whose value is tested (`actor`, `before` or `after`), if it is not that of the subject after the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional, type = "'actor' | 'before' | 'after'"))]
    pub whose: Option<&'static str>,
    /// The test or negation in the notation of the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub needed: Option<String>,
    /// The value that the subject has: the effective value of a privilege, or `on`, `off`, `unknown` or the value of a
    /// fact; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub held: Option<String>,
    /// Who gives the value of the privilege that the test reads; absent if nobody does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional, type = "From<S>"))]
    pub from: Option<Provenance>,
    /// If the grant that the test reads is dormant and the test fails: why it is dormant. With its effect, it would pass the test,
    /// or would still be too little.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub because: Option<Box<DormantGrant>>,
    /// The parts; of a test on another operation, the requirement of that operation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<TestNode>>"))]
    pub children: Vec<TestNode>,
    /// The test, with the subject that it reads.
    #[serde(skip)]
    pub(super) test: Option<Test>,
    /// The value with which a change rule compares.
    #[serde(skip)]
    pub(super) other: Option<String>,
    /// The granted value, if it is dormant and would be too little with its effect.
    #[serde(skip)]
    pub(super) too_little: Option<String>,
    /// The roles that give the value, if the subject does not.
    #[serde(skip)]
    pub(super) through: Vec<Through>,
    /// Of a test on another operation: the reasons of that operation's decision.
    #[serde(skip)]
    pub(super) inner: Vec<Arc<Reason>>,
}

/// The kind of a node of an explanation.
///
/// # Examples
/// ```
/// use privet::{NodeKind, Studio, Subject};
///
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
/// let session = studio.policy().session(&Subject::default())?;
/// let tree = studio.explain(&session, "email-accounts.open")?.tree; // `email-allowed and modify-email-accounts`
/// assert_eq!(tree.kind, NodeKind::All);
/// assert!(tree.children.iter().all(|node| node.kind == NodeKind::Test));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// All parts must hold.
    All,
    /// One part must hold.
    Any,
    /// The part must not hold.
    Not,
    /// A test.
    Test,
}

/// A grant that is known to have no effect, or a level whose upper part has none.
///
/// # Examples
/// ```
/// use privet::{Missing, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let grants = vec![("reporting-drill-down".into(), Value::Flag(true))];
/// let session = studio.policy().session(&Subject { grants, ..Subject::default() })?;
/// let dormant = studio.dormant(&session).remove(0);
/// assert_eq!((dormant.privilege.as_str(), dormant.granted.as_str()), ("reporting-drill-down", "true"));
/// assert_eq!(dormant.missing, [Missing { test: "analytics".into(), because: None }]);
/// assert_eq!(dormant.sentence, "Reporting drill down is granted but has no effect while Analytics is not granted.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct DormantGrant {
    /// The privilege.
    #[cfg_attr(feature = "schema", ts(type = "PrivilegeId<S>"))]
    pub privilege: String,
    /// The value that is surely granted, in the notation of the policy: `true`, ids, or a number.
    pub granted: String,
    /// The lower level that has an effect, or `undecided`; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub effective: Option<String>,
    /// Who gives it.
    #[cfg_attr(feature = "schema", ts(type = "From<S>"))]
    pub from: Provenance,
    /// The tests that fail.
    pub missing: Vec<Missing>,
    /// The explanation in words.
    pub sentence: String,
    /// The sentence as a clause of another one.
    #[serde(skip)]
    pub(super) clause: String,
    /// The part of the sentence that says what effect it has, and why.
    #[serde(skip)]
    pub(super) effect: String,
    /// How many alternatives would give it its effect, if each of them alone would; else 0.
    #[serde(skip)]
    pub(super) alternatives: usize,
}

/// A test that fails.
///
/// # Examples
/// ```
/// use privet::{Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let grants = vec![("can-approve-campaigns".into(), Value::Flag(true))];
/// let session = studio.policy().session(&Subject { grants, ..Subject::default() })?;
/// let missing = &studio.dormant(&session)[0].missing;
/// assert!(missing.iter().map(|it| it.test.as_str()).eq(["sender", "can-send-without-approval"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Missing {
    /// The test in the notation of the policy.
    pub test: String,
    /// The dormant grant that makes the test fail, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub because: Option<Box<DormantGrant>>,
}

/// Collects the tests that make a node fail.
pub(super) fn failing_tests(node: &TestNode, missing: &mut Vec<Missing>) {
    match (node.kind, &node.needed) {
        (NodeKind::Test | NodeKind::Not, Some(test)) => {
            missing.push(Missing { test: test.clone(), because: node.because.clone() });
        }
        (NodeKind::Any, _) if node.children.is_empty() => missing.push(Missing { test: "false".into(), because: None }),
        _ => {
            node.children
                .iter()
                .filter(|child| child.verdict == Verdict::No)
                .for_each(|child| failing_tests(child, missing));
        }
    }
}

/// The fact or privilege that a test reads.
pub(super) const fn operand_of(test: &Test) -> Option<Operand> {
    match test.kind {
        TestKind::On(fact) => Some(Operand::Fact(fact)),
        TestKind::Held(privilege) | TestKind::IsSet(privilege) => Some(Operand::Privilege(privilege)),
        TestKind::Level(operand, ..)
        | TestKind::Options(operand, ..)
        | TestKind::Number(operand, ..)
        | TestKind::CompareSubjects(operand, ..) => Some(operand),
        TestKind::Allowed(_) | TestKind::Condition(..) => None,
    }
}

/// An `all` node.
pub(in crate::studio) fn all(children: Vec<TestNode>) -> TestNode {
    let verdict = children.iter().fold(Verdict::Yes, |all, child| all & child.verdict);
    TestNode { children, ..leaf(NodeKind::All, verdict) }
}

/// A node without anything below it.
pub(super) const fn leaf(kind: NodeKind, verdict: Verdict) -> TestNode {
    TestNode {
        kind,
        verdict,
        id: None,
        whose: None,
        needed: None,
        held: None,
        from: None,
        because: None,
        children: Vec::new(),
        test: None,
        other: None,
        too_little: None,
        through: Vec::new(),
        inner: Vec::new(),
    }
}
