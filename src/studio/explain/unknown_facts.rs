//! The unknown facts on which an undecided decision depends.

use super::explainer::Explainer;
use super::model::TestNode;
use crate::check::{Atom, Formula, Operand, TestKind, Whose, parts};
use crate::model::Verdict;
use hashbrown::HashSet;
use std::collections::BTreeSet;

impl Explainer<'_> {
    /// Adds the unknown facts that the unknown tests of a tree depend on.
    pub(super) fn unknown_facts(&self, node: &TestNode, facts: &mut BTreeSet<String>) {
        if node.verdict != Verdict::Unknown {
            return;
        }
        if let Some(test) = &node.test {
            self.facts_of(test.whose, Formula::of_test(self.document, test), facts);
            if let TestKind::CompareSubjects(operand, _, whose, value) = test.kind {
                self.facts_of_operand(test.whose, operand, facts);
                self.facts_of_operand(whose, value, facts);
            }
        }
        node.children.iter().for_each(|child| self.unknown_facts(child, facts));
    }

    /// The unknown facts that the value of an operand depends on.
    fn facts_of_operand(&self, whose: Whose, operand: Operand, facts: &mut BTreeSet<String>) {
        match operand {
            Operand::Fact(fact) if self.evaluation(whose).session.fact(fact).is_none() => {
                facts.extend(self.document.facts.get(fact).map(|it| String::from(&*it.id)));
            }
            Operand::Fact(_) => {}
            Operand::Privilege(privilege) => {
                let parts = parts(self.document, privilege).into_iter();
                let all = parts.map(|part| Formula::Atom(operand.atom(part))).collect();
                self.facts_of(whose, Formula::Any(all), facts);
            }
        }
    }

    /// The unknown facts that a formula depends on, also through the requirements of privileges and the conditions of
    /// roles with a `when`.
    fn facts_of(&self, whose: Whose, formula: Formula, facts: &mut BTreeSet<String>) {
        let evaluation = self.evaluation(whose);
        let mut seen = HashSet::new();
        let mut pending = vec![formula];
        while let Some(formula) = pending.pop() {
            formula.atoms(&mut |atom, _| {
                if !seen.insert(atom) || evaluation.atom(atom) != Verdict::Unknown {
                    return;
                }
                match atom {
                    Atom::Fact(fact, _) => facts.extend(self.document.facts.get(fact).map(|it| String::from(&*it.id))),
                    Atom::Allowed(operation) => {
                        pending.extend(self.checked.exprs().operation(self.document, operation));
                    }
                    Atom::Effective(privilege, part) => {
                        pending.extend(self.checked.exprs().requirement(self.document, privilege, part));
                        pending.extend(self.role_conditions(privilege));
                    }
                }
            });
        }
    }

    /// The `when` of each role that grants the privilege.
    fn role_conditions(&self, privilege: usize) -> Vec<Formula> {
        let Some(declared) = self.document.privileges.get(privilege) else { return Vec::new() };
        let roles = self.checked.exprs().grants.iter().enumerate();
        let roles = roles.filter(|(_, grants)| grants.contains_key(&*declared.id));
        roles.filter_map(|(index, _)| self.checked.exprs().when(self.document, index)).collect()
    }
}
