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
    node(value, limits::DOCUMENT_NESTING).or_else(|span| over(too_deep(), span))
}

fn too_deep() -> String {
    alloc::format!("document is nested deeper than the limit of {}", limits::DOCUMENT_NESTING)
}

/// The parser's own words, in the style of ours.
fn decapitalised(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Copies the parser's tree; the span of the first node that is nested deeper than `depth` when there is one.
fn node(value: ast::Value, depth: usize) -> Result<Node, Span> {
    let span = Span::from(value.range());
    let depth = depth.checked_sub(1).ok_or(span)?;
    let kind = match value {
        ast::Value::NullKeyword(_) => NodeKind::Null,
        ast::Value::BooleanLit(literal) => NodeKind::Bool(literal.value),
        ast::Value::NumberLit(literal) => NodeKind::Number(literal.value.to_owned()),
        ast::Value::StringLit(literal) => NodeKind::Text(literal.value.into_owned()),
        ast::Value::Array(array) => {
            NodeKind::List(array.elements.into_iter().map(|item| node(item, depth)).collect::<Result<_, _>>()?)
        }
        ast::Value::Object(object) => {
            let member = |property: ast::ObjectProp| -> Result<Member, Span> {
                let key_span = property.name.range().into();
                Ok(Member { key: property.name.into_string(), key_span, value: node(property.value, depth)? })
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
