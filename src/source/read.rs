//! Reading: tokens become nodes.

use super::lex::{Lexer, Token, fault};
use super::{Member, Node, NodeKind, Span, SyntaxError};
use crate::ground::limits;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Objects, their members and lists inside one another after which nothing more is read.
const DEEPEST: usize = 512;

/// The value of a text; nothing where there is none.
pub(super) fn read(text: &str) -> Result<Option<Node>, SyntaxError> {
    let mut reader = Reader { lexer: Lexer::new(text), token: Token::End, open: Vec::new(), fault: None };
    reader.scan()?;
    let node = reader.value(0)?;
    reader.scan()?;
    if reader.token != Token::End {
        return Err(reader.lexer.fault("text cannot contain more than one JSON value"));
    }
    reader.fault.map_or(Ok(node), Err)
}

struct Reader<'t> {
    lexer: Lexer<'t>,
    token: Token,
    /// Where the objects, members and lists begin that are not at their end.
    open: Vec<usize>,
    /// The first fault that leaves the text JSON, more or less: a limit, or a control character.
    fault: Option<SyntaxError>,
}

impl Reader<'_> {
    fn scan(&mut self) -> Result<(), SyntaxError> {
        self.token = self.lexer.scan()?;
        Ok(())
    }

    /// From the innermost beginning to here.
    fn opened(&self) -> Span {
        Span { start: self.open.last().copied().unwrap_or(0), end: self.lexer.at }
    }

    /// The value that begins with the token; nothing at the end.
    fn value(&mut self, depth: usize) -> Result<Option<Node>, SyntaxError> {
        if self.open.len() > DEEPEST {
            return Err(SyntaxError { limit: true, ..fault(self.opened(), &too_deep()) });
        }
        let begins = self.lexer.span();
        let is_too_deep = depth == limits::DOCUMENT_NESTING && self.fault.is_none();
        if is_too_deep {
            self.fault = Some(SyntaxError { limit: true, ..fault(begins, &too_deep()) });
        }
        let unexpected = |what: &str| Err(self.lexer.fault(&format!("unexpected {what}")));
        let kind = match core::mem::replace(&mut self.token, Token::End) {
            Token::End => return Ok(None),
            Token::Sign(b'{') => NodeKind::Object(self.object(depth)?),
            Token::Sign(b'[') => NodeKind::List(self.list(depth)?),
            Token::Sign(b'}') => return unexpected("close brace"),
            Token::Sign(b']') => return unexpected("close bracket"),
            Token::Sign(b',') => return unexpected("comma"),
            Token::Sign(_) => return unexpected("colon"),
            Token::Word => return unexpected("word"),
            Token::Text(text) => {
                self.refuse_controls();
                NodeKind::Text(text)
            }
            Token::Number => NodeKind::Number(self.lexer.written(begins).to_owned()),
            Token::Bool(flag) => NodeKind::Bool(flag),
            Token::Null => NodeKind::Null,
        };
        let span = Span { start: begins.start, end: self.lexer.at };
        if let Some(fault) = self.fault.as_mut().filter(|_| is_too_deep) {
            fault.span = span;
        }
        Ok(Some(Node { span, kind }))
    }

    fn object(&mut self, depth: usize) -> Result<Vec<Member>, SyntaxError> {
        let mut members = Vec::new();
        self.open.push(self.lexer.span().start);
        self.scan()?;
        loop {
            match core::mem::replace(&mut self.token, Token::End) {
                Token::Sign(b'}') => break,
                Token::Text(key) => members.push(self.member(key, depth)?),
                Token::End => return Err(fault(self.opened(), "unterminated object")),
                Token::Sign(_) => return Err(self.lexer.fault("unexpected token in object")),
                _ => return Err(self.lexer.fault("expected string for object property")),
            }
            self.separate(b'}', |token| !matches!(token, Token::End | Token::Sign(_)))?;
        }
        self.open.pop();
        Ok(members)
    }

    fn member(&mut self, key: String, depth: usize) -> Result<Member, SyntaxError> {
        let key_span = self.lexer.span();
        self.refuse_controls();
        self.open.push(key_span.start);
        self.scan()?;
        if self.token != Token::Sign(b':') {
            return Err(self.lexer.fault("expected colon after the string or word in object property"));
        }
        self.scan()?;
        let Some(value) = self.value(depth + 1)? else {
            return Err(self.lexer.fault("expected value after colon in object property"));
        };
        self.open.pop();
        Ok(Member { key, key_span, value })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, SyntaxError> {
        let mut items = Vec::new();
        self.open.push(self.lexer.span().start);
        self.scan()?;
        while self.token != Token::Sign(b']') {
            let item = self.value(depth + 1)?;
            items.push(item.ok_or_else(|| fault(self.opened(), "unterminated array"))?);
            self.separate(b']', |token| match token {
                Token::Sign(sign) => matches!(sign, b'{' | b'['),
                token => !matches!(token, Token::End | Token::Word),
            })?;
        }
        self.open.pop();
        Ok(items)
    }

    /// Moves beyond the comma between two entries, to the next one or to what closes the list or object. `is_next` says
    /// that another one begins with a token.
    fn separate(&mut self, close: u8, is_next: fn(&Token) -> bool) -> Result<(), SyntaxError> {
        let end = self.lexer.at;
        self.scan()?;
        if self.token == Token::Sign(b',') {
            let comma = self.lexer.span();
            self.scan()?;
            if self.token == Token::Sign(close) {
                return Err(fault(comma, "trailing commas are not allowed"));
            }
        } else if is_next(&self.token) {
            return Err(fault(Span { start: end, end }, "expected comma"));
        }
        Ok(())
    }

    /// JSON has control characters escaped.
    fn refuse_controls(&mut self) {
        let Span { start, .. } = self.lexer.span();
        let control = self.lexer.written(self.lexer.span()).bytes().position(|byte| byte < b' ');
        if let Some(at) = control.filter(|_| self.fault.is_none()) {
            let span = Span { start: start + at, end: start + at + 1 };
            let help = Some("escape it, as in `\\n`".to_owned());
            self.fault = Some(SyntaxError { help, ..fault(span, "control character in a string") });
        }
    }
}

fn too_deep() -> String {
    format!("document is nested deeper than the limit of {}", limits::DOCUMENT_NESTING)
}
