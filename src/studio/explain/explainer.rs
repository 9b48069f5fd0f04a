//! The explainer: walks a requirement's tree and reads each test off the session of whom it is about.

use super::evaluation::Evaluation;
use super::model::{Arguments, DormantGrant, Explanation, Missing, NodeKind, Reason, TestNode, about, failing};
use super::{english, tree};
use crate::check::{Atom, Checked, Formula, Operand, ResolvedExpr, ResolvedExprKind, Test, TestKind, Whose, parts};
use crate::document::{Document, Obligation, Requirement, Source};
use crate::model::{Value, Verdict, limits};
use crate::session::{Holding, Session};
use hashbrown::HashSet;
use std::collections::BTreeSet;

/// Who takes part in a change. In a requirement everybody is the subject.
#[derive(Clone, Copy)]
pub(in crate::studio) struct Participants<'a> {
    pub(in crate::studio) actor: &'a Session<'a>,
    pub(in crate::studio) before: &'a Session<'a>,
    pub(in crate::studio) after: &'a Session<'a>,
}

/// What is explained: an operation or a change rule.
pub(in crate::studio) struct Explained<'a> {
    pub(in crate::studio) id: &'a str,
    pub(in crate::studio) label: &'a str,
    pub(in crate::studio) sources: &'a [Source],
    pub(in crate::studio) owed: Vec<&'a Obligation>,
}

pub(in crate::studio) struct Explainer<'a> {
    pub(super) checked: &'a Checked,
    pub(super) document: &'a Document,
    participants: Participants<'a>,
    /// Whose requirement is being read: what a test without a prefix is about.
    pub(super) whose: Whose,
    /// Operations whose requirement stands in the tree already, for somebody: a shared one is written out once.
    expanded: HashSet<(Whose, usize)>,
    /// How many dormant grants and operations led to the present one.
    pub(super) chain: usize,
    /// Dormant grants whose chain stands in the tree already: it is written out once, and to a limited depth.
    pub(super) chained: HashSet<(Whose, usize)>,
}

impl<'a> Explainer<'a> {
    pub(in crate::studio) fn new(checked: &'a Checked, participants: Participants<'a>) -> Self {
        let (expanded, chained) = (HashSet::new(), HashSet::new());
        Self { checked, document: checked.document(), participants, whose: Whose::Subject, expanded, chain: 0, chained }
    }

    /// The explainer of one session.
    pub(in crate::studio) fn for_session(checked: &'a Checked, session: &'a Session<'a>) -> Self {
        Self::new(checked, Participants { actor: session, before: session, after: session })
    }

    /// An explanation around a tree.
    pub(in crate::studio) fn explanation(&self, of: &Explained, tree: TestNode) -> Explanation {
        let reasons = english::reasons(self.document, &tree);
        let obligations = of.owed.iter().map(|owed| owed.label.clone()).collect();
        let arguments = Arguments { label: of.label.into(), reasons, obligations };
        let decision = english::decision(tree.verdict);
        let owes = tree.verdict == Verdict::Yes && !of.owed.is_empty();
        let code = if owes { "allowed-with-obligations" } else { decision };
        let mut facts = BTreeSet::new();
        self.unknown_facts(&tree, &mut facts);
        let decisive: BTreeSet<&String> = arguments.reasons.iter().map(|reason| &reason.id).collect();
        Explanation {
            operation: of.id.into(),
            decision,
            obligations: of.owed.iter().map(|owed| String::from(&*owed.id)).collect(),
            decisive: decisive.into_iter().cloned().collect(),
            redundant: Vec::new(),
            near_misses: Vec::new(),
            facts: facts.into_iter().collect(),
            inferred: of.sources.iter().filter(|source| source.inferred).cloned().collect(),
            code,
            sentence: english::say(code, &arguments),
            args: arguments,
            tree,
        }
    }

