//! Functions of three values: where something is known to hold, and where it is known not to.

use super::{Bdd, BddManager, TooLarge};

/// Where something is known to hold, and where it is known not to; elsewhere it is unknown. The two exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ternary {
    /// Where it holds.
    pub yes: Bdd,
    /// Where it does not.
    pub no: Bdd,
}

impl Ternary {
    /// It holds everywhere.
    pub const YES: Self = Self { yes: Bdd::TRUE, no: Bdd::FALSE };
    /// It holds nowhere.
    pub const NO: Self = Self { yes: Bdd::FALSE, no: Bdd::TRUE };
    /// It is known nowhere.
    pub const UNKNOWN: Self = Self { yes: Bdd::FALSE, no: Bdd::FALSE };
}

impl std::ops::Not for Ternary {
    type Output = Self;

    fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }
}

impl BddManager {
    /// Something that is known everywhere, by where it holds.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn two_valued(&mut self, yes: Bdd) -> Result<Ternary, TooLarge> {
        Ok(Ternary { yes, no: self.not(yes)? })
    }

    /// Kleene's *and*.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn kleene_and(&mut self, a: Ternary, b: Ternary) -> Result<Ternary, TooLarge> {
        Ok(Ternary { yes: self.and(a.yes, b.yes)?, no: self.or(a.no, b.no)? })
    }

    /// Kleene's *or*.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn kleene_or(&mut self, a: Ternary, b: Ternary) -> Result<Ternary, TooLarge> {
        Ok(Ternary { yes: self.or(a.yes, b.yes)?, no: self.and(a.no, b.no)? })
    }

    /// One where the condition holds, another elsewhere.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn kleene_ite(&mut self, condition: Bdd, then: Ternary, other: Ternary) -> Result<Ternary, TooLarge> {
        let yes = self.ite(condition, then.yes, other.yes)?;
        Ok(Ternary { yes, no: self.ite(condition, then.no, other.no)? })
    }
}
