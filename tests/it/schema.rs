//! The published JSON Schema: it is generated from the types, accepts the built-in policies, and refuses documents that
//! the reader refuses.

use privet::diagnostic::Severity;
use privet::studio::Studio;
use serde_json::{Value, json};
use std::path::Path;

fn schema() -> Value {
    serde_json::from_str(&privet::document::schema()).unwrap()
}

/// A document with all required keys and one entry in most lists.
fn document() -> Value {
    json!({
        "format": 1, "id": "small", "title": "Small", "version": "1",
        "privileges": [{ "id": "users", "kind": "level", "label": "Users", "levels": [{ "id": "modify", "label": "Modify" }] }],
        "operations": [{ "id": "users.edit", "label": "Edit users", "requires": "users >= modify" }],
    })
}

/// The document with another value at a JSON pointer, whose parent must exist.
fn with(pointer: &str, value: Value) -> Value {
    let mut document = document();
    let (above, key) = pointer.rsplit_once('/').unwrap();
    let above = document.pointer_mut(above).unwrap();
    match above {
        Value::Array(items) => *items.get_mut(key.parse::<usize>().unwrap()).unwrap() = value,
        above => drop(above.as_object_mut().unwrap().insert(key.into(), value)),
    }
    document
}

#[track_caller]
fn refused(document: &Value) {
    assert!(!jsonschema::is_valid(&schema(), document), "the schema takes {document}");
    let diagnostics = privet::check::check(&document.to_string(), false);
    assert!(diagnostics.iter().any(|it| it.severity == Severity::Error), "the checker takes {document}");
}

#[test]
fn it_is_what_the_types_generate() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/policy.schema.json");
    let difference = crate::support::golden::golden(&path, &privet::document::schema());
    assert!(difference.is_none(), "{}", difference.unwrap());
}

#[test]
fn it_is_a_schema() {
    assert!(jsonschema::meta::is_valid(&schema()));
}

#[test]
fn it_takes_the_built_in_policies() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for text in [privet::policies::CONTACT, privet::policies::DOTDIGITAL, privet::policies::VICIDIAL] {
        // A JSON Schema applies to JSON; the canonical form is the document without comments.
        let studio = Studio::compile(text, false).unwrap();
        let document: Value = serde_json::from_slice(&studio.checked().document().canonical()).unwrap();
        let errors: Vec<_> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
    }
}

#[test]
fn it_takes_a_small_document() {
    assert!(jsonschema::is_valid(&schema(), &document()));
}

#[test]
fn it_refuses_what_the_reader_refuses() {
    refused(&json!([]));
    refused(&json!({ "format": 1, "id": "small", "title": "Small" }));
    refused(&with("/operation", json!([])));
    refused(&with("/id", json!("a small one")));
    refused(&with("/format", json!("1")));
    refused(&with("/privileges/0/kind", json!("levels")));
    refused(&with("/privileges/0/levels", json!({})));
    refused(&with("/privileges/0/cost", json!(-1)));
    refused(&with("/operations/0/requires", json!(["users"])));
    refused(&with("/operations/0/menu", json!("users")));
    refused(&with("/roles", json!([{ "id": "all", "label": "All", "grants": { "users": { "at": "modify" } } }])));
    let rule = json!({ "id": "rule", "label": "Rule", "on": ["privileges"], "requires": "true", "within": "owner" });
    refused(&with("/changeRules", json!([rule])));
    refused(&with("/facts", json!([{ "id": "on", "kind": "switch", "label": "On", "absent": 0.5 }])));
}
