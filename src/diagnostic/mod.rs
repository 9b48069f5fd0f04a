//! Diagnostics: what is wrong with a document, where, and what to do about it.

mod code;
mod findings;
mod render;

pub use code::{Code, Severity};
pub use findings::Findings;
pub use render::render;

use crate::source::Location;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One thing that is wrong or doubtful.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Its stable code.
    pub code: Code,
    /// Whether it forbids compiling.
    pub severity: Severity,
    /// What is wrong: lower case, the document's own words in backticks.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// Where in the text, when there is a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Location>,
    /// Other places that have to do with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
}

/// Another place that has to do with a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// Where in the text, when there is a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Location>,
}

/// Everything that a document was found to be wrong in: the error of compiling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// At least one of them is an error. In the order of the document.
    pub diagnostics: Vec<Diagnostic>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = self.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        let mut all = errors.clone();
        let first = all.next();
        write!(f, "policy has {} error{}", errors.count(), if all.next().is_some() { "s" } else { "" })?;
        first.map_or(Ok(()), |first| write!(f, "; first at `{}`: {}", first.pointer, first.message))
    }
}

impl std::error::Error for Report {}
