//! The decision of an operation as a function of everything that a subject may hold: what the exact questions of the
//! checker are asked of.
//!
//! A function is a pair: where it is known to hold, and where it is known not to. Each fact that may be unknown has a
//! variable "is known" besides those of its value.

mod inputs;

use super::formula::{Atom, Formula, Part};
use super::order::Step;
use super::{Model, formula};
use crate::ground::PrivilegeKind;
use crate::logic::{Diagram, Diagrams, TooLarge, VARIABLES};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// Where something is known to hold, and where it is known not to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) yes: Diagram,
    pub(super) no: Diagram,
}

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unanswered {
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

type Answer<T> = Result<T, Unanswered>;

/// Whose value a variable is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Variable {
    /// The fact is known.
    Known(usize),
    /// Part of a fact's value.
    Fact(usize, u32),
    /// Part of the subject's own value of a privilege; for flags, levels and sets of whatever it is granted.
    Own(usize, u32),
    /// Part of the value that listed roles give a choice or number.
    Listed(usize, u32),
}

/// Builds the functions of one question.
pub(super) struct Symbolic<'a> {
    model: &'a Model<'a>,
    pub(super) diagrams: Diagrams,
    variables: BTreeMap<Variable, u32>,
    decided: BTreeMap<Step, BTreeMap<Part, Pair>>,
    /// Whether facts may be unknown.
    unknowns: bool,
    /// A fact whose value is given.
    pub(super) assumed: Option<(usize, u32)>,
}

const YES: Pair = Pair { yes: Diagram::YES, no: Diagram::NO };
const NO: Pair = Pair { yes: Diagram::NO, no: Diagram::YES };

impl<'a> Symbolic<'a> {
    pub(super) fn new(model: &'a Model<'a>, unknowns: bool) -> Self {
        Self {
            model,
            diagrams: Diagrams::default(),
            variables: BTreeMap::new(),
            decided: BTreeMap::new(),
            unknowns,
            assumed: None,
        }
    }

    /// Assumes a value of a fact, or none, from here on. Functions of before stay comparable.
    pub(super) fn assume(&mut self, fact: Option<(usize, u32)>) {
        self.assumed = fact;
        self.decided.clear();
    }

    /// The decision on an operation.
    pub(super) fn operation(&mut self, operation: usize) -> Answer<Pair> {
        self.formula(&Formula::Atom(Atom::Allowed(operation)))
    }

    /// Any formula. What it reads is decided first, in order, so that long chains stay off the stack.
    pub(super) fn formula(&mut self, formula: &Formula) -> Answer<Pair> {
        let mut needed = BTreeSet::new();
        let mut waiting = self.steps(formula);
        while let Some(step) = waiting.pop() {
            if self.model.order.stuck.contains(&step) {
                return Err(Unanswered::Faulty);
            }
            if !self.decided.contains_key(&step) && needed.insert((self.model.position(step), step)) {
                for (_, formula) in self.parts(step)? {
                    waiting.extend(self.steps(&formula));
                }
            }
        }
        for (_, step) in needed {
            let mut decided = BTreeMap::new();
            for (part, formula) in self.parts(step)? {
                let requirement = self.evaluate(&formula)?;
                let granted = match step {
                    Step::Operation(_) => YES,
                    Step::Effect(privilege, _) => self.granted(privilege, part)?,
                };
                decided.insert(part, self.and(granted, requirement)?);
            }
            self.decided.insert(step, decided);
        }
        self.evaluate(formula)
    }

