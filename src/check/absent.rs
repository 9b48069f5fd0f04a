//! Proves that the `absent` value of a fact fails closed: it never allows an operation that another value would deny,
//! and never removes an obligation that another value would leave.

use super::decision_step::DecisionStep;
use super::formula::{Atom, Formula};
use super::input::AnalysisInput;
use super::symbolic::{AllSubjects, AnalysisError, Symbolic};
use crate::bdd::Bdd;
use crate::diagnostic::{Code, Findings};
use crate::document::{Fact, Operation};
use crate::model::{FactKind, validate};
use crate::source::ROOT;
use crate::util::collect_set;
use std::collections::BTreeSet;

/// Reports each fact whose `absent` value allows an operation, or removes an obligation, that another value would not,
/// and each fact for which the proof exceeds the limits. At most one diagnostic for each fact.
pub(super) fn check(input: &AnalysisInput, findings: &mut Findings) {
    for (index, (at, fact)) in input.document.facts.at(ROOT, "facts").enumerate() {
        let Some(value) = &fact.absent else { continue };
        let Ok(absent) = validate::fact(&fact.id, fact.kind, &fact.values(), value) else { continue };
        let at = at.at("absent");
        let others: Vec<u32> =
            representatives(input, index, fact).into_iter().filter(|other| *other != absent).collect();
        let dependent = input.operations_depending_on_fact(index);
        for (operation, declared) in
            input.document.operations.iter().enumerate().filter(|(it, _)| dependent.contains(it))
        {
            match difference(input, operation, index, absent, &others) {
                Ok(None) | Err(AnalysisError::Faulty) => continue,
                Ok(Some(difference)) => {
                    let (fact, shown, id) = (&fact.id, value.shown(), &declared.id);
                    let effect = match difference {
                        Difference::Allowed => format!("allows `{id}`"),
                        Difference::NotOwed(obligation) => {
                            let obligation = declared.obligations.get(obligation).map_or("", |it| &*it.id);
                            format!("removes obligation `{obligation}` of `{id}`")
                        }
                    };
                    let message =
                        format!("the `absent` value `{shown}` of fact `{fact}` {effect}, where another value does not");
                    let help = "remove `absent`, or use the value that allows least".into();
                    findings.add(Code::AbsentOpens, &at, message, Some(help));
                }
                Err(AnalysisError::TooLarge) => {
                    let message = format!(
                        "the analysis is too large to prove that the `absent` value of fact `{}` allows nothing more",
                        fact.id
                    );
                    findings.add(Code::AbsentOpens, &at, message, Some("remove `absent`".into()));
                }
            }
            break;
        }
    }
}

/// One value of a fact from each class of values that the policy does not distinguish.
fn representatives(input: &AnalysisInput, index: usize, fact: &Fact) -> BTreeSet<u32> {
    match fact.kind {
        FactKind::Switch => collect_set([0, 1]),
        FactKind::Level => collect_set((1_u32..).zip(&*fact.levels).map(|(rank, _)| rank)),
        FactKind::Choice => collect_set((0_u32..).zip(&*fact.options).map(|(option, _)| option)),
        FactKind::Number => {
            let bounds = input.comparisons.fact_bounds(index);
            collect_set(
                [0, u32::MAX]
                    .into_iter()
                    .chain(bounds.iter().copied())
                    .chain(bounds.iter().map(|it| it.saturating_sub(1))),
            )
        }
    }
}

/// What a subject has with one value of a fact and not with another.
enum Difference {
    /// The operation is allowed only with the first value.
    Allowed,
    /// The obligation at this index is owed only with the other value.
    NotOwed(usize),
}

/// Whether there is a subject for which `operation` is allowed with the `absent` value and not with another one, or for
/// which it is allowed with both and an obligation is owed only with the other one.
fn difference(
    input: &AnalysisInput,
    operation: usize,
    fact: usize,
    absent: u32,
    others: &[u32],
) -> Result<Option<Difference>, AnalysisError> {
    let mut symbolic = Symbolic::over_all_subjects(input, true);
    let owed: Vec<Formula> = (0..input.document.operations.get(operation).map_or(0, |it| it.obligations.len()))
        .filter_map(|obligation| input.exprs.obligation(input.document, operation, obligation))
        .collect();
    let decide = |symbolic: &mut Symbolic<AllSubjects>, value| {
        symbolic.fix_fact(Some((fact, value)));
        let allowed = symbolic.operation(operation)?.yes;
        let not_owed: Vec<Bdd> =
            owed.iter().map(|owed| Ok(symbolic.formula(owed)?.no)).collect::<Result<_, AnalysisError>>()?;
        Ok::<_, AnalysisError>((allowed, not_owed))
    };
    let (allowed, not_owed) = decide(&mut symbolic, absent)?;
    if !symbolic.inputs.reads_fact(fact) {
        return Ok(None);
    }
    for other in others {
        let (other_allowed, other_not_owed) = decide(&mut symbolic, *other)?;
        let bdds = &mut symbolic.bdds;
        if bdds.and_not(allowed, other_allowed)? != Bdd::FALSE {
            return Ok(Some(Difference::Allowed));
        }
        for (index, (not_owed, other_not_owed)) in not_owed.iter().zip(other_not_owed).enumerate() {
            let less = bdds.and_not(*not_owed, other_not_owed)?;
            let both = bdds.and(allowed, other_allowed)?;
            if bdds.and(both, less)? != Bdd::FALSE {
                return Ok(Some(Difference::NotOwed(index)));
            }
        }
    }
    Ok(None)
}

impl AnalysisInput<'_> {
    /// The operations whose decision or obligations depend on a fact, directly or through roles whose `when` reads it.
    fn operations_depending_on_fact(&self, fact: usize) -> BTreeSet<usize> {
        let (document, exprs) = (self.document, self.exprs);
        let reads = |formula: &Formula| {
            let mut found = false;
            formula.atoms(&mut |atom, _| found |= matches!(atom, Atom::Fact(it, _) if it == fact));
            found
        };
        let conditional = exprs.grants.iter().enumerate();
        let conditional = conditional.filter(|(role, _)| exprs.when(document, *role).is_some_and(|when| reads(&when)));
        let granted = collect_set(conditional.flat_map(|(_, grants)| grants.keys().map(|id| &**id)));
        let is_granted = |step: &DecisionStep| match *step {
            DecisionStep::Operation(_) => false,
            DecisionStep::Effect(privilege, _) => {
                document.privileges.get(privilege).is_some_and(|it| granted.contains(&*it.id))
            }
        };
        let step_reads = |step: &DecisionStep| {
            is_granted(step) || exprs.of_step(document, *step).is_some_and(|formula| reads(&formula))
        };
        let dependent = self.dependents_of(self.order.steps.iter().copied().filter(step_reads));
        let obligation_depends = |operation: usize, obligation: usize| {
            let mut found = false;
            if let Some(formula) = exprs.obligation(document, operation, obligation) {
                formula.atoms(&mut |atom, _| {
                    found |= matches!(atom, Atom::Fact(it, _) if it == fact);
                    found |= self.step(atom).is_some_and(|step| dependent.contains(&step));
                });
            }
            found
        };
        let depends = |(index, operation): (usize, &Operation)| {
            let owed = (0..operation.obligations.len()).any(|obligation| obligation_depends(index, obligation));
            (owed || dependent.contains(&DecisionStep::Operation(index))).then_some(index)
        };
        document.operations.iter().enumerate().filter_map(depends).collect()
    }
}
