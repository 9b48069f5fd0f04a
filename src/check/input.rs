//! The input of the passes that run after requirements are resolved.

use super::comparisons::Comparisons;
use super::decision_step::DecisionStep;
use super::formula::Formula;
use super::order::Order;
use super::resolved_expr::ResolvedExpr;
use super::resolved_exprs::ResolvedExprs;
use super::symbolic::ResolvedPolicy;
use crate::bdd::TooLarge;
use crate::document::Document;
use crate::model::validate;
use crate::source::{Pointer, ROOT};
use hashbrown::HashMap;
use std::cell::Cell;
use std::collections::BTreeSet;

/// The input of the passes that run after requirements are resolved.
pub(super) struct AnalysisInput<'a> {
    pub(super) document: &'a Document,
    pub(super) exprs: &'a ResolvedExprs,
    pub(super) order: &'a Order,
    pub(super) resolved: ResolvedPolicy<'a>,
    pub(super) restricting: &'a [bool],
    pub(super) comparisons: &'a Comparisons,
    pub(super) granted_when: &'a GrantedWhen,
    /// The remaining steps of the analysis, from [`limits::ANALYSIS_STEPS`](crate::model::limits::ANALYSIS_STEPS).
    pub(super) steps_left: Cell<usize>,
}

/// The values of each privilege that roles with a `when` grant, by its index: each with the index of the role.
pub(super) type GrantedWhen = HashMap<usize, Vec<(u32, usize)>>;

/// Collects what roles with a `when` grant. An invalid grant, which is reported elsewhere, is left out. O(grants).
pub(super) fn granted_when(document: &Document, exprs: &ResolvedExprs) -> GrantedWhen {
    let places: HashMap<&str, usize> = (0..).zip(&*document.privileges).map(|(place, it)| (&*it.id, place)).collect();
    let mut granted = GrantedWhen::new();
    let roles = document.roles.iter().zip(&exprs.grants).enumerate();
    for (role, (_, grants)) in roles.filter(|(_, (role, _))| role.when.is_some()) {
        for (id, value) in grants {
            let Some(place) = places.get(id.as_str()) else { continue };
            let Some(privilege) = document.privileges.get(*place) else { continue };
            let (values, range) = (privilege.values(), privilege.range());
            let values = validate::grant(id, privilege.kind, &values, range, value).unwrap_or_default();
            granted.entry(*place).or_default().extend(values.into_iter().map(|value| (value, role)));
        }
    }
    granted
}

/// All formulas of a document. A comparison between subjects in a change rule is the constant false in them.
pub(super) fn formulas<'a>(document: &'a Document, exprs: &'a ResolvedExprs) -> impl Iterator<Item = Formula> + 'a {
    let privileges = exprs.privileges.iter().chain(exprs.levels.iter().flatten());
    let operations = exprs.operations.iter().chain(exprs.obligations.iter().flatten());
    let guides = exprs.guides.iter().flatten().chain(&exprs.rules);
    let roles = exprs.roles.iter().flatten().flatten();
    let all = privileges.chain(operations).chain(guides).flatten().chain(roles);
    all.map(|expr| Formula::of(document, expr))
}

impl<'a> AnalysisInput<'a> {
    pub(super) fn formulas(&self) -> impl Iterator<Item = Formula> + 'a {
        formulas(self.document, self.exprs)
    }

    /// Visits all requirements but those of change rules, with their pointers.
    pub(super) fn requirements(&self, visit: &mut dyn FnMut(&Pointer, &'a ResolvedExpr)) {
        let (document, exprs) = (self.document, self.exprs);
        for (tree, (at, _)) in exprs.conditions.iter().zip(document.conditions.at(ROOT, "conditions")) {
            if let Some(tree) = tree {
                visit(&at.at("requires"), tree);
            }
        }
        let mut add = |at: Pointer, expr: Option<&'a Option<ResolvedExpr>>| {
            expr.and_then(Option::as_ref).into_iter().for_each(|expr| visit(&at, expr));
        };
        for (index, (at, privilege)) in document.privileges.at(ROOT, "privileges").enumerate() {
            add(at.at("requires"), exprs.privileges.get(index));
            for (expr, (at, _)) in exprs.levels.get(index).into_iter().flatten().zip(privilege.levels.at(&at, "levels"))
            {
                add(at.at("requires"), Some(expr));
            }
        }
        for (index, (at, _)) in document.roles.at(ROOT, "roles").enumerate() {
            add(at.at("when"), exprs.roles.get(index).and_then(Option::as_ref));
        }
        for (index, (at, operation)) in document.operations.at(ROOT, "operations").enumerate() {
            add(at.at("requires"), exprs.operations.get(index));
            let owed = operation.obligations.at(&at, "obligations");
            for (expr, (at, _)) in exprs.obligations.get(index).into_iter().flatten().zip(owed) {
                add(at.at("when"), Some(expr));
            }
        }
        for (index, (at, guide)) in document.guides.at(ROOT, "guides").enumerate() {
            for (expr, (at, _)) in exprs.guides.get(index).into_iter().flatten().zip(guide.steps.at(&at, "steps")) {
                add(at.at("done"), Some(expr));
            }
        }
    }

    /// Subtracts from the remaining steps.
    ///
    /// # Errors
    /// [`TooLarge`] if fewer are left.
    pub(super) fn spend(&self, steps: usize) -> Result<(), TooLarge> {
        let left = self.steps_left.get().checked_sub(steps);
        self.steps_left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(TooLarge)
    }

    /// These steps and all steps that depend on one of them, directly or indirectly. Each takes a step from the budget.
    /// O(steps + reads).
    ///
    /// # Errors
    /// [`TooLarge`] if the budget is exceeded.
    pub(super) fn dependents_of(
        &self,
        steps: impl Iterator<Item = DecisionStep>,
    ) -> Result<BTreeSet<DecisionStep>, TooLarge> {
        let mut visited = BTreeSet::new();
        let mut waiting: Vec<DecisionStep> = steps.collect();
        while let Some(step) = waiting.pop() {
            if visited.insert(step) {
                self.spend(1)?;
                waiting.extend(self.order.readers.get(step).into_iter().flatten());
            }
        }
        Ok(visited)
    }
}
