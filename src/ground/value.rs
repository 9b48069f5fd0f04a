//! Values as they come from outside: whatever a caller wrote, before anything is believed about it.

use super::text::decimal;
use crate::ground::Gather;
use alloc::string::String;
use alloc::vec::Vec;

/// Any value that a caller may write where a grant or a fact is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A whole number from 0 to 4,294,967,295.
    Number(u32),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Names and values, in order.
    Map(Vec<(String, Value)>),
    /// Anything else, such as `-1`, `0.5` or a function: kept only to be named in the refusal.
    Other(String),
}

impl Value {
    /// The value as a message shows it, without the backticks.
    pub fn shown(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Flag(flag) => if *flag { "true" } else { "false" }.into(),
            Self::Number(number) => decimal(*number),
            Self::Text(text) | Self::Other(text) => text.clone(),
            Self::List(_) => "[…]".into(),
            Self::Map(_) => "{…}".into(),
        }
    }

    /// Reads the form in which values cross from JavaScript: a letter for the kind, then lengths and counts before
    /// what they measure (`t` `f` `n`, `i7;`, `s5:hello`, `x3:NaN`, `[2;` items, `{1;` key and value). Lengths count
    /// UTF-16 units, which is what JavaScript counts at no cost. `None` unless the whole text is one value.
    pub fn from_wire(text: &str) -> Option<Self> {
        let mut rest = text;
        let value = read(&mut rest, 0)?;
        rest.is_empty().then_some(value)
    }
}

/// Values inside one another that [`Value::from_wire`] accepts; a subject needs 4.
const NESTING: usize = 8;

fn read(rest: &mut &str, depth: usize) -> Option<Value> {
    let mut letters = rest.chars();
    let letter = letters.next().filter(|_| depth < NESTING)?;
    *rest = letters.as_str();
    Some(match letter {
        'n' => Value::Null,
        't' => Value::Flag(true),
        'f' => Value::Flag(false),
        'i' => Value::Number(u32::try_from(count(rest, ';')?).ok()?),
        's' => Value::Text(text(rest)?),
        'x' => Value::Other(text(rest)?),
        '[' => {
            let mut items = Vec::new();
            for _ in 0..count(rest, ';')? {
                items.push(read(rest, depth + 1)?);
            }
            Value::List(items)
        }
        '{' => {
            let mut entries = Vec::new();
            for _ in 0..count(rest, ';')? {
                entries.push((text(rest)?, read(rest, depth + 1)?));
            }
            Value::Map(entries)
        }
        _ => return None,
    })
}

fn count(rest: &mut &str, end: char) -> Option<u64> {
    let (digits, after) = rest.split_once(end)?;
    *rest = after;
    digits.parse().ok()
}

fn text(rest: &mut &str) -> Option<String> {
    let units = usize::try_from(count(rest, ':')?).ok()?;
    // Of ASCII, which ids are, as many bytes as units.
    if let Some((taken, after)) = rest.split_at_checked(units).filter(|(taken, _)| taken.is_ascii()) {
        *rest = after;
        return Some(taken.into());
    }
    let mut seen = 0;
    let end = rest.char_indices().find_map(|(at, letter)| {
        let here = (seen == units).then_some(at);
        seen += letter.len_utf16();
        here
    });
    let end = end.or_else(|| (seen == units).then_some(rest.len()))?;
    let (taken, after) = rest.split_at_checked(end)?;
    *rest = after;
    Some(taken.into())
}

#[cfg(feature = "studio")]
impl From<&serde_json::Value> for Value {
    fn from(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(flag) => Self::Flag(*flag),
            serde_json::Value::Number(number) => number
                .as_u64()
                .and_then(|number| u32::try_from(number).ok())
                .map_or_else(|| Self::Other(alloc::format!("{number}")), Self::Number),
            serde_json::Value::String(text) => Self::Text(text.clone()),
            serde_json::Value::Array(items) => Self::List(items.iter().map(Self::from).listed()),
            serde_json::Value::Object(entries) => {
                Self::Map(entries.iter().map(|(key, value)| (key.clone(), Self::from(value))).listed())
            }
        }
    }
}