    fn reading(&self, whose: Whose) -> Evaluation<'a> {
        let session = match whose {
            Whose::Subject | Whose::After => self.participants.after,
            Whose::Actor => self.participants.actor,
            Whose::Before => self.participants.before,
        };
        Evaluation { checked: self.checked, session }
    }

    pub(in crate::studio) fn operation(&mut self, index: usize) -> TestNode {
        self.expanded.insert((self.whose, index));
        let text = self.document.operations.get(index).map(|it| it.requires.clone()).unwrap_or_default();
        self.requirement(self.checked.exprs().operations.get(index).and_then(Option::as_ref), &text)
    }

    /// A whole requirement; one that there is not opens nothing.
    pub(in crate::studio) fn requirement(&mut self, tree: Option<&ResolvedExpr>, text: &Requirement) -> TestNode {
        tree.map_or_else(|| leaf(NodeKind::Any, Verdict::No), |tree| self.node(tree, text))
    }

    pub(super) fn node(&mut self, tree: &ResolvedExpr, text: &Requirement) -> TestNode {
        let said = text.as_str().get(tree.span.clone()).unwrap_or_default();
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
                TestNode { needed: Some(said.into()), children, ..leaf(NodeKind::Not, verdict) }
            }
            ResolvedExprKind::Test(test) => self.test(test, said),
        }
    }

    /// A test, read off the session of whom it is about; so is what it leads to.
    pub(in crate::studio) fn test(&mut self, test: &Test, needed: &str) -> TestNode {
        let whose = if test.whose == Whose::Subject { self.whose } else { test.whose };
        let outer = std::mem::replace(&mut self.whose, whose);
        let node = self.own_test(test, needed);
        self.whose = outer;
        node
    }

    fn own_test(&mut self, test: &Test, needed: &str) -> TestNode {
        let reading = self.reading(self.whose);
        let formula = Formula::of_test(self.document, test);
        let (verdict, other) = match test.kind {
            TestKind::CompareSubjects(owner, op, whose, value) => {
                let other = self.reading(whose);
                (reading.against(owner, op, other, value), other.held(value).1)
            }
            _ => (reading.verdict(&formula), None),
        };
        // A dormant grant is to blame only where it would be enough if it had an effect.
        let would_do = verdict == Verdict::No && formula.verdict(&|atom| reading.granted(atom)) == Verdict::Yes;
        let (id, held) = match (&test.kind, about(test)) {
            (TestKind::Allowed(operation), _) => {
                (self.document.operations.get(*operation).map(|it| String::from(&*it.id)), None)
            }
            (_, Some(owner)) => reading.held(owner),
            (_, None) => (None, None),
        };
        let because = match about(test) {
            Some(Operand::Privilege(privilege)) if would_do => self.because(privilege),
            _ => None,
        };
        let children = match test.kind {
            TestKind::Allowed(operation)
                if self.chain < limits::CHAIN && !self.expanded.contains(&(self.whose, operation)) =>
            {
                self.chain += 1;
                let required = self.operation(operation);
                self.chain -= 1;
                vec![required]
            }
            _ => Vec::new(),
        };
        let node = leaf(NodeKind::Test, verdict);
        let (needed, test) = (Some(needed.into()), Some(Test { whose: self.whose, ..test.clone() }));
        TestNode { id, whose: tree::whose(self.whose), needed, held, because, children, test, other, ..node }
    }

    /// Why what is granted of a privilege, or a part of it, has no effect. Requirements have no cycles, so this ends.
    pub(in crate::studio) fn because(&mut self, index: usize) -> Option<Box<DormantGrant>> {
        let declared = self.document.privileges.get(index)?;
        let (granted, effective) = self.reading(self.whose).session.holds(&declared.id).ok()?;
        if granted == effective || granted == Holding::Nothing || effective == Holding::Undecided {
            return None;
        }
        let trees = self.checked.exprs();
        let own = trees.privileges.get(index).and_then(Option::as_ref).zip(declared.requires.as_ref());
        // Above the effective level, the level that fails first is the one that keeps the others from counting.
        let next = match &effective {
            Holding::Value(Value::Text(id)) => {
                declared.levels.iter().position(|level| *level.id == **id).map_or(0, |it| it + 1)
            }
            _ => 0,
        };
        let level = declared.levels.get(next).and_then(|level| level.requires.as_ref());
        let level_tree = trees.levels.get(index).and_then(|levels| levels.get(next)).and_then(Option::as_ref);
        let (mut missing, mut reasons) = (Vec::new(), Vec::new());
        let follow = self.chain < limits::CHAIN && self.chained.insert((self.whose, index));
        self.chain += 1;
        for (tree, text) in own.into_iter().chain(level_tree.zip(level)).filter(|_| follow) {
            let node = self.node(tree, text);
            if node.verdict == Verdict::No {
                self.behind(&node, &mut missing, &mut reasons);
                failing(&node, &mut missing);
                reasons.extend(english::reasons(self.document, &node));
            }
        }
        self.chain -= 1;
        once(&mut missing, |missing: &Missing| missing.test.clone());
        once(&mut reasons, Reason::clone);
        let (granted, effective) = (granted.shown().unwrap_or_default(), effective.shown());
        let whose = tree::whose(self.whose);
        let sentence = english::dormant(declared, whose, &granted, effective.as_deref(), &reasons);
        let privilege = String::from(&*declared.id);
        Some(Box::new(DormantGrant { privilege, granted, effective, missing, sentence }))
    }

    fn unknown_facts(&self, node: &TestNode, facts: &mut BTreeSet<String>) {
        if node.verdict != Verdict::Unknown {
            return;
        }
        if let Some(test) = &node.test {
            self.facts_of(test.whose, Formula::of_test(self.document, test), facts);
            if let TestKind::CompareSubjects(owner, _, whose, value) = test.kind {
                self.facts_behind(test.whose, owner, facts);
                self.facts_behind(whose, value, facts);
            }
        }
        node.children.iter().for_each(|child| self.unknown_facts(child, facts));
    }

    /// The unknown facts on which the whole of a value rests.
    fn facts_behind(&self, whose: Whose, owner: Operand, facts: &mut BTreeSet<String>) {
        match owner {
            Operand::Fact(fact) if self.reading(whose).session.fact(fact).is_none() => {
                facts.extend(self.document.facts.get(fact).map(|it| String::from(&*it.id)));
            }
            Operand::Fact(_) => {}
            Operand::Privilege(privilege) => {
                let parts = parts(self.document, privilege).into_iter();
                let all = parts.map(|part| Formula::Atom(owner.atom(part))).collect();
                self.facts_of(whose, Formula::Any(all), facts);
            }
        }
    }

    /// The unknown facts that a formula reads of somebody, also through what privileges require and when roles are
    /// assumed.
    fn facts_of(&self, whose: Whose, formula: Formula, facts: &mut BTreeSet<String>) {
        let reading = self.reading(whose);
        let mut seen = HashSet::new();
        let mut waiting = vec![formula];
        while let Some(formula) = waiting.pop() {
            formula.atoms(&mut |atom, _| {
                if !seen.insert(atom) || reading.atom(atom) != Verdict::Unknown {
                    return;
                }
                match atom {
                    Atom::Fact(fact, _) => facts.extend(self.document.facts.get(fact).map(|it| String::from(&*it.id))),
                    Atom::Allowed(operation) => {
                        waiting.extend(self.checked.exprs().operation(self.document, operation));
                    }
                    Atom::Effective(privilege, part) => {
                        waiting.extend(self.checked.exprs().requirement(self.document, privilege, part));
                        waiting.extend(self.whens(privilege));
                    }
                }
            });
        }
    }

    /// When the roles are assumed that may give a privilege.
    fn whens(&self, privilege: usize) -> Vec<Formula> {
        let Some(declared) = self.document.privileges.get(privilege) else { return Vec::new() };
        let roles = self.document.roles.iter().enumerate().filter(|(_, role)| role.grants.contains_key(&*declared.id));
        roles.filter_map(|(index, _)| self.checked.exprs().when(self.document, index)).collect()
    }
}

