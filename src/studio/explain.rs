//! Explaining: the decision's own tree, with what each test needs and what is held.
//!
//! The tree is the requirement's; every verdict in it is read off the session that decided, so the explanation cannot
//! say anything else than the decision.

use super::Studio;
use super::sentence::{self, Reason};
use crate::check::{Atom, Checked, Formula, Owner, Part, Test, TestKind, Tree, TreeKind};
use crate::document::{Document, Requirement, Source};
use crate::ground::{Value, Verdict, limits};
use crate::program::{Comparison, Slot};
use crate::session::{Holding, Session, SubjectError};
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

/// Why an operation is allowed, denied or undecided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The operation.
    pub operation: String,
    /// `allowed`, `denied` or `undecided`: always what the session decides.
    pub decision: &'static str,
    /// The obligations owed.
    pub obligations: Vec<String>,
    /// The requirement, test by test.
    pub tree: TestNode,
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

/// What a sentence is made of, so that it can be said in another language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arguments {
    /// The operation's label.
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
    #[serde(skip)]
    pub(super) test: Option<Test>,
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

impl Studio {
    /// Explains the decision on an operation. The session must be one of this policy. O(operations + roles + what the
    /// operation reads).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    pub fn explain(&self, session: &Session, operation: &str) -> Result<Explanation, SubjectError> {
        let decided = session.decide(operation)?;
        let document = self.checked().document();
        let index = document.operations.iter().position(|it| &*it.id == operation).unwrap_or(usize::MAX);
        let mut explainer = Explainer::new(self, session);
        let declared = document.operations.get(index);
        let tree = explainer.operation(index);
        let label = declared.map_or_else(String::new, |it| it.label.clone());
        let owed = declared.into_iter().flat_map(|it| it.obligations.iter());
        let owed = owed.filter(|owed| decided.obligations.contains(&&*owed.id));
        let reasons = sentence::reasons(document, &tree);
        let arguments = Arguments { label, reasons, obligations: owed.map(|owed| owed.label.clone()).collect() };
        let (decision, code) = match (decided.verdict, decided.obligations.is_empty()) {
            (Verdict::Yes, true) => ("allowed", "allowed"),
            (Verdict::Yes, false) => ("allowed", "allowed-with-obligations"),
            (Verdict::No, _) => ("denied", "denied"),
            (Verdict::Unknown, _) => ("undecided", "undecided"),
        };
        let mut facts = BTreeSet::new();
        explainer.unknown_facts(&tree, &mut facts);
        Ok(Explanation {
            operation: operation.into(),
            decision,
            obligations: decided.obligations.iter().map(|id| String::from(*id)).collect(),
            facts: facts.into_iter().collect(),
            inferred: declared.into_iter().flat_map(|it| it.sources.iter()).filter(|it| it.inferred).cloned().collect(),
            code,
            sentence: sentence::say(code, &arguments),
            args: arguments,
            tree,
        })
    }
}

pub(super) struct Explainer<'a> {
    checked: &'a Checked,
    document: &'a Document,
    session: &'a Session<'a>,
    /// Operations whose requirement stands in the tree already: a shared one is written out once.
    expanded: BTreeSet<usize>,
    /// How many dormant grants and operations led to the present one.
    chain: usize,
    /// Dormant grants whose chain stands in the tree already: it is written out once, and to a limited depth.
    chained: BTreeSet<usize>,
}

impl<'a> Explainer<'a> {
    pub(super) fn new(studio: &'a Studio, session: &'a Session<'a>) -> Self {
        let checked = studio.checked();
        let (expanded, chained) = (BTreeSet::new(), BTreeSet::new());
        Self { checked, document: checked.document(), session, expanded, chain: 0, chained }
    }

    fn operation(&mut self, index: usize) -> TestNode {
        self.expanded.insert(index);
        let text = self.document.operations.get(index).map(|it| it.requires.clone()).unwrap_or_default();
        match self.checked.trees().operations.get(index).and_then(Option::as_ref) {
            Some(tree) => self.node(tree, &text),
            None => leaf(NodeKind::Any, Verdict::No),
        }
    }

