//! Decisions as functions: what the exact questions of the checker and the studio are asked of.
//!
//! A function is a pair: where it is known to hold, and where it is known not to. What its variables stand for is for
//! the [`Inputs`] to say: everything that anybody may hold, or the changes that somebody's grants may undergo.

mod everybody;
mod join;

pub(super) use everybody::Everybody;
pub use join::{Given, Gives, granted};

use super::formula::{self, Atom, Formula, Part};
use super::step::{PerStep, Step, step};
use super::{Comparisons, Trees};
use crate::document::Document;
use crate::ground::PrivilegeKind;
use crate::ground::{Gather, Map};
use crate::logic::{Diagrams, Pair, TooLarge};
use alloc::vec::Vec;

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// It is too large.
    TooLarge,
    /// It rests on a requirement that has a fault, or on a cycle.
    Faulty,
}

impl From<TooLarge> for Unanswered {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

/// The answer to an exact question.
pub type Answer<T> = Result<T, Unanswered>;

/// What requirements mean, and in which order they can be decided.
#[derive(Clone, Copy)]
pub struct Meaning<'a> {
    /// The document.
    pub document: &'a Document,
    /// Its requirements.
    pub trees: &'a Trees,
    /// Where each step comes; one that lies on a cycle or reads one has no place.
    pub positions: &'a PerStep<Option<usize>>,
    /// The comparisons that it makes with numbers.
    pub comparisons: &'a Comparisons,
}

/// What the decisions are functions of.
pub trait Inputs {
    /// A part of a fact.
    ///
    /// # Errors
    /// [`Unanswered`].
    fn fact(&mut self, logic: &mut Diagrams, fact: usize, part: Part) -> Answer<Pair>;

    /// What is granted of a part of a privilege, by all that give it.
    ///
    /// # Errors
    /// [`Unanswered`].
    fn granted(&mut self, logic: &mut Diagrams, privilege: usize, part: Part) -> Answer<Pair>;

    /// Counts steps against a budget, if there is one.
    ///
    /// # Errors
    /// [`TooLarge`] where it is used up.
    fn spend(&self, steps: usize) -> Result<(), TooLarge>;
}

/// Builds the functions of one question.
pub struct Symbolic<'a, I> {
    /// Where the functions live.
    pub diagrams: Diagrams,
    /// What they are functions of.
    pub inputs: I,
    decided: Decided<'a>,
}

/// What is decided so far.
struct Decided<'a> {
    meaning: Meaning<'a>,
    steps: Map<Step, Vec<(Part, Pair)>>,
}

impl<'a, I: Inputs> Symbolic<'a, I> {
    /// Nothing is decided yet. The diagrams may hold functions of earlier questions over the same variables.
    pub const fn new(meaning: Meaning<'a>, diagrams: Diagrams, inputs: I) -> Self {
        Self { diagrams, inputs, decided: Decided { meaning, steps: Map::new() } }
    }

    /// Forgets what was decided, since the inputs have changed. Functions of before stay comparable.
    pub(super) fn forget(&mut self) {
        self.decided.steps.clear();
    }

    /// The decision on an operation.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub fn operation(&mut self, operation: usize) -> Answer<Pair> {
        self.formula(&Formula::Atom(Atom::Allowed(operation)))
    }

    /// Any formula. What it reads is decided first, in order, so that long chains stay off the stack.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub fn formula(&mut self, formula: &Formula) -> Answer<Pair> {
        self.decided.formula(&mut self.inputs, &mut self.diagrams, formula)
    }
}

