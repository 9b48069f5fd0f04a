//! The reader of JSON with comments against another one: they agree on every text, on its nodes and on its first fault.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use jsonc_parser::ast::Value;
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};
use privet::source::{Member, Node, NodeKind, Span, parse};
use proptest::prelude::*;

const fn span(range: Range) -> Span {
    Span { start: range.start, end: range.end }
}

fn node(value: Value) -> Node {
    let span_of = span(value.range());
    let kind = match value {
        Value::NullKeyword(_) => NodeKind::Null,
        Value::BooleanLit(literal) => NodeKind::Bool(literal.value),
        Value::NumberLit(literal) => NodeKind::Number(literal.value.to_owned()),
        Value::StringLit(literal) => NodeKind::Text(literal.value.into_owned()),
        Value::Array(array) => NodeKind::List(array.elements.into_iter().map(node).collect()),
        Value::Object(object) => {
            let member = |it: jsonc_parser::ast::ObjectProp| {
                let key_span = span(it.name.range());
                Member { key: it.name.into_string(), key_span, value: node(it.value) }
            };
            NodeKind::Object(object.properties.into_iter().map(member).collect())
        }
    };
    Node { span: span_of, kind }
}

/// What the other reader says: the node, or where the first fault is and what it is.
fn other(text: &str) -> Result<Option<Node>, (Span, String)> {
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
    let collect = CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false };
    match parse_to_ast(text, &collect, &strict) {
        Ok(parsed) => Ok(parsed.value.map(node)),
        Err(error) => {
            let message = error.kind().to_string();
            let (first, rest) = message.split_at(1);
            Err((span(error.range()), first.to_lowercase() + rest))
        }
    }
}

fn agree(text: &str) {
    let ours = parse(text);
    match (other(text), ours) {
        (Ok(Some(expected)), Ok(read)) => assert_eq!(read, expected, "{text:?}"),
        // Limits and control characters are our own.
        (Ok(Some(_)), Err(error)) => assert!(error.limit || error.message.contains("control"), "{text:?}: {error:?}"),
        (Ok(None), ours) => assert_eq!(ours.unwrap_err().message, "document is empty", "{text:?}"),
        (Err(_), Err(error)) if error.limit => {}
        (Err(expected), Err(error)) => assert_eq!((error.span, error.message), expected, "{text:?}"),
        (Err(expected), Ok(_)) => panic!("{text:?} is read, but {expected:?}"),
    }
}

/// What texts are made of, with everything that the two could see otherwise; save letters that are not ASCII outside of
/// strings, which the other one takes for words.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"a\"",
    "\"",
    "'",
    "true",
    "false",
    "null",
    "nul",
    "truex",
    "true$",
    "a-b_c",
    "0",
    "-",
    "+",
    "12",
    "01",
    "-0",
    "1.5",
    "1.",
    ".5",
    "-.5",
    "1e5",
    "1e",
    "1e+",
    "1E-2",
    "0x1",
    "-0x1",
    "Infinity",
    "-Infinity",
    "-NaN",
    "-Nan",
    "//",
    "/*",
    "*/",
    "/",
    "*",
    "\n",
    "\r",
    " ",
    "\t",
    "\u{b}",
    "\u{c}",
    "\u{a0}",
    "\u{2028}",
    "\u{1f}",
    "\\",
    "\\\"",
    "\\'",
    "\\n",
    "\\u",
    "\\u00e9",
    "\\ud83d",
    "\\ude00",
    "\\ud83d\\ude00",
    "\\ud83dx",
    "\\u12",
    "\\x",
    "\"“\"",
    "“",
    "😀",
    "\"key\": 1",
    "\"key\":",
    "{\"a\":",
    "[1, 2",
    ".",
    "$",
    "_",
    "#",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn readers_agree_on_texts_of_pieces(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..14)) {
        agree(&pieces.concat());
    }
}

#[test]
fn readers_agree_on_policies_with_one_byte_changed() {
    for policy in [privet::policies::CONTACT, privet::policies::VICIDIAL, privet::policies::DOTDIGITAL] {
        agree(policy);
    }
    let text = privet::policies::VICIDIAL.get(..4_000).unwrap();
    let bytes = [" ", "\"", "{", "}", "[", "]", ",", ":", "/", "\\", "0", "a", "\n"];
    for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)).step_by(3) {
        let (before, after) = text.split_at(at);
        for byte in bytes {
            agree(&[before, byte, after].concat());
        }
        agree(before);
    }
}

#[test]
fn what_is_nested_too_deep_is_told_before_the_stack_ends() {
    for depth in [31, 32, 33, 511, 513, 100_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            for text in [open.repeat(depth), [&open.repeat(depth), "1", &close.repeat(depth)].concat()] {
                agree(&text);
            }
        }
    }
}
