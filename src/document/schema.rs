//! The JSON Schema of the policy document.

use super::Document;
use crate::diagnostic::{Code, Severity};
use crate::model::limits;
use serde_json::{Map, Value, json};

/// The schema as pretty-printed JSON, generated from the types. It accepts every document that the reader accepts, and
/// describes each key. Facts and privileges have one alternative for each kind, so that an editor offers only the keys
/// that the kind has.
///
/// # Examples
/// ```
/// let schema: serde_json::Value = serde_json::from_str(&privet::schema())?;
/// assert_eq!(schema["title"], "Privet policy document");
/// assert_eq!(schema["required"], serde_json::json!(["format", "id", "title", "version"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn schema() -> String {
    let mut schema = schemars::schema_for!(Document).to_value();
    complete(&mut schema);
    insert(&mut schema, "", &json!({ "$id": "urn:privet:policy:1", "title": "Privet policy document" }));
    insert(&mut schema, "/properties/format", &json!({ "const": 1 }));
    insert(&mut schema, "/properties/verbs", &json!({ "maxItems": limits::VERBS }));
    insert(&mut schema, "/$defs/Requirement", &json!({ "maxLength": limits::REQUIREMENT_BYTES }));
    insert(&mut schema, "/$defs/Allow/properties/code", &json!({ "enum": warnings() }));
    insert(&mut schema, "/$defs/Allow/properties/reason", &json!({ "minLength": 1 }));
    insert(&mut schema, "/$defs/ChangeRule/properties/on", &json!({ "minItems": 1 }));
    insert(&mut schema, "/$defs/Privilege/properties/cost", &json!({ "minimum": 1 }));
    split_by_kind(&mut schema, "Fact", &FACT_KEYS);
    split_by_kind(&mut schema, "Privilege", &PRIVILEGE_KEYS);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// The kinds of a fact or privilege, each with the keys that only some kinds have.
type KeysOfKinds = [(&'static str, &'static [&'static str])];

const FACT_KEYS: [(&str, &[&str]); 4] =
    [("switch", &[]), ("number", &[]), ("choice", &["options"]), ("level", &["levels"])];

const PRIVILEGE_KEYS: [(&str, &[&str]); 5] = [
    ("flag", &[]),
    ("level", &["levels"]),
    ("choice", &["options"]),
    ("set", &["options"]),
    ("number", &["unit", "min", "max"]),
];

/// The codes of warnings, which a document may accept.
fn warnings() -> Vec<&'static str> {
    Code::ALL.iter().filter(|code| code.severity() == Severity::Warning).map(|code| code.as_str()).collect()
}

/// Replaces the definition of a fact or privilege by one alternative for each kind.
fn split_by_kind(schema: &mut Value, name: &str, kinds: &KeysOfKinds) {
    let descriptions = schema.pointer(&format!("/$defs/{name}Kind/oneOf")).cloned().unwrap_or_default();
    let Some(definition) = schema.pointer_mut(&format!("/$defs/{name}")) else { return };
    let alternatives: Vec<Value> = kinds
        .iter()
        .zip(descriptions.as_array().into_iter().flatten())
        .map(|((kind, keys), described)| of_kind(definition.clone(), kind, keys, kinds, described))
        .collect();
    *definition = json!({ "description": definition.get("description"), "oneOf": alternatives });
    if let Some(Value::Object(definitions)) = schema.get_mut("$defs") {
        definitions.remove(&format!("{name}Kind"));
    }
}

/// The definition for one kind: without the keys of other kinds. The reader takes an empty list where a kind has no such
/// key, so the schema does, too, but does not suggest it.
fn of_kind(mut definition: Value, kind: &str, keys: &[&str], kinds: &KeysOfKinds, described: &Value) -> Value {
    let kind_schema = json!({ "const": kind, "description": described.get("description") });
    if let Some(Value::Object(properties)) = definition.get_mut("properties") {
        for (_, others) in kinds {
            for key in others.iter().filter(|key| !keys.contains(key)) {
                if is_list(key) {
                    let description = format!("A {kind} has no {key}.");
                    let empty =
                        json!({ "description": description, "type": "array", "maxItems": 0, "doNotSuggest": true });
                    properties.insert((*key).into(), empty);
                } else {
                    properties.remove(*key);
                }
            }
        }
        properties.insert("kind".into(), kind_schema);
    }
    for key in keys.iter().filter(|key| is_list(key)) {
        insert(&mut definition, &format!("/properties/{key}"), &json!({ "minItems": 1, "maxItems": limits::VALUES }));
        if let Some(Value::Array(required)) = definition.get_mut("required") {
            required.push((*key).into());
        }
    }
    for key in ["default", "absent"] {
        let value = match kind {
            "switch" => json!({ "type": "boolean" }),
            "number" => number(),
            _ => json!({ "type": "string" }),
        };
        let pointer = format!("/properties/{key}");
        if let Some(Value::Object(property)) = definition.pointer_mut(&pointer) {
            property.remove("$ref");
            insert(&mut definition, &pointer, &value);
        }
    }
    insert(&mut definition, "", &json!({ "title": kind }));
    if let Value::Object(definition) = &mut definition {
        definition.remove("description");
    }
    definition
}

fn is_list(key: &str) -> bool {
    matches!(key, "levels" | "options")
}

/// A whole number that fits in 32 bits.
fn number() -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })
}

/// Adds keywords to the schema at a pointer.
fn insert(schema: &mut Value, pointer: &str, keywords: &Value) {
    if let (Some(Value::Object(fields)), Value::Object(keywords)) = (schema.pointer_mut(pointer), keywords) {
        fields.extend(keywords.clone());
    }
}

/// Corrects what `schemars` generates from Rust types: a number has bounds instead of the format `uint32`, which validators
/// do not know; an optional key may be missing, but not `null`; a description is one line without the examples in Rust.
fn complete(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            let format = fields.remove_entry("format");
            match format {
                Some((_, format)) if format == "uint32" => fields.extend(object(number())),
                Some((key, format)) => fields.extend([(key, format)]),
                None => {}
            }
            let without_null = match fields.get_mut("anyOf") {
                Some(Value::Array(parts)) => {
                    parts.retain(|part| *part != json!({ "type": "null" }));
                    if let [Value::Object(only)] = parts.as_slice() { Some(only.clone()) } else { None }
                }
                _ => None,
            };
            if let Some(only) = without_null {
                fields.remove("anyOf");
                for (key, value) in only {
                    fields.entry(key).or_insert(value);
                }
            }
            if let Some(Value::Array(types)) = fields.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    fields.insert("type".into(), only);
                }
            }
            if let Some(Value::String(description)) = fields.get_mut("description") {
                let text = description.split("\n\n# Examples").next().unwrap_or_default();
                *description = text.split("\n\n").map(|part| part.replace('\n', " ")).collect::<Vec<_>>().join("\n\n");
            }
            fields.values_mut().for_each(complete);
        }
        Value::Array(items) => items.iter_mut().for_each(complete),
        _ => {}
    }
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(fields) = value { fields } else { Map::new() }
}