impl Decided<'_> {
    fn formula(&mut self, inputs: &mut dyn Inputs, logic: &mut Diagrams, formula: &Formula) -> Answer<Pair> {
        let mut needed = Map::new();
        let mut waiting = self.read(formula);
        while let Some(step) = waiting.pop() {
            let position = self.meaning.positions.get(step).copied().flatten().ok_or(Unanswered::Faulty)?;
            if !self.steps.contains_key(&step) && !needed.contains_key(&position) {
                let parts = self.parts(step)?;
                for (_, formula) in &parts {
                    waiting.extend(self.read(formula));
                }
                needed.insert(position, (step, parts));
            }
        }
        for (_, (step, parts)) in needed {
            let mut decided = Vec::with_capacity(parts.len());
            for (part, formula) in parts {
                let requirement = self.evaluate(inputs, logic, &formula)?;
                let granted = match step {
                    Step::Operation(_) => Pair::YES,
                    Step::Effect(privilege, _) => inputs.granted(logic, privilege, part)?,
                };
                decided.push((part, logic.both(granted, requirement)?));
            }
            self.steps.insert(step, decided);
        }
        self.evaluate(inputs, logic, formula)
    }

    /// The parts of a step that the policy reads, each with what it requires.
    fn parts(&self, step: Step) -> Answer<Vec<(Part, Formula)>> {
        let Meaning { document, trees, comparisons, .. } = self.meaning;
        let Step::Effect(privilege, level) = step else {
            let Step::Operation(operation) = step else { return Err(Unanswered::Faulty) };
            let formula = trees.operation(document, operation).ok_or(Unanswered::Faulty)?;
            return Ok(alloc::vec![(Part::Whole, formula)]);
        };
        let declared = document.privileges.get(privilege).ok_or(Unanswered::Faulty)?;
        let parts = match declared.kind {
            PrivilegeKind::Level => alloc::vec![Part::Value(level)],
            PrivilegeKind::Number => {
                let compared = comparisons.privileges.get(privilege).into_iter().flatten();
                let compared = compared.map(|comparison| Part::Compared(*comparison));
                [Part::Whole].into_iter().chain(compared).listed()
            }
            _ => formula::parts(document, privilege),
        };
        let requirement = |part| trees.requirement(document, privilege, part).ok_or(Unanswered::Faulty);
        parts.into_iter().map(|part| Ok((part, requirement(part)?))).collect()
    }

    /// The steps that a formula reads.
    fn read(&self, formula: &Formula) -> Vec<Step> {
        let mut steps = Vec::new();
        formula.atoms(&mut |atom, _| steps.extend(step(self.meaning.document, atom)));
        steps
    }

    fn evaluate(&self, inputs: &mut dyn Inputs, logic: &mut Diagrams, formula: &Formula) -> Answer<Pair> {
        let (document, decided) = (self.meaning.document, &self.steps);
        let decided = |atom: Atom| {
            let part = if let Atom::Effective(_, part) = atom { part } else { Part::Whole };
            let step = step(document, atom).and_then(|step| decided.get(&step));
            let found = step.and_then(|parts| parts.iter().find(|(known, _)| *known == part));
            found.map(|(_, pair)| *pair).ok_or(Unanswered::Faulty)
        };
        evaluate(inputs, logic, &decided, formula)
    }
}

/// A formula over facts alone, as a role's `when` is.
///
/// # Errors
/// [`Unanswered`].
pub fn of_facts(inputs: &mut dyn Inputs, logic: &mut Diagrams, formula: &Formula) -> Answer<Pair> {
    evaluate(inputs, logic, &|_| Err(Unanswered::Faulty), formula)
}

fn evaluate(
    inputs: &mut dyn Inputs,
    logic: &mut Diagrams,
    decided: &dyn Fn(Atom) -> Answer<Pair>,
    formula: &Formula,
) -> Answer<Pair> {
    inputs.spend(1 + logic.take_steps())?;
    match formula {
        Formula::All(parts) => parts.iter().try_fold(Pair::YES, |all, part| {
            let part = evaluate(inputs, logic, decided, part)?;
            Ok(logic.both(all, part)?)
        }),
        Formula::Any(parts) => parts.iter().try_fold(Pair::NO, |any, part| {
            let part = evaluate(inputs, logic, decided, part)?;
            Ok(logic.either(any, part)?)
        }),
        Formula::Not(inner) => evaluate(inputs, logic, decided, inner).map(|inner| !inner),
        Formula::Atom(Atom::Fact(fact, part)) => inputs.fact(logic, *fact, *part),
        Formula::Atom(atom) => decided(*atom),
    }
}
