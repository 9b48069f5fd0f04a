//! Comparisons with a number.

/// One comparison with a number. A number that is not set fails each.
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
    /// Whether a number that is set passes.
    pub fn holds(self, number: u32) -> bool {
        match self {
            Self::AtLeast(bound) => number >= bound,
            Self::Below(bound) => number < bound,
            Self::Equal(other) => number == other,
        }
    }
}
