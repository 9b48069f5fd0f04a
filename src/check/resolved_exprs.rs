//! All resolved requirements of a document, and the grants of its roles.

use super::conditions::Conditions;
use super::decision_step::DecisionStep;
use super::formula::{Atom, Formula, Part};
use super::names::Names;
use super::resolve::{Context, Resolver};
use super::resolve_conditions;
use super::resolved_expr::ResolvedExpr;
use crate::diagnostic::Findings;
use crate::document::{Document, Map, Requirement};
use crate::model::{PrivilegeKind, Value, limits};
use crate::source::{Pointer, ROOT};
use std::sync::Arc;

/// The resolved requirements and grants, by the index of the entry that they belong to. `None` is a requirement with a fault.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolvedExprs {
    /// `requires` of conditions.
    pub conditions: Vec<Option<Arc<ResolvedExpr>>>,
    /// `requires` of privileges; [`ResolvedExpr::always`] if there is none.
    pub privileges: Vec<Option<ResolvedExpr>>,
    /// `requires` of their levels; [`ResolvedExpr::always`] if there is none.
    pub levels: Vec<Vec<Option<ResolvedExpr>>>,
    /// The grants of roles, with those that they inherit.
    pub grants: Vec<Map<Value>>,
    /// `when` of roles; `Some(None)` if there is none.
    pub roles: Vec<Option<Option<ResolvedExpr>>>,
    /// `requires` of operations.
    pub operations: Vec<Option<ResolvedExpr>>,
    /// `when` of their obligations.
    pub obligations: Vec<Vec<Option<ResolvedExpr>>>,
    /// `done` of the steps of guides.
    pub guides: Vec<Vec<Option<ResolvedExpr>>>,
    /// `requires` of change rules.
    pub rules: Vec<Option<ResolvedExpr>>,
}

impl ResolvedExprs {
    /// Parses and resolves all requirements of a document and reports all faults. O(document).
    pub(super) fn resolve(document: &Document, names: &Names, findings: &mut Findings) -> Self {
        let (conditions, tests_left) = (Conditions::default(), limits::DOCUMENT_TESTS);
        let mut resolver = Resolver { document, names, findings, conditions, tests_left };
        resolve_conditions::resolve(&mut resolver);
        let resolved = (0..document.conditions.len()).map(|index| resolver.conditions.get(index));
        let trees = resolved.map(|condition| condition.map(|it| Arc::clone(&it.tree)));
        let mut exprs = Self { conditions: trees.collect(), ..Self::default() };
        for (at, privilege) in document.privileges.at(ROOT, "privileges") {
            exprs.privileges.push(optional(&mut resolver, &at, privilege.requires.as_ref()));
            let levels = privilege.levels.at(&at, "levels");
            let levels = levels.map(|(at, level)| optional(&mut resolver, &at, level.requires.as_ref()));
            exprs.levels.push(levels.collect());
        }
        for (at, role) in document.roles.at(ROOT, "roles") {
            exprs.roles.push(match &role.when {
                Some(when) => resolver.requirement(&at.at("when"), when, Context::When).map(Some),
                None => Some(None),
            });
        }
        for (at, operation) in document.operations.at(ROOT, "operations") {
            let mut requirement = |at: &Pointer, it| resolver.requirement(at, it, Context::Requirement);
            exprs.operations.push(requirement(&at.at("requires"), &operation.requires));
            let owed = operation.obligations.at(&at, "obligations");
            exprs.obligations.push(owed.map(|(at, owed)| requirement(&at.at("when"), &owed.when)).collect());
        }
        for (at, guide) in document.guides.at(ROOT, "guides") {
            let steps = guide.steps.at(&at, "steps");
            let mut requirement = |at: &Pointer, it| resolver.requirement(at, it, Context::Requirement);
            exprs.guides.push(steps.map(|(at, step)| requirement(&at.at("done"), &step.done)).collect());
        }
        for (at, rule) in document.change_rules.at(ROOT, "changeRules") {
            exprs.rules.push(resolver.requirement(&at.at("requires"), &rule.requires, Context::ChangeRule));
        }
        exprs
    }

    /// Whether a requirement could not be resolved.
    pub(super) fn have_faults(&self) -> bool {
        let nested = [&self.levels, &self.obligations, &self.guides].into_iter().flatten().flatten();
        let flat = [&self.privileges, &self.operations, &self.rules].into_iter().flatten();
        nested.chain(flat).any(Option::is_none)
            || self.roles.iter().any(Option::is_none)
            || self.conditions.iter().any(Option::is_none)
    }

    /// The requirement of a part of a privilege, without its grant; `None` if it has a fault.
    /// The first level includes the requirement of the privilege; each other level depends on the level below.
    pub fn requirement(&self, document: &Document, privilege: usize, part: Part) -> Option<Formula> {
        let own = || Some(Formula::of(document, self.privileges.get(privilege)?.as_ref()?));
        let is_level = document.privileges.get(privilege)?.kind == PrivilegeKind::Level;
        let (Part::Value(level), true) = (part, is_level) else { return own() };
        let base = match level.checked_sub(1) {
            None => own()?,
            Some(below) => Formula::Atom(Atom::Effective(privilege, Part::Value(below))),
        };
        let expr = self.levels.get(privilege)?.get(level)?.as_ref()?;
        Some(Formula::All(vec![base, Formula::of(document, expr)]))
    }

    /// The requirement of an operation; `None` if it has a fault.
    pub fn operation(&self, document: &Document, operation: usize) -> Option<Formula> {
        Some(Formula::of(document, self.operations.get(operation)?.as_ref()?))
    }

    /// The requirement of a step; `None` if it has a fault.
    pub(super) fn of_step(&self, document: &Document, step: DecisionStep) -> Option<Formula> {
        match step {
            DecisionStep::Operation(operation) => self.operation(document, operation),
            DecisionStep::Effect(privilege, level) => self.requirement(document, privilege, Part::Value(level)),
        }
    }

    /// `when` of an obligation; `None` if it has a fault.
    pub fn obligation(&self, document: &Document, operation: usize, obligation: usize) -> Option<Formula> {
        Some(Formula::of(document, self.obligations.get(operation)?.get(obligation)?.as_ref()?))
    }

    /// `when` of a role; `None` if it has none or that has a fault.
    pub fn when(&self, document: &Document, role: usize) -> Option<Formula> {
        Some(Formula::of(document, self.roles.get(role)?.as_ref()?.as_ref()?))
    }
}

fn optional(resolver: &mut Resolver, at: &Pointer, requirement: Option<&Requirement>) -> Option<ResolvedExpr> {
    match requirement {
        Some(requirement) => resolver.requirement(&at.at("requires"), requirement, Context::Requirement),
        None => Some(ResolvedExpr::always()),
    }
}
