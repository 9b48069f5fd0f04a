//! The words of a requirement by what they name, also of one that does not parse: for editors.

use super::lex::{Kind, token};
use crate::model::ids::{KEYWORDS, SUBJECT_PREFIXES};
use serde::Serialize;

/// The words of a requirement, and what may follow at its end.
///
/// # Examples
/// ```
/// use privet::{WordRole, requirement_words};
///
/// let found = requirement_words("orders >= edit and (");
/// let words: Vec<_> = found.words.iter().map(|word| (word.text, word.role)).collect();
/// assert_eq!(words, [("orders", WordRole::Operand), ("edit", WordRole::Value), ("and", WordRole::Keyword)]);
/// assert_eq!((found.words[1].of, found.next.role), (Some("orders"), WordRole::Operand));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RequirementWords<'a> {
    /// The words in order, without operators and parentheses.
    pub words: Vec<RequirementWord<'a>>,
    /// What may follow.
    pub next: ExpectedWord<'a>,
}

/// A word of a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RequirementWord<'a> {
    /// The word, without `actor.`, `before.` and `after.`.
    pub text: &'a str,
    /// The first byte in the requirement.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
    /// What it names.
    pub role: WordRole,
    /// Of a value: the fact or privilege that is compared with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub of: Option<&'a str>,
}

/// What a word names, or what may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum WordRole {
    /// A fact, condition or privilege; where it may follow, so may `not`, `allowed`, `true`, `false` and `(`.
    Operand,
    /// A level, option or number.
    Value,
    /// An operation.
    Operation,
    /// A word of the language.
    Keyword,
    /// Only as what may follow: a comparison, `in`, `is`, `and` or `or`.
    Operator,
    /// Only as what may follow: `and` or `or`.
    Connective,
    /// Only as what may follow: `(`.
    Parenthesis,
    /// Only as what may follow: `set`.
    Set,
}

/// What may follow at the end of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ExpectedWord<'a> {
    /// What kind of word.
    pub role: WordRole,
    /// Of a value or operator: the fact or privilege that is compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub of: Option<&'a str>,
}

/// Finds the words of a requirement and what each names. What is no word or symbol of the language is skipped. O(length).
pub fn requirement_words(text: &str) -> RequirementWords<'_> {
    let mut scan = Scan { words: Vec::new(), role: WordRole::Operand, of: None, in_list: false, is_call: false };
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = token(rest);
        match rest.get(..length).filter(|found| !found.is_empty()) {
            Some(word) if kind == Kind::Word => scan.word(word, at),
            Some(symbol) => scan.symbol(symbol),
            None => {}
        }
        at += if length > 0 { length } else { rest.chars().next().map_or(1, char::len_utf8) };
    }
    RequirementWords { words: scan.words, next: ExpectedWord { role: scan.role, of: scan.of } }
}

struct Scan<'a> {
    words: Vec<RequirementWord<'a>>,
    /// What follows, and of which operand.
    role: WordRole,
    of: Option<&'a str>,
    /// Whether the values of `in` are being listed.
    in_list: bool,
    /// Whether the next parenthesis is that of `allowed`.
    is_call: bool,
}

impl<'a> Scan<'a> {
    fn next(&mut self, role: WordRole, of: Option<&'a str>) {
        (self.role, self.of) = (role, of);
    }

    fn word(&mut self, word: &'a str, start: usize) {
        let end = start + word.len();
        if KEYWORDS.contains(&word) {
            self.words.push(RequirementWord { text: word, start, end, role: WordRole::Keyword, of: None });
            self.is_call = word == "allowed";
            return match word {
                "and" | "or" | "not" => self.next(WordRole::Operand, None),
                "allowed" => self.next(WordRole::Parenthesis, None),
                "in" => self.next(WordRole::Parenthesis, self.of),
                "is" => self.next(WordRole::Set, self.of),
                _ => self.next(WordRole::Connective, None),
            };
        }
        let prefix = SUBJECT_PREFIXES.iter().find(|prefix| word.starts_with(**prefix)).map_or(0, |prefix| prefix.len());
        let text = word.get(prefix..).unwrap_or(word);
        let role = match self.role {
            WordRole::Operation => WordRole::Operation,
            WordRole::Value if prefix == 0 => WordRole::Value,
            _ => WordRole::Operand,
        };
        let of = self.of.filter(|_| role == WordRole::Value);
        self.words.push(RequirementWord { text, start: start + prefix, end, role, of });
        let is_compared = self.role == WordRole::Value;
        match role {
            WordRole::Operand if !is_compared => self.next(WordRole::Operator, Some(text)),
            WordRole::Value if self.in_list => self.next(WordRole::Connective, of),
            _ => self.next(WordRole::Connective, None),
        }
    }

    fn symbol(&mut self, symbol: &'a str) {
        let of = self.of;
        match symbol {
            "(" if self.is_call => self.next(WordRole::Operation, None),
            "(" if self.role == WordRole::Parenthesis => {
                self.in_list = true;
                self.next(WordRole::Value, of);
            }
            "(" => self.next(WordRole::Operand, None),
            ")" => {
                self.in_list = false;
                self.next(WordRole::Connective, None);
            }
            _ => self.next(WordRole::Value, of),
        }
        self.is_call = false;
    }
}
