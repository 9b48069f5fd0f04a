//! Proves that the `absent` value of a fact fails closed: it never allows an operation that another value would deny,
//! and never removes an obligation that another value would leave.

use super::formula::{Atom, Formula};
use super::input::AnalysisInput;
use super::polarity::{Leaving, Moves, Polarity};
use super::symbolic::{AllSubjects, AnalysisError, Symbolic};
use crate::bdd::Bdd;
use crate::diagnostic::{Code, Findings};
use crate::document::Fact;
use crate::model::{FactKind, validate};
use crate::source::ROOT;
use crate::util::collect_set;
use std::collections::BTreeSet;

/// Reports each fact whose `absent` value allows an operation, or removes an obligation, that another value would not,
/// and each fact for which the proof exceeds the limits. At most one diagnostic for each fact.
///
/// Polarity proves most facts in one pass over the document. The operations for which it does not are decided exactly.
pub(super) fn check(input: &AnalysisInput, findings: &mut Findings) {
    let facts = input.document.facts.at(ROOT, "facts").enumerate().filter_map(|(index, (at, fact))| {
        let value = fact.absent.as_ref()?;
        Some((index, (at, fact, value, validate::fact(&fact.id, fact.kind, &fact.values(), value).ok()?)))
    });
    let facts: Vec<_> = facts.collect();
    if facts.is_empty() {
        return;
    }
    let polarity = Polarity::new(input);
    let leaving: Leaving = facts.iter().map(|(index, (.., absent))| (*index, *absent)).collect();
    let suspects = may_open(input, &polarity.of_all(&leaving), 0..input.document.operations.len());
    if suspects.is_empty() {
        return;
    }
    for (index, (at, fact, value, absent)) in facts {
        let at = at.at("absent");
        // A step for each few of the operations that are looked at.
        let directions = input.spend(1 + suspects.len() / 16).and_then(|()| polarity.of_one(index, absent));
        let Ok(moves) = directions else {
            let message = format!(
                "the proofs that `absent` values allow nothing more take too many steps: that of fact `{}` is missing",
                fact.id
            );
            findings.add(Code::AbsentOpens, &at, message, Some("remove `absent`".into()));
            continue;
        };
        let suspects = may_open(input, &moves, suspects.iter().copied());
        if suspects.is_empty() {
            continue;
        }
        let others: Vec<u32> =
            representatives(input, index, fact).into_iter().filter(|other| *other != absent).collect();
        for operation in suspects {
            let Some(declared) = input.document.operations.get(operation) else { continue };
            let found = difference(input, operation, index, absent, &others);
            let (fact, shown, id) = (&fact.id, value.shown(), &declared.id);
            let (message, help) = match found {
                Ok(None) | Err(AnalysisError::Faulty) => continue,
                Ok(Some(difference)) => {
                    let effect = match difference {
                        Difference::Allowed => format!("allows `{id}`"),
                        Difference::NotOwed(obligation) => {
                            let obligation = declared.obligations.get(obligation).map_or("", |it| &*it.id);
                            format!("removes obligation `{obligation}` of `{id}`")
                        }
                    };
                    let message =
                        format!("the `absent` value `{shown}` of fact `{fact}` {effect}, where another value does not");
                    (message, "remove `absent`, or use the value that allows least")
                }
                Err(AnalysisError::TooLarge) => {
                    let message = format!(
                        "cannot prove that the `absent` value `{shown}` of fact `{fact}` allows nothing more: `{id}` reads \
                         it in more than one sense, and the analysis is too large to decide what that means"
                    );
                    (message, "remove `absent`, or read the fact so that leaving this value can only allow more")
                }
            };
            findings.add(Code::AbsentOpens, &at, message, Some(help.into()));
            break;
        }
    }
}

/// Of some operations, those that may be allowed less, or owe more, than with the `absent` values.
fn may_open(input: &AnalysisInput, moves: &Moves, operations: impl Iterator<Item = usize>) -> Vec<usize> {
    let (document, exprs) = (input.document, input.exprs);
    let is_suspect = |operation: &usize| {
        let owed = document.operations.get(*operation).map_or(0, |it| it.obligations.len());
        let mut owed = (0..owed).filter_map(|it| exprs.obligation(document, *operation, it));
        moves.of(&Formula::Atom(Atom::Allowed(*operation))).falls || owed.any(|when| moves.of(&when).rises)
    };
    operations.filter(is_suspect).collect()
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
        let opened = symbolic.bdds.and_not(allowed, other_allowed)?;
        if is_resolved(&mut symbolic, fact, [absent, *other], opened)? {
            return Ok(Some(Difference::Allowed));
        }
        for (index, (not_owed, other_not_owed)) in not_owed.iter().zip(other_not_owed).enumerate() {
            let less = symbolic.bdds.and_not(*not_owed, other_not_owed)?;
            let both = symbolic.bdds.and(allowed, other_allowed)?;
            let less = symbolic.bdds.and(both, less)?;
            if is_resolved(&mut symbolic, fact, [absent, *other], less)? {
                return Ok(Some(Difference::NotOwed(index)));
            }
        }
    }
    Ok(None)
}

/// Whether one of these subjects can be resolved with both values of a fact: no choice that is read is given different options
/// by its roles. (Of a choice that is not read, a subject may have an own option, with which roles cannot clash.)
fn is_resolved(
    symbolic: &mut Symbolic<AllSubjects>,
    fact: usize,
    values: [u32; 2],
    subjects: Bdd,
) -> Result<bool, AnalysisError> {
    let mut left = subjects;
    for choice in symbolic.inputs.choices_read() {
        for value in values {
            if left == Bdd::FALSE {
                return Ok(false);
            }
            symbolic.fix_fact(Some((fact, value)));
            let clash = symbolic.inputs.clash(&mut symbolic.bdds, choice)?;
            left = symbolic.bdds.and_not(left, clash)?;
        }
    }
    Ok(left != Bdd::FALSE)
}
