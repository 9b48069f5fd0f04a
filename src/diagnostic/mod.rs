//! Diagnostics: what is wrong with a document, where, and how to fix it.

mod code;
mod findings;
mod render;

pub use code::{Code, Severity};
pub use findings::Findings;
pub use render::render;

use crate::source::Location;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One error or warning about a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Diagnostic {
    /// The stable code.
    #[cfg_attr(feature = "schema", ts(type = "string"))]
    pub code: Code,
    /// Whether it prevents compiling.
    pub severity: Severity,
    /// What is wrong: lower case, words of the document in backticks.
    pub message: String,
    /// How to fix it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub help: Option<String>,
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// Where in the text, when there is a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub span: Option<Location>,
    /// Other locations that explain it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<Related>>"))]
    pub related: Vec<Related>,
}

/// Another location that explains a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Related {
    /// What is at that location.
    pub message: String,
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// Where in the text, when there is a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub span: Option<Location>,
}

/// The diagnostics of a document that has an error. Compiling returns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// In the order of the text; at least one is an error.
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
