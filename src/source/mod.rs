//! Source: JSON with comments becomes nodes that know where they stand.

mod pointer;
mod span;

pub use pointer::Pointer;
pub use span::{Lines, Location, Span};

use crate::ground::limits;
use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

/// A value of the document and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The bytes of the text that it takes.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// Text, with escapes resolved.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object, with its members in order, repeated keys too.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The key, with escapes resolved.
    pub key: String,
    /// The bytes of the text that the key takes.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
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
pub fn parse(text: &str) -> Result<Node, SyntaxError> {
    let over = |message: String, span| Err(SyntaxError { span, message, help: None, limit: true });
    if text.len() > limits::DOCUMENT_BYTES {
        let message = alloc::format!("document takes {} bytes; the limit is {}", text.len(), limits::DOCUMENT_BYTES);
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
    node(value, text, limits::DOCUMENT_NESTING).map_err(|fault| match fault {
        Fault::TooDeep(span) => SyntaxError { span, message: too_deep(), help: None, limit: true },
        Fault::Control(span) => {
            let (message, help) = ("control character in a string".to_owned(), "escape it, as in `\\n`".to_owned());
            SyntaxError { span, message, help: Some(help), limit: false }
        }
    })
}

fn too_deep() -> String {
    alloc::format!("document is nested deeper than the limit of {}", limits::DOCUMENT_NESTING)
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

/// A string as it is, unless a control character stands in its text: JSON has them escaped.
fn plain(value: String, text: &str, span: Span) -> Result<String, Fault> {
    let raw = text.get(span.start..span.end).unwrap_or_default();
    match raw.bytes().position(|byte| byte < b' ') {
        Some(at) => Err(Fault::Control(Span { start: span.start + at, end: span.start + at + 1 })),
        None => Ok(value),
    }
}

/// Copies the parser's tree, unless it is nested deeper than `depth` or has a string that JSON has not.
fn node(value: ast::Value, text: &str, depth: usize) -> Result<Node, Fault> {
    let span = Span::from(value.range());
    let depth = depth.checked_sub(1).ok_or(Fault::TooDeep(span))?;
    let kind = match value {
        ast::Value::NullKeyword(_) => NodeKind::Null,
        ast::Value::BooleanLit(literal) => NodeKind::Bool(literal.value),
        ast::Value::NumberLit(literal) => NodeKind::Number(literal.value.to_owned()),
        ast::Value::StringLit(literal) => NodeKind::Text(plain(literal.value.into_owned(), text, span)?),
        ast::Value::Array(array) => {
            NodeKind::List(array.elements.into_iter().map(|item| node(item, text, depth)).collect::<Result<_, _>>()?)
        }
        ast::Value::Object(object) => {
            let member = |property: ast::ObjectProp| -> Result<Member, Fault> {
                let key_span = property.name.range().into();
                let key = plain(property.name.into_string(), text, key_span)?;
                Ok(Member { key, key_span, value: node(property.value, text, depth)? })
            };
            NodeKind::Object(object.properties.into_iter().map(member).collect::<Result<_, _>>()?)
        }
    };
    Ok(Node { span, kind })
}

impl Node {
    /// The member with this key; the first one where it is repeated.
    pub fn member(&self, key: &str) -> Option<&Member> {
        match &self.kind {
            NodeKind::Object(members) => members.iter().find(|member| member.key == key),
            _ => None,
        }
    }

    /// The node that a JSON pointer leads to.
    pub fn find(&self, pointer: &Pointer) -> Option<&Self> {
        pointer.steps().try_fold(self, |node, step| match &node.kind {
            NodeKind::Object(_) => node.member(&step).map(|member| &member.value),
            NodeKind::List(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// The member that a JSON pointer leads to.
    pub fn find_member(&self, pointer: &Pointer) -> Option<&Member> {
        let (parent, key) = pointer.split()?;
        self.find(&parent)?.member(&key)
    }

    /// What it is, for a message.
    pub const fn name(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "a boolean",
            NodeKind::Number(_) => "a number",
            NodeKind::Text(_) => "a string",
            NodeKind::List(_) => "a list",
            NodeKind::Object(_) => "an object",
        }
    }
}
