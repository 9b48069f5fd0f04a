//! The requirement language: small, total, and read once.
//!
//! ```text
//! requirement = and { "or" and }      and = unary { "and" unary }      unary = "not" unary | "(" requirement ")" | test
//! test = id                        flag held, switch on
//!      | id op value               op: >= > <= < = !=
//!      | id "in" "(" value {"," value} ")"
//!      | id "is" "set"
//!      | "allowed" "(" operation-id ")"
//!      | "true" | "false"
//! ```
//!
//! Here ids are only words; what they name, and whether the test fits it, is the checker's business.

mod lex;
mod parse;

use super::read::{Field, Read};
use crate::diagnostic::{Code, Findings};
use crate::model::limits;
use crate::source::{Node, Pointer};
use std::ops::Range;

/// A requirement as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transparent))]
pub struct Requirement(String);

/// A requirement, parsed. `true` is [`ExpressionKind::All`] of nothing, `false` is [`ExpressionKind::Any`] of nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression<'a> {
    /// The bytes of the requirement that it takes.
    pub span: Range<usize>,
    /// What it says.
    pub kind: ExpressionKind<'a>,
}

/// What an expression says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpressionKind<'a> {
    /// All of them hold.
    All(Vec<Expression<'a>>),
    /// At least one of them holds.
    Any(Vec<Expression<'a>>),
    /// It does not hold.
    Not(Box<Expression<'a>>),
    /// A test.
    Test(RawTest<'a>),
}

/// A test, with words where names will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawTest<'a> {
    /// `id`
    Held(Word<'a>),
    /// `id op value`
    Compare(Word<'a>, Op, Word<'a>),
    /// `id in (value, …)`
    In(Word<'a>, Vec<Word<'a>>),
    /// `id is set`
    IsSet(Word<'a>),
    /// `allowed(id)`
    Allowed(Word<'a>),
}

/// A word of a requirement and the bytes that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// The word.
    pub text: &'a str,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
}

impl Op {
    /// As it is written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::Above => ">",
            Self::AtMost => "<=",
            Self::Below => "<",
            Self::Equal => "=",
            Self::NotEqual => "!=",
        }
    }
}

/// Why a requirement cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementError {
    /// The bytes of the requirement that it is about.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Whether a limit was exceeded, rather than the grammar broken.
    pub limit: bool,
}

impl Requirement {
    /// Parses it. O(length).
    ///
    /// # Errors
    /// The first place where it is not of the language, or exceeds [`limits::REQUIREMENT_BYTES`] or
    /// [`limits::REQUIREMENT_NESTING`].
    pub fn parse(&self) -> Result<Expression<'_>, RequirementError> {
        if self.0.len() > limits::REQUIREMENT_BYTES {
            let message =
                format!("requirement takes {} bytes; the limit is {}", self.0.len(), limits::REQUIREMENT_BYTES);
            return Err(RequirementError { span: 0..self.0.len(), message, help: None, limit: true });
        }
        parse::parse(&self.0)
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Read for Requirement {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        String::read(node, at, findings).map(Self)
    }
}

impl Field for Requirement {
    fn stand_in() -> Self {
        Self::default()
    }
}

impl RequirementError {
    /// The code under which the checker reports it.
    pub const fn code(&self) -> Code {
        if self.limit { Code::LimitExceeded } else { Code::RequirementSyntax }
    }
}
