//! What is plain: neither never nor always the case, to be seen without a diagram.
//!
//! A formula without negations and constants over inputs that can be had independently of one another holds for whoever
//! has all of them and for nobody who has none. Nearly all requirements are of this form, however long the chains of
//! dependencies; only the others are worth a diagram.

use super::decision_step::{DecisionStep, PerStep, step};
use super::formula::{Atom, Formula, Part};
use super::resolved_exprs::ResolvedExprs;
use crate::document::Document;
use crate::model::Comparison;
use crate::model::{FactKind, PrivilegeKind};

/// The steps that are plain, found in order, each from those that it reads. O(document).
pub(super) fn plain(document: &Document, exprs: &ResolvedExprs, steps: &[DecisionStep]) -> PerStep<bool> {
    let mut known = PerStep::new(document, false);
    for &decided in steps {
        let formula = exprs.of_step(document, decided);
        // What requires nothing is as plain as its grant.
        let free = matches!((&formula, decided), (Some(formula), DecisionStep::Effect(..)) if is_yes(formula));
        if free || formula.is_some_and(|formula| is_plain(document, &formula, &known)) {
            known.set(decided, true);
        }
    }
    known
}

/// Whether a formula is plain, by the steps that are known to be.
pub(super) fn is_plain(document: &Document, formula: &Formula, known: &PerStep<bool>) -> bool {
    match formula {
        Formula::All(parts) | Formula::Any(parts) => {
            let mut parts =
                parts.iter().filter(|part| !(matches!(formula, Formula::All(_)) && is_yes(part))).peekable();
            parts.peek().is_some() && parts.all(|part| is_plain(document, part, known))
        }
        Formula::Not(_) => false,
        Formula::Atom(atom) => {
            is_independent(document, *atom) && step(document, *atom).is_none_or(|step| known.get(step) == Some(&true))
        }
    }
}

fn is_yes(formula: &Formula) -> bool {
    matches!(formula, Formula::All(parts) if parts.iter().all(is_yes))
}

/// Whether an input can be had whatever other independent inputs are had. Options of a choice exclude one another, and a
/// number that is low cannot be high.
fn is_independent(document: &Document, atom: Atom) -> bool {
    match atom {
        Atom::Allowed(_) => true,
        Atom::Fact(fact, part) => match (document.facts.get(fact).map(|fact| fact.kind), part) {
            (Some(FactKind::Switch), _) => true,
            (Some(FactKind::Number), Part::Compared(Comparison::AtLeast(bound))) => bound > 0,
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
