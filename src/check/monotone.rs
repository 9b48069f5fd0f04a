//! A fast path for monotone formulas: they are contingent (neither always true nor always false), so they need no BDD.
//!
//! A formula without negations and constants over independent inputs is true if all inputs are true and false if none
//! is. Nearly all requirements have this form, even at the end of long dependency chains. The analysis builds BDDs only
//! for the others.

use super::decision_step::{DecisionStep, PerStep, step};
use super::formula::{Atom, Formula, Part};
use super::resolved_exprs::ResolvedExprs;
use crate::document::Document;
use crate::model::Comparison;
use crate::model::{FactKind, PrivilegeKind};

/// Which steps are contingent by this rule. `steps` is in topological order, so each step is decided from those that it
/// reads. False means unknown. O(document).
pub(super) fn contingent_steps(document: &Document, exprs: &ResolvedExprs, steps: &[DecisionStep]) -> PerStep<bool> {
    let mut known = PerStep::new(document, false);
    for &decided in steps {
        let formula = exprs.of_step(document, decided);
        // The effect of a privilege without `requires` equals its grant, which is an input.
        let unconditional =
            matches!((&formula, decided), (Some(formula), DecisionStep::Effect(..)) if is_true(formula));
        if unconditional || formula.is_some_and(|formula| is_contingent(document, &formula, &known)) {
            known.set(decided, true);
        }
    }
    known
}

/// Whether a formula is contingent by this rule, if the steps in `known` are.
pub(super) fn is_contingent(document: &Document, formula: &Formula, known: &PerStep<bool>) -> bool {
    match formula {
        Formula::All(parts) | Formula::Any(parts) => {
            let mut parts =
                parts.iter().filter(|part| !(matches!(formula, Formula::All(_)) && is_true(part))).peekable();
            parts.peek().is_some() && parts.all(|part| is_contingent(document, part, known))
        }
        Formula::Not(_) => false,
        Formula::Atom(atom) => {
            is_independent(document, *atom) && step(document, *atom).is_none_or(|step| known.get(step) == Some(&true))
        }
    }
}

fn is_true(formula: &Formula) -> bool {
    matches!(formula, Formula::All(parts) if parts.iter().all(is_true))
}

/// Whether an atom can be true or false whatever the other independent atoms are. Options of a choice are not: they
/// exclude each other. Upper bounds of numbers are not: they exclude lower bounds.
fn is_independent(document: &Document, atom: Atom) -> bool {
    match atom {
        Atom::Allowed(_) => true,
        Atom::Fact(fact, part) => match (document.facts.get(fact).map(|fact| fact.kind), part) {
            (Some(FactKind::Switch), _) => true,
            (Some(FactKind::Number), Part::Compared(Comparison::AtLeast(bound))) => bound > 0,
            // A known fact has at least its first level.
            (Some(FactKind::Level), Part::Value(level)) => level > 0,
            _ => false,
        },
        Atom::Effective(privilege, part) => match (document.privileges.get(privilege), part) {
            (Some(it), Part::Compared(Comparison::AtLeast(bound))) => bound <= it.range().1,
            (Some(it), Part::Whole) => matches!(it.kind, PrivilegeKind::Flag | PrivilegeKind::Number),
            (Some(it), Part::Value(_)) => matches!(it.kind, PrivilegeKind::Level | PrivilegeKind::Set),
            _ => false,
        },
    }
}
