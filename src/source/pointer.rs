//! JSON pointers (RFC 6901): where something is, with or without a text.
//!
//! Every pass names the place of all that it looks at, and tells nearly none of them: so a pointer is a step and the pointer
//! above it, and becomes text only when it is told.

use std::fmt;

/// A path into a document, such as `/operations/3/requires`; empty for the whole.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pointer<'a> {
    pub(super) above: Option<&'a Pointer<'a>>,
    pub(super) key: Option<&'a str>,
    pub(super) item: Option<usize>,
}

/// The whole document.
pub const ROOT: &Pointer<'static> = &Pointer { above: None, key: None, item: None };

impl Pointer<'_> {
    /// The pointer to a member below this one.
    #[must_use]
    pub const fn at<'b>(&'b self, key: &'b str) -> Pointer<'b> {
        Pointer { above: Some(self), key: Some(key), item: None }
    }

    /// The pointer to an item below this one.
    #[must_use]
    pub const fn item(&self, index: usize) -> Pointer<'_> {
        Pointer { above: Some(self), key: None, item: Some(index) }
    }

    /// The pointer to an item of a list that is a member below this one.
    #[must_use]
    pub const fn entry<'b>(&'b self, list: &'b str, index: usize) -> Pointer<'b> {
        Pointer { above: Some(self), key: Some(list), item: Some(index) }
    }

    /// As text. O(length).
    pub fn text(&self) -> String {
        let mut text = self.above.map(Self::text).unwrap_or_default();
        if let Some(key) = self.key {
            text.push('/');
            for letter in key.chars() {
                match letter {
                    '~' => text += "~0",
                    '/' => text += "~1",
                    plain => text.push(plain),
                }
            }
        }
        if let Some(index) = self.item {
            text.push('/');
            text += &index.to_string();
        }
        text
    }
}

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}
