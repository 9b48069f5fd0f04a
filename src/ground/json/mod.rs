//! JSON as text that grows: everything that the studio tells, and the outline of a pack.
//!
//! Evidence. A serializer to text is in a module once for each type that it writes, with its number formats and its
//! faults: with that of `serde_json`, a tenth of the studio's code wrote JSON. A tree of values in between had to be built,
//! moved and dropped for each type as well, and took longer than the text.
//!
//! Decision. A type says its fields and no more; what escapes, separates and nests knows text. Answers say them through
//! `serde`; the document and the outline of a pack, which have many values, through [`Tell`].

mod instead;
mod serializer;
mod tell;

pub use tell::{Nest, Tell, Told, text};

use super::text::quote;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use serde::Serialize;
use serializer::Teller;

/// A JSON value, as text without spaces. Its numbers are whole and not negative: no others are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(String);

impl Json {
    /// `null`.
    pub fn null() -> Self {
        Self("null".into())
    }

    /// What a type tells of itself.
    ///
    /// # Errors
    /// For what is no value of these: a negative number, a fraction, bytes, or a key that is no text.
    pub fn of(value: &(impl Serialize + ?Sized)) -> Result<Self, fmt::Error> {
        let mut text = String::new();
        value.serialize(Teller(&mut text))?;
        Ok(Self(text))
    }

    /// What a part of the document tells of itself.
    pub fn told(value: &dyn Tell) -> Self {
        Self(text(|to| value.tell(to)))
    }

    /// What a part of the document with fields tells of itself, with some of them said in another way; those that it does not
    /// tell come last.
    pub fn told_entry(value: &dyn Tell, said: Vec<(&'static str, Self)>) -> Self {
        Self(instead::text(value, said))
    }

    /// An object without keys.
    pub fn object() -> Self {
        Self("{}".into())
    }

    /// The object with this key, which it has not had.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Self>) -> Self {
        self.add(key, &value.into());
        self
    }

    fn add(&mut self, key: &str, value: &Self) {
        if self.0.pop().is_some() {
            begin(&mut self.0, key);
            self.0 += &value.0;
            self.0.push('}');
        }
    }

    /// A list.
    pub fn list(items: &mut dyn Iterator<Item = Self>) -> Self {
        let mut text = String::from("[");
        for item in items {
            separate(&mut text);
            text += &item.0;
        }
        text.push(']');
        Self(text)
    }

    /// Its text. O(1).
    pub fn text(self) -> String {
        self.0
    }
}

/// What comes between the value before, if there was one, and the next.
fn separate(out: &mut String) {
    if !out.ends_with(['[', '{']) {
        out.push(',');
    }
}

/// An entry of an object, up to its value.
fn begin(out: &mut String, key: &str) {
    separate(out);
    quote(out, key);
    out.push(':');
}

fn digits(out: &mut String, number: u64) {
    if number > 9 {
        digits(out, number / 10);
    }
    out.extend(u32::try_from(number % 10).ok().and_then(|digit| char::from_digit(digit, 10)));
}

impl From<bool> for Json {
    fn from(flag: bool) -> Self {
        Self(if flag { "true" } else { "false" }.into())
    }
}

impl From<u32> for Json {
    fn from(number: u32) -> Self {
        let mut text = String::new();
        digits(&mut text, number.into());
        Self(text)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        let mut quoted = String::new();
        quote(&mut quoted, text);
        Self(quoted)
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<Vec<Self>> for Json {
    fn from(items: Vec<Self>) -> Self {
        Self::list(&mut items.into_iter())
    }
}

impl<T: Into<Self>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(Self::null, Into::into)
    }
}
