//! Where the results of a program are, and the instructions that compute them.

/// A location in the memory of a program, read directly or negated. Encoded as twice the index, plus 1 if negated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(pub(super) u32);

impl Slot {
    /// The constant *yes*.
    pub const YES: Self = Self(0);
    /// The constant *no*: the negation of *yes*.
    pub const NO: Self = Self(1);
    /// The constant *unknown*.
    pub const UNKNOWN: Self = Self(2);

    /// The slot at `index`, not negated; `None` if `index` is 2³¹ or more.
    pub fn at(index: usize) -> Option<Self> {
        u32::try_from(index).ok().filter(|index| *index < 1 << 31).map(|index| Self(index << 1))
    }

    /// The encoded slot: twice the index, plus 1 if negated.
    pub const fn word(self) -> u32 {
        self.0
    }

    /// The index.
    pub const fn index(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// Whether the slot is read negated.
    pub const fn negated(self) -> bool {
        self.0 & 1 == 1
    }
}

impl Instruction {
    pub(super) const fn from_words([left, right]: [u32; 2]) -> Self {
        Self { left: Slot(left), right: Slot(right) }
    }
}

impl std::ops::Not for Slot {
    type Output = Self;

    fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// The conjunction of two operands. The result of instruction `n` is the slot `inputs + n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instruction {
    /// The first operand.
    pub left: Slot,
    /// The second operand.
    pub right: Slot,
}
