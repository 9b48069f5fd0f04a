//! The requirement language. It has no functions, loops or recursion, so evaluation always terminates.
//!
//! ```text
//! requirement = and { "or" and }
//! and = unary { "and" unary }
//! unary = "not" unary | "(" requirement ")" | test
//! test = id                        flag held, switch on
//!      | id op value               op: >= > <= < = !=
//!      | id "in" "(" value {"," value} ")"
//!      | id "is" "set"
//!      | "allowed" "(" operation-id ")"
//!      | "true" | "false"
//! ```
//!
//! The parser does not look up ids. `check` resolves them and checks that each test fits its fact or privilege.

mod expression;
mod lex;
mod parse;
mod words;

pub use expression::{Expression, ExpressionKind, Op, RawTest, RequirementError, Word};
pub use words::{ExpectedWord, RequirementWord, RequirementWords, WordRole, requirement_words};

use super::read::{Field, FromNode};
use crate::diagnostic::Findings;
use crate::model::limits;
use crate::source::{Node, Pointer};

/// A requirement, such as `users >= modify and not read-only`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transparent))]
pub struct Requirement(String);

impl Requirement {
    /// Parses the requirement. O(length).
    ///
    /// # Errors
    /// [`RequirementError`] for the first place that does not match the grammar, or if the requirement exceeds
    /// [`limits::REQUIREMENT_BYTES`] or [`limits::REQUIREMENT_NESTING`].
    pub fn parse(&self) -> Result<Expression<'_>, RequirementError> {
        if self.0.len() > limits::REQUIREMENT_BYTES {
            let message =
                format!("requirement takes {} bytes; the limit is {}", self.0.len(), limits::REQUIREMENT_BYTES);
            return Err(RequirementError { span: 0..self.0.len(), message, help: None, limit: true });
        }
        parse::parse(&self.0)
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromNode for Requirement {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        String::read(node, at, findings).map(Self)
    }
}

impl Field for Requirement {
    fn placeholder() -> Self {
        Self::default()
    }
}
