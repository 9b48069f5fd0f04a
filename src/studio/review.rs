//! Reviewing: whether somebody may make a change, by the change rules of a policy, and which of them it breaks.

use super::Studio;
use super::added::added;
use super::explain::{Explanation, TestNode};
use super::explainer::{self, Explainer, People};
use crate::check::{Owner, Test, TestKind, Whose};
use crate::document::{ChangeKind, ChangeRule, Document, Id, Op};
use crate::ground::suggest::{did_you_mean, one_of};
use crate::ground::{PrivilegeKind, Verdict};
use crate::program::{Entry, Grant, Privilege, Table};
use crate::session::{Session, Subject, SubjectError, SubjectFault};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

/// What kind of change it is, where before and after do not say so themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Somebody new. All that the new one has is given: rules on grants and roles read nobody as `before`. Rules on
    /// creating read the one that is copied, if `before` is somebody.
    Create,
    /// Somebody less: after it there is nobody.
    Delete,
    /// Before and after hold what a role grants before and after.
    RoleDefinition,
}

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

impl Kind {
    const ALL: [Self; 3] = [Self::Create, Self::Delete, Self::RoleDefinition];

    /// The kind that a word names, as in `changeRules`.
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`] for any other word: the other kinds follow from what differs.
    pub fn named(word: &str) -> Result<Self, SubjectError> {
        let words = || Self::ALL.iter().map(|kind| kind.of_rules().word());
        Self::ALL.into_iter().find(|kind| kind.of_rules().word() == word).ok_or_else(|| {
            let help = did_you_mean(word, words()).unwrap_or_else(|| format!("it is {}, or left out", one_of(words())));
            SubjectError::new(SubjectFault::InvalidSubject, "kind", format!("`{word}` is no kind of change"), help)
        })
    }

    const fn of_rules(self) -> ChangeKind {
        match self {
            Self::Create => ChangeKind::Create,
            Self::Delete => ChangeKind::Delete,
            Self::RoleDefinition => ChangeKind::RoleDefinition,
        }
    }
}

impl Studio {
    /// Reviews a change that `actor` would make, whose session must be one of this policy. Which rules apply follows
    /// from what differs: own grants, roles (listed or inline), facts; for a creation also `create`, for a deletion and
    /// a role's definition only `delete` and `role-definition`; `result` always. A creation changes the facts alone
    /// that hold of the new one and not of the actor or `before`. O(rules × what they read + grants).
    ///
    /// # Errors
    /// What a subject can be refused for; [`SubjectFault::InvalidSubject`] where a deletion leaves grants or roles.
    pub fn review(
        &self,
        actor: &Session,
        before: &Subject,
        after: &Subject,
        kind: Option<Kind>,
    ) -> Result<Review, SubjectError> {
        let policy = self.policy();
        if kind == Some(Kind::Delete) && !(after.roles.is_empty() && after.grants.is_empty()) {
            let message = String::from("`after` holds grants or roles, but after a deletion there is nobody");
            return Err(SubjectError::new(SubjectFault::InvalidSubject, "after", message, "leave them out".into()));
        }
        let (before, after) = (policy.session(before)?, policy.session(after)?);
        let nobody = policy.session(&Subject::default())?;
        let given_to = if kind == Some(Kind::Create) { &nobody } else { &before };
        let change = Change::new(kind, actor, &before, given_to, &after);
        let mut review = Review { allowed: Verdict::Yes, broken: Vec::new() };
        for (index, rule) in self.checked().document().change_rules.iter().enumerate() {
            if !change.concerns(rule) {
                continue;
            }
            let copied = rule.on.contains(&ChangeKind::Create);
            let before = if copied { &before } else { given_to };
            let mut explainer = Explainer::new(self.checked(), People { actor, before, after: &after });
            let tree = self.rule(&mut explainer, index, rule, &change);
            review.allowed = review.allowed & tree.verdict;
            if tree.verdict != Verdict::Yes {
                let of =
                    explainer::Subject { id: &rule.id, label: &rule.label, sources: &rule.sources, owed: Vec::new() };
                let explanation = explainer.explanation(&of, tree);
                review.broken.push(BrokenRule {
                    rule: String::from(&*rule.id),
                    label: rule.label.clone(),
                    explanation,
                });
            }
        }
        Ok(review)
    }

    /// What a rule says of a change: its requirement and, where it keeps within what the actor holds, what is exceeded.
    fn rule(&self, explainer: &mut Explainer, index: usize, rule: &ChangeRule, change: &Change) -> TestNode {
        let tree = self.checked().trees().rules.get(index).and_then(Option::as_ref);
        let required = tree.map(|tree| explainer.node(tree, &rule.requires));
        let document = self.checked().document();
        let given = change.given_within(rule);
        let mut exceeded: Vec<TestNode> = given
            .into_iter()
            .filter_map(|(privilege, values)| exceeds(explainer, document, privilege, &values))
            .collect();
        match (required, exceeded.is_empty()) {
            (Some(required), true) => required,
            (required, _) => {
                let says_something =
                    |it: &TestNode| !it.children.is_empty() || it.test.is_some() || it.verdict == Verdict::No;
                let mut parts: Vec<TestNode> = required.into_iter().filter(says_something).collect();
                parts.append(&mut exceeded);
                explainer::all(parts)
            }
        }
    }
}

/// What of a privilege a change adds and the actor does not surely hold; nothing where that holds all.
fn exceeds(
    explainer: &mut Explainer,
    document: &Document,
    privilege: usize,
    values: &BTreeSet<u32>,
) -> Option<TestNode> {
    let declared = document.privileges.get(privilege)?;
    let (id, owner) = (&declared.id, Owner::Privilege(privilege));
    // Levels and numbers hold what is below them; a number that is not set holds none.
    let most = || values.last().copied();
    let option = |value: &u32| {
        let option = declared.options.get(*value as usize)?;
        Some((TestKind::Options(owner, alloc::vec![*value as usize], false), format!("actor.{id} = {}", option.id)))
    };
    let tests: Vec<(TestKind, String)> = match declared.kind {
        PrivilegeKind::Flag => alloc::vec![(TestKind::Held(privilege), format!("actor.{id}"))],
        PrivilegeKind::Level => {
            let rank = most()? as usize;
            let level = declared.levels.get(rank.checked_sub(1)?)?;
            alloc::vec![(TestKind::Level(privilege, Op::AtLeast, rank), format!("actor.{id} >= {}", level.id))]
        }
        PrivilegeKind::Number => {
            alloc::vec![(TestKind::Number(owner, Op::AtLeast, most()?), format!("actor.{id} >= {}", most()?))]
        }
        PrivilegeKind::Choice | PrivilegeKind::Set => values.iter().filter_map(option).collect(),
    };
    let mut ask = |(kind, needed): (TestKind, String)| {
        explainer.test(&Test { whose: Whose::Actor, kind, options: Vec::new() }, &needed)
    };
    let mut nodes: Vec<_> = tests.into_iter().map(&mut ask).filter(|node| node.verdict != Verdict::Yes).collect();
    if nodes.len() > 1 { Some(explainer::all(nodes)) } else { nodes.pop() }
}

/// What differs between before and after, by ids.
struct Change<'a> {
    kind: Option<Kind>,
    /// Privileges of which the own grants differ.
    own: BTreeSet<&'a str>,
    /// Roles that are listed before or after only.
    roles: BTreeSet<&'a str>,
    /// Whether the inline roles differ. They have no ids, so every rule on roles is about them.
    inline: bool,
    facts: BTreeSet<&'a str>,
    /// The grants that the change adds, by privilege.
    added: BTreeMap<&'a str, (usize, BTreeSet<u32>)>,
    /// Privileges that are given otherwise, by whomever.
    given: BTreeSet<&'a str>,
    privileges: &'a Table<Privilege>,
}

impl<'a> Change<'a> {
    fn new(
        kind: Option<Kind>,
        actor: &Session,
        before: &Session<'a>,
        given_to: &Session<'a>,
        after: &Session<'a>,
    ) -> Self {
        let program = after.program();
        let (old, new) = (given_to.state(), after.state());
        let privilege = |grant: &Grant| program.privileges.at(grant.privilege).map(|it| it.id.as_str());
        let gains = added(given_to, after);
        let losses = added(after, given_to);
        let mut by_privilege: BTreeMap<&str, (usize, BTreeSet<u32>)> = BTreeMap::new();
        for grant in &gains {
            if let Some(id) = privilege(grant) {
                let (_, values) = by_privilege.entry(id).or_insert((grant.privilege as usize, BTreeSet::new()));
                values.insert(grant.value);
            }
        }
        let differs = |index: usize| {
            let value = after.fact(index);
            value != before.fact(index) && (kind != Some(Kind::Create) || value != actor.fact(index))
        };
        Self {
            kind,
            own: different(&old.own, &new.own).iter().filter_map(privilege).collect(),
            roles: ids(&program.roles, different(&old.roles, &new.roles)),
            inline: sorted(&old.inline) != sorted(&new.inline),
            facts: program
                .facts
                .iter()
                .enumerate()
                .filter(|(index, _)| differs(*index))
                .map(|(_, it)| it.id.as_str())
                .collect(),
            given: gains.iter().chain(&losses).filter_map(privilege).collect(),
            added: by_privilege,
            privileges: &program.privileges,
        }
    }

    /// Whether a rule is about the change.
    fn concerns(&self, rule: &ChangeRule) -> bool {
        let assigns = matches!(self.kind, None | Some(Kind::Create));
        let touches = |ids: &BTreeSet<&str>| named(&rule.of, ids);
        let any = || touches(&self.own) || touches(&self.given) || touches(&self.roles) || touches(&self.facts);
        // Kept within the actor's grants, `of` may say which privileges, however they are given.
        let gives = || rule.within.is_some() && self.added.keys().any(|id| rule.of.iter().any(|of| **of == **id));
        rule.on.iter().any(|on| match on {
            ChangeKind::Result => true,
            ChangeKind::Create | ChangeKind::Delete | ChangeKind::RoleDefinition => {
                self.kind.is_some_and(|kind| kind.of_rules() == *on) && (rule.of.is_empty() || self.inline || any())
            }
            ChangeKind::Privileges => assigns && touches(&self.own),
            ChangeKind::Roles => assigns && (self.inline || touches(&self.roles) || gives()),
            ChangeKind::Facts => assigns && (touches(&self.facts) || gives()),
        })
    }

    /// The grants that the change adds and a rule keeps within the actor's: of the privileges that it is about.
    fn given_within(&self, rule: &ChangeRule) -> Vec<(usize, BTreeSet<u32>)> {
        if rule.within.is_none() {
            return Vec::new();
        }
        let limited = rule.of.iter().any(|id| self.privileges.find(id).is_some());
        let within = |id: &str| !limited || rule.of.iter().any(|of| **of == *id);
        self.added.iter().filter(|(id, _)| within(id)).map(|(_, added)| added.clone()).collect()
    }
}

/// Whether a rule's `of` has one of the ids; without `of` it is about all that there are.
fn named(of: &[Id], ids: &BTreeSet<&str>) -> bool {
    if of.is_empty() { !ids.is_empty() } else { of.iter().any(|id| ids.contains(&**id)) }
}

/// What is in one of two sorted lists and not in the other.
fn different<T: Ord + Copy>(old: &[T], new: &[T]) -> Vec<T> {
    let set = |list: &[T]| list.iter().copied().collect::<BTreeSet<T>>();
    set(old).symmetric_difference(&set(new)).copied().collect()
}

fn ids<T: Entry>(table: &Table<T>, indices: Vec<u32>) -> BTreeSet<&str> {
    indices.into_iter().filter_map(|index| table.at(index).map(Entry::id)).collect()
}

fn sorted(roles: &[Vec<Grant>]) -> Vec<&[Grant]> {
    let mut roles: Vec<_> = roles.iter().map(Vec::as_slice).collect();
    roles.sort_unstable();
    roles
}