    fn node(&mut self, tree: &Tree, text: &Requirement) -> TestNode {
        let kind = match &tree.kind {
            TreeKind::All(_) => NodeKind::All,
            TreeKind::Any(_) => NodeKind::Any,
            TreeKind::Not(_) => NodeKind::Not,
            TreeKind::Test(test) => return self.test(test, text.as_str().get(tree.span.clone()).unwrap_or_default()),
        };
        let verdict = self.verdict(&Formula::of(self.document, tree));
        let children = tree.parts().iter().map(|part| self.node(part, text)).collect();
        let needed = text.as_str().get(tree.span.clone()).filter(|_| kind == NodeKind::Not).map(String::from);
        TestNode { needed, children, ..leaf(kind, verdict) }
    }

    fn test(&mut self, test: &Test, needed: &str) -> TestNode {
        let formula = Formula::of_test(self.document, test);
        let verdict = self.verdict(&formula);
        // A dormant grant is to blame only where it would be enough if it had an effect.
        let would_do = verdict == Verdict::No && formula.verdict(&|atom| self.granted(atom)) == Verdict::Yes;
        let (id, held) = match &test.kind {
            TestKind::Allowed(operation) => {
                let id = self.document.operations.get(*operation).map(|it| String::from(&*it.id));
                (id, None)
            }
            TestKind::On(fact)
            | TestKind::Options(Owner::Fact(fact), ..)
            | TestKind::Number(Owner::Fact(fact), ..)
            | TestKind::Against(Owner::Fact(fact), ..) => self.fact(*fact),
            TestKind::Held(privilege)
            | TestKind::IsSet(privilege)
            | TestKind::Level(privilege, ..)
            | TestKind::Options(Owner::Privilege(privilege), ..)
            | TestKind::Number(Owner::Privilege(privilege), ..)
            | TestKind::Against(Owner::Privilege(privilege), ..) => self.privilege(*privilege),
        };
        let because = privilege(test).filter(|_| would_do).and_then(|privilege| self.because(privilege));
        let children = match test.kind {
            TestKind::Allowed(operation) if self.chain < limits::CHAIN && !self.expanded.contains(&operation) => {
                self.chain += 1;
                let required = self.operation(operation);
                self.chain -= 1;
                alloc::vec![required]
            }
            _ => Vec::new(),
        };
        let node = leaf(NodeKind::Test, verdict);
        TestNode { id, needed: Some(needed.into()), held, because, children, test: Some(test.clone()), ..node }
    }

    fn fact(&self, index: usize) -> (Option<String>, Option<String>) {
        let Some(fact) = self.session.program().facts.get(index) else { return (None, None) };
        let known = self.session.state().facts.iter().find(|(known, _)| *known as usize == index);
        let value = known.map(|(_, value)| *value).or(fact.absent);
        let held = value.map_or_else(|| String::from("unknown"), |value| sentence::fact_value(fact, value));
        (Some(fact.id.clone()), Some(held))
    }

    fn privilege(&self, index: usize) -> (Option<String>, Option<String>) {
        let id = self.document.privileges.get(index).map(|it| String::from(&*it.id));
        let held = id.as_ref().and_then(|id| self.session.holds(id).ok()).and_then(|(_, effective)| effective.shown());
        (id, held)
    }

    /// Why what is granted of a privilege, or a part of it, has no effect. Requirements have no cycles, so this ends.
    pub(super) fn because(&mut self, index: usize) -> Option<Box<DormantGrant>> {
        let declared = self.document.privileges.get(index)?;
        let (granted, effective) = self.session.holds(&declared.id).ok()?;
        if granted == effective || granted == Holding::Nothing || effective == Holding::Undecided {
            return None;
        }
        let trees = self.checked.trees();
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
        let follow = self.chain < limits::CHAIN && self.chained.insert(index);
        self.chain += 1;
        for (tree, text) in own.into_iter().chain(level_tree.zip(level)).filter(|_| follow) {
            let node = self.node(tree, text);
            if node.verdict == Verdict::No {
                failing(&node, &mut missing);
                reasons.extend(sentence::reasons(self.document, &node));
            }
        }
        self.chain -= 1;
        let (granted, effective) = (granted.shown().unwrap_or_default(), effective.shown());
        let sentence = sentence::dormant(declared, &granted, effective.as_deref(), &reasons);
        let privilege = String::from(&*declared.id);
        Some(Box::new(DormantGrant { privilege, granted, effective, missing, sentence }))
    }

