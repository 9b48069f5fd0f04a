//! A second parser of the requirement language, written only from the grammar of the design.
//!
//! It reads texts that the checker has accepted, so it panics on any other text.

use std::collections::VecDeque;

/// A parsed requirement.
#[derive(Debug)]
pub(crate) enum Requirement {
    Constant(bool),
    All(Vec<Requirement>),
    Any(Vec<Requirement>),
    Not(Box<Requirement>),
    Test(Test),
}

/// A test whose names are not resolved.
#[derive(Debug)]
pub(crate) enum Test {
    Held(String),
    Compare(String, String, String),
    In(String, Vec<String>),
    IsSet(String),
    Allowed(String),
}

impl Requirement {
    pub(crate) fn parse(text: &str) -> Self {
        let mut words = words(text);
        let requirement = any(&mut words);
        assert!(words.is_empty(), "words left over in `{text}`: {words:?}");
        requirement
    }

    /// All tests in the requirement.
    pub(crate) fn tests(&self) -> Vec<&Test> {
        match self {
            Self::Constant(_) => Vec::new(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::tests).collect(),
            Self::Not(inner) => inner.tests(),
            Self::Test(test) => vec![test],
        }
    }
}

type Words = VecDeque<String>;

/// Splits a text into words, operators, parentheses and commas. A token begins where the class of the character
/// changes; parentheses and commas are tokens by themselves.
fn words(text: &str) -> Words {
    let class = |letter: char| match letter {
        '(' | ')' | ',' => 0,
        '<' | '>' | '=' | '!' => 1,
        _ => 2,
    };
    let mut words = Words::new();
    for part in text.split_whitespace() {
        let mut before = None;
        for letter in part.chars() {
            match words.back_mut() {
                Some(word) if before == Some(class(letter)) && class(letter) != 0 => word.push(letter),
                _ => words.push_back(letter.to_string()),
            }
            before = Some(class(letter));
        }
    }
    words
}

fn any(words: &mut Words) -> Requirement {
    let mut parts = vec![all(words)];
    while takes(words, "or") {
        parts.push(all(words));
    }
    Requirement::Any(parts)
}

fn all(words: &mut Words) -> Requirement {
    let mut parts = vec![unary(words)];
    while takes(words, "and") {
        parts.push(unary(words));
    }
    Requirement::All(parts)
}

fn unary(words: &mut Words) -> Requirement {
    if takes(words, "not") {
        return Requirement::Not(Box::new(unary(words)));
    }
    if takes(words, "(") {
        let inner = any(words);
        expect(words, ")");
        return inner;
    }
    match word(words).as_str() {
        "true" => Requirement::Constant(true),
        "false" => Requirement::Constant(false),
        "allowed" => Requirement::Test(Test::Allowed(list(words).remove(0))),
        id => Requirement::Test(test(id.into(), words)),
    }
}

/// The part of a test after its id.
fn test(id: String, words: &mut Words) -> Test {
    if takes(words, "in") {
        return Test::In(id, list(words));
    }
    if takes(words, "is") {
        expect(words, "set");
        return Test::IsSet(id);
    }
    match [">=", ">", "<=", "<", "=", "!="].into_iter().find(|operator| takes(words, operator)) {
        Some(operator) => Test::Compare(id, operator.into(), word(words)),
        None => Test::Held(id),
    }
}

/// Words in parentheses, separated by commas.
fn list(words: &mut Words) -> Vec<String> {
    expect(words, "(");
    let mut list = vec![word(words)];
    while takes(words, ",") {
        list.push(word(words));
    }
    expect(words, ")");
    list
}

fn word(words: &mut Words) -> String {
    words.pop_front().expect("the requirement ends too early")
}

fn takes(words: &mut Words, wanted: &str) -> bool {
    let found = words.front().is_some_and(|word| word == wanted);
    if found {
        words.pop_front();
    }
    found
}

fn expect(words: &mut Words, wanted: &str) {
    assert!(takes(words, wanted), "`{wanted}` is missing before {words:?}");
}
