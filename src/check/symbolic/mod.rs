//! Decisions as functions: what the exact questions of the checker and the studio are asked of.
//!
//! A function is a pair: where it is known to hold, and where it is known not to. What its variables stand for is for
//! the [`Inputs`] to say: everything that anybody may hold, or the changes that somebody's grants may undergo.

mod all_subjects;
mod join;

pub(super) use all_subjects::AllSubjects;
pub use join::{GrantSource, RoleQuery, granted};

use super::decision_step::{DecisionStep, PerStep, step};
use super::formula::{self, Atom, Formula, Part};
use super::{Comparisons, ResolvedExprs};
use crate::bdd::{BddManager, Ternary, TooLarge};
use crate::document::Document;
use crate::model::PrivilegeKind;
use litemap::LiteMap;

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnalysisError {
    /// It is too large.
    TooLarge,
    /// It rests on a requirement that has a fault, or on a cycle.
    Faulty,
}

impl From<TooLarge> for AnalysisError {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

/// The answer to an exact question.
pub type Answer<T> = Result<T, AnalysisError>;

/// What requirements mean, and in which order they can be decided.
#[derive(Clone, Copy)]
pub struct Meaning<'a> {
    /// The document.
    pub document: &'a Document,
    /// Its requirements.
    pub exprs: &'a ResolvedExprs,
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
    /// [`AnalysisError`].
    fn fact(&mut self, bdds: &mut BddManager, fact: usize, part: Part) -> Answer<Ternary>;

    /// What is granted of a part of a privilege, by all that give it.
    ///
    /// # Errors
    /// [`AnalysisError`].
    fn granted(&mut self, bdds: &mut BddManager, privilege: usize, part: Part) -> Answer<Ternary>;

    /// Counts steps against a budget, if there is one.
    ///
    /// # Errors
    /// [`TooLarge`] where it is used up.
    fn spend(&self, steps: usize) -> Result<(), TooLarge>;
}

/// Builds the functions of one question.
pub struct Symbolic<'a, I> {
    /// Where the functions live.
    pub bdds: BddManager,
    /// What they are functions of.
    pub inputs: I,
    decided: Decided<'a>,
}

/// What is decided so far.
struct Decided<'a> {
    meaning: Meaning<'a>,
    steps: LiteMap<DecisionStep, Vec<(Part, Ternary)>>,
}

impl<'a, I: Inputs> Symbolic<'a, I> {
    /// Nothing is decided yet. The bdds may hold functions of earlier questions over the same variables.
    pub const fn new(meaning: Meaning<'a>, bdds: BddManager, inputs: I) -> Self {
        Self { bdds, inputs, decided: Decided { meaning, steps: LiteMap::new_vec() } }
    }

    /// Forgets what was decided, since the inputs have changed. Functions of before stay comparable.
    pub(super) fn forget(&mut self) {
        self.decided.steps.clear();
    }

    /// The decision on an operation.
    ///
    /// # Errors
    /// [`AnalysisError`].
    pub fn operation(&mut self, operation: usize) -> Answer<Ternary> {
        self.formula(&Formula::Atom(Atom::Allowed(operation)))
    }

    /// Any formula. What it reads is decided first, in order, so that long chains stay off the stack.
    ///
    /// # Errors
    /// [`AnalysisError`].
    pub fn formula(&mut self, formula: &Formula) -> Answer<Ternary> {
        self.decided.formula(&mut self.inputs, &mut self.bdds, formula)
    }
}

