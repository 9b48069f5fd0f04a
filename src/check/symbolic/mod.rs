//! Symbolic evaluation: each decision of a policy as a three-valued function, represented by BDDs.
//!
//! The [`Inputs`] define the variables. The checker's variables encode all subjects; the studio's encode the changes
//! of one subject or the subjects of two versions.

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
use crate::util::sort;
use hashbrown::{HashMap, HashSet};

/// Why an analysis has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnalysisError {
    /// It exceeds a limit.
    TooLarge,
    /// It depends on a requirement with a fault, or on a cycle.
    Faulty,
}

impl From<TooLarge> for AnalysisError {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

/// The result of an analysis.
pub type Answer<T> = Result<T, AnalysisError>;

/// What the symbolic evaluation reads: the requirements and their topological order.
#[derive(Clone, Copy)]
pub struct ResolvedPolicy<'a> {
    /// The document.
    pub document: &'a Document,
    /// The resolved requirements.
    pub exprs: &'a ResolvedExprs,
    /// The position of each step in the topological order; `None` for steps on a cycle or dependent on one.
    pub positions: &'a PerStep<Option<usize>>,
    /// The comparisons with numbers.
    pub comparisons: &'a Comparisons,
}

/// The inputs of decisions, as functions of the BDD variables.
pub trait Inputs {
    /// Whether a part of a fact is true.
    ///
    /// # Errors
    /// [`AnalysisError`] if a limit is exceeded, or something that is read is faulty.
    fn fact(&mut self, bdds: &mut BddManager, fact: usize, part: Part) -> Answer<Ternary>;

    /// Whether a part of a privilege is granted, by the subject's own grants and roles together.
    ///
    /// # Errors
    /// [`AnalysisError`] if a limit is exceeded, or something that is read is faulty.
    fn granted(&mut self, bdds: &mut BddManager, privilege: usize, part: Part) -> Answer<Ternary>;

    /// Subtracts steps from a budget, if there is one.
    ///
    /// # Errors
    /// [`TooLarge`] if the budget is exceeded.
    fn spend(&self, steps: usize) -> Result<(), TooLarge>;
}

/// Builds the functions of decisions. The functions of steps are cached.
pub struct Symbolic<'a, I> {
    /// The manager of all functions.
    pub bdds: BddManager,
    /// The inputs.
    pub inputs: I,
    cache: StepCache<'a>,
}

/// The cache of decided steps: for each, its parts and their functions.
struct StepCache<'a> {
    resolved: ResolvedPolicy<'a>,
    steps: HashMap<DecisionStep, Vec<(Part, Ternary)>>,
}

impl<'a, I: Inputs> Symbolic<'a, I> {
    /// An evaluation with an empty cache. `bdds` may have functions of an earlier evaluation with the same variables.
    pub fn new(resolved: ResolvedPolicy<'a>, bdds: BddManager, inputs: I) -> Self {
        Self { bdds, inputs, cache: StepCache { resolved, steps: HashMap::new() } }
    }

    /// Clears the cache after the inputs have changed. Functions built before stay valid and comparable.
    pub(super) fn clear_cache(&mut self) {
        self.cache.steps.clear();
    }

    /// The decision of an operation.
    ///
    /// # Errors
    /// [`AnalysisError`] if a limit is exceeded, or something that is read is faulty.
    pub fn operation(&mut self, operation: usize) -> Answer<Ternary> {
        self.formula(&Formula::Atom(Atom::Allowed(operation)))
    }

    /// The function of a formula. The steps that it reads are decided first, in topological order, so that long chains
    /// cannot overflow the stack.
    ///
    /// # Errors
    /// [`AnalysisError`] if a limit is exceeded, or something that is read is faulty.
    pub fn formula(&mut self, formula: &Formula) -> Answer<Ternary> {
        let found = self.cache.formula(&mut self.inputs, &mut self.bdds, formula);
        // The steps of a search that failed count, too.
        self.settle().and(found)
    }

    /// Subtracts the steps of functions that were built directly from the budget.
    ///
    /// # Errors
    /// [`AnalysisError::TooLarge`] if it is exceeded.
    pub fn settle(&mut self) -> Answer<()> {
        let steps = self.bdds.take_steps();
        Ok(self.inputs.spend(steps)?)
    }
}

impl StepCache<'_> {
    fn formula(&mut self, inputs: &mut dyn Inputs, bdds: &mut BddManager, formula: &Formula) -> Answer<Ternary> {
        let (mut needed, mut seen) = (Vec::new(), HashSet::new());
        let mut pending = self.read(formula);
        while let Some(step) = pending.pop() {
            let position = self.resolved.positions.get(step).copied().flatten().ok_or(AnalysisError::Faulty)?;
            if !self.steps.contains_key(&step) && seen.insert(position) {
                inputs.spend(1)?;
                let parts = self.parts(step)?;
                for (_, formula) in &parts {
                    pending.extend(self.read(formula));
                }
                needed.push((position, step, parts));
            }
        }
        sort::sort_by_key(&mut needed, |(position, ..)| *position);
        for (_, step, parts) in needed {
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

    /// The parts of a step that the policy reads, each with its requirement.
    fn parts(&self, step: DecisionStep) -> Answer<Vec<(Part, Formula)>> {
        let ResolvedPolicy { document, exprs, comparisons, .. } = self.resolved;
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

    /// The steps that a formula reads directly.
    fn read(&self, formula: &Formula) -> Vec<DecisionStep> {
        let mut steps = Vec::new();
        formula.atoms(&mut |atom, _| steps.extend(step(self.resolved.document, atom)));
        steps
    }

    fn evaluate(&self, inputs: &mut dyn Inputs, bdds: &mut BddManager, formula: &Formula) -> Answer<Ternary> {
        let (document, decided) = (self.resolved.document, &self.steps);
        let decided = |atom: Atom| {
            let part = if let Atom::Effective(_, part) = atom { part } else { Part::Whole };
            let step = step(document, atom).and_then(|step| decided.get(&step));
            let found = step.and_then(|parts| parts.iter().find(|(known, _)| *known == part));
            found.map(|(_, pair)| *pair).ok_or(AnalysisError::Faulty)
        };
        evaluate(inputs, bdds, &decided, formula)
    }
}

/// The function of a formula that reads facts only, as a role's `when` does.
///
/// # Errors
/// [`AnalysisError`] if a limit is exceeded, or something that is read is faulty.
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
