//! Reviewing: whether somebody may make a change, by the change rules of a policy, and which of them it breaks.

use super::changed::Changed;
use super::kind::ReviewKind;
use crate::check::{Operand, ResolvedExprKind, Test, TestKind, Whose};
use crate::document::{ChangeKind, ChangeRule, Document, Op};
use crate::model::{PrivilegeKind, Verdict};
use crate::pack::Grant;
use crate::session::{Session, Subject, SubjectError, SubjectFault};
use crate::studio::Studio;
use crate::studio::explain::explainer::{self, Explainer, Participants};
use crate::studio::explain::model::{Explanation, TestNode};
use serde::Serialize;

/// Whether a change is allowed, and why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Review {
    /// `Yes` where every rule that applies holds, `No` where one surely does not. Unknown refuses.
    pub allowed: Verdict,
    /// The rules that do not surely hold, in policy order.
    pub broken: Vec<BrokenRule>,
}

/// A change rule that does not surely hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BrokenRule {
    /// The rule.
    pub rule: String,
    /// What it says.
    pub label: String,
    /// Why it does not hold: `denied`, or `undecided` where an unknown fact matters.
    pub explanation: Explanation,
}

/// Reviews a change that `actor` would make, whose session must be one of this policy. Which rules apply follows
/// from what differs: own grants, roles (listed or inline), facts; for a creation also `create`, for a deletion and
/// a role's definition only `delete` and `role-definition`; `result` always. A creation changes the facts alone
/// that hold of the new one and not of the actor or `before`. O(rules × what they read + grants).
///
/// # Errors
/// What a subject can be refused for; [`SubjectFault::InvalidSubject`] where a deletion leaves grants or roles.
pub(in crate::studio) fn review(
    studio: &Studio,
    actor: &Session,
    before: &Subject,
    after: &Subject,
    kind: Option<ReviewKind>,
) -> Result<Review, SubjectError> {
    let policy = studio.policy();
    if kind == Some(ReviewKind::Delete) && !(after.roles.is_empty() && after.grants.is_empty()) {
        let message = String::from("`after` holds grants or roles, but after a deletion there is nobody");
        return Err(SubjectError::new(SubjectFault::InvalidSubject, "after", message, "leave them out".into()));
    }
    let (before, after) = (policy.session(before)?, policy.session(after)?);
    let nobody = policy.session(&Subject::default())?;
    let given_to = if kind == Some(ReviewKind::Create) { &nobody } else { &before };
    let change = Changed::new(kind, actor, &before, given_to, &after);
    let mut review = Review { allowed: Verdict::Yes, broken: Vec::new() };
    for (index, rule) in studio.checked().document().change_rules.iter().enumerate() {
        if !change.concerns(rule) {
            continue;
        }
        let copied = rule.on.contains(&ChangeKind::Create);
        let before = if copied { &before } else { given_to };
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

/// What a rule says of a change: its requirement and, where it keeps within what the actor holds, what is exceeded.
fn rule_tree(
    studio: &Studio,
    explainer: &mut Explainer,
    index: usize,
    rule: &ChangeRule,
    change: &Changed,
) -> TestNode {
    let tree = studio.checked().exprs().rules.get(index).and_then(Option::as_ref);
    let required = explainer.requirement(tree, &rule.requires);
    let document = studio.checked().document();
    let mut parts: Vec<TestNode> =
        change.kept_within(rule).filter_map(|added| exceeds(explainer, document, added)).collect();
    if parts.is_empty() {
        return required;
    }
    // A requirement that is just `true` says nothing beside what is exceeded.
    if tree.is_none_or(|tree| tree.kind != ResolvedExprKind::All(Vec::new())) {
        parts.insert(0, required);
    }
    explainer::all(parts)
}

/// What of a privilege a change adds and the actor does not surely hold; nothing where that holds all.
fn exceeds(explainer: &mut Explainer, document: &Document, added: &[Grant]) -> Option<TestNode> {
    // The greatest comes last. Levels and numbers hold what is below them; a number that is not set holds none.
    let most = added.last()?;
    let privilege = most.privilege as usize;
    let declared = document.privileges.get(privilege)?;
    let (id, owner) = (&declared.id, Operand::Privilege(privilege));
    let option = |grant: &Grant| {
        let option = declared.options.get(grant.value as usize)?;
        let kind = TestKind::Options(owner, vec![grant.value as usize], false);
        Some((kind, format!("actor.{id} = {}", option.id)))
    };
    let tests: Vec<(TestKind, String)> = match declared.kind {
        PrivilegeKind::Flag => vec![(TestKind::Held(privilege), format!("actor.{id}"))],
        PrivilegeKind::Level => {
            let rank = most.value as usize;
            let level = declared.levels.get(rank.checked_sub(1)?)?;
            vec![(TestKind::Level(privilege, Op::AtLeast, rank), format!("actor.{id} >= {}", level.id))]
        }
        PrivilegeKind::Number => {
            vec![(TestKind::Number(owner, Op::AtLeast, most.value), format!("actor.{id} >= {}", most.value))]
        }
        PrivilegeKind::Choice | PrivilegeKind::Set => added.iter().filter_map(option).collect(),
    };
    let ask = |(kind, needed): (TestKind, String)| {
        explainer.test(&Test { whose: Whose::Actor, kind, options: Vec::new() }, &needed)
    };
    let mut nodes: Vec<_> = tests.into_iter().map(ask).filter(|node| node.verdict != Verdict::Yes).collect();
    if nodes.len() > 1 { Some(explainer::all(nodes)) } else { nodes.pop() }
}
