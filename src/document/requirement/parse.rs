//! Recursive descent, one function a rule of the grammar.

use super::expression::{Expression, ExpressionKind, Op, RawTest, RequirementError, Word};
use super::lex::{Kind, Token, lex};
use crate::model::ids::{self, KEYWORDS, ROLES_OF_A_RULE};
use crate::model::limits;

pub(super) fn parse(text: &str) -> Result<Expression<'_>, RequirementError> {
    let mut parser = Parser { tokens: lex(text)?, next: 0 };
    let expression = parser.any(0)?;
    match parser.peek() {
        Token { kind: Kind::End, .. } => Ok(expression),
        token => Err(parser.unexpected(&token, "`and`, `or` or the end")),
    }
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
}

type Parsed<T> = Result<T, RequirementError>;

impl<'a> Parser<'a> {
    fn peek(&self) -> Token<'a> {
        let end = Token { kind: Kind::End, text: "", span: 0..0 };
        self.tokens.get(self.next).or(self.tokens.last()).cloned().unwrap_or(end)
    }

    fn take(&mut self) -> Token<'a> {
        let token = self.peek();
        self.next += 1;
        token
    }

    fn takes(&mut self, text: &str) -> bool {
        let found = self.peek().text == text && !text.is_empty();
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, text: &str, expected: &str) -> Parsed<()> {
        if self.takes(text) { Ok(()) } else { Err(self.unexpected(&self.peek(), expected)) }
    }

    fn unexpected(&self, token: &Token, expected: &str) -> RequirementError {
        let found = match token.kind {
            Kind::End => "end of the requirement".into(),
            _ => format!("`{}`", token.text),
        };
        let message = format!("expected {expected}, found {found}");
        let span = match token.kind {
            Kind::End => self.tokens.iter().rev().nth(1).map_or(0..0, |last| last.span.clone()),
            _ => token.span.clone(),
        };
        RequirementError { span, message, help: None, limit: false }
    }

    fn any(&mut self, depth: usize) -> Parsed<Expression<'a>> {
        self.chain("or", ExpressionKind::Any, |parser| parser.all(depth))
    }

    fn all(&mut self, depth: usize) -> Parsed<Expression<'a>> {
        self.chain("and", ExpressionKind::All, |parser| parser.unary(depth))
    }

    fn chain(
        &mut self,
        word: &str,
        kind: fn(Vec<Expression<'a>>) -> ExpressionKind<'a>,
        part: impl Fn(&mut Self) -> Parsed<Expression<'a>>,
    ) -> Parsed<Expression<'a>> {
        let first = part(self)?;
        if self.peek().text != word {
            return Ok(first);
        }
        let start = first.span.start;
        let mut parts = vec![first];
        while self.takes(word) {
            parts.push(part(self)?);
        }
        let end = parts.last().map_or(start, |last| last.span.end);
        Ok(Expression { span: start..end, kind: kind(parts) })
    }

    fn unary(&mut self, depth: usize) -> Parsed<Expression<'a>> {
        let token = self.peek();
        if !["not", "("].contains(&token.text) {
            return self.test();
        }
        if depth >= limits::REQUIREMENT_NESTING {
            let message = format!("requirement is nested deeper than the limit of {}", limits::REQUIREMENT_NESTING);
            return Err(RequirementError { span: token.span, message, help: None, limit: true });
        }
        self.next += 1;
        if token.text == "not" {
            let inner = self.unary(depth + 1)?;
            let span = token.span.start..inner.span.end;
            return Ok(Expression { span, kind: ExpressionKind::Not(Box::new(inner)) });
        }
        let inner = self.any(depth + 1)?;
        let end = self.peek().span.end;
        self.expect(")", "`)`")?;
        Ok(Expression { span: token.span.start..end, kind: inner.kind })
    }

    fn test(&mut self) -> Parsed<Expression<'a>> {
        let token = self.peek();
        let start = token.span.start;
        let kind = match token.text {
            "true" | "false" => {
                self.next += 1;
                let constant = if token.text == "true" { ExpressionKind::All } else { ExpressionKind::Any };
                constant(Vec::new())
            }
            "allowed" => {
                self.next += 1;
                self.expect("(", "`(` after `allowed`")?;
                let operation = self.id("an operation's id")?;
                self.expect(")", "`)`")?;
                ExpressionKind::Test(RawTest::Allowed(operation))
            }
            _ => {
                let id = self.id("a test")?;
                ExpressionKind::Test(self.about(id)?)
            }
        };
        let end = self.tokens.get(self.next.saturating_sub(1)).map_or(start, |token| token.span.end);
        Ok(Expression { span: start..end, kind })
    }

    /// What follows the id that a test is about.
    fn about(&mut self, id: Word<'a>) -> Parsed<RawTest<'a>> {
        if self.takes("in") {
            self.expect("(", "`(` after `in`")?;
            let mut values = vec![self.value()?];
            while self.takes(",") {
                values.push(self.value()?);
            }
            self.expect(")", "`,` or `)`")?;
            return Ok(RawTest::In(id, values));
        }
        if self.takes("is") {
            self.expect("set", "`set` after `is`")?;
            return Ok(RawTest::IsSet(id));
        }
        let ops = [Op::AtLeast, Op::Above, Op::AtMost, Op::Below, Op::Equal, Op::NotEqual];
        match ops.into_iter().find(|op| op.symbol() == self.peek().text) {
            Some(op) => {
                self.next += 1;
                let yes_or_no = ["true", "false"].contains(&self.peek().text);
                let help = || Some(format!("write `{id}` or `not {id}`", id = id.text));
                let helped = |error| if yes_or_no { RequirementError { help: help(), ..error } } else { error };
                let value = self.value().map_err(helped)?;
                Ok(RawTest::Compare(id, op, value))
            }
            None => Ok(RawTest::Held(id)),
        }
    }

    fn value(&mut self) -> Parsed<Word<'a>> {
        self.id("a value")
    }

    /// An id, a value or, in change rules, an id with a prefix: all are words that are no keyword.
    fn id(&mut self, expected: &str) -> Parsed<Word<'a>> {
        let token = self.take();
        if token.kind != Kind::Word || KEYWORDS.contains(&token.text) {
            return Err(self.unexpected(&token, expected));
        }
        let bare = ROLES_OF_A_RULE.iter().find_map(|prefix| token.text.strip_prefix(prefix)).unwrap_or(token.text);
        if ids::check(bare).is_err() {
            let message = format!("`{}` is not an id", token.text);
            let help = Some(String::from("an id is lower-case letters and digits, joined by `-`, `.` or `:`"));
            return Err(RequirementError { span: token.span, message, help, limit: false });
        }
        Ok(Word { text: token.text, span: token.span })
    }
}
