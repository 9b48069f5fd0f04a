//! Builds explanations: walks the tree of a requirement and evaluates each test in the session of the subject that it
//! reads.

use super::evaluation::Evaluation;
use super::model::{Arguments, Explanation, NodeKind, TestNode, all, leaf, operand_of};
use super::reason::{Reason, Subject, Through};
use super::reasons::{reasons, reasons_of_part};
use super::words::Words;
use super::{sentences, tree};
use crate::check::{Checked, Formula, Operand, ResolvedExpr, ResolvedExprKind, Test, TestKind, Whose};
use crate::document::{Document, Obligation, Requirement, Source};
use crate::model::{Verdict, limits};
use crate::session::{GrantGiver, Provenance, Session};
use crate::studio::Studio;
use hashbrown::{HashMap, HashSet};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The sessions of a change. In a requirement, all three are the session of the subject.
#[derive(Clone, Copy)]
pub(in crate::studio) struct Participants<'a> {
    pub(in crate::studio) actor: &'a Session<'a>,
    pub(in crate::studio) before: &'a Session<'a>,
    pub(in crate::studio) after: &'a Session<'a>,
}

/// The object of an explanation: an operation or a change rule.
pub(in crate::studio) struct Explained<'a> {
    pub(in crate::studio) id: &'a str,
    pub(in crate::studio) label: &'a str,
    pub(in crate::studio) sources: &'a [Source],
    pub(in crate::studio) owed: Vec<&'a Obligation>,
    /// If it is allowed: the ids that decide, and those that are held and not needed.
    pub(in crate::studio) deciding: Option<(Vec<String>, Vec<String>)>,
}

/// What a subject holds of a fact or privilege.
#[derive(Clone)]
struct Held {
    id: Option<String>,
    /// As text.
    value: Option<String>,
    /// Who surely grants the privilege.
    from: Option<Provenance>,
}

pub(in crate::studio) struct Explainer<'a> {
    studio: &'a Studio,
    pub(super) checked: &'a Checked,
    pub(super) document: &'a Document,
    pub(super) words: Words<'a>,
    participants: Participants<'a>,
    /// The subject of the requirement that is being explained: a test without a prefix reads its values.
    pub(super) whose: Whose,
    /// Operations whose requirement is already in the tree, by subject: each is written out once.
    expanded_operations: HashSet<(Whose, usize)>,
    /// The reasons of the decisions on those operations.
    told: HashMap<(Whose, usize), Vec<Arc<Reason>>>,
    /// The number of groups of alternatives among them.
    pub(super) groups: usize,
    /// The number of dormant grants and operations above the present node.
    pub(in crate::studio) depth: usize,
    /// What the subjects hold, as text: a value is tested in many requirements.
    held: HashMap<(Whose, Operand), Held>,
    /// Privileges whose causes are already in the tree, by subject: each is written out once, and up to a limited
    /// depth.
    pub(super) explained_grants: HashSet<(Whose, usize)>,
}

impl Held {
    fn nothing(id: Option<&str>) -> Self {
        Self { id: id.map(String::from), value: None, from: None }
    }

    fn of(evaluation: Evaluation, operand: Operand) -> Self {
        let (id, value) = evaluation.held(operand);
        let from = match operand {
            Operand::Privilege(privilege) => Some(evaluation.session.surely_granted(privilege).1),
            Operand::Fact(_) => None,
        };
        Self { id, value, from }
    }
}

impl<'a> Explainer<'a> {
    pub(in crate::studio) fn new(studio: &'a Studio, participants: Participants<'a>) -> Self {
        let words = Words::new(studio);
        let (expanded_operations, explained_grants) = (HashSet::new(), HashSet::new());
        let (told, groups, held) = (HashMap::new(), 0, HashMap::new());
        Self {
            studio,
            checked: studio.checked(),
            document: words.document,
            words,
            participants,
            whose: Whose::Subject,
            expanded_operations,
            told,
            groups,
            depth: 0,
            held,
            explained_grants,
        }
    }

