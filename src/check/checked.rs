//! The result of checking: a document without errors.

use super::comparisons::Comparisons;
use super::decision_step::{DecisionStep, PerStep};
use super::resolved_exprs::ResolvedExprs;
use super::symbolic::Meaning;
use crate::document::Document;

/// A document without errors, with its requirements resolved and in order. Only [`checked`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub(super) document: Document,
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

    /// Its requirements.
    pub const fn exprs(&self) -> &ResolvedExprs {
        &self.exprs
    }

    /// Everything that is decided, each after what it reads.
    pub fn steps(&self) -> &[DecisionStep] {
        &self.steps
    }

    /// What its requirements mean.
    pub const fn meaning(&self) -> Meaning<'_> {
        let Self { document, exprs, positions, comparisons, .. } = self;
        Meaning { document, exprs, positions, comparisons }
    }

    /// Whether the privilege at this index is restricting.
    pub fn is_restricting(&self, privilege: usize) -> bool {
        self.restricting.get(privilege) == Some(&true)
    }

    /// The comparisons that it makes with numbers.
    pub const fn comparisons(&self) -> &Comparisons {
        &self.comparisons
    }
}
