//! The JSON Schema of the policy document.

use super::Document;
use alloc::string::String;

/// The schema, generated from the types, as pretty-printed JSON.
pub fn schema() -> String {
    let mut schema = schemars::schema_for!(Document);
    schema.insert("title".into(), "Privet policy document".into());
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
