//! Reviews: whether the change rules of a policy permit an actor to make a change, and the rules that it breaks.

use super::kind::ReviewKind;
use super::opening::may_open;
use super::summary::ChangeSummary;
use crate::check::{Operand, ResolvedExprKind, Test, TestKind, Whose};
use crate::document::{ChangeKind, ChangeRule, Document, Op, Within};
use crate::model::{PrivilegeKind, Verdict, limits, validate};
use crate::pack::{Grant, Operation, Privilege};
use crate::session::{Holding, Session, Subject, SubjectError, SubjectFault};
use crate::studio::Studio;
use crate::studio::explain::explainer::{self, Explainer, Participants};
use crate::studio::explain::model::{Explanation, TestNode, all};
use serde::Serialize;
use std::collections::BTreeSet;

/// The result of a review.
///
/// # Examples
/// ```
/// use privet::{Review, ReviewOptions, Studio, Subject, Value, Verdict};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let with = |id: &str| Subject { grants: vec![(id.into(), Value::Flag(true))], ..Subject::default() };
/// let actor = studio.policy().session(&with("can-manage-account"))?;
/// let review = studio.review(&actor, &Subject::default(), &with("sender"), ReviewOptions::default())?;
/// assert_eq!(review, Review { allowed: Verdict::Yes, broken: Vec::new(), together: None });
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
    /// Which of the other people could make the change, as indices into `others`: first each who could alone, then each
    /// two of the rest who could together: every rule holds for one of them. Absent if no other people were given.
    #[cfg_attr(feature = "schema", ts(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub together: Option<Vec<Vec<usize>>>,
}

/// A change rule that fails or is unknown.
///
/// # Examples
/// ```
/// use privet::{ReviewOptions, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let actor = studio.policy().session(&Subject::default())?;
/// let grants = vec![("sender".into(), Value::Flag(true))];
/// let after = Subject { grants, ..Subject::default() };
/// let broken = studio.review(&actor, &Subject::default(), &after, ReviewOptions::default())?.broken.remove(0);
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

/// What a review needs besides the actor and the two subjects.
///
/// # Examples
/// ```
/// use privet::{ReviewOptions, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let with = |id: &str| Subject { grants: vec![(id.into(), Value::Flag(true))], ..Subject::default() };
/// let actor = studio.policy().session(&Subject::default())?;
/// let manager = studio.policy().session(&with("can-manage-account"))?;
/// let options = ReviewOptions { others: &[&actor, &manager], ..ReviewOptions::default() };
/// let review = studio.review(&actor, &Subject::default(), &with("sender"), options)?;
/// assert_eq!(review.together, Some(vec![vec![1]]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct ReviewOptions<'a> {
    /// The kind, where it does not follow from the difference.
    pub kind: Option<ReviewKind>,
    /// The time in seconds since 1970, for subjects with grants or roles that end.
    pub now: Option<u64>,
    /// Other people of whom [`Review::together`] says who could make the change; at most [`limits::REVIEWERS`](crate::model::limits::REVIEWERS).
    pub others: &'a [&'a Session<'a>],
}

/// A change under review.
struct Reviewed<'a> {
    studio: &'a Studio,
    kind: Option<ReviewKind>,
    before: Session<'a>,
    /// `before`, or for a creation the empty subject.
    grants_before: Session<'a>,
    after: Session<'a>,
}

/// See [`Studio::review`].
pub(in crate::studio) fn review(
    studio: &Studio,
    actor: &Session,
    before: &Subject,
    after: &Subject,
    options: ReviewOptions,
) -> Result<Review, SubjectError> {
    let ReviewOptions { kind, now, others } = options;
    let policy = studio.policy();
    if kind == Some(ReviewKind::Delete) && !(after.roles.is_empty() && after.grants.is_empty()) {
        let message = String::from("`after` holds grants or roles, but a deletion leaves none");
        return Err(SubjectError::new(SubjectFault::InvalidSubject, "after", message, "leave them out".into()));
    }
    if others.len() > limits::REVIEWERS {
        let message = format!("`others` has {} people", others.len());
        let help = format!("pass at most {}", limits::REVIEWERS);
        return Err(SubjectError::new(SubjectFault::InvalidOptions, "others", message, help));
    }
    let session = |subject| now.map_or_else(|| policy.session(subject), |now| policy.session_at(subject, now));
    let (before, after) = (session(before)?, session(after)?);
    let is_creation = kind == Some(ReviewKind::Create);
    let grants_before = if is_creation { policy.session(&Subject::default())? } else { before.clone() };
    let change = Reviewed { studio, kind, before, grants_before, after };
    let together = (!others.is_empty()).then(|| change.together(others));
    Ok(Review { together, ..change.review(actor) })
}

