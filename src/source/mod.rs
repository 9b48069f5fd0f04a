//! Source: JSON with comments becomes nodes that know where they stand.

mod node;
mod pointer;
mod span;

pub use node::{Items, Member, Members, Node, NodeKind};
pub use pointer::{Pointer, ROOT};
pub use span::{Lines, Location, Span};

use crate::model::limits;
use jsonc_parser::ast;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

/// A text that was read.
pub struct Source<'a>(ast::Value<'a>);

impl Source<'_> {
    /// The value that it is.
    pub const fn root(&self) -> Node<'_> {
        Node(&self.0)
    }
}

/// Why a text could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether a limit was exceeded, rather than the grammar broken.
    pub limit: bool,
}

/// Reads JSON with comments, strictly: no trailing commas, no single quotes, no unquoted keys. O(length).
///
/// # Errors
/// The first place where the text is not JSON with comments, or exceeds [`limits::DOCUMENT_BYTES`] or
/// [`limits::DOCUMENT_NESTING`].
pub fn parse(text: &str) -> Result<Source<'_>, SyntaxError> {
    let over = |message: String, span| Err(SyntaxError { span, message, help: None, limit: true });
    if text.len() > limits::DOCUMENT_BYTES {
        let message = format!("document takes {} bytes; the limit is {}", text.len(), limits::DOCUMENT_BYTES);
        return over(message, Span::default());
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
        return Err(SyntaxError { span: Span { start: 0, end: 3 }, message, help: Some(help), limit: false });
    }
    let parsed = parse_to_ast(text, &collect, &strict).map_err(|error| {
        let limit = matches!(error.kind(), ParseErrorKind::NestingDepthExceeded);
        let message = if limit { too_deep() } else { decapitalised(&error.kind().to_string()) };
        SyntaxError { span: error.range().into(), message, help: None, limit }
    })?;
    let Some(value) = parsed.value else {
        let message = "document is empty".to_owned();
        return Err(SyntaxError { span: Span::default(), message, help: None, limit: false });
    };
    match sound(Node(&value), text, limits::DOCUMENT_NESTING) {
        Ok(()) => Ok(Source(value)),
        Err(Fault::TooDeep(span)) => Err(SyntaxError { span, message: too_deep(), help: None, limit: true }),
        Err(Fault::Control(span)) => {
            let (message, help) = ("control character in a string".to_owned(), "escape it, as in `\\n`".to_owned());
            Err(SyntaxError { span, message, help: Some(help), limit: false })
        }
    }
}

fn too_deep() -> String {
    format!("document is nested deeper than the limit of {}", limits::DOCUMENT_NESTING)
}

/// The parser's own words, which are English, in the style of ours.
fn decapitalised(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// What the parser lets pass and JSON or a limit does not.
enum Fault {
    TooDeep(Span),
    Control(Span),
}

/// Whether a string has no control characters in its text: JSON has them escaped.
fn plain(text: &str, span: Span) -> Result<(), Fault> {
    let raw = text.as_bytes().get(span.start..span.end).unwrap_or_default();
    match raw.iter().position(|byte| *byte < b' ') {
        Some(at) => Err(Fault::Control(Span { start: span.start + at, end: span.start + at + 1 })),
        None => Ok(()),
    }
}

/// Goes through a tree: it may be nested no deeper than `depth`, and have no string that JSON has not.
fn sound(node: Node, text: &str, depth: usize) -> Result<(), Fault> {
    let depth = depth.checked_sub(1).ok_or(Fault::TooDeep(node.span()))?;
    match node.kind() {
        NodeKind::Text(_) => plain(text, node.span()),
        NodeKind::List(items) => items.iter().try_for_each(|item| sound(item, text, depth)),
        NodeKind::Object(members) => members.iter().try_for_each(|member| {
            plain(text, member.key_span)?;
            sound(member.value, text, depth)
        }),
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => Ok(()),
    }
}
