//! Restricting privileges: removing one can make a requirement true, or granting one can make an obligation owed. This is
//! decided by the polarity of atoms, not by the meaning of requirements.

use super::contradictions;
use super::formula::{Atom, Formula, parts};
use super::resolved_exprs::ResolvedExprs;
use crate::diagnostic::{Code, Findings};
use crate::document::Document;
use crate::source::ROOT;
use std::collections::BTreeSet;

/// Whether each privilege is restricting, by index. Reports restricting privileges that have `requires`, but not those
/// that only a contradiction makes so, such as `refund and not refund`: the contradiction is what is wrong, and the
/// analyses report it at its place. O(document); with such reports, O(document²).
pub(super) fn find(document: &Document, exprs: &ResolvedExprs, findings: &mut Findings) -> Vec<bool> {
    let restricting = restricting(document, exprs, false);
    let mut without_contradictions = None;
    for (index, (at, privilege)) in document.privileges.at(ROOT, "privileges").enumerate() {
        if !restricting.contains(&index) {
            continue;
        }
        let levels = privilege.levels.at(&at, "levels").filter(|(_, level)| level.requires.is_some());
        let own = privilege.requires.is_some().then_some(at);
        for at in own.into_iter().chain(levels.map(|(at, _)| at)) {
            if !without_contradictions.get_or_insert_with(|| self::restricting(document, exprs, true)).contains(&index)
            {
                break;
            }
            let message = format!("restricting privilege `{}` has `requires`", privilege.id);
            let help = "remove `requires`: while it does not hold, the restriction would have no effect".into();
            findings.add(Code::RestrictingRequires, &at.at("requires"), message, Some(help));
        }
    }
    (0..document.privileges.len()).map(|index| restricting.contains(&index)).collect()
}

/// The restricting privileges; without what contradictions read if `ignores_contradictions`.
fn restricting(document: &Document, exprs: &ResolvedExprs, ignores_contradictions: bool) -> BTreeSet<usize> {
    let (restricting, visited) = (BTreeSet::new(), BTreeSet::new());
    let mut search = Search { document, exprs, ignores_contradictions, restricting, visited };
    for (index, operation) in document.operations.iter().enumerate() {
        search.visit(exprs.operation(document, index), true);
        for obligation in 0..operation.obligations.len() {
            search.visit(exprs.obligation(document, index, obligation), false);
        }
    }
    for index in 0..document.privileges.len() {
        for part in parts(document, index) {
            search.visit(exprs.requirement(document, index, part), true);
        }
    }
    search.restricting
}

/// The state of the search for restricting privileges.
struct Search<'a> {
    document: &'a Document,
    exprs: &'a ResolvedExprs,
    ignores_contradictions: bool,
    restricting: BTreeSet<usize>,
    /// The operations that were visited, each with the polarity that was searched for in them.
    visited: BTreeSet<(usize, bool)>,
}

impl Search<'_> {
    /// Marks the privileges that have the polarity `negative` in a formula, or in an operation that it reads. Each
    /// operation is visited at most once for each polarity. A work list replaces recursion, so that long chains cannot
    /// overflow the stack.
    fn visit(&mut self, formula: Option<Formula>, negative: bool) {
        let mut pending: Vec<(Formula, bool)> = formula.map(|formula| (formula, negative)).into_iter().collect();
        while let Some((formula, wanted)) = pending.pop() {
            let formula =
                if self.ignores_contradictions { contradictions::removed(self.document, &formula) } else { formula };
            formula.atoms(&mut |atom, is_negative| match atom {
                Atom::Effective(privilege, _) if is_negative == wanted => {
                    self.restricting.insert(privilege);
                }
                // A negated operation inverts the polarity of what it reads.
                Atom::Allowed(operation) if self.visited.insert((operation, wanted != is_negative)) => {
                    let formula = self.exprs.operation(self.document, operation);
                    pending.extend(formula.map(|formula| (formula, wanted != is_negative)));
                }
                _ => {}
            });
        }
    }
}
