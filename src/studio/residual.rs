//! Residuals: what remains of an operation's requirement when the facts that a session does not give are open, as a requirement
//! over these facts.
//!
//! It is read from the instructions of the program. What the session knows stays as it is whatever an unknown fact turns out to
//! be, so only slots that are unknown are followed, down to the inputs of facts. Instructions are conjunctions with negated
//! operands; negations are moved to the tests.

use super::Studio;
use super::explain::tree::{RequirementTest, RequirementTree, RequirementValue};
use crate::model::{Comparison, FactKind, Value, Verdict, limits};
use crate::pack::{Fact, Program, Slot};
use crate::session::{Session, SubjectError};
use crate::util::sort;
use hashbrown::HashMap;
use serde::Serialize;

/// What remains of the requirement of an operation. See [`Studio::residual`].
///
/// # Examples
/// ```
/// use privet::{Residual, Studio, Subject, Value};
///
/// let studio = Studio::compile(r#"{
///   "format": 1, "id": "desk", "title": "Desk", "version": "1",
///   "facts": [{ "id": "own", "kind": "switch", "label": "Own ticket" }, { "id": "priority", "kind": "number", "label": "Priority" }],
///   "privileges": [{ "id": "close", "kind": "flag", "label": "Close tickets" }],
///   "operations": [{ "id": "close", "label": "Close", "requires": "close and (own or priority < 3)" }]
/// }"#, false)?;
/// let grants = vec![("close".into(), Value::Flag(true))];
/// let session = studio.policy().session(&Subject { grants, ..Subject::default() })?;
/// let Residual::Requires { text, .. } = studio.residual(&session, "close")? else { panic!("it depends on the ticket") };
/// assert_eq!(text, "own or priority < 3");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Residual<'a> {
    /// The operation is allowed whatever the open facts are.
    Always,
    /// It is denied whatever they are.
    Never,
    /// It is allowed where the requirement holds, denied where it does not hold, and undecided where it is unknown.
    #[non_exhaustive]
    Requires {
        /// The requirement in the language of policies. A part that is unknown whatever the facts are is written `undecided`.
        text: String,
        /// The requirement as a tree.
        #[cfg_attr(feature = "schema", ts(as = "RequirementTree"))]
        #[doc(hidden)]
        tree: Tree<'a>,
    },
    /// The requirement is too large to be written.
    #[serde(rename_all = "camelCase")]
    Stopped {
        /// The limit: `residual-size`.
        stopped_by: &'static str,
    },
}

/// The tree of a residual, which is only serialized.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Tree<'a>(RequirementTree<'a>);

/// A residual before it is written. The parts of a conjunction are no conjunctions, and so on; they are sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Constant(bool),
    Unknown,
    /// Input `input` of a fact, or its negation.
    Test {
        fact: usize,
        input: u32,
        negated: bool,
    },
    All(Vec<Part>),
    Any(Vec<Part>),
}

/// See [`Studio::residual`].
pub(super) fn residual<'a>(
    studio: &'a Studio,
    session: &Session,
    operation: &str,
) -> Result<Residual<'a>, SubjectError> {
    let decision = session.operation(operation)?.decision;
    let program = studio.policy().program();
    // A fact that is not given is open even if it has an `absent` value.
    let mut open = None;
    let is_open = |(index, fact): (usize, &Fact)| fact.absent.is_some() && session.state().fact(index).is_none();
    if program.facts.iter().enumerate().any(is_open) {
        let mut without = program.clone();
        let not_given =
            without.facts.rows_mut().enumerate().filter(|(index, _)| session.state().fact(*index).is_none());
        not_given.for_each(|(_, fact)| fact.absent = None);
        open = Some(without.complete());
    }
    let session = &match &open {
        Some(open) => Session::evaluate(open, session.state().clone())?,
        None => session.clone(),
    };
    let nodes_left = 256 * limits::RESIDUAL_NODES;
    let search = Search { program: session.program(), session, parts: HashMap::new(), nodes_left };
    let Some(part) = search.part(decision) else {
        return Ok(Residual::Stopped { stopped_by: "residual-size" });
    };
    Ok(match part {
        Part::Constant(true) => Residual::Always,
        Part::Constant(false) => Residual::Never,
        part => {
            let tree = part.tree(program);
            let mut text = String::new();
            write(&tree, 0, &mut text);
            Residual::Requires { text, tree: Tree(tree) }
        }
    })
}

struct Search<'s> {
    program: &'s Program,
    session: &'s Session<'s>,
    /// The parts of unknown slots by index, not negated, each with the number of its nodes.
    parts: HashMap<usize, (Part, usize)>,
    /// The nodes that may still be copied.
    nodes_left: usize,
}