    fn unknown_facts(&self, node: &TestNode, facts: &mut BTreeSet<String>) {
        if node.verdict == Verdict::Unknown {
            if let Some(test) = &node.test {
                self.facts_of(&Formula::of_test(self.document, test), facts);
            }
            node.children.iter().for_each(|child| self.unknown_facts(child, facts));
        }
    }

    /// The unknown facts that a formula reads, also through what privileges require and when roles are assumed.
    fn facts_of(&self, formula: &Formula, facts: &mut BTreeSet<String>) {
        let mut seen = BTreeSet::new();
        let mut waiting = alloc::vec![formula.clone()];
        while let Some(formula) = waiting.pop() {
            formula.atoms(&mut |atom, _| {
                if !seen.insert(atom) || self.atom(atom) != Verdict::Unknown {
                    return;
                }
                match atom {
                    Atom::Fact(fact, _) => facts.extend(self.document.facts.get(fact).map(|it| String::from(&*it.id))),
                    Atom::Allowed(operation) => {
                        waiting.extend(self.checked.trees().operation(self.document, operation));
                    }
                    Atom::Effective(privilege, part) => {
                        waiting.extend(self.checked.trees().requirement(self.document, privilege, part));
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
        roles.filter_map(|(index, _)| self.checked.trees().when(self.document, index)).collect()
    }

    fn verdict(&self, formula: &Formula) -> Verdict {
        formula.verdict(&|atom| self.atom(atom))
    }

    /// The session's verdict on an atom as if every grant had its effect.
    fn granted(&self, atom: Atom) -> Verdict {
        let Atom::Effective(index, part) = atom else { return self.atom(atom) };
        let Some(privilege) = self.session.program().privileges.get(index) else { return Verdict::Unknown };
        let place = match part {
            Part::Whole => Some(0),
            Part::Value(value) => Some(value),
            Part::Compared(it) => privilege.comparisons.iter().position(|known| *known == it).map(|place| place + 1),
        };
        let slot = place.and_then(|place| Slot::at(privilege.input + place));
        slot.map_or(Verdict::Unknown, |slot| self.session.verdict(slot))
    }

    /// The session's verdict on an atom. A comparison's effect has no slot of its own to read: it is what its input and
    /// the privilege's requirement say.
    fn atom(&self, atom: Atom) -> Verdict {
        let program = self.session.program();
        let slot = |index: usize| Slot::at(index).map_or(Verdict::Unknown, |slot| self.session.verdict(slot));
        let compared = |comparisons: &[Comparison], comparison| comparisons.iter().position(|it| *it == comparison);
        let verdict = match atom {
            Atom::Allowed(operation) => program.operations.get(operation).map(|it| self.session.verdict(it.decision)),
            Atom::Fact(index, part) => program.facts.get(index).and_then(|fact| match part {
                Part::Whole => Some(slot(fact.input)),
                Part::Value(option) => Some(slot(fact.input + option)),
                Part::Compared(it) => compared(&fact.comparisons, it).map(|place| slot(fact.input + place)),
            }),
            Atom::Effective(index, part) => program.privileges.get(index).and_then(|privilege| match part {
                Part::Whole => privilege.effective.first().map(|effect| self.session.verdict(*effect)),
                Part::Value(value) => privilege.effective.get(value).map(|effect| self.session.verdict(*effect)),
                Part::Compared(it) => {
                    let place = compared(&privilege.comparisons, it)?;
                    let requirement = self.checked.trees().requirement(self.document, index, part)?;
                    Some(slot(privilege.input + 1 + place) & self.verdict(&requirement))
                }
            }),
        };
        verdict.unwrap_or(Verdict::Unknown)
    }
}

const fn leaf(kind: NodeKind, verdict: Verdict) -> TestNode {
    let children = Vec::new();
    TestNode { kind, verdict, id: None, needed: None, held: None, because: None, children, test: None }
}

/// The tests of a node that keep it from holding.
fn failing(node: &TestNode, missing: &mut Vec<Missing>) {
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

/// The privilege that a test is about.
fn privilege(test: &Test) -> Option<usize> {
    match test.kind {
        TestKind::Held(privilege)
        | TestKind::IsSet(privilege)
        | TestKind::Level(privilege, ..)
        | TestKind::Options(Owner::Privilege(privilege), ..)
        | TestKind::Number(Owner::Privilege(privilege), ..) => Some(privilege),
        _ => None,
    }
}
