//! JSON as one value: every answer of the studio becomes one before it becomes text.
//!
//! Evidence. A serializer to text is in a module once for each type that it writes, with its number formats and its
//! faults: with that of `serde_json`, a tenth of the studio's code wrote JSON.
//!
//! Decision. A type says its fields and no more; what escapes, separates and nests knows one type.

mod serializer;
mod tell;

pub use tell::{Nest, Tell, Told, text};

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use serde::Serialize;

/// A JSON value. Its numbers are whole and not negative: no others are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(u64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// Keys and values, in the order in which they are told.
    Map(Vec<(Cow<'static, str>, Json)>),
}

impl Json {
    /// What a type tells of itself.
    ///
    /// # Errors
    /// For what is no value of these: a negative number, a fraction, bytes, or a key that is no text.
    pub fn of(value: &(impl Serialize + ?Sized)) -> Result<Self, fmt::Error> {
        value.serialize(serializer::Teller)
    }

    /// An object without keys.
    pub const fn object() -> Self {
        Self::Map(Vec::new())
    }

    /// The object with this key, in the place of the one that it had.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Into<Self>) -> Self {
        self.set(key, value.into());
        self
    }

    fn set(&mut self, key: &'static str, value: Self) {
        if let Self::Map(entries) = self {
            match entries.iter_mut().find(|(known, _)| known == key) {
                Some((_, there)) => *there = value,
                None => entries.push((Cow::Borrowed(key), value)),
            }
        }
    }

    /// What a value of the policy tells of itself.
    pub fn told(value: &dyn Tell) -> Self {
        let mut growing = tell::Growing::default();
        value.tell(&mut growing);
        growing.whole.unwrap_or(Self::Null)
    }

    /// As text, without spaces. O(length).
    pub fn text(&self) -> String {
        String::from_utf8(text(|to| self.tell(to))).unwrap_or_default()
    }
}

impl Serialize for Json {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
        }
    }
}

impl From<bool> for Json {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<u32> for Json {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<Self>> for Json {
    fn from(items: Vec<Self>) -> Self {
        Self::List(items)
    }
}

impl<T: Into<Self>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
