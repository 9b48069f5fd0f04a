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
    refused(&with("/id", json!("undecided")));
    refused(&with("/id", json!("actor.small")));
    refused(&with("/title", json!(null)));
    refused(&with("/format", json!(2)));
    refused(&with("/format", json!("1")));
    refused(&with("/privileges/0/kind", json!("levels")));
    refused(&with("/privileges/0/levels", json!({})));
    refused(&with("/privileges/0/levels", json!([])));
    refused(&with("/privileges/0/unit", json!("seats")));
    refused(&with("/privileges/0/note", json!(null)));
    refused(&with("/privileges/0/cost", json!(-1)));
    refused(&with("/operations/0/requires", json!(["users"])));
    refused(&with("/operations/0/menu", json!("users")));
    refused(&with("/roles", json!([{ "id": "all", "label": "All", "grants": { "users": { "at": "modify" } } }])));
    let rule = json!({ "id": "rule", "label": "Rule", "on": ["privileges"], "requires": "true", "within": "owner" });
    refused(&with("/changeRules", json!([rule])));
    let rule = json!({ "id": "rule", "label": "Rule", "on": [], "requires": "true" });
    refused(&with("/changeRules", json!([rule])));
    refused(&with("/allow", json!([{ "code": "unknown-id", "at": "/privileges/users", "reason": "It is an error." }])));
    refused(&with("/facts", json!([{ "id": "on", "kind": "switch", "label": "On", "absent": 0.5 }])));
}

/// Every value of the schema, with its pointer.
fn walk(value: &Value, at: &str, visit: &mut dyn FnMut(&str, &Value)) {
    visit(at, value);
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| walk(value, &format!("{at}/{key}"), visit)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| walk(value, &format!("{at}/{index}"), visit));
        }
        _ => {}
    }
}

#[test]
fn every_type_and_key_has_a_description_on_one_line() {
    let (mut missing, mut found) = (Vec::new(), 0);
    walk(&schema(), "", &mut |at, value| {
        let above = at.rsplit('/').nth(1);
        let is_alternative = above == Some("oneOf") && value.get("const").is_some();
        if matches!(above, Some("properties" | "$defs")) || is_alternative {
            found += 1;
            let description = value.get("description").and_then(Value::as_str).unwrap_or_default();
            if description.is_empty() || description.contains('\n') {
                missing.push(at.to_owned());
            }
        }
    });
    assert_eq!(missing, [""; 0]);
    assert!(found > 150, "{found}");
}

#[test]
fn it_has_no_formats_that_validators_do_not_know_and_no_null() {
    walk(&schema(), "", &mut |at, value| {
        let is_a_key = at.ends_with("/properties/format");
        assert!(is_a_key || !at.ends_with("/format"), "{at}");
        assert!(*value != json!("null") && !value.is_null(), "{at}");
    });
}

/// For every kind, the keys that only some kinds have: the schema takes exactly those that the reader takes.
#[test]
fn keys_that_depend_on_the_kind_are_those_that_the_reader_takes() {
    let options = || json!([{ "id": "one", "label": "One" }]);
    let values = [
        ("levels", options()),
        ("levels", json!([])),
        ("options", options()),
        ("options", json!([])),
        ("unit", json!("seats")),
        ("min", json!(1)),
        ("max", json!(9)),
        ("cost", json!(0)),
        ("default", json!(true)),
        ("default", json!(3)),
        ("default", json!("one")),
        ("absent", json!(false)),
        ("absent", json!(7)),
        ("absent", json!("one")),
        ("absent", json!(null)),
        ("note", json!("Text")),
        ("group", json!(null)),
        ("meta", json!(null)),
    ];
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let (mut taken, mut all) = (0, 0);
    for (list, kind) in [("facts", "switch number choice level"), ("privileges", "flag level choice set number")]
        .into_iter()
        .flat_map(|(list, kinds)| kinds.split(' ').map(move |kind| (list, kind)))
    {
        for first in &values {
            for second in &values {
                let mut entry = json!({ "id": "x", "kind": kind, "label": "X" });
                let fields = entry.as_object_mut().unwrap();
                fields.extend([first, second].map(|(key, value)| ((*key).to_owned(), value.clone())));
                let document = json!({ "format": 1, "id": "small", "title": "Small", "version": "1", list: [entry] });
                let found = privet::check::check(&document.to_string(), false);
                // Whether a value is an option is not said by the shape, nor whether the minimum is above the maximum.
                let meaning = ["unknown-value", "absent-opens"];
                let is_wrong =
                    |it: &privet::Diagnostic| it.severity == Severity::Error && !meaning.contains(&it.code.as_str());
                let reader_takes = !found.iter().any(is_wrong);
                assert_eq!(validator.is_valid(&document), reader_takes, "{document} {found:?}");
                taken += usize::from(reader_takes);
                all += 1;
            }
        }
    }
    assert!(taken > 150 && taken < all / 2, "{taken} of {all}");
}
