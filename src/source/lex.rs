//! The words and signs of JSON with comments.

use super::{Span, SyntaxError};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;

/// What stands at a place of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Nothing: the text ends.
    End,
    /// One of `{}[],:`.
    Sign(u8),
    /// Text, with escapes resolved.
    Text(String),
    /// A number.
    Number,
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// A word that JSON has not.
    Word,
}

/// A text, token by token.
pub(super) struct Lexer<'t> {
    text: &'t str,
    /// Where the token begins.
    start: usize,
    /// Where it ends.
    pub(super) at: usize,
}

impl<'t> Lexer<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, start: 0, at: 0 }
    }

    /// Where the token stands.
    pub(super) const fn span(&self) -> Span {
        Span { start: self.start, end: self.at }
    }

    pub(super) fn written(&self, Span { start, end }: Span) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Moves to the next token.
    pub(super) fn scan(&mut self) -> Result<Token, SyntaxError> {
        loop {
            self.at += self.rest().bytes().take_while(u8::is_ascii_whitespace).count();
            self.at = self.text.len() - self.rest().trim_start().len();
            self.start = self.at;
            let Some(first) = self.peek(0) else { return Ok(Token::End) };
            return match (first, self.peek(1)) {
                (b'{' | b'}' | b'[' | b']' | b',' | b':', _) => {
                    self.at += 1;
                    Ok(Token::Sign(first))
                }
                (b'\'', _) => Err(self.fault("single-quoted strings are not allowed")),
                (b'"', _) => self.string().map(Token::Text),
                (b'/', Some(b'/')) => {
                    self.at += self.rest().bytes().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count();
                    continue;
                }
                (b'/', Some(b'*')) => {
                    self.comment()?;
                    continue;
                }
                (b'-' | b'+' | b'0'..=b'9', _) | (b'.', Some(b'0'..=b'9')) => self.number(),
                _ if self.keyword("true") => Ok(Token::Bool(true)),
                _ if self.keyword("false") => Ok(Token::Bool(false)),
                _ if self.keyword("null") => Ok(Token::Null),
                _ => self.word(),
            };
        }
    }

    /// The fault of the token.
    pub(super) fn fault(&self, message: &str) -> SyntaxError {
        let end = if self.at > self.start { self.at } else { self.after() };
        fault(Span { start: self.start, end }, message)
    }

    /// A fault that ends with the letter here.
    fn fault_from(&self, start: usize, message: &str) -> SyntaxError {
        fault(Span { start, end: self.after() }, message)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// Where the letter here ends.
    fn after(&self) -> usize {
        self.at + self.rest().chars().next().map_or(0, char::len_utf8)
    }

    fn comment(&mut self) -> Result<(), SyntaxError> {
        self.at += 2;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some(b'*'), Some(b'/')) => {
                    self.at += 2;
                    return Ok(());
                }
                (Some(_), _) => self.at += 1,
                (None, _) => return Err(self.fault("unterminated comment block")),
            }
        }
    }

    /// Takes a word that nothing continues.
    fn keyword(&mut self, word: &str) -> bool {
        let after = self.rest().strip_prefix(word).map(|rest| rest.bytes().next());
        let is_whole = after.is_some_and(|next| !next.is_some_and(|it| it.is_ascii_alphanumeric() || it == b'$'));
        self.at += if is_whole { word.len() } else { 0 };
        is_whole
    }

    fn word(&mut self) -> Result<Token, SyntaxError> {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'$');
        self.at += self.rest().bytes().take_while(is_part).count();
        let ends = |next: char| next == ':' || next.is_whitespace() && next != '\u{b}';
        if self.at > self.start && self.rest().chars().next().is_none_or(ends) {
            Ok(Token::Word)
        } else {
            Err(self.fault("unexpected token"))
        }
    }

    fn digits(&mut self) -> bool {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        count > 0
    }

    fn number(&mut self) -> Result<Token, SyntaxError> {
        match self.peek(0) {
            Some(b'+') => return Err(self.fault("unary plus on numbers is not allowed")),
            Some(b'-') => self.at += 1,
            _ => {}
        }
        match (self.peek(0), self.peek(1)) {
            (Some(b'0'), Some(b'x' | b'X')) => {
                self.at += 1;
                return Err(self.fault("hexadecimal numbers are not allowed"));
            }
            (Some(b'0'), _) => self.at += 1,
            (Some(b'.'), Some(b'0'..=b'9')) => return Err(self.bare_point()),
            _ if self.digits() => {}
            _ if self.keyword("Infinity") || self.keyword("NaN") => {
                return Err(self.fault("infinity and NaN are not allowed"));
            }
            _ => return Err(self.fault_from(self.at, "expected digit following negative sign")),
        }
        if self.peek(0) == Some(b'.') {
            self.at += 1;
            if !self.digits() {
                return Err(self.bare_point());
            }
        }
        if matches!(self.peek(0), Some(b'e' | b'E')) {
            self.at += 1;
            let is_signed = matches!(self.peek(0), Some(b'-' | b'+'));
            self.at += usize::from(is_signed);
            if !self.digits() {
                let message =
                    if is_signed { "expected digit" } else { "expected plus, minus, or digit in number literal" };
                return Err(self.fault_from(self.at, message));
            }
        }
        Ok(Token::Number)
    }

    fn bare_point(&self) -> SyntaxError {
        self.fault("leading or trailing decimal points on numbers are not allowed")
    }

    fn string(&mut self) -> Result<String, SyntaxError> {
        let mut string = String::new();
        self.at += 1;
        loop {
            let length = self.rest().bytes().take_while(|byte| !matches!(byte, b'"' | b'\\')).count();
            string += self.rest().get(..length).unwrap_or_default();
            self.at += length;
            match self.peek(0) {
                Some(b'\\') if self.peek(1).is_some() => {
                    let escape = self.at;
                    self.at += 1;
                    string.push(self.escaped(escape)?);
                    self.at = self.after();
                }
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                _ => {
                    self.at = self.text.len();
                    return Err(self.fault("unterminated string literal"));
                }
            }
        }
    }

    /// The letter of an escape; it ends at the last letter of the escape.
    fn escaped(&mut self, escape: usize) -> Result<char, SyntaxError> {
        Ok(match self.peek(0) {
            Some(plain @ (b'"' | b'\\' | b'/')) => plain.into(),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(escape),
            Some(b'\'') => return Err(self.fault_from(escape, "invalid escape in double quote string")),
            _ => return Err(self.fault_from(escape, "invalid escape")),
        })
    }

    fn unicode(&mut self, escape: usize) -> Result<char, SyntaxError> {
        let high = self.four_digits(escape)?;
        let digits = self.text.get(self.at - 3..=self.at).unwrap_or_default();
        let invalid = |lexer: &Self, why: &str| {
            let message = format!("invalid unicode escape sequence. '{digits} ({why})' is not a valid UTF8 character");
            lexer.fault_from(escape, &message)
        };
        match high {
            0xd800..=0xdbff => {
                for wanted in [b'\\', b'u'] {
                    self.at += 1;
                    if self.peek(0) != Some(wanted) {
                        return Err(invalid(self, "unpaired high surrogate"));
                    }
                }
                let low = self.four_digits(escape)?.checked_sub(0xdc00).filter(|low| *low < 0x400);
                let pair = low.and_then(|low| char::from_u32(0x10000 + ((high - 0xd800) << 10) + low));
                pair.ok_or_else(|| invalid(self, "high surrogate not followed by low surrogate"))
            }
            point => char::from_u32(point).ok_or_else(|| invalid(self, "unpaired low surrogate")),
        }
    }

    /// The number of the four digits behind the letter here; it ends at the last.
    fn four_digits(&mut self, escape: usize) -> Result<u32, SyntaxError> {
        let mut number = 0;
        for _ in 0..4 {
            self.at += 1;
            let digit = self.peek(0).and_then(|byte| char::from(byte).to_digit(16));
            number = number * 16 + digit.ok_or_else(|| self.fault_from(escape, "expected four hex digits"))?;
        }
        Ok(number)
    }
}

pub(super) fn fault(span: Span, message: &str) -> SyntaxError {
    SyntaxError { span, message: message.to_owned(), help: None, limit: false }
}