impl Decided<'_> {
    fn formula(&mut self, inputs: &mut dyn Inputs, bdds: &mut BddManager, formula: &Formula) -> Answer<Ternary> {
        let mut needed = LiteMap::new_vec();
        let mut waiting = self.read(formula);
        while let Some(step) = waiting.pop() {
            let position = self.meaning.positions.get(step).copied().flatten().ok_or(AnalysisError::Faulty)?;
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
                let requirement = self.evaluate(inputs, bdds, &formula)?;
                let granted = match step {
                    DecisionStep::Operation(_) => Ternary::YES,
                    DecisionStep::Effect(privilege, _) => inputs.granted(bdds, privilege, part)?,
                };
                decided.push((part, bdds.kleene_and(granted, requirement)?));
            }
            self.steps.insert(step, decided);
        }
        self.evaluate(inputs, bdds, formula)
    }

    /// The parts of a step that the policy reads, each with what it requires.
    fn parts(&self, step: DecisionStep) -> Answer<Vec<(Part, Formula)>> {
        let Meaning { document, exprs, comparisons, .. } = self.meaning;
        let DecisionStep::Effect(privilege, level) = step else {
            let DecisionStep::Operation(operation) = step else { return Err(AnalysisError::Faulty) };
            let formula = exprs.operation(document, operation).ok_or(AnalysisError::Faulty)?;
            return Ok(vec![(Part::Whole, formula)]);
        };
        let declared = document.privileges.get(privilege).ok_or(AnalysisError::Faulty)?;
        let parts = match declared.kind {
            PrivilegeKind::Level => vec![Part::Value(level)],
            PrivilegeKind::Number => {
                let compared = comparisons.privileges.get(privilege).into_iter().flatten();
                let compared = compared.map(|comparison| Part::Compared(*comparison));
                [Part::Whole].into_iter().chain(compared).collect()
            }
            _ => formula::parts(document, privilege),
        };
        let requirement = |part| exprs.requirement(document, privilege, part).ok_or(AnalysisError::Faulty);
        parts.into_iter().map(|part| Ok((part, requirement(part)?))).collect()
    }

    /// The steps that a formula reads.
    fn read(&self, formula: &Formula) -> Vec<DecisionStep> {
        let mut steps = Vec::new();
        formula.atoms(&mut |atom, _| steps.extend(step(self.meaning.document, atom)));
        steps
    }

    fn evaluate(&self, inputs: &mut dyn Inputs, bdds: &mut BddManager, formula: &Formula) -> Answer<Ternary> {
        let (document, decided) = (self.meaning.document, &self.steps);
        let decided = |atom: Atom| {
            let part = if let Atom::Effective(_, part) = atom { part } else { Part::Whole };
            let step = step(document, atom).and_then(|step| decided.get(&step));
            let found = step.and_then(|parts| parts.iter().find(|(known, _)| *known == part));
            found.map(|(_, pair)| *pair).ok_or(AnalysisError::Faulty)
        };
        evaluate(inputs, bdds, &decided, formula)
    }
}

/// A formula over facts alone, as a role's `when` is.
///
/// # Errors
/// [`AnalysisError`].
pub fn evaluate_facts(inputs: &mut dyn Inputs, bdds: &mut BddManager, formula: &Formula) -> Answer<Ternary> {
    evaluate(inputs, bdds, &|_| Err(AnalysisError::Faulty), formula)
}

fn evaluate(
    inputs: &mut dyn Inputs,
    bdds: &mut BddManager,
    decided: &dyn Fn(Atom) -> Answer<Ternary>,
    formula: &Formula,
) -> Answer<Ternary> {
    inputs.spend(1 + bdds.take_steps())?;
    match formula {
        Formula::All(parts) => parts.iter().try_fold(Ternary::YES, |all, part| {
            let part = evaluate(inputs, bdds, decided, part)?;
            Ok(bdds.kleene_and(all, part)?)
        }),
        Formula::Any(parts) => parts.iter().try_fold(Ternary::NO, |any, part| {
            let part = evaluate(inputs, bdds, decided, part)?;
            Ok(bdds.kleene_or(any, part)?)
        }),
        Formula::Not(inner) => evaluate(inputs, bdds, decided, inner).map(|inner| !inner),
        Formula::Atom(Atom::Fact(fact, part)) => inputs.fact(bdds, *fact, *part),
        Formula::Atom(atom) => decided(*atom),
    }
}