impl Reviewed<'_> {
    /// Calls `visit` with each rule that applies when `actor` makes the change, and its evaluation.
    fn each_rule(&self, actor: &Session, visit: &mut dyn FnMut(usize, &ChangeRule, &mut Explainer, TestNode)) {
        let Self { studio, kind, before, grants_before, after } = self;
        let change = ChangeSummary::new(*kind, actor, before, grants_before, after);
        for (index, rule) in studio.checked().document().change_rules.iter().enumerate() {
            if change.rule_applies(rule) {
                let is_creation_rule = rule.on.contains(&ChangeKind::Create);
                let before = if is_creation_rule { before } else { grants_before };
                let mut explainer = Explainer::new(studio, Participants { actor, before, after });
                let tree = self.rule_tree(&mut explainer, (index, rule), &change);
                visit(index, rule, &mut explainer, tree);
            }
        }
    }

    fn review(&self, actor: &Session) -> Review {
        let mut review = Review { allowed: Verdict::Yes, broken: Vec::new(), together: None };
        self.each_rule(actor, &mut |_, rule, explainer, tree| {
            review.allowed = review.allowed & tree.verdict;
            if tree.verdict != Verdict::Yes {
                let of = explainer::Explained {
                    id: &rule.id,
                    label: &rule.label,
                    sources: &rule.sources,
                    owed: Vec::new(),
                    deciding: None,
                };
                let explanation = explainer.explanation(of, tree);
                review.broken.push(BrokenRule {
                    rule: String::from(&*rule.id),
                    label: rule.label.clone(),
                    explanation,
                });
            }
        });
        review
    }

    /// See [`Review::together`]. O(people × rules + people²).
    fn together(&self, people: &[&Session]) -> Vec<Vec<usize>> {
        let broken_by = |person: &&Session| {
            let mut broken = BTreeSet::new();
            self.each_rule(person, &mut |index, _, _, tree| {
                if tree.verdict != Verdict::Yes {
                    broken.insert(index);
                }
            });
            broken
        };
        let broken: Vec<BTreeSet<usize>> = people.iter().map(broken_by).collect();
        let (alone, others): (Vec<_>, Vec<_>) = broken.iter().enumerate().partition(|(_, broken)| broken.is_empty());
        let mut together: Vec<Vec<usize>> = alone.into_iter().map(|(person, _)| vec![person]).collect();
        for (place, (first, broken)) in others.iter().enumerate() {
            let later = others.iter().skip(place + 1).filter(|(_, other)| broken.is_disjoint(other));
            together.extend(later.map(|(second, _)| vec![*first, *second]));
        }
        together
    }

    /// Evaluates a rule: its requirement, what it limits to the actor's authority, and whether the result has dormant grants.
    /// Of the latter two only what fails.
    fn rule_tree(
        &self,
        explainer: &mut Explainer,
        (index, rule): (usize, &ChangeRule),
        change: &ChangeSummary,
    ) -> TestNode {
        let tree = self.studio.checked().exprs().rules.get(index).and_then(Option::as_ref);
        let required = explainer.requirement(tree, &rule.requires);
        let limited = self.named_in(rule, change.limited_grants(rule));
        let mut parts = fails(explainer, self.studio, &limited, Whose::Actor);
        if rule.within == Some(Within::ActorOpens) {
            parts.extend(self.opened(explainer));
        }
        if rule.no_dormant {
            let granted = self.named_in(rule, self.granted_after());
            let dormant = fails(explainer, self.studio, &granted, Whose::After);
            parts.extend(dormant.into_iter().filter(|node| node.verdict == Verdict::No));
        }
        if parts.is_empty() {
            return required;
        }
        // A requirement `true` is left out where other tests fail.
        if tree.is_none_or(|tree| tree.kind != ResolvedExprKind::All(Vec::new())) {
            parts.insert(0, required);
        }
        all(parts)
    }

    /// The grants of the privileges that a rule names, or all if it names none.
    fn named_in(&self, rule: &ChangeRule, mut grants: Vec<Grant>) -> Vec<Grant> {
        let privileges = &self.studio.policy().program().privileges;
        let of: Vec<usize> = rule.of.iter().filter_map(|id| privileges.find(id)).collect();
        grants.retain(|grant| of.is_empty() || of.contains(&(grant.privilege as usize)));
        grants
    }

    /// The grants that the subject surely has after the change, joined.
    fn granted_after(&self) -> Vec<Grant> {
        let program = self.studio.policy().program();
        let granted = |(index, declared): (u32, &Privilege)| {
            let granted = self.after.holds(&declared.id).map(|(granted, _)| granted);
            let Ok(Holding::Value(value)) = granted else { return Vec::new() };
            let range = (declared.min, declared.max);
            let values = validate::grant(&declared.id, declared.kind, &declared.values, range, &value);
            values.unwrap_or_default().into_iter().map(|value| Grant { privilege: index, value }).collect()
        };
        (0..).zip(&program.privileges).flat_map(granted).collect()
    }

    /// The operations that the change opens and the actor is not known to be allowed, as tests.
    fn opened(&self, explainer: &mut Explainer) -> Vec<TestNode> {
        if self.kind == Some(ReviewKind::Delete) {
            return Vec::new();
        }
        let program = self.studio.policy().program();
        let opens = |(index, operation): &(usize, &Operation)| {
            let [before, after] = [&self.grants_before, &self.after].map(|session| session.verdict(operation.decision));
            let may_open = match (before, after) {
                (Verdict::Unknown, Verdict::Unknown) => may_open(self.studio, &self.grants_before, &self.after, *index),
                _ => before != Verdict::Yes && after != Verdict::No && before != after,
            };
            !operation.restricts && may_open
        };
        let opened = program.operations.iter().enumerate().filter(opens);
        let test = |(index, operation): (usize, &Operation)| {
            let test = Test { whose: Whose::Actor, kind: TestKind::Allowed(index), options: Vec::new() };
            explainer.test(&test, &format!("allowed(actor.{})", operation.id))
        };
        opened.map(test).filter(|node| node.verdict != Verdict::Yes).collect()
    }
}