impl Explainer<'_> {
    /// The tests that fail behind those of a node which are about privileges that are not granted: granting these alone
    /// would leave them dormant. Each stands before what rests on it. Requirements have no cycles, so this ends.
    fn behind(&mut self, node: &TestNode, missing: &mut Vec<Missing>, reasons: &mut Vec<Reason>) {
        if node.kind != NodeKind::Test {
            let failing = node.children.iter().filter(|child| child.verdict == Verdict::No);
            failing.for_each(|child| self.behind(child, missing, reasons));
            return;
        }
        let asked = node.test.as_ref().filter(|_| node.because.is_none()).map(|test| match test.kind {
            TestKind::Held(privilege) | TestKind::IsSet(privilege) => Some((privilege, 0)),
            TestKind::Level(privilege, _, rank) => Some((privilege, rank)),
            TestKind::Options(Operand::Privilege(privilege), ..)
            | TestKind::Number(Operand::Privilege(privilege), ..) => Some((privilege, 0)),
            _ => None,
        });
        let Some((privilege, rank)) = asked.flatten() else { return };
        if self.chain >= limits::CHAIN || !self.chained.insert((self.whose, privilege)) {
            return;
        }
        self.chain += 1;
        for (tree, text) in self.required(privilege, rank) {
            let node = self.node(tree, text);
            if node.verdict == Verdict::No {
                self.behind(&node, missing, reasons);
                failing(&node, missing);
                reasons.extend(english::reasons(self.document, &node));
            }
        }
        self.chain -= 1;
    }
}

impl<'a> Explainer<'a> {
    /// What a privilege requires, and its levels up to a rank.
    fn required(&self, privilege: usize, rank: usize) -> Vec<(&'a ResolvedExpr, &'a Requirement)> {
        let (document, trees) = (self.document, self.checked.exprs());
        let Some(declared) = document.privileges.get(privilege) else { return Vec::new() };
        let own = trees.privileges.get(privilege).and_then(Option::as_ref).zip(declared.requires.as_ref());
        let levels = trees.levels.get(privilege).into_iter().flatten().zip(declared.levels.iter()).take(rank);
        let levels = levels.filter_map(|(tree, level)| tree.as_ref().zip(level.requires.as_ref()));
        own.into_iter().chain(levels).collect()
    }
}

/// Leaves out what was said before: a test may both be required and stand behind another that is.
fn once<T, K: PartialEq>(list: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let mut said = Vec::new();
    list.retain(|one| {
        let key = key(one);
        let new = !said.contains(&key);
        said.extend(new.then_some(key));
        new
    });
}

/// All of the parts.
pub(in crate::studio) fn all(children: Vec<TestNode>) -> TestNode {
    let verdict = children.iter().fold(Verdict::Yes, |all, child| all & child.verdict);
    TestNode { children, ..leaf(NodeKind::All, verdict) }
}

const fn leaf(kind: NodeKind, verdict: Verdict) -> TestNode {
    TestNode {
        kind,
        verdict,
        id: None,
        whose: None,
        needed: None,
        held: None,
        because: None,
        children: Vec::new(),
        test: None,
        other: None,
    }
}
