//! Comparisons of a number with a constant.

/// A comparison of a number with a constant. A number that is not set fails every comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// `>= n`.
    AtLeast(u32),
    /// `< n`.
    Below(u32),
    /// `= n`.
    Equal(u32),
}

impl Comparison {
    /// Whether the comparison is true of `number`.
    pub fn holds(self, number: u32) -> bool {
        match self {
            Self::AtLeast(bound) => number >= bound,
            Self::Below(bound) => number < bound,
            Self::Equal(expected) => number == expected,
        }
    }
}
