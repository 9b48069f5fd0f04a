//! A recursive-descent parser with one function for each rule of the grammar.

use super::expression::{Expression, ExpressionKind, Op, RawTest, RequirementError, Word};
use super::lex::{Kind, Token, lex};
use crate::model::ids::{self, KEYWORDS, SUBJECT_PREFIXES};
use crate::model::limits;

pub(super) fn parse(text: &str) -> Result<Expression<'_>, RequirementError> {
    let mut parser = Parser { tokens: lex(text)?, next: 0 };
    let expression = parser.any(0)?;
    match parser.peek() {
        Token { kind: Kind::End, .. } => Ok(expression),
        token => Err(parser.unexpected(&token, "`and`, `or` or the end of the requirement")),
    }
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
}

type Parsed<T> = Result<T, RequirementError>;

impl<'a> Parser<'a> {
    /// The next token; [`Kind::End`] from the end on.
    fn peek(&self) -> Token<'a> {
        let end = Token { kind: Kind::End, text: "", span: 0..0 };
        self.tokens.get(self.next).or(self.tokens.last()).cloned().unwrap_or(end)
    }

    fn take(&mut self) -> Token<'a> {
        let token = self.peek();
        self.next += 1;
        token
    }

    /// Consumes the next token if it has this text.
    fn take_if(&mut self, text: &str) -> bool {
        let found = self.peek().text == text && !text.is_empty();
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, text: &str, expected: &str) -> Parsed<()> {
        if self.take_if(text) { Ok(()) } else { Err(self.unexpected(&self.peek(), expected)) }
    }

    fn unexpected(&self, token: &Token, expected: &str) -> RequirementError {
        let found = match token.kind {
            Kind::End => "end of the requirement".into(),
            _ => format!("`{}`", token.text),
        };
        let message = format!("expected {expected}, found {found}");
        let keyword = token.text.to_ascii_lowercase();
        let is_keyword = keyword != token.text && KEYWORDS.contains(&keyword.as_str());
        let help = is_keyword.then(|| format!("keywords are lower case: write `{keyword}`"));
        let span = match token.kind {
            Kind::End => self.tokens.iter().rev().nth(1).map_or(0..0, |last| last.span.clone()),
            _ => token.span.clone(),
        };
        RequirementError { span, message, help, limit: false }
    }

    fn any(&mut self, depth: usize) -> Parsed<Expression<'a>> {
        self.chain("or", ExpressionKind::Any, |parser| parser.all(depth))
    }

    fn all(&mut self, depth: usize) -> Parsed<Expression<'a>> {
        self.chain("and", ExpressionKind::All, |parser| parser.unary(depth))
    }

    /// Parts that are joined by `word`; a single part stays as it is parsed.
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
        while self.take_if(word) {
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
                ExpressionKind::Test(self.test_of(id)?)
            }
        };
        let end = self.tokens.get(self.next.saturating_sub(1)).map_or(start, |token| token.span.end);
        Ok(Expression { span: start..end, kind })
    }

    /// The rest of a test after its id.
    fn test_of(&mut self, id: Word<'a>) -> Parsed<RawTest<'a>> {
        if self.take_if("in") {
            self.expect("(", "`(` after `in`")?;
            let mut values = vec![self.value()?];
            while self.take_if(",") {
                values.push(self.value()?);
            }
            self.expect(")", "`,` or `)`")?;
            return Ok(RawTest::In(id, values));
        }
        if self.take_if("is") {
            self.expect("set", "`set` after `is`")?;
            return Ok(RawTest::IsSet(id));
        }
        let ops = [Op::AtLeast, Op::Above, Op::AtMost, Op::Below, Op::Equal, Op::NotEqual];
        match ops.into_iter().find(|op| op.symbol() == self.peek().text) {
            Some(op) => {
                self.next += 1;
                let yes_or_no = ["true", "false"].contains(&self.peek().text);
                let help = || Some(format!("write `{id}` or `not {id}`", id = id.text));
                let with_help = |error| if yes_or_no { RequirementError { help: help(), ..error } } else { error };
                let value = self.value().map_err(with_help)?;
                Ok(RawTest::Compare(id, op, value))
            }
            None => Ok(RawTest::Held(id)),
        }
    }

    fn value(&mut self) -> Parsed<Word<'a>> {
        self.id("a value")
    }

    /// An id or a value, which may have a prefix of change rules. Keywords are rejected.
    fn id(&mut self, expected: &str) -> Parsed<Word<'a>> {
        let token = self.take();
        if token.kind != Kind::Word || KEYWORDS.contains(&token.text) {
            return Err(self.unexpected(&token, expected));
        }
        let bare = SUBJECT_PREFIXES.iter().find_map(|prefix| token.text.strip_prefix(prefix)).unwrap_or(token.text);
        if ids::check(bare).is_err() {
            let message = format!("`{}` is not an id", token.text);
            let help = Some(String::from("an id has letters and digits, joined by single `-`, `.`, `_` or `:`"));
            return Err(RequirementError { span: token.span, message, help, limit: false });
        }
        Ok(Word { text: token.text, span: token.span })
    }
}
