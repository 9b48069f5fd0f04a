//! Contradictions: conjunctions that demand a test and its opposite, such as `refund and not refund`. They are found by
//! structure, so that a message can name the two parts; the analyses find every other requirement that never holds.

use super::formula::{Atom, Formula, Part};
use super::resolved_expr::{ResolvedExpr, ResolvedExprKind};
use crate::document::Document;
use crate::model::PrivilegeKind;
use std::collections::BTreeMap;
use std::ops::Range;

/// The byte ranges of two parts of a conjunction that contradict each other, in the order of the text. O(n log n).
pub(super) fn pair(document: &Document, expr: &ResolvedExpr) -> Option<(Range<usize>, Range<usize>)> {
    let mut literals = Vec::new();
    let mut pending = vec![expr];
    while let Some(part) = pending.pop() {
        match &part.kind {
            ResolvedExprKind::All(parts) => pending.extend(parts.iter().rev()),
            _ => literals.extend(literal(&Formula::of(document, part), true).map(|it| (it, part.span.clone()))),
        }
    }
    let (first, second) = contradiction(document, literals)?;
    Some(if first.start < second.start { (first, second) } else { (second, first) })
}

/// The two parts of a requirement that contradict each other, as a clause of a message. O(n log n).
pub(super) fn described(document: &Document, requirement: &str, expr: &ResolvedExpr) -> Option<String> {
    let (first, second) = pair(document, expr)?;
    let (first, second) = (requirement.get(first)?, requirement.get(second)?);
    Some(format!("`{first}` and `{second}` contradict each other"))
}

/// The formula with `false` in place of each contradiction, and `true` in place of each disjunction of a test and its
/// opposite. It holds for the same subjects. O(n log n) for each level of nesting.
pub(super) fn removed(document: &Document, formula: &Formula) -> Formula {
    let is_constant = |parts: &[Formula], all: bool| {
        let mut literals = Vec::new();
        collect(parts, all, &mut literals);
        contradiction(document, literals.into_iter().map(|literal| (literal, ())).collect()).is_some()
    };
    let each = |parts: &[Formula]| parts.iter().map(|part| removed(document, part)).collect();
    match formula {
        Formula::All(parts) if is_constant(parts, true) => Formula::Any(Vec::new()),
        Formula::Any(parts) if is_constant(parts, false) => Formula::All(Vec::new()),
        Formula::All(parts) => Formula::All(each(parts)),
        Formula::Any(parts) => Formula::Any(each(parts)),
        Formula::Not(inner) => !removed(document, inner),
        Formula::Atom(atom) => Formula::Atom(*atom),
    }
}

/// An atom, and whether it is demanded to be true. Otherwise it is demanded to be false.
type Literal = (Atom, bool);

/// The literals of a conjunction with those of nested conjunctions; the opposites of those of a disjunction if not `all`.
fn collect(parts: &[Formula], all: bool, found: &mut Vec<Literal>) {
    for part in parts {
        match part {
            Formula::All(parts) if all => collect(parts, all, found),
            Formula::Any(parts) if !all => collect(parts, all, found),
            other => found.extend(literal(other, all)),
        }
    }
}

fn literal(formula: &Formula, wanted: bool) -> Option<Literal> {
    match formula {
        Formula::Atom(atom) => Some((*atom, wanted)),
        Formula::Not(inner) => literal(inner, !wanted),
        _ => None,
    }
}

/// Two literals that no subject has both, by what is stored with them: an atom and its opposite, or a level and the
/// opposite of a lower one.
fn contradiction<T>(document: &Document, literals: Vec<(Literal, T)>) -> Option<(T, T)> {
    let (mut demanded, mut refused) = (Vec::new(), BTreeMap::new());
    for ((atom, wanted), place) in literals {
        if wanted {
            demanded.push((atom, place));
        } else {
            refused.entry(atom).or_insert(place);
        }
    }
    demanded.into_iter().find_map(|(atom, place)| {
        let (found, _) = refused.range(lowest(document, atom)..=atom).next()?;
        let found = *found;
        Some((place, refused.remove(&found)?))
    })
}

/// The first level of the privilege whose level the atom tests; for any other atom, the atom.
fn lowest(document: &Document, atom: Atom) -> Atom {
    match atom {
        Atom::Effective(privilege, Part::Value(_))
            if document.privileges.get(privilege).is_some_and(|it| it.kind == PrivilegeKind::Level) =>
        {
            Atom::Effective(privilege, Part::Value(0))
        }
        other => other,
    }
}