/// The tests of whether a subject effectively holds these grants, without those that hold. `grants` are sorted.
fn fails(explainer: &mut Explainer, studio: &Studio, grants: &[Grant], whose: Whose) -> Vec<TestNode> {
    let document = studio.checked().document();
    let of_privilege = grants.chunk_by(|a, b| a.privilege == b.privilege);
    of_privilege.filter_map(|grants| exceeds(explainer, document, grants, whose)).collect()
}

/// The tests of whether a subject effectively holds these grants of one privilege, without those that hold; `None` if all
/// hold.
fn exceeds(explainer: &mut Explainer, document: &Document, grants: &[Grant], whose: Whose) -> Option<TestNode> {
    // The list is sorted, so the largest value is last. Levels and numbers include lower ones; a number that is not set
    // includes none.
    let largest = grants.last()?;
    let privilege = largest.privilege as usize;
    let declared = document.privileges.get(privilege)?;
    let (id, operand) = (&declared.id, Operand::Privilege(privilege));
    let prefix = if whose == Whose::Actor { "actor." } else { "after." };
    let option = |grant: &Grant| {
        let option = declared.options.get(grant.value as usize)?;
        let kind = TestKind::Options(operand, vec![grant.value as usize], false);
        Some((kind, format!("{prefix}{id} = {}", option.id)))
    };
    let tests: Vec<(TestKind, String)> = match declared.kind {
        PrivilegeKind::Flag => vec![(TestKind::Held(privilege), format!("{prefix}{id}"))],
        PrivilegeKind::Level => {
            let rank = largest.value as usize;
            let level = declared.levels.get(rank.checked_sub(1)?)?;
            vec![(TestKind::Level(operand, Op::AtLeast, rank), format!("{prefix}{id} >= {}", level.id))]
        }
        PrivilegeKind::Number => {
            vec![(TestKind::Number(operand, Op::AtLeast, largest.value), format!("{prefix}{id} >= {}", largest.value))]
        }
        PrivilegeKind::Choice | PrivilegeKind::Set => grants.iter().filter_map(option).collect(),
    };
    let explain =
        |(kind, needed): (TestKind, String)| explainer.test(&Test { whose, kind, options: Vec::new() }, &needed);
    let mut nodes: Vec<_> = tests.into_iter().map(explain).filter(|node| node.verdict != Verdict::Yes).collect();
    if nodes.len() > 1 { Some(all(nodes)) } else { nodes.pop() }
}
