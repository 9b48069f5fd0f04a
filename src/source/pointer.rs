//! JSON pointers (RFC 6901): where something is, with or without a text.

use alloc::format;
use alloc::string::String;
use core::fmt;

/// A path into a document, such as `/operations/3/requires`; empty for the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to a member below this one.
    #[must_use]
    pub fn at(&self, key: &str) -> Self {
        let mut text = [&self.0, "/"].concat();
        for letter in key.chars() {
            match letter {
                '~' => text += "~0",
                '/' => text += "~1",
                plain => text.push(plain),
            }
        }
        Self(text)
    }

    /// The pointer to an item below this one.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// Its steps, with escapes resolved.
    pub fn steps(&self) -> impl Iterator<Item = String> {
        self.0.split('/').skip(1).map(|step| {
            // What follows a `~` says which of the two it stands for.
            let mut parts = step.split('~');
            let first = parts.next().into_iter().map(String::from);
            let rest = parts.map(|part| match part.strip_prefix('1') {
                Some(part) => String::from("/") + part,
                None => String::from("~") + part.strip_prefix('0').unwrap_or(part),
            });
            first.chain(rest).collect()
        })
    }

    /// The pointer without its last step, and that step; nothing for the whole document.
    pub fn split(&self) -> Option<(Self, String)> {
        let (parent, _) = self.0.rsplit_once('/')?;
        Some((Self(parent.into()), self.steps().last()?))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Pointer {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<&Self> for Pointer {
    fn from(pointer: &Self) -> Self {
        pointer.clone()
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
