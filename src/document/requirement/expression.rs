//! The parsed form of a requirement.

use crate::diagnostic::Code;
use std::ops::Range;

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

impl RequirementError {
    /// The code under which the checker reports it.
    pub const fn code(&self) -> Code {
        if self.limit { Code::LimitExceeded } else { Code::RequirementSyntax }
    }
}
