//! Absent values: what a fact is when nobody gives it must open nothing.

use super::decision_step::DecisionStep;
use super::formula::{Atom, Formula};
use super::model::Model;
use super::symbolic::{AllSubjects, AnalysisError, Symbolic};
use crate::bdd::Bdd;
use crate::diagnostic::{Code, Findings};
use crate::document::{Fact, Operation};
use crate::model::{FactKind, validate};
use crate::source::ROOT;
use std::collections::BTreeSet;

/// Facts whose `absent` value opens something, or leaves something not owed, that another value would not.
pub(super) fn absent(model: &Model, findings: &mut Findings) {
    for (index, (at, fact)) in model.document.facts.at(ROOT, "facts").enumerate() {
        let Some(value) = &fact.absent else { continue };
        let Ok(absent) = validate::fact(&fact.id, fact.kind, &fact.values(), value) else { continue };
        let at = at.at("absent");
        let others: Vec<u32> = values(model, index, fact).into_iter().filter(|other| *other != absent).collect();
        let resting = model.resting_on_fact(index);
        for (operation, declared) in model.document.operations.iter().enumerate().filter(|(it, _)| resting.contains(it))
        {
            match opens(model, operation, index, absent, &others) {
                Ok(None) | Err(AnalysisError::Faulty) => continue,
                Ok(Some(opening)) => {
                    let (shown, id) = (value.shown(), &declared.id);
                    let message = match opening {
                        Opening::Allowed => {
                            format!("`{}` absent as `{shown}` opens `{id}`, which another value would not", fact.id)
                        }
                        Opening::NotOwed(owed) => {
                            let owed = declared.obligations.get(owed).map_or("", |owed| &*owed.id);
                            let fact = &fact.id;
                            format!(
                                "`{fact}` absent as `{shown}` lifts `{owed}` from `{id}`, which another value would not"
                            )
                        }
                    };
                    let help = "leave `absent` out, or give the value that opens least".into();
                    findings.add(Code::AbsentOpens, &at, message, Some(help));
                }
                Err(AnalysisError::TooLarge) => {
                    let message = format!("too large to prove that `{}` absent opens nothing", fact.id);
                    findings.add(Code::AbsentOpens, &at, message, Some("leave `absent` out".into()));
                }
            }
            break;
        }
    }
}

/// A value of a fact for each way in which the policy can tell its values apart.
fn values(model: &Model, index: usize, fact: &Fact) -> BTreeSet<u32> {
    match fact.kind {
        FactKind::Switch => [0, 1].into_iter().collect(),
        FactKind::Choice => (0_u32..).zip(&*fact.options).map(|(option, _)| option).collect(),
        FactKind::Number => {
            let bounds = model.comparisons.fact_bounds(index);
            [0, u32::MAX]
                .into_iter()
                .chain(bounds.iter().copied())
                .chain(bounds.iter().map(|it| it.saturating_sub(1)))
                .collect()
        }
    }
}

/// What a value of a fact gives that another does not.
enum Opening {
    /// The operation is allowed.
    Allowed,
    /// The obligation at this index is not owed.
    NotOwed(usize),
}

/// Whether some subject is allowed more, or owes less, with one value of a fact than with one of the others.
fn opens(
    model: &Model,
    operation: usize,
    fact: usize,
    absent: u32,
    others: &[u32],
) -> Result<Option<Opening>, AnalysisError> {
    let mut symbolic = Symbolic::of_everybody(model, true);
    let owed: Vec<Formula> = (0..model.document.operations.get(operation).map_or(0, |it| it.obligations.len()))
        .filter_map(|obligation| model.exprs.obligation(model.document, operation, obligation))
        .collect();
    let decide = |symbolic: &mut Symbolic<AllSubjects>, value| {
        symbolic.assume(Some((fact, value)));
        let allowed = symbolic.operation(operation)?.yes;
        let free: Vec<Bdd> =
            owed.iter().map(|owed| Ok(symbolic.formula(owed)?.no)).collect::<Result<_, AnalysisError>>()?;
        Ok::<_, AnalysisError>((allowed, free))
    };
    let (allowed, free) = decide(&mut symbolic, absent)?;
    if !symbolic.inputs.reads_fact(fact) {
        return Ok(None);
    }
    for other in others {
        let (other_allowed, other_free) = decide(&mut symbolic, *other)?;
        let bdds = &mut symbolic.bdds;
        if bdds.and_not(allowed, other_allowed)? != Bdd::FALSE {
            return Ok(Some(Opening::Allowed));
        }
        for (index, (free, other_free)) in free.iter().zip(other_free).enumerate() {
            let less = bdds.and_not(*free, other_free)?;
            let both = bdds.and(allowed, other_allowed)?;
            if bdds.and(both, less)? != Bdd::FALSE {
                return Ok(Some(Opening::NotOwed(index)));
            }
        }
    }
    Ok(None)
}

impl Model<'_> {
    /// The operations whose decision or obligations rest on a fact, also through roles that it assumes.
    fn resting_on_fact(&self, fact: usize) -> BTreeSet<usize> {
        let (document, exprs) = (self.document, self.exprs);
        let reads = |formula: &Formula| {
            let mut found = false;
            formula.atoms(&mut |atom, _| found |= matches!(atom, Atom::Fact(it, _) if it == fact));
            found
        };
        let assumed = document.roles.iter().enumerate();
        let assumed = assumed.filter(|(role, _)| exprs.when(document, *role).is_some_and(|when| reads(&when)));
        let granted: BTreeSet<&str> = assumed.flat_map(|(_, role)| role.grants.keys().map(|id| &**id)).collect();
        let is_granted = |step: &DecisionStep| match *step {
            DecisionStep::Operation(_) => false,
            DecisionStep::Effect(privilege, _) => {
                document.privileges.get(privilege).is_some_and(|it| granted.contains(&*it.id))
            }
        };
        let step_reads = |step: &DecisionStep| {
            is_granted(step) || exprs.of_step(document, *step).is_some_and(|formula| reads(&formula))
        };
        let resting = self.resting_on(self.order.steps.iter().copied().filter(step_reads));
        let owed_rests = |operation: usize, obligation: usize| {
            let mut found = false;
            if let Some(formula) = exprs.obligation(document, operation, obligation) {
                formula.atoms(&mut |atom, _| {
                    found |= matches!(atom, Atom::Fact(it, _) if it == fact);
                    found |= self.step(atom).is_some_and(|step| resting.contains(&step));
                });
            }
            found
        };
        let rests = |(index, operation): (usize, &Operation)| {
            let owed = (0..operation.obligations.len()).any(|obligation| owed_rests(index, obligation));
            (owed || resting.contains(&DecisionStep::Operation(index))).then_some(index)
        };
        document.operations.iter().enumerate().filter_map(rests).collect()
    }
}