    /// The parts of a step that the policy reads, each with what it requires.
    fn parts(&self, step: Step) -> Answer<Vec<(Part, Formula)>> {
        let (document, trees) = (self.model.document, self.model.trees);
        let Step::Effect(privilege, level) = step else {
            let Step::Operation(operation) = step else { return Err(Unanswered::Faulty) };
            let formula = trees.operation(document, operation).ok_or(Unanswered::Faulty)?;
            return Ok(alloc::vec![(Part::Whole, formula)]);
        };
        let declared = document.privileges.get(privilege).ok_or(Unanswered::Faulty)?;
        let parts = match declared.kind {
            PrivilegeKind::Level => alloc::vec![Part::Value(level)],
            PrivilegeKind::Number => {
                let compared = self.model.comparisons.privileges.get(privilege).into_iter().flatten();
                let compared = compared.map(|comparison| Part::Compared(*comparison));
                [Part::Whole].into_iter().chain(compared).collect()
            }
            _ => formula::parts(document, privilege),
        };
        let requirement = |part| trees.requirement(document, privilege, part).ok_or(Unanswered::Faulty);
        parts.into_iter().map(|part| Ok((part, requirement(part)?))).collect()
    }

    /// The steps that a formula reads.
    fn steps(&self, formula: &Formula) -> Vec<Step> {
        let mut steps = Vec::new();
        formula.atoms(&mut |atom, _| steps.extend(self.model.step(atom)));
        steps
    }

    fn evaluate(&mut self, formula: &Formula) -> Answer<Pair> {
        self.model.spend(1 + self.diagrams.take_steps())?;
        match formula {
            Formula::All(parts) => parts.iter().try_fold(YES, |all, part| {
                let part = self.evaluate(part)?;
                self.and(all, part)
            }),
            Formula::Any(parts) => parts.iter().try_fold(NO, |any, part| {
                let part = self.evaluate(part)?;
                self.or(any, part)
            }),
            Formula::Not(inner) => self.evaluate(inner).map(|Pair { yes, no }| Pair { yes: no, no: yes }),
            Formula::Atom(Atom::Fact(fact, part)) => self.fact(*fact, *part),
            Formula::Atom(atom @ Atom::Effective(_, part)) => self.decided(*atom, *part),
            Formula::Atom(atom @ Atom::Allowed(_)) => self.decided(*atom, Part::Whole),
        }
    }

    fn decided(&self, atom: Atom, part: Part) -> Answer<Pair> {
        let step = self.model.step(atom).and_then(|step| self.decided.get(&step));
        step.and_then(|parts| parts.get(&part)).copied().ok_or(Unanswered::Faulty)
    }

    fn and(&mut self, a: Pair, b: Pair) -> Answer<Pair> {
        Ok(Pair { yes: self.diagrams.and(a.yes, b.yes)?, no: self.diagrams.or(a.no, b.no)? })
    }

    fn or(&mut self, a: Pair, b: Pair) -> Answer<Pair> {
        Ok(Pair { yes: self.diagrams.or(a.yes, b.yes)?, no: self.diagrams.and(a.no, b.no)? })
    }

    fn known(&mut self, yes: Diagram) -> Answer<Pair> {
        Ok(Pair { yes, no: self.diagrams.not(yes)? })
    }

    /// A variable. Later ones stand above earlier ones in the diagrams: what a requirement adds to the dependencies that
    /// were decided before it then goes on top of their diagram, rather than through all of it.
    fn variable(&mut self, variable: Variable) -> Answer<Diagram> {
        let count = u32::try_from(self.variables.len()).map_err(|_| TooLarge)?;
        let number = match self.variables.get(&variable) {
            Some(number) => *number,
            None => (VARIABLES - 1).checked_sub(count).ok_or(TooLarge)?,
        };
        self.variables.insert(variable, number);
        Ok(self.diagrams.variable(number)?)
    }

    /// The variables about the subject's own value of a privilege.
    pub(super) fn variables_of(&self, privilege: usize) -> Vec<u32> {
        let own =
            self.variables.iter().filter(|(variable, _)| matches!(variable, Variable::Own(it, _) if *it == privilege));
        own.map(|(_, number)| *number).collect()
    }

    /// Whether a function was built that reads the fact.
    pub(super) fn reads_fact(&self, fact: usize) -> bool {
        let of = |variable: &Variable| matches!(variable, Variable::Fact(it, _) | Variable::Known(it) if *it == fact);
        self.variables.keys().any(of)
    }
}
