//! The JSON Schema of the policy document.

use super::Document;
use serde_json::Value;

/// The schema as pretty-printed JSON, generated from the types.
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
    if let Value::Object(fields) = &mut schema {
        fields.insert("$id".into(), "urn:privet:policy:1".into());
        fields.insert("title".into(), "Privet policy document".into());
    }
    if let Some(Value::Object(format)) = schema.pointer_mut("/properties/format") {
        format.insert("const".into(), 1.into());
    }
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// Adds the maximum of `u32` to every number of that type, for which `schemars` states only the format `uint32`, and removes
/// the examples in Rust from the descriptions.
fn complete(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("format").is_some_and(|format| format == "uint32") {
                fields.insert("maximum".into(), u32::MAX.into());
            }
            if let Some(Value::String(description)) = fields.get_mut("description")
                && let Some((text, _)) = description.split_once("\n\n# Examples")
            {
                *description = text.into();
            }
            fields.values_mut().for_each(complete);
        }
        Value::Array(items) => items.iter_mut().for_each(complete),
        _ => {}
    }
}
