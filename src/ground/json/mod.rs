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
pub struct Json(Vec<u8>);

impl Json {
    /// `null`.
    pub fn null() -> Self {
        Self(b"null".to_vec())
    }

    /// What a type tells of itself.
    ///
    /// # Errors
    /// For what is no value of these: a negative number, a fraction, bytes, or a key that is no text.
    pub fn of(value: &(impl Serialize + ?Sized)) -> Result<Self, fmt::Error> {
        let mut text = Vec::new();
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
        Self(b"{}".to_vec())
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
            self.0.extend_from_slice(&value.0);
            self.0.push(b'}');
        }
    }

    /// A list.
    pub fn list(items: &mut dyn Iterator<Item = Self>) -> Self {
        let mut text = b"[".to_vec();
        for item in items {
            separate(&mut text);
            text.extend_from_slice(&item.0);
        }
        text.push(b']');
        Self(text)
    }

    /// Its text. O(length).
    pub fn text(self) -> String {
        String::from_utf8(self.0).unwrap_or_default() // whole texts and ASCII are all that is written
    }
}

/// What comes between the value before, if there was one, and the next.
fn separate(out: &mut Vec<u8>) {
    if !matches!(out.last(), Some(b'[' | b'{')) {
        out.push(b',');
    }
}

/// An entry of an object, up to its value.
fn begin(out: &mut Vec<u8>, key: &str) {
    separate(out);
    quote(out, key);
    out.push(b':');
}

fn digits(out: &mut Vec<u8>, number: u64) {
    let first = out.len();
    let mut rest = number;
    loop {
        out.extend(u8::try_from(rest % 10).map(|digit| b'0' + digit));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.get_mut(first..).unwrap_or_default().reverse();
}

impl From<bool> for Json {
    fn from(flag: bool) -> Self {
        Self(if flag { "true" } else { "false" }.into())
    }
}

impl From<u32> for Json {
    fn from(number: u32) -> Self {
        let mut text = Vec::new();
        digits(&mut text, number.into());
        Self(text)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        let mut quoted = Vec::new();
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
