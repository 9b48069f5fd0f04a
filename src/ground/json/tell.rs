//! Telling: a value says piece by piece what it is, and whom it is told to makes text of it.
//!
//! Evidence. A policy of 20,000 operations is half a million values. Making each a [`Json`] before it became text was a sixth
//! of compiling it.
//!
//! Decision. What compiling writes, the outline and the canonical document, is told to the text itself.

use super::digits;
use crate::ground::text::quote;
use alloc::string::String;
use alloc::vec::Vec;

/// What can be told.
pub trait Tell {
    /// Tells it, as one value.
    fn tell(&self, to: &mut dyn Told);
}

/// What holds values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nest {
    /// Values behind one another.
    List,
    /// Values, each behind its key.
    Object,
}

/// What values are told to. What is opened is closed again; in an object each value has a key or a name before it.
pub trait Told {
    /// `null`.
    fn null(&mut self);
    /// `true` or `false`.
    fn flag(&mut self, flag: bool);
    /// A number.
    fn number(&mut self, number: u64);
    /// Text.
    fn text(&mut self, text: &str);
    /// The values that follow are within.
    fn open(&mut self, nest: Nest);
    /// What was opened last, and is open, ends.
    fn close(&mut self, nest: Nest);
    /// The key of the next value, which needs no escapes.
    fn key(&mut self, key: &'static str);
    /// The key of the next value, of which the program knows nothing.
    fn name(&mut self, name: &str);
}

impl dyn Told + '_ {
    /// Tells a list.
    pub fn list(&mut self, tell: impl FnOnce(&mut Self)) {
        self.open(Nest::List);
        tell(self);
        self.close(Nest::List);
    }

    /// Tells an object.
    pub fn object(&mut self, tell: impl FnOnce(&mut Self)) {
        self.open(Nest::Object);
        tell(self);
        self.close(Nest::Object);
    }

    /// Tells a list of values that can be told.
    pub fn all<T: Tell>(&mut self, values: impl IntoIterator<Item = T>) {
        self.list(|to| values.into_iter().for_each(|value| value.tell(to)));
    }

    /// Tells a list of an object.
    pub fn list_of<T: Tell>(&mut self, key: &'static str, values: impl IntoIterator<Item = T>) {
        self.key(key);
        self.all(values);
    }

    /// Tells a value of an object, by a name of which the program knows nothing.
    pub fn named(&mut self, name: &str, value: &dyn Tell) {
        self.name(name);
        value.tell(self);
    }

    /// Tells a value of an object.
    pub fn with(&mut self, key: &'static str, value: impl Tell) {
        self.key(key);
        value.tell(self);
    }
}

/// What is told, as text without spaces, in UTF-8. O(length).
pub fn text(tell: impl FnOnce(&mut dyn Told)) -> Vec<u8> {
    let mut text = Vec::new();
    tell(&mut text);
    text.pop();
    text
}

/// Text: behind each value a comma, which what closes takes away again.
impl Told for Vec<u8> {
    fn null(&mut self) {
        self.extend_from_slice(b"null,");
    }

    fn flag(&mut self, flag: bool) {
        self.extend_from_slice(if flag { b"true," } else { b"false," });
    }

    fn number(&mut self, number: u64) {
        digits(self, number);
        self.push(b',');
    }

    fn text(&mut self, text: &str) {
        quote(self, text);
        self.push(b',');
    }

    fn open(&mut self, nest: Nest) {
        self.push(if nest == Nest::List { b'[' } else { b'{' });
    }

    fn close(&mut self, nest: Nest) {
        if self.last() == Some(&b',') {
            self.pop();
        }
        self.extend_from_slice(if nest == Nest::List { b"]," } else { b"}," });
    }

    fn key(&mut self, key: &'static str) {
        self.push(b'"');
        self.extend_from_slice(key.as_bytes());
        self.extend_from_slice(b"\":");
    }

    fn name(&mut self, name: &str) {
        quote(self, name);
        self.push(b':');
    }
}

impl<T: Tell + ?Sized> Tell for &T {
    fn tell(&self, to: &mut dyn Told) {
        (**self).tell(to);
    }
}

impl Tell for str {
    fn tell(&self, to: &mut dyn Told) {
        to.text(self);
    }
}

impl Tell for String {
    fn tell(&self, to: &mut dyn Told) {
        to.text(self);
    }
}

impl Tell for bool {
    fn tell(&self, to: &mut dyn Told) {
        to.flag(*self);
    }
}

impl Tell for u32 {
    fn tell(&self, to: &mut dyn Told) {
        to.number((*self).into());
    }
}

impl<T: Tell> Tell for Option<T> {
    fn tell(&self, to: &mut dyn Told) {
        match self {
            Some(value) => value.tell(to),
            None => to.null(),
        }
    }
}

impl Tell for [u32; 2] {
    fn tell(&self, to: &mut dyn Told) {
        to.all(self);
    }
}

impl<T: Tell> Tell for crate::ground::Map<String, T> {
    fn tell(&self, to: &mut dyn Told) {
        to.object(|to| self.iter().for_each(|(name, value)| to.named(name, value)));
    }
}
