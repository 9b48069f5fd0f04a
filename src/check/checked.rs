//! The result of checking: a document without errors.

use super::comparisons::Comparisons;
use super::decision_step::{DecisionStep, PerStep};
use super::resolved_exprs::ResolvedExprs;
use super::symbolic::ResolvedPolicy;
use crate::document::{Document, Map};

/// A document without errors, with its requirements resolved and its decision steps in topological order. Only
/// `checked` constructs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub(super) document: Document,
    pub(super) renamed: Map<String>,
    pub(super) exprs: ResolvedExprs,
    pub(super) steps: Vec<DecisionStep>,
    pub(super) positions: PerStep<Option<usize>>,
    pub(super) restricting: Vec<bool>,
    pub(super) comparisons: Comparisons,
}

impl Checked {
    /// The document.
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// The document, for other labels. Nothing else of it may change: the requirements are resolved.
    pub const fn document_mut(&mut self) -> &mut Document {
        &mut self.document
    }

    /// The present ids by the ids of earlier versions. Chains of renames are followed.
    pub const fn renamed(&self) -> &Map<String> {
        &self.renamed
    }

    /// The resolved requirements. None has a fault.
    pub const fn exprs(&self) -> &ResolvedExprs {
        &self.exprs
    }

    /// All decision steps in topological order: each after the steps that it reads.
    pub fn steps(&self) -> &[DecisionStep] {
        &self.steps
    }

    /// What the symbolic evaluation reads.
    pub const fn resolved(&self) -> ResolvedPolicy<'_> {
        let Self { document, exprs, positions, comparisons, .. } = self;
        ResolvedPolicy { document, exprs, positions, comparisons }
    }

    /// Whether the privilege at this index is restricting. False for an index that is out of range.
    pub fn is_restricting(&self, privilege: usize) -> bool {
        self.restricting.get(privilege) == Some(&true)
    }

    /// The comparisons with numbers.
    pub const fn comparisons(&self) -> &Comparisons {
        &self.comparisons
    }
}