    /// The explainer of one session.
    pub(in crate::studio) fn for_session(studio: &'a Studio, session: &'a Session<'a>) -> Self {
        Self::new(studio, Participants { actor: session, before: session, after: session })
    }

    /// The explanation that belongs to a tree.
    pub(in crate::studio) fn explanation(&self, explained: Explained, tree: TestNode) -> Explanation {
        let reasons = reasons(self.words, &tree, self.groups);
        let obligations = explained.owed.iter().map(|owed| owed.label.clone()).collect();
        let mut facts = BTreeSet::new();
        self.unknown_facts(&tree, &mut facts);
        for reason in &reasons {
            facts_of_roles(reason, &mut facts);
        }
        let (decisive, redundant) = explained.deciding.unwrap_or_else(|| (self.named_by(&reasons), Vec::new()));
        let arguments = Arguments { label: explained.label.into(), reasons, obligations };
        let decision = sentences::decision(tree.verdict);
        let owes = tree.verdict == Verdict::Yes && !explained.owed.is_empty();
        let code = if owes { "allowed-with-obligations" } else { decision };
        Explanation {
            operation: explained.id.into(),
            decision,
            obligations: explained.owed.iter().map(|owed| String::from(&*owed.id)).collect(),
            decisive,
            redundant,
            near_misses: Vec::new(),
            facts: self.ids().filter(|id| facts.contains(*id)).map(String::from).collect(),
            inferred: explained.sources.iter().filter(|source| source.inferred).cloned().collect(),
            code,
            sentence: self.words.explanation(decision, &arguments),
            args: arguments,
            tree,
        }
    }

