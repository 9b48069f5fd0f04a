//! The slowest documents that `scripts/trust/bounds.sh` has found, with how each question ends: an answer, or the code of the limit that stops
//! it. `PRIVET_BLESS=1` writes the endings. Times are in the report of the search, not here.

use crate::hostile::documents::{Hostile, KINDS, SHAPES};
use crate::hostile::questions::{Asked, QUESTIONS};
use crate::support::golden::golden;
use serde_json::{Value as Json, json};
use std::fmt::Write;
use std::path::Path;

#[test]
fn hostile_documents_end_as_before() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bounds.json");
    let cases: Vec<Json> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let has = |key: &str, word: &str| cases.iter().any(|case| case["document"][key] == word);
    assert!(SHAPES.iter().all(|shape| has("shape", shape)), "a shape has no case");
    assert!(KINDS.iter().all(|kind| has("kind", kind)), "a kind has no case");
    let mut text = String::new();
    for case in &cases {
        let hostile = Hostile::read(&case["document"]);
        assert_eq!(hostile.json(), case["document"], "a document is written with all its numbers");
        let asked = Asked::new(&hostile);
        let ends: serde_json::Map<String, Json> =
            QUESTIONS.iter().map(|question| ((*question).to_owned(), json!(asked.ask(question)))).collect();
        let separator = if text.is_empty() { "[" } else { "," };
        let _ = write!(
            text,
            "{separator}\n  {}",
            json!({ "document": case["document"], "found": case["found"], "ends": ends })
        );
    }
    text.push_str("\n]\n");
    if let Some(difference) = golden(&path, &text) {
        panic!("{difference}");
    }
}
