//! Restricting privileges: those whose taking away can turn a test true, or whose granting can make something owed.

use super::formula::{Atom, Formula, parts};
use super::resolved_exprs::ResolvedExprs;
use crate::diagnostic::{Code, Findings};
use crate::document::Document;
use crate::source::ROOT;
use std::collections::BTreeSet;

/// For each privilege, whether it is restricting; one that is and requires something is reported.
pub(super) fn restricting(document: &Document, exprs: &ResolvedExprs, findings: &mut Findings) -> Vec<bool> {
    let mut readings = Readings { document, exprs, restricting: BTreeSet::new(), followed: BTreeSet::new() };
    for (index, operation) in document.operations.iter().enumerate() {
        readings.read(exprs.operation(document, index), true);
        for obligation in 0..operation.obligations.len() {
            readings.read(exprs.obligation(document, index, obligation), false);
        }
    }
    for index in 0..document.privileges.len() {
        for part in parts(document, index) {
            readings.read(exprs.requirement(document, index, part), true);
        }
    }
    let restricting = readings.restricting;
    for (index, (at, privilege)) in document.privileges.at(ROOT, "privileges").enumerate() {
        if !restricting.contains(&index) {
            continue;
        }
        let levels = privilege.levels.at(&at, "levels").filter(|(_, level)| level.requires.is_some());
        let own = privilege.requires.is_some().then_some(at);
        for at in own.into_iter().chain(levels.map(|(at, _)| at)) {
            let message = format!("restricting privilege `{}` requires something", privilege.id);
            let help = "where that is missing the restriction would lift itself: take `requires` away".into();
            findings.add(Code::RestrictingRequires, &at.at("requires"), message, Some(help));
        }
    }
    (0..document.privileges.len()).map(|index| restricting.contains(&index)).collect()
}

struct Readings<'a> {
    document: &'a Document,
    exprs: &'a ResolvedExprs,
    restricting: BTreeSet<usize>,
    /// Operations that were followed, with the sense in which they were.
    followed: BTreeSet<(usize, bool)>,
}

impl Readings<'_> {
    /// Reads a formula: a privilege restricts when it stands there negatively, or positively where `negative` is not
    /// what is looked for. Operations that it reads are followed, each in each sense once; the list of those still to
    /// read keeps long chains off the stack.
    fn read(&mut self, formula: Option<Formula>, negative: bool) {
        let mut waiting: Vec<(Formula, bool)> = formula.map(|formula| (formula, negative)).into_iter().collect();
        while let Some((formula, looked_for)) = waiting.pop() {
            formula.atoms(&mut |atom, is_negative| match atom {
                Atom::Effective(privilege, _) if is_negative == looked_for => {
                    self.restricting.insert(privilege);
                }
                // Inside an operation that is read negatively, what is positive counts as negative.
                Atom::Allowed(operation) if self.followed.insert((operation, looked_for != is_negative)) => {
                    let formula = self.exprs.operation(self.document, operation);
                    waiting.extend(formula.map(|formula| (formula, looked_for != is_negative)));
                }
                _ => {}
            });
        }
    }
}
