//! Reviews: whether the change rules of a policy permit an actor to make a change, and the rules that it breaks.

use super::kind::ReviewKind;
use super::summary::ChangeSummary;
use crate::check::{Operand, ResolvedExprKind, Test, TestKind, Whose};
use crate::document::{ChangeKind, ChangeRule, Document, Op};
use crate::model::{PrivilegeKind, Verdict};
use crate::pack::Grant;
use crate::session::{Session, Subject, SubjectError, SubjectFault};
use crate::studio::Studio;
use crate::studio::explain::explainer::{self, Explainer, Participants};
use crate::studio::explain::model::{Explanation, TestNode};
use serde::Serialize;

/// The result of a review.
///
/// # Examples
/// ```
/// use privet::{Review, Studio, Subject, Value, Verdict};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let with = |id: &str| Subject { grants: vec![(id.into(), Value::Flag(true))], ..Subject::default() };
/// let actor = studio.policy().session(&with("can-manage-account"))?;
/// let review = studio.review(&actor, &Subject::default(), &with("sender"), None)?;
/// assert_eq!(review, Review { allowed: Verdict::Yes, broken: Vec::new() });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Review {
    /// `yes` if every rule that applies holds, `no` if one fails. Treat `unknown` as a refusal.
    #[cfg_attr(feature = "schema", ts(type = "Verdict"))]
    pub allowed: Verdict,
    /// The rules that apply and fail or are unknown, in policy order.
    pub broken: Vec<BrokenRule>,
}

/// A change rule that fails or is unknown.
///
/// # Examples
/// ```
/// use privet::{Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let actor = studio.policy().session(&Subject::default())?;
/// let grants = vec![("sender".into(), Value::Flag(true))];
/// let after = Subject { grants, ..Subject::default() };
/// let broken = studio.review(&actor, &Subject::default(), &after, None)?.broken.remove(0);
/// assert_eq!(broken.rule, "permissions-by-account-manager");
/// assert_eq!(broken.explanation.decision, "denied");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct BrokenRule {
    /// The id of the rule.
    pub rule: String,
    /// The label of the rule.
    pub label: String,
    /// Why it does not hold. The decision is `denied`, or `undecided` if the rule depends on an unknown fact;
    /// `operation` is the id of the rule.
    pub explanation: Explanation,
}

/// See [`Studio::review`].
pub(in crate::studio) fn review(
    studio: &Studio,
    actor: &Session,
    before: &Subject,
    after: &Subject,
    kind: Option<ReviewKind>,
) -> Result<Review, SubjectError> {
    let policy = studio.policy();
    if kind == Some(ReviewKind::Delete) && !(after.roles.is_empty() && after.grants.is_empty()) {
        let message = String::from("`after` holds grants or roles, but a deletion leaves none");
        return Err(SubjectError::new(SubjectFault::InvalidSubject, "after", message, "leave them out".into()));
    }
    let (before, after) = (policy.session(before)?, policy.session(after)?);
    let empty = policy.session(&Subject::default())?;
    let grants_before = if kind == Some(ReviewKind::Create) { &empty } else { &before };
    let change = ChangeSummary::new(kind, actor, &before, grants_before, &after);
    let mut review = Review { allowed: Verdict::Yes, broken: Vec::new() };
    for (index, rule) in studio.checked().document().change_rules.iter().enumerate() {
        if !change.rule_applies(rule) {
            continue;
        }
        let is_creation_rule = rule.on.contains(&ChangeKind::Create);
        let before = if is_creation_rule { &before } else { grants_before };
        let mut explainer = Explainer::new(studio.checked(), Participants { actor, before, after: &after });
        let tree = rule_tree(studio, &mut explainer, index, rule, &change);
        review.allowed = review.allowed & tree.verdict;
        if tree.verdict != Verdict::Yes {
            let of =
                explainer::Explained { id: &rule.id, label: &rule.label, sources: &rule.sources, owed: Vec::new() };
            let explanation = explainer.explanation(&of, tree);
            review.broken.push(BrokenRule { rule: String::from(&*rule.id), label: rule.label.clone(), explanation });
        }
    }
    Ok(review)
}

/// Evaluates a rule: its requirement and, if it has `within`, the added grants that exceed what the actor holds.
fn rule_tree(
    studio: &Studio,
    explainer: &mut Explainer,
    index: usize,
    rule: &ChangeRule,
    change: &ChangeSummary,
) -> TestNode {
    let tree = studio.checked().exprs().rules.get(index).and_then(Option::as_ref);
    let required = explainer.requirement(tree, &rule.requires);
    let document = studio.checked().document();
    let mut parts: Vec<TestNode> =
        change.limited_grants(rule).filter_map(|added| exceeds(explainer, document, added)).collect();
    if parts.is_empty() {
        return required;
    }
    // A requirement `true` is left out where other tests fail.
    if tree.is_none_or(|tree| tree.kind != ResolvedExprKind::All(Vec::new())) {
        parts.insert(0, required);
    }
    explainer::all(parts)
}

/// The tests of whether the actor holds what the change adds of one privilege, without those that hold; `None` if all
/// hold.
fn exceeds(explainer: &mut Explainer, document: &Document, added: &[Grant]) -> Option<TestNode> {
    // The list is sorted, so the largest value is last. Levels and numbers include lower ones; a number that is not set
    // includes none.
    let largest = added.last()?;
    let privilege = largest.privilege as usize;
    let declared = document.privileges.get(privilege)?;
    let (id, operand) = (&declared.id, Operand::Privilege(privilege));
    let option = |grant: &Grant| {
        let option = declared.options.get(grant.value as usize)?;
        let kind = TestKind::Options(operand, vec![grant.value as usize], false);
        Some((kind, format!("actor.{id} = {}", option.id)))
    };
    let tests: Vec<(TestKind, String)> = match declared.kind {
        PrivilegeKind::Flag => vec![(TestKind::Held(privilege), format!("actor.{id}"))],
        PrivilegeKind::Level => {
            let rank = largest.value as usize;
            let level = declared.levels.get(rank.checked_sub(1)?)?;
            vec![(TestKind::Level(operand, Op::AtLeast, rank), format!("actor.{id} >= {}", level.id))]
        }
        PrivilegeKind::Number => {
            vec![(TestKind::Number(operand, Op::AtLeast, largest.value), format!("actor.{id} >= {}", largest.value))]
        }
        PrivilegeKind::Choice | PrivilegeKind::Set => added.iter().filter_map(option).collect(),
    };
    let explain = |(kind, needed): (TestKind, String)| {
        explainer.test(&Test { whose: Whose::Actor, kind, options: Vec::new() }, &needed)
    };
    let mut nodes: Vec<_> = tests.into_iter().map(explain).filter(|node| node.verdict != Verdict::Yes).collect();
    if nodes.len() > 1 { Some(explainer::all(nodes)) } else { nodes.pop() }
}