impl Search<'_> {
    /// The part of a slot; `None` if it has too many nodes. The unknown slots that it reads are visited in the order of the
    /// instructions, so that long chains do not overflow the stack.
    fn part(mut self, slot: Slot) -> Option<Part> {
        let mut needed = std::collections::BTreeSet::new();
        let mut pending = vec![slot.index()];
        while let Some(index) = pending.pop() {
            if self.is_unknown(index) && needed.insert(index) {
                pending.extend(self.operands(index).into_iter().flatten().map(Slot::index));
            }
        }
        for index in needed {
            let part = match self.operands(index) {
                None => (self.input(index), 1),
                Some([left, right]) => {
                    let ((left, a), (right, b)) = (self.read(left)?, self.read(right)?);
                    let size = a + b + 1;
                    self.nodes_left = self.nodes_left.checked_sub(size)?;
                    (size <= limits::RESIDUAL_NODES).then(|| (all(left, right), size))?
                }
            };
            self.parts.insert(index, part);
        }
        Some(self.read(slot)?.0)
    }

    fn is_unknown(&self, index: usize) -> bool {
        Slot::at(index).is_some_and(|slot| self.session.verdict(slot) == Verdict::Unknown)
    }

    /// The operands of the instruction whose result is the slot at `index`.
    fn operands(&self, index: usize) -> Option<[Slot; 2]> {
        let instruction = self.program.instructions.get(index.checked_sub(self.program.inputs())?)?;
        Some([instruction.left, instruction.right])
    }

    /// The part of a slot that was visited or is known, and its size.
    fn read(&self, slot: Slot) -> Option<(Part, usize)> {
        match self.session.verdict(slot) {
            Verdict::Yes => Some((Part::Constant(true), 1)),
            Verdict::No => Some((Part::Constant(false), 1)),
            Verdict::Unknown => {
                let (part, size) = self.parts.get(&slot.index())?.clone();
                Some((if slot.negated() { !part } else { part }, size))
            }
        }
    }

    /// The part of an input of a fact that is not given, or of the constant *unknown*.
    fn input(&self, index: usize) -> Part {
        let inputs = |fact: &Fact| fact.input..fact.input + fact.inputs();
        let found = self.program.facts.iter().enumerate().find(|(_, fact)| inputs(fact).contains(&index));
        found.map_or(Part::Unknown, |(fact, declared)| Part::Test {
            fact,
            input: crate::util::to_u32(index - declared.input),
            negated: false,
        })
    }
}

/// The conjunction, without constants, nesting and repetition.
fn all(left: Part, right: Part) -> Part {
    let mut parts = Vec::new();
    for part in [left, right] {
        match part {
            Part::Constant(false) => return Part::Constant(false),
            Part::Constant(true) => {}
            Part::All(inner) => parts.extend(inner),
            other => parts.push(other),
        }
    }
    sort::sort(&mut parts);
    parts.dedup();
    match parts.len() {
        0 => Part::Constant(true),
        1 => parts.pop().unwrap_or(Part::Unknown),
        _ => Part::All(parts),
    }
}

impl std::ops::Not for Part {
    type Output = Self;

    fn not(self) -> Self {
        let each = |parts: Vec<Self>| parts.into_iter().map(|part| !part).collect();
        match self {
            Self::Constant(constant) => Self::Constant(!constant),
            Self::Unknown => Self::Unknown,
            Self::Test { fact, input, negated } => Self::Test { fact, input, negated: !negated },
            Self::All(parts) => Self::Any(each(parts)),
            Self::Any(parts) => Self::All(each(parts)),
        }
    }
}

impl Part {
    fn tree<'a>(&self, program: &'a Program) -> RequirementTree<'a> {
        let children = |parts: &[Self]| parts.iter().map(|part| part.tree(program)).collect();
        match self {
            Self::Constant(true) => RequirementTree::All { children: Vec::new() },
            Self::Constant(false) => RequirementTree::Any { children: Vec::new() },
            Self::Unknown => RequirementTree::Unknown,
            Self::Test { fact, input, negated } => {
                program.facts.get(*fact).map_or(RequirementTree::Unknown, |fact| test(fact, *input, *negated))
            }
            Self::All(parts) => RequirementTree::All { children: children(parts) },
            Self::Any(parts) => {
                let groups =
                    parts.chunk_by(|a, b| a.choice(program).is_some() && a.choice(program) == b.choice(program));
                let mut children: Vec<_> = groups.flat_map(|group| one_of(program, group)).collect();
                if children.len() == 1 { children.remove(0) } else { RequirementTree::Any { children } }
            }
        }
    }

    /// The choice fact of a test that it has one option.
    fn choice(&self, program: &Program) -> Option<usize> {
        let Self::Test { fact, negated: false, .. } = self else { return None };
        program.facts.get(*fact).filter(|declared| declared.kind == FactKind::Choice).map(|_| *fact)
    }
}

