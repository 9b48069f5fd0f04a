//! Kleene's three-valued logic.

use std::ops::{BitAnd, BitOr, Not};

/// The truth value of a test or requirement when facts may be unknown.
///
/// # Examples
/// ```
/// use privet::Verdict::{self, No, Unknown, Yes};
///
/// assert_eq!([Yes & Unknown, No & Unknown], [Unknown, No]);
/// assert_eq!([Yes | Unknown, No | Unknown], [Yes, Unknown]);
/// assert_eq!([!Yes, !Unknown], [No, Unknown]);
/// assert_eq!(Verdict::from(true), Yes);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// True.
    Yes,
    /// False.
    No,
    /// It depends on an unknown fact.
    Unknown,
}

impl From<bool> for Verdict {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

impl Not for Verdict {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl BitAnd for Verdict {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }
}

impl BitOr for Verdict {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        !(!self & !other)
    }
}
