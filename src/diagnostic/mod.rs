//! Diagnostics: what is wrong with a document, where, and how to fix it.

mod code;
mod findings;
mod render;

pub use code::{Code, Severity};
pub use findings::Findings;
pub use render::{render, render_files};

use crate::source::Location;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One error or warning about a document.
///
/// # Examples
/// ```
/// use privet::Code;
///
/// let found = privet::check(r#"{ "format": 1, "id": "shop", "title": "Shop", "version": "1", "facs": [] }"#, true);
/// assert_eq!((found[0].code, found[0].pointer.as_str()), (Code::UnknownKey, "/facs"));
/// assert_eq!(found[0].message, "unknown key `facs`");
/// assert_eq!(found[0].help.as_deref(), Some("did you mean `facts`?"));
/// ```
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
    /// The included file that it is about, by the name in `include`; absent for the first file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub file: Option<String>,
    /// Where in the file, as a JSON pointer.
    pub pointer: String,
    /// Where, with ids in place of the indices of the pointer: `/operations/phones.copy/requires`. It is the same after changes
    /// elsewhere in the document, so it is what `allow` entries name in `at`.
    pub place: String,
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
///
/// # Examples
/// ```
/// let found = privet::check(r#"{ "format": 1, "id": "shop", "title": "Shop", "version": "1", "facts": [
///   { "id": "open", "kind": "switch", "label": "Open" },
///   { "id": "open", "kind": "switch", "label": "Open" }
/// ] }"#, true);
/// let first = &found[0].related[0];
/// assert_eq!((first.message.as_str(), first.pointer.as_str()), ("`open` is first declared here", "/facts/0/id"));
/// assert_eq!(first.span.map(|span| span.line), Some(2));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Related {
    /// What is at that location.
    pub message: String,
    /// The included file, by the name in `include`; absent for the first file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub file: Option<String>,
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// Where in the text, when there is a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub span: Option<Location>,
}

/// The diagnostics of a document that has an error. Compiling returns it.
///
/// # Examples
/// ```
/// use privet::{Code, Policy};
///
/// let report = Policy::compile(r#"{ "format": 1, "id": "shop", "title": "Shop" }"#).unwrap_err();
/// assert_eq!(report.diagnostics[0].code, Code::MissingKey);
/// assert_eq!(report.to_string(), "policy has 1 error; first in the document: missing key `version`");
/// ```
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
        match first {
            None => Ok(()),
            Some(Diagnostic { file: Some(file), pointer, message, .. }) if pointer.is_empty() => {
                write!(f, "; first in `{file}`: {message}")
            }
            Some(Diagnostic { file: Some(file), pointer, message, .. }) => {
                write!(f, "; first in `{file}` at `{pointer}`: {message}")
            }
            Some(first) if first.pointer.is_empty() => write!(f, "; first in the document: {}", first.message),
            Some(first) => write!(f, "; first at `{}`: {}", first.pointer, first.message),
        }
    }
}

impl std::error::Error for Report {}