/// Alternatives: several options of one choice as the test `in`, anything else as it is.
fn one_of<'a>(program: &'a Program, group: &[Part]) -> Vec<RequirementTree<'a>> {
    let [Part::Test { fact, .. }, _, ..] = group else {
        return group.iter().map(|part| part.tree(program)).collect();
    };
    let Some(declared) = program.facts.get(*fact) else { return Vec::new() };
    let option = |part: &Part| match part {
        Part::Test { input, .. } => declared.values.get(*input as usize).cloned(),
        _ => None,
    };
    let values = Some(group.iter().filter_map(option).collect());
    vec![RequirementTree::Test(RequirementTest { op: Some("in"), values, ..about("option", declared) })]
}

/// A test without operator and values.
fn about<'a>(test: &'static str, fact: &'a Fact) -> RequirementTest<'a> {
    RequirementTest {
        test,
        id: Some(&fact.id),
        op: None,
        value: None,
        values: None,
        whose: None,
        absent: fact.absent.map(|value| value_of(fact, value)),
    }
}

/// A value of a fact in the form of documents.
fn value_of(fact: &Fact, value: u32) -> Value {
    let named = |index: u32| fact.values.get(index as usize).cloned().map_or(Value::Null, Value::Text);
    match fact.kind {
        FactKind::Switch => Value::Flag(value == 1),
        FactKind::Number => Value::Number(value),
        FactKind::Choice => named(value),
        FactKind::Level => named(value.saturating_sub(1)),
    }
}

/// The test of a fact's input.
fn test(fact: &Fact, input: u32, negated: bool) -> RequirementTree<'_> {
    let place = input as usize;
    let pick = |positive, negative| Some(if negated { negative } else { positive });
    let test = match fact.kind {
        FactKind::Switch => {
            let test = RequirementTree::Test(about("on", fact));
            return if negated { RequirementTree::Not { children: vec![test] } } else { test };
        }
        FactKind::Choice => RequirementTest {
            op: pick("=", "!="),
            values: Some(fact.values.get(place).cloned().into_iter().collect()),
            ..about("option", fact)
        },
        // The levels that pass are listed, so that a reader need not know their order.
        FactKind::Level => RequirementTest {
            op: pick(">=", "<"),
            value: fact.values.get(place).cloned().map(RequirementValue::Level),
            values: Some(
                (0..)
                    .zip(&fact.values)
                    .filter(|(rank, _)| (*rank >= input) != negated)
                    .map(|(_, id)| id.clone())
                    .collect(),
            ),
            ..about("level", fact)
        },
        FactKind::Number => {
            let (op, number) = match fact.comparisons.get(place) {
                Some(Comparison::AtLeast(number)) => (pick(">=", "<"), *number),
                Some(Comparison::Below(number)) => (pick("<", ">="), *number),
                Some(Comparison::Equal(number)) => (pick("=", "!="), *number),
                None => return RequirementTree::Unknown,
            };
            RequirementTest { op, value: Some(RequirementValue::Number(number)), ..about("number", fact) }
        }
    };
    RequirementTree::Test(test)
}

/// Writes a tree as a requirement. `binds` is the precedence of the place: 0 for `or`, 1 for `and`, 2 for `not`.
fn write(tree: &RequirementTree, binds: u8, text: &mut String) {
    match tree {
        RequirementTree::All { children } => join(children, ("true", " and ", 1), binds, text),
        RequirementTree::Any { children } => join(children, ("false", " or ", 0), binds, text),
        RequirementTree::Not { children } => {
            *text += "not ";
            for child in children {
                write(child, 2, text);
            }
        }
        RequirementTree::Unknown => *text += "undecided",
        RequirementTree::Test(test) => {
            *text += test.id.unwrap_or_default();
            let Some(op) = test.op else { return };
            *text += &match (&test.value, &test.values) {
                (Some(RequirementValue::Number(number)), _) => format!(" {op} {number}"),
                (Some(RequirementValue::Level(level)), _) => format!(" {op} {level}"),
                (_, Some(values)) if op == "in" => format!(" in ({})", values.join(", ")),
                (_, values) => format!(" {op} {}", values.iter().flatten().cloned().collect::<String>()),
            };
        }
    }
}

fn join(children: &[RequirementTree], (none, word, own): (&str, &str, u8), binds: u8, text: &mut String) {
    if children.is_empty() {
        *text += none;
        return;
    }
    let parenthesis = own < binds;
    *text += if parenthesis { "(" } else { "" };
    for (index, child) in children.iter().enumerate() {
        *text += if index > 0 { word } else { "" };
        write(child, own + u8::from(own == 0), text);
    }
    *text += if parenthesis { ")" } else { "" };
}
