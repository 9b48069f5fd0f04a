//! Validates values of facts and privileges. Documents and subjects share the rules and the messages.

use super::kinds::{FactKind, PrivilegeKind};
use super::value::Value;
use crate::util::messages::message;
use crate::util::suggest::{did_you_mean, one_of};

/// Why a value is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidValue {
    /// What is wrong.
    pub message: String,
    /// Which values are valid.
    pub help: String,
    /// Whether the value has the right kind but names a level or option that does not exist.
    pub unknown: bool,
}

/// Encodes the value of a fact as a number: 0 or 1, the number itself, the index of the option, or the rank of the level
/// (from 1). `values` are the options or levels. O(values).
///
/// # Errors
/// [`InvalidValue`] if the value has another kind or the option does not exist.
pub fn fact(id: &str, kind: FactKind, values: &[String], value: &Value) -> Result<u32, InvalidValue> {
    match (kind, value) {
        (FactKind::Switch, Value::Flag(on)) => Ok(u32::from(*on)),
        (FactKind::Number, Value::Number(number)) => Ok(*number),
        (FactKind::Choice, Value::Text(option)) => value_index("fact", id, "option", values, option),
        (FactKind::Level, Value::Text(level)) => Ok(value_index("fact", id, "level", values, level)? + 1),
        _ => {
            let expected = match kind {
                FactKind::Switch => "`true` or `false`".into(),
                FactKind::Number => whole_number((0, u32::MAX)),
                FactKind::Choice | FactKind::Level => one_of(values.iter().map(String::as_str)),
            };
            Err(unexpected_value("fact", id, kind.name(), value, &expected))
        }
    }
}

/// Encodes a grant of a privilege as numbers: empty for no grant, 1 for a flag, the rank of a level (from 1), the index of
/// each option, ascending, or the number itself. O(values²) for a set, O(values) for the others.
///
/// # Errors
/// [`InvalidValue`] if the value has another kind, the level or option does not exist, the number is outside `range`
/// (minimum and maximum) or an option is listed twice.
pub fn grant(
    id: &str,
    kind: PrivilegeKind,
    values: &[String],
    range: (u32, u32),
    value: &Value,
) -> Result<Vec<u32>, InvalidValue> {
    let (min, max) = range;
    let one = |number| Ok(vec![number]);
    match (kind, value) {
        (PrivilegeKind::Flag, Value::Flag(false)) => Ok(Vec::new()),
        (PrivilegeKind::Flag, Value::Flag(true)) => one(1),
        (PrivilegeKind::Level, Value::Text(level)) => one(value_index("privilege", id, "level", values, level)? + 1),
        (PrivilegeKind::Choice, Value::Text(option)) => one(value_index("privilege", id, "option", values, option)?),
        (PrivilegeKind::Set, Value::List(items)) => set(id, values, items),
        (PrivilegeKind::Number, Value::Number(number)) if (min..=max).contains(number) => one(*number),
        _ => Err(wrong_kind(id, kind, values, range, value)),
    }
}

fn set(id: &str, options: &[String], items: &[Value]) -> Result<Vec<u32>, InvalidValue> {
    let mut chosen = Vec::with_capacity(items.len());
    for item in items {
        let Value::Text(option) = item else {
            return Err(wrong_kind(id, PrivilegeKind::Set, options, (0, 0), item));
        };
        let index = value_index("privilege", id, "option", options, option)?;
        if chosen.contains(&index) {
            let (message, help) = message!(duplicate_option, option, id);
            return Err(InvalidValue { message, help, unknown: false });
        }
        chosen.push(index);
    }
    let indices = (0_u32..).zip(options).map(|(index, _)| index);
    Ok(indices.filter(|index| chosen.contains(index)).collect())
}

fn wrong_kind(id: &str, kind: PrivilegeKind, values: &[String], range: (u32, u32), value: &Value) -> InvalidValue {
    let options = || one_of(values.iter().map(String::as_str));
    let expected = match kind {
        PrivilegeKind::Flag => "`true` or `false`".into(),
        PrivilegeKind::Level | PrivilegeKind::Choice => options(),
        PrivilegeKind::Set => message!(list_of, options()),
        PrivilegeKind::Number => whole_number(range),
    };
    unexpected_value("privilege", id, kind.name(), value, &expected)
}

fn whole_number((min, max): (u32, u32)) -> String {
    message!(whole_number, min, max)
}

/// The error for a value of another kind, or for a number outside the range.
fn unexpected_value(owner: &str, id: &str, kind: &str, value: &Value, expected: &str) -> InvalidValue {
    let shown = value.shown();
    let (is_number, what) = match value {
        Value::Number(_) => (true, message!(the_number)),
        Value::Other(text) if text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
            (true, message!(the_number))
        }
        Value::Text(_) => (false, message!(the_text)),
        _ => (false, ""),
    };
    let help = message!(give, expected);
    let (message, help) = if kind == "number" && is_number {
        message!(out_of_range, owner, id, shown, help)
    } else {
        message!(wrong_kind, owner, id, kind, what, shown, help)
    };
    InvalidValue { message, help, unknown: false }
}

/// The index of the level or option `wanted`.
fn value_index(owner: &str, id: &str, what: &str, options: &[String], wanted: &str) -> Result<u32, InvalidValue> {
    let found = options.iter().position(|option| option == wanted).and_then(|index| u32::try_from(index).ok());
    found.ok_or_else(|| {
        let ids = || options.iter().map(String::as_str);
        let help = did_you_mean(wanted, ids()).unwrap_or_else(|| message!(give, one_of(ids())));
        let (message, help) = message!(no_value, owner, id, what, wanted, help);
        InvalidValue { message, help, unknown: true }
    })
}