    /// The ids of facts and privileges, in policy order.
    fn ids(&self) -> impl Iterator<Item = &'a str> {
        let facts = self.document.facts.iter().map(|fact| &*fact.id);
        facts.chain(self.document.privileges.iter().map(|privilege| &*privilege.id))
    }

    /// The facts and privileges that reasons name, and those that the reasons of operations name that they name; in policy order.
    pub(in crate::studio) fn named_by(&self, named_by: &[Reason]) -> Vec<String> {
        let session = |whose: Option<&str>| match whose {
            Some("actor") => self.participants.actor,
            Some("before") => self.participants.before,
            _ => self.participants.after,
        };
        let (mut named, mut seen) = (BTreeSet::new(), HashSet::new());
        let mut pending = named_by.to_vec();
        while let Some(reason) = pending.pop() {
            facts_of_roles(&reason, &mut named);
            if !matches!(reason.subject, Subject::Operation | Subject::Condition) {
                named.insert(reason.id);
                continue;
            }
            if seen.insert((reason.whose, reason.subject, reason.id.clone())) {
                let mut explainer = Self::for_session(self.studio, session(reason.whose));
                let tree = explainer.named(reason.subject, &reason.id);
                let inner = reasons(self.words, &tree, explainer.groups);
                pending.extend(inner.into_iter().map(|inner| Reason { whose: reason.whose, ..inner }));
            }
        }
        self.ids().filter(|id| named.contains(*id)).map(String::from).collect()
    }

    /// The requirement of an operation or condition.
    fn named(&mut self, subject: Subject, id: &str) -> TestNode {
        if subject == Subject::Operation {
            return self.operation(self.document.operations.iter().position(|it| *it.id == *id).unwrap_or(usize::MAX));
        }
        let index = self.document.conditions.iter().position(|it| *it.id == *id).unwrap_or(usize::MAX);
        let text = self.document.conditions.get(index).map(|it| it.requires.clone()).unwrap_or_default();
        let tree = self.checked.exprs().conditions.get(index).and_then(Option::as_ref);
        self.requirement(tree.map(|tree| &**tree), &text)
    }

    pub(super) fn evaluation(&self, whose: Whose) -> Evaluation<'a> {
        let session = match whose {
            Whose::Subject | Whose::After => self.participants.after,
            Whose::Actor => self.participants.actor,
            Whose::Before => self.participants.before,
        };
        Evaluation { checked: self.checked, session }
    }

    pub(in crate::studio) fn operation(&mut self, index: usize) -> TestNode {
        self.expanded_operations.insert((self.whose, index));
        let text = self.document.operations.get(index).map(|it| it.requires.clone()).unwrap_or_default();
        self.requirement(self.checked.exprs().operations.get(index).and_then(Option::as_ref), &text)
    }

    /// A whole requirement. One without a tree counts as `false`.
    pub(in crate::studio) fn requirement(&mut self, tree: Option<&ResolvedExpr>, text: &Requirement) -> TestNode {
        tree.map_or_else(|| leaf(NodeKind::Any, Verdict::No), |tree| self.node(tree, text))
    }

    pub(super) fn node(&mut self, tree: &ResolvedExpr, text: &Requirement) -> TestNode {
        let text_of_node = text.as_str().get(tree.span.clone()).unwrap_or_default();
        let children = |this: &mut Self| tree.parts().iter().map(|part| this.node(part, text)).collect();
        match &tree.kind {
            ResolvedExprKind::All(_) => all(children(self)),
            ResolvedExprKind::Any(_) => {
                let children: Vec<TestNode> = children(self);
                let verdict = children.iter().fold(Verdict::No, |any, child| any | child.verdict);
                TestNode { children, ..leaf(NodeKind::Any, verdict) }
            }
            ResolvedExprKind::Not(inner) => {
                let child = self.node(inner, text);
                let verdict = !child.verdict;
                let children = vec![child];
                TestNode { needed: Some(text_of_node.into()), children, ..leaf(NodeKind::Not, verdict) }
            }
            ResolvedExprKind::Test(test) => self.test(test, text_of_node),
        }
    }

    /// Explains a test and the requirements that it leads to, in the session of the subject that the test reads.
    pub(in crate::studio) fn test(&mut self, test: &Test, needed: &str) -> TestNode {
        let whose = if test.whose == Whose::Subject { self.whose } else { test.whose };
        let outer = std::mem::replace(&mut self.whose, whose);
        let node = self.test_of_current_subject(test, needed);
        self.whose = outer;
        node
    }

    fn test_of_current_subject(&mut self, test: &Test, needed: &str) -> TestNode {
        let evaluation = self.evaluation(self.whose);
        let formula = Formula::of_test(self.document, test);
        let (verdict, other) = match test.kind {
            TestKind::CompareSubjects(operand, op, whose, value) => {
                let other = self.evaluation(whose);
                (evaluation.compare_with(operand, op, other, value), other.held(value).1)
            }
            _ => (evaluation.verdict(&formula), None),
        };
        // A dormant grant that would not pass the test with its full effect is too little, and has no effect.
        let suffices_with_effect =
            verdict == Verdict::No && formula.verdict(&|atom| evaluation.granted(atom)) == Verdict::Yes;
        let operand = operand_of(test);
        let Held { id, value: held, from: given } = match (&test.kind, operand) {
            (TestKind::Condition(condition, _), _) => {
                Held::nothing(self.document.conditions.get(*condition).map(|it| &*it.id))
            }
            (TestKind::Allowed(operation), _) => {
                Held::nothing(self.document.operations.get(*operation).map(|it| &*it.id))
            }
            (_, Some(operand)) => {
                self.held.entry((self.whose, operand)).or_insert_with(|| Held::of(evaluation, operand)).clone()
            }
            (_, None) => Held::nothing(None),
        };
        let (mut because, mut too_little, mut from, mut through) = (None, None, None, Vec::new());
        if let Some(Operand::Privilege(privilege)) = operand {
            if verdict == Verdict::No && (suffices_with_effect || held.is_none()) {
                because = self.because(privilege);
                too_little = because.as_ref().filter(|_| !suffices_with_effect).map(|because| because.granted.clone());
            }
            if let Some(given) = given.filter(|given| !given.givers().is_empty()) {
                let document = self.document;
                through = self.through(&given, |option| tests_option(document, test, option));
                from = Some(given);
            }
        }
        let (children, inner) = match test.kind {
            TestKind::Allowed(operation) => self.allowed(operation),
            TestKind::Condition(index, ref tree) => {
                let text = self.document.conditions.get(index).map(|it| it.requires.clone()).unwrap_or_default();
                let required = self.node(tree, &text);
                let reasons = reasons_of_part(self.words, &required, &mut self.groups);
                (vec![required], reasons)
            }
            _ => (Vec::new(), Vec::new()),
        };
        let node = leaf(NodeKind::Test, verdict);
        let (needed, test) = (Some(needed.into()), Some(Test { whose: self.whose, ..test.clone() }));
        let whose = tree::whose(self.whose);
        TestNode { id, whose, needed, held, from, because, children, test, other, too_little, through, inner, ..node }
    }

    /// The requirement of an operation, unless it is already in the tree or too deep, and the reasons of the decision on it.
    fn allowed(&mut self, operation: usize) -> (Vec<TestNode>, Vec<Arc<Reason>>) {
        let key = (self.whose, operation);
        if self.depth >= limits::DORMANT_CHAIN || self.expanded_operations.contains(&key) {
            return (Vec::new(), self.told.get(&key).cloned().unwrap_or_default());
        }
        self.depth += 1;
        let required = self.operation(operation);
        self.depth -= 1;
        let reasons = reasons_of_part(self.words, &required, &mut self.groups);
        self.told.insert(key, reasons.clone());
        (vec![required], reasons)
    }

    /// The roles that give a value, or the options that are `wanted`; none if the subject gives it itself.
    pub(super) fn through(&mut self, from: &Provenance, wanted: impl Fn(&str) -> bool) -> Vec<Through> {
        let lists: Vec<&Vec<GrantGiver>> = match from {
            Provenance::Whole(givers) => vec![givers],
            Provenance::Options(all) => all.iter().filter(|(id, _)| wanted(id)).map(|(_, givers)| givers).collect(),
        };
        let mut through = Vec::new();
        for giver in lists.into_iter().filter(|givers| !givers.contains(&GrantGiver::Own)).flatten() {
            let (label, reasons) = match giver {
                GrantGiver::Own => continue,
                GrantGiver::Inline { index, name } => (self.words.inline_role(*index, name.as_deref()), Vec::new()),
                GrantGiver::Role { role, facts } => {
                    let index = self.document.roles.iter().position(|it| *it.id == **role).unwrap_or(usize::MAX);
                    let label = self.document.roles.get(index).map(|role| role.label.clone()).unwrap_or_default();
                    (label, facts.as_ref().map(|_| self.reasons_of_when(index)).unwrap_or_default())
                }
            };
            let role = Through { label, reasons };
            if !through.contains(&role) {
                through.push(role);
            }
        }
        through
    }

    /// Why the `when` of a role holds.
    fn reasons_of_when(&mut self, role: usize) -> Vec<Reason> {
        let tree = self.checked.exprs().roles.get(role).and_then(Option::as_ref).and_then(Option::as_ref);
        let text = self.document.roles.get(role).and_then(|role| role.when.as_ref());
        let when = tree.zip(text).map(|(tree, text)| self.node(tree, text));
        when.map(|when| reasons(self.words, &when, self.groups)).unwrap_or_default()
    }
}

/// Whether a test reads an option of the set that it reads.
fn tests_option(document: &Document, test: &Test, option: &str) -> bool {
    let TestKind::Options(Operand::Privilege(privilege), chosen, _) = &test.kind else { return true };
    let options = document.privileges.get(*privilege).map(|it| &it.options);
    chosen.iter().any(|it| options.and_then(|options| options.get(*it)).is_some_and(|it| *it.id == *option))
}

/// Adds the facts by which roles are held that a reason names.
fn facts_of_roles(reason: &Reason, facts: &mut BTreeSet<String>) {
    facts.extend(reason.through.iter().flat_map(|through| &through.reasons).map(|reason| reason.id.clone()));
}
