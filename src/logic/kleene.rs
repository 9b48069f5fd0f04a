//! Functions of three values: where something is known to hold, and where it is known not to.

use super::{Diagram, Diagrams, TooLarge};

/// Where something is known to hold, and where it is known not to; elsewhere it is unknown. The two exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Where it holds.
    pub yes: Diagram,
    /// Where it does not.
    pub no: Diagram,
}

impl Pair {
    /// It holds everywhere.
    pub const YES: Self = Self { yes: Diagram::YES, no: Diagram::NO };
    /// It holds nowhere.
    pub const NO: Self = Self { yes: Diagram::NO, no: Diagram::YES };
    /// It is known nowhere.
    pub const UNKNOWN: Self = Self { yes: Diagram::NO, no: Diagram::NO };
}

impl core::ops::Not for Pair {
    type Output = Self;

    fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }
}

impl Diagrams {
    /// Something that is known everywhere, by where it holds.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn known(&mut self, yes: Diagram) -> Result<Pair, TooLarge> {
        Ok(Pair { yes, no: self.not(yes)? })
    }

    /// Kleene's *and*.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn both(&mut self, a: Pair, b: Pair) -> Result<Pair, TooLarge> {
        Ok(Pair { yes: self.and(a.yes, b.yes)?, no: self.or(a.no, b.no)? })
    }

    /// Kleene's *or*.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn either(&mut self, a: Pair, b: Pair) -> Result<Pair, TooLarge> {
        Ok(Pair { yes: self.or(a.yes, b.yes)?, no: self.and(a.no, b.no)? })
    }

    /// One where the condition holds, another elsewhere.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn switch(&mut self, condition: Diagram, then: Pair, other: Pair) -> Result<Pair, TooLarge> {
        let yes = self.choose(condition, then.yes, other.yes)?;
        Ok(Pair { yes, no: self.choose(condition, then.no, other.no)? })
    }
}
