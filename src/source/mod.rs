//! Parses JSON with comments into nodes with their byte spans.

mod commas;
mod escapes;
mod files;
mod include;
mod node;
mod pointer;
mod repair;
mod span;

pub use escapes::range_in_literal;
pub use files::{File, FileLines, Files};
pub use include::{Included, include};
pub use node::{Items, Member, Members, Node, NodeKind};
pub use pointer::{Pointer, ROOT};
pub use repair::repaired;
pub use span::{Lines, Location, Span};

use crate::model::limits;
use commas::find_trailing_commas;
use jsonc_parser::ast;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

/// A parsed document: its root value, and the trailing commas of its lists and objects, which are an error.
pub struct Source<'a> {
    value: ast::Value<'a>,
    commas: Vec<Span>,
    files: Files<'a>,
}

impl<'a> Source<'a> {
    /// The root value.
    pub const fn root(&self) -> Node<'_> {
        Node(&self.value)
    }

    /// The files of which it was joined.
    pub const fn files(&self) -> &Files<'a> {
        &self.files
    }

    /// The trailing commas, which JSON does not allow, in the order of the text. The text was read as if they were not there, so
    /// that they do not hide other faults.
    pub fn trailing_commas(&self) -> &[Span] {
        &self.commas
    }
}

/// The kind of a [`SyntaxError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// The text is not JSON with comments.
    Syntax,
    /// A limit is exceeded.
    Limit,
    /// A file that is included is not given.
    Missing,
    /// A value of an included file has the wrong type, or a file is included twice.
    Value,
    /// A key that an included file cannot have.
    Key,
}

/// Why a text could not be parsed, or a file not be included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The bytes where parsing failed.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub help: Option<String>,
    /// What kind of fault it is.
    pub kind: SyntaxErrorKind,
}

/// Parses JSON with comments strictly: no single quotes or unquoted keys. Trailing commas are found ([`Source::trailing_commas`])
/// and skipped. O(length).
///
/// # Errors
/// [`SyntaxError`] for the first place where the text is not JSON with comments, or exceeds
/// [`limits::DOCUMENT_BYTES`] or [`limits::DOCUMENT_NESTING`].
pub fn parse(text: &str) -> Result<Source<'_>, SyntaxError> {
    let too_large =
        |message: String, span| Err(SyntaxError { span, message, help: None, kind: SyntaxErrorKind::Limit });
    if text.len() > limits::DOCUMENT_BYTES {
        let message = format!("document takes {} bytes; the limit is {}", text.len(), limits::DOCUMENT_BYTES);
        return too_large(message, Span::default());
    }
    let commas = text.bytes().filter(|byte| *byte == b',').count();
    if commas > limits::DOCUMENT_COMMAS {
        let limit = limits::DOCUMENT_COMMAS;
        return too_large(format!("document has {commas} commas; the limit is {limit}"), Span::default());
    }
    let collect = CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false };
    let strict = ParseOptions {
        allow_comments: true,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    if text.starts_with('\u{feff}') {
        let (message, help) =
            ("text begins with a byte order mark".to_owned(), "save it as UTF-8 without one".to_owned());
        return Err(SyntaxError {
            span: Span { start: 0, end: 3 },
            message,
            help: Some(help),
            kind: SyntaxErrorKind::Syntax,
        });
    }
    let is_trailing = |error: &ParseError| matches!(error.kind(), ParseErrorKind::TrailingCommasNotAllowed);
    let first = parse_to_ast(text, &collect, &strict);
    let has_trailing = first.as_ref().is_err_and(is_trailing);
    let loose = ParseOptions { allow_trailing_commas: true, ..strict };
    let parsed = if has_trailing { parse_to_ast(text, &collect, &loose).or(first) } else { first };
    let parsed = parsed.map_err(|error| {
        let limit = matches!(error.kind(), ParseErrorKind::NestingDepthExceeded);
        let message = if limit { too_deep() } else { lowercase_first(&error.kind().to_string()) };
        let kind = if limit { SyntaxErrorKind::Limit } else { SyntaxErrorKind::Syntax };
        SyntaxError { span: error.range().into(), message, help: None, kind }
    })?;
    let Some(value) = parsed.value else {
        let message = "document is empty".to_owned();
        return Err(SyntaxError { span: Span::default(), message, help: None, kind: SyntaxErrorKind::Syntax });
    };
    match check_value(Node(&value), text, limits::DOCUMENT_NESTING) {
        Ok(()) => {
            let mut trailing = Vec::new();
            if has_trailing {
                find_trailing_commas(Node(&value), text, &mut trailing);
            }
            Ok(Source { value, commas: trailing, files: Files::single(text) })
        }
        Err(Fault::TooDeep(span)) => {
            Err(SyntaxError { span, message: too_deep(), help: None, kind: SyntaxErrorKind::Limit })
        }
        Err(Fault::Control(span)) => {
            let (message, help) = ("control character in a string".to_owned(), "escape it, as in `\\n`".to_owned());
            Err(SyntaxError { span, message, help: Some(help), kind: SyntaxErrorKind::Syntax })
        }
    }
}

fn too_deep() -> String {
    format!("document is nested deeper than the limit of {}", limits::DOCUMENT_NESTING)
}

/// The parser's message with its first letter in lower case, as in all other messages.
fn lowercase_first(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// A fault that the parser does not report.
enum Fault {
    TooDeep(Span),
    Control(Span),
}

/// Checks that a string has no unescaped control character, which JSON forbids and the parser accepts.
fn check_string(text: &str, span: Span) -> Result<(), Fault> {
    let raw = text.as_bytes().get(span.start..span.end).unwrap_or_default();
    match raw.iter().position(|byte| *byte < b' ') {
        Some(at) => Err(Fault::Control(Span { start: span.start + at, end: span.start + at + 1 })),
        None => Ok(()),
    }
}

/// Checks a value and all that it contains: at most `depth` levels of nesting, no unescaped control characters.
fn check_value(node: Node, text: &str, depth: usize) -> Result<(), Fault> {
    let depth = depth.checked_sub(1).ok_or(Fault::TooDeep(node.span()))?;
    match node.kind() {
        NodeKind::Text(_) => check_string(text, node.span()),
        NodeKind::List(items) => items.iter().try_for_each(|item| check_value(item, text, depth)),
        NodeKind::Object(members) => members.iter().try_for_each(|member| {
            check_string(text, member.key_span)?;
            check_value(member.value, text, depth)
        }),
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => Ok(()),
    }
}
