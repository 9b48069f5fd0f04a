//! Conditions: named requirements that other requirements read like facts.
//!
//! A test of a condition contains the condition's requirement, so nothing that is decided knows conditions: only
//! explanations read their names. The size of what is read in place is therefore limited.

use super::resolved_expr::ResolvedExpr;
use crate::model::limits;
use std::sync::Arc;

/// The resolved conditions. Each is `None` until it is resolved, and stays so if it has a fault.
#[derive(Default)]
pub(super) struct Conditions(pub(super) Vec<Option<Condition>>);

/// A resolved condition.
#[derive(Clone)]
pub(super) struct Condition {
    pub(super) tree: Arc<ResolvedExpr>,
    /// Whether it reads facts only, itself or through other conditions.
    pub(super) reads_facts_only: bool,
    /// The number of tests and the nesting depth, with the conditions that it reads in place.
    pub(super) size: (usize, usize),
}

impl Conditions {
    pub(super) fn get(&self, index: usize) -> Option<&Condition> {
        self.0.get(index)?.as_ref()
    }

    /// The number of tests and the nesting depth of a requirement, with the conditions that it reads in place.
    pub(super) fn size_of(&self, tree: &ResolvedExpr) -> (usize, usize) {
        tree.size(&|condition| self.get(condition).map_or((1, 0), |condition| condition.size))
    }
}

/// The limit that a requirement exceeds with the conditions that it reads in place, in words.
pub(super) fn exceeded(size: (usize, usize)) -> Option<String> {
    let (tests, depth) = size;
    if tests > limits::CONDITION_TESTS {
        let limit = limits::CONDITION_TESTS;
        Some(format!("requirement has {tests} tests with those of the conditions that it reads; the limit is {limit}"))
    } else if depth > limits::CONDITION_NESTING {
        let limit = limits::CONDITION_NESTING;
        Some(format!(
            "requirement is nested {depth} levels deep with the conditions that it reads; the limit is {limit}"
        ))
    } else {
        None
    }
}
