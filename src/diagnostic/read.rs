//! Diagnostics that come back from whoever they were given to.

use super::{Code, Diagnostic, Related};
use crate::ground::Value;
use crate::source::Location;
use alloc::string::String;
use alloc::vec::Vec;

impl Diagnostic {
    /// Reads a list of diagnostics; nothing where a value is no such list.
    pub fn list(value: &Value) -> Option<Vec<Self>> {
        items(value, &|found| {
            let code = text(found, "code")?;
            let code = *Code::ALL.iter().find(|known| known.as_str() == code)?;
            let help = member(found, "help").map(|_| text(found, "help"));
            Some(Self {
                code,
                severity: code.severity(),
                message: text(found, "message")?,
                help: help.unwrap_or_default(),
                pointer: text(found, "pointer")?,
                span: member(found, "span").and_then(location),
                related: member(found, "related").map_or_else(|| Some(Vec::new()), related)?,
            })
        })
    }
}

fn related(value: &Value) -> Option<Vec<Related>> {
    items(value, &|place| {
        let span = member(place, "span").and_then(location);
        Some(Related { message: text(place, "message")?, pointer: text(place, "pointer")?, span })
    })
}

fn items<T>(value: &Value, item: &dyn Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    let Value::List(items) = value else { return None };
    items.iter().map(item).collect()
}

fn member<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    let Value::Map(entries) = value else { return None };
    entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
}

fn text(value: &Value, key: &str) -> Option<String> {
    if let Value::Text(text) = member(value, key)? { Some(text.clone()) } else { None }
}

fn location(value: &Value) -> Option<Location> {
    let number =
        |key: &str| if let Value::Number(number) = member(value, key)? { Some(*number as usize) } else { None };
    Some(Location { start: number("start")?, end: number("end")?, line: number("line")?, column: number("column")? })
}
