//! The lexer of requirements.

use super::expression::RequirementError;
use std::ops::Range;

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword, id, value or number: letters, digits, `-`, `.`, `_` and `:`.
    Word,
    /// An operator, parenthesis or comma.
    Symbol,
    /// The end of the requirement.
    End,
}

/// A token. `span` is its byte range in the requirement.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) span: Range<usize>,
}

const SYMBOLS: [&str; 9] = [">=", "<=", "!=", ">", "<", "=", "(", ")", ","];

/// Operators of other languages with their equivalents here, for help.
const FOREIGN: [(&str, &str); 6] = [("==", "="), ("&&", "and"), ("||", "or"), ("<>", "!="), ("!", "not"), ("≥", ">=")];

/// Splits a requirement into tokens; the last one is [`Kind::End`]. O(length).
pub(super) fn lex(text: &str) -> Result<Vec<Token<'_>>, RequirementError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let start = text.len() - rest.len();
        if rest.is_empty() {
            tokens.push(Token { kind: Kind::End, text: "", span: start..start });
            return Ok(tokens);
        }
        let (kind, length) = token(rest);
        let Some((token, after)) = rest.split_at_checked(length).filter(|_| length > 0) else {
            return Err(unexpected(rest, start));
        };
        tokens.push(Token { kind, text: token, span: start..start + length });
        rest = after;
    }
}

/// The kind and length of the token with which a text begins; length 0 if there is none.
pub(super) fn token(rest: &str) -> (Kind, usize) {
    let word = rest.bytes().take_while(|byte| is_word_byte(*byte)).count();
    if word > 0 {
        return (Kind::Word, word);
    }
    let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)).filter(|_| foreign(rest).is_none());
    (Kind::Symbol, symbol.map_or(0, |symbol| symbol.len()))
}

/// The operator of another language with which a text begins, and its equivalent.
fn foreign(rest: &str) -> Option<&'static (&'static str, &'static str)> {
    FOREIGN.iter().find(|(foreign, _)| rest.starts_with(foreign) && !rest.starts_with("!="))
}

const fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b':')
}

fn unexpected(rest: &str, start: usize) -> RequirementError {
    let foreign = foreign(rest);
    let first: String = rest.chars().take(1).collect();
    let found = foreign.map_or(first.as_str(), |(foreign, _)| foreign);
    let help = match foreign {
        Some((_, operator)) => format!("write `{operator}`"),
        None => "a requirement has ids, values, `and`, `or`, `not`, comparisons and parentheses".into(),
    };
    let span = start..start + found.len();
    RequirementError { span, message: format!("unexpected `{found}`"), help: Some(help), limit: false }
}
