//! Reads diagnostics that JavaScript passes back. From values: code that deserializes the types themselves would be some 4 kB of the
//! download.

use crate::diagnostic::{Code, Diagnostic, Related};
use crate::model::Value;
use crate::source::Location;

/// Reads a list of diagnostics; `None` if it is not one.
pub(super) fn read(list: &Value) -> Option<Vec<Diagnostic>> {
    items(list)?.iter().map(diagnostic).collect()
}

fn diagnostic(value: &Value) -> Option<Diagnostic> {
    let code = text(value, "code")?;
    let code = Code::ALL.iter().copied().find(|known| known.as_str() == code)?;
    Some(Diagnostic {
        code,
        severity: code.severity(),
        message: text(value, "message")?,
        help: text(value, "help"),
        file: text(value, "file"),
        pointer: text(value, "pointer")?,
        place: String::new(),
        span: span(value),
        related: match member(value, "related") {
            Some(related) => items(related)?.iter().map(self::related).collect::<Option<_>>()?,
            None => Vec::new(),
        },
    })
}

fn related(value: &Value) -> Option<Related> {
    Some(Related {
        message: text(value, "message")?,
        file: text(value, "file"),
        pointer: text(value, "pointer")?,
        span: span(value),
    })
}

fn span(value: &Value) -> Option<Location> {
    let span = member(value, "span")?;
    let number = |key| if let Some(Value::Number(number)) = member(span, key) { Some(*number as usize) } else { None };
    Some(Location { start: number("start")?, end: number("end")?, line: number("line")?, column: number("column")? })
}

fn text(value: &Value, key: &str) -> Option<String> {
    if let Some(Value::Text(text)) = member(value, key) { Some(text.clone()) } else { None }
}

fn items(value: &Value) -> Option<&[Value]> {
    if let Value::List(items) = value { Some(items) } else { None }
}

fn member<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    let Value::Map(entries) = value else { return None };
    entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
}
