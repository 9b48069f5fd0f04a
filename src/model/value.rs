//! Values of grants and facts as callers write them, before validation.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;

/// A value of a grant or fact. It can represent everything that a caller may pass, also invalid values.
///
/// # Examples
/// ```
/// use privet::Value;
///
/// let value: Value = serde_json::from_str(r#"["modify", 3, true, -1]"#)?;
/// let [text, number] = [Value::Text("modify".into()), Value::Number(3)];
/// assert_eq!(value, Value::List(vec![text, number, Value::Flag(true), Value::Other("-1".into())]));
///
/// let grants = Value::Map(vec![("orders".into(), Value::Text("edit".into()))]);
/// assert_eq!(serde_json::to_string(&grants)?, r#"{"orders":"edit"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// The entries of an object, in order.
    Map(Vec<(String, Value)>),
    /// Any other value, such as `-1`, `0.5` or a function, as an error message shows it.
    Other(String),
}

/// The only key of an object that represents a JavaScript value without a JSON form: the package serializes `NaN` as
/// `{ "$unsupported": "NaN" }`. An id cannot contain `$`.
pub const UNSUPPORTED: &str = "$unsupported";

impl Value {
    /// The value as an error message shows it, without the backticks.
    pub fn shown(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) | Self::Other(text) => text.clone(),
            Self::List(_) => "[…]".into(),
            Self::Map(_) => "{…}".into(),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => serializer.serialize_u32(*number),
            Self::Text(text) | Self::Other(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

impl From<&serde_json::Value> for Value {
    fn from(json: &serde_json::Value) -> Self {
        // `ValueVisitor` accepts every JSON value, so this cannot fail.
        Self::deserialize(json).unwrap_or(Self::Null)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(u32::try_from(number).map_or_else(|_| Value::Other(number.to_string()), Value::Number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(u32::try_from(number).map_or_else(|_| Value::Other(number.to_string()), Value::Number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        // `7.0` is the whole number 7 and `-0` is 0, and they are shown as such.
        let shown = (number + 0.0).to_string();
        Ok(shown.parse().map_or(Value::Other(shown), Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(match map.as_slice() {
            [(key, Value::Text(shown))] if key == UNSUPPORTED => Value::Other(shown.clone()),
            _ => Value::Map(map),
        })
    }
}
