//! JSON pointers (RFC 6901): the location of a value in a document.
//!
//! Every pass makes a pointer for each value that it visits, and reports few of them. So a pointer is a linked list of
//! steps on the stack, and is written as text only when it is reported.

use std::fmt;

/// A path into a document, such as `/operations/3/requires`. The empty path is the whole document.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pointer<'a> {
    pub(super) parent: Option<&'a Pointer<'a>>,
    pub(super) key: Option<&'a str>,
    pub(super) item: Option<usize>,
}

/// The whole document.
pub const ROOT: &Pointer<'static> = &Pointer { parent: None, key: None, item: None };

impl Pointer<'_> {
    /// The pointer to a member of this object.
    #[must_use]
    pub const fn at<'b>(&'b self, key: &'b str) -> Pointer<'b> {
        Pointer { parent: Some(self), key: Some(key), item: None }
    }

    /// The pointer to an item of this list.
    #[must_use]
    pub const fn item(&self, index: usize) -> Pointer<'_> {
        Pointer { parent: Some(self), key: None, item: Some(index) }
    }

    /// The pointer to an item of a list that is a member of this object.
    #[must_use]
    pub const fn entry<'b>(&'b self, list: &'b str, index: usize) -> Pointer<'b> {
        Pointer { parent: Some(self), key: Some(list), item: Some(index) }
    }

    /// The pointer as text, with `~` and `/` escaped. O(length).
    pub fn text(&self) -> String {
        let mut text = self.parent.map(Self::text).unwrap_or_default();
        if let Some(key) = self.key {
            push_segment(&mut text, key);
        }
        if let Some(index) = self.item {
            push_segment(&mut text, &index.to_string());
        }
        text
    }
}

/// Appends `/` and a segment, with `~` and `/` escaped.
pub(super) fn push_segment(text: &mut String, segment: &str) {
    text.push('/');
    for letter in segment.chars() {
        match letter {
            '~' => *text += "~0",
            '/' => *text += "~1",
            other => text.push(other),
        }
    }
}

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}
