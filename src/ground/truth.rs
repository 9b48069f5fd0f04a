//! Kleene's three truth values, one at a time and many at a time.

use core::ops::{BitAnd, BitOr, Not};

/// The truth of a test or requirement while some facts may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "studio", derive(serde::Serialize))]
#[cfg_attr(feature = "studio", serde(rename_all = "lowercase"))]
pub enum Verdict {
    /// Known to hold.
    Yes,
    /// Known not to hold.
    No,
    /// Not known: a fact that nobody gave matters.
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

/// Truth values side by side, one a bit: `yes` where known to hold, `no` where known not to hold, neither where
/// unknown. Both planes together make every connective one or two word operations, and negation none at all.
///
/// A session uses one lane; a population uses one lane a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lanes<W = u32> {
    /// Bits of the lanes that are known to hold.
    pub yes: W,
    /// Bits of the lanes that are known not to hold.
    pub no: W,
}

impl<W: Copy + BitAnd<Output = W> + BitOr<Output = W>> BitAnd for Lanes<W> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self { yes: self.yes & other.yes, no: self.no | other.no }
    }
}

impl<W: Copy + BitAnd<Output = W> + BitOr<Output = W>> BitOr for Lanes<W> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self { yes: self.yes | other.yes, no: self.no & other.no }
    }
}

impl<W> Not for Lanes<W> {
    type Output = Self;

    fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }
}

impl From<Verdict> for Lanes {
    fn from(verdict: Verdict) -> Self {
        Self { yes: u32::from(verdict == Verdict::Yes), no: u32::from(verdict == Verdict::No) }
    }
}

impl From<Lanes> for Verdict {
    /// The first lane.
    fn from(lanes: Lanes) -> Self {
        match (lanes.yes & 1, lanes.no & 1) {
            (1, _) => Self::Yes,
            (_, 1) => Self::No,
            _ => Self::Unknown,
        }
    }
}
