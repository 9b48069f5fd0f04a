//! JSON pointers (RFC 6901): where something is, with or without a text.

use alloc::string::String;
use core::fmt::{self, Write};

/// Bytes that most steps fit into: pointers are built for every node of a document, most of them for nobody to read.
const STEP: usize = 24;

/// A path into a document, such as `/operations/3/requires`; empty for the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to a member or item below this one.
    #[must_use]
    pub fn at(&self, step: impl fmt::Display) -> Self {
        self.below(&step)
    }

    fn below(&self, step: &dyn fmt::Display) -> Self {
        let mut text = String::with_capacity(self.0.len() + STEP);
        text += &self.0;
        text.push('/');
        // Writing to a `String` cannot fail.
        let _ = write!(Escaped(&mut text), "{step}");
        Self(text)
    }

    /// Its steps, with escapes resolved.
    pub fn steps(&self) -> impl Iterator<Item = String> {
        self.0.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"))
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

/// Writes a step with what separates steps escaped.
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if !text.contains(['~', '/']) {
            return self.0.write_str(text);
        }
        self.0.write_str(&text.replace('~', "~0").replace('/', "~1"))
    }
}
