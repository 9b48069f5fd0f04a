//! The syntax tree of a requirement.

use crate::diagnostic::Code;
use std::ops::Range;

/// A parsed requirement. `true` is an empty [`ExpressionKind::All`], `false` is an empty [`ExpressionKind::Any`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression<'a> {
    /// The byte range in the requirement.
    pub span: Range<usize>,
    /// The connective or test.
    pub kind: ExpressionKind<'a>,
}

/// The connective or test of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpressionKind<'a> {
    /// Conjunction.
    All(Vec<Expression<'a>>),
    /// Disjunction.
    Any(Vec<Expression<'a>>),
    /// Negation.
    Not(Box<Expression<'a>>),
    /// A test.
    Test(RawTest<'a>),
}

/// A test whose ids are not resolved yet.
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

/// An id or value in a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// The text.
    pub text: &'a str,
    /// The byte range in the requirement.
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
    /// The symbol in a requirement.
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

/// Why a requirement cannot be parsed, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementError {
    /// The byte range in the requirement.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub help: Option<String>,
    /// Whether a limit was exceeded; otherwise the requirement does not match the grammar.
    pub limit: bool,
}

impl RequirementError {
    /// The code of the diagnostic.
    pub const fn code(&self) -> Code {
        if self.limit { Code::LimitExceeded } else { Code::RequirementSyntax }
    }
}
