//! Source: JSON with comments becomes nodes that know where they stand.

mod lex;
mod pointer;
mod read;
mod span;

pub use pointer::Pointer;
pub use span::{Lines, Location, Span};

use crate::ground::limits;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

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
    if text.starts_with('\u{feff}') {
        let (message, help) =
            ("text begins with a byte order mark".to_owned(), "save it as UTF-8 without one".to_owned());
        return Err(SyntaxError { span: Span { start: 0, end: 3 }, message, help: Some(help), limit: false });
    }
    let Some(node) = read::read(text)? else {
        let message = "document is empty".to_owned();
        return Err(SyntaxError { span: Span::default(), message, help: None, limit: false });
    };
    Ok(node)
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
