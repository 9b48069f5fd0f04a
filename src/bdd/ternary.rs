//! Three-valued functions, as two Boolean ones: known true and known false.

use super::{Bdd, BddManager, TooLarge};

/// A three-valued function: true where `yes` holds, false where `no` holds, unknown elsewhere. `yes` and `no` are never
/// both true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ternary {
    /// Where the function is known to be true.
    pub yes: Bdd,
    /// Where the function is known to be false.
    pub no: Bdd,
}

impl Ternary {
    /// True everywhere.
    pub const YES: Self = Self { yes: Bdd::TRUE, no: Bdd::FALSE };
    /// False everywhere.
    pub const NO: Self = Self { yes: Bdd::FALSE, no: Bdd::TRUE };
    /// Unknown everywhere.
    pub const UNKNOWN: Self = Self { yes: Bdd::FALSE, no: Bdd::FALSE };
}

impl std::ops::Not for Ternary {
    type Output = Self;

    fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }
}

impl BddManager {
    /// The three-valued function that is nowhere unknown: true where `yes` holds, false elsewhere.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn two_valued(&mut self, yes: Bdd) -> Result<Ternary, TooLarge> {
        Ok(Ternary { yes, no: self.not(yes)? })
    }

    /// Kleene conjunction.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn kleene_and(&mut self, f: Ternary, g: Ternary) -> Result<Ternary, TooLarge> {
        Ok(Ternary { yes: self.and(f.yes, g.yes)?, no: self.or(f.no, g.no)? })
    }

    /// Kleene disjunction.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn kleene_or(&mut self, f: Ternary, g: Ternary) -> Result<Ternary, TooLarge> {
        Ok(Ternary { yes: self.or(f.yes, g.yes)?, no: self.and(f.no, g.no)? })
    }

    /// If-then-else with a two-valued condition: `g` where `condition` holds, `h` elsewhere.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn kleene_ite(&mut self, condition: Bdd, g: Ternary, h: Ternary) -> Result<Ternary, TooLarge> {
        let yes = self.ite(condition, g.yes, h.yes)?;
        Ok(Ternary { yes, no: self.ite(condition, g.no, h.no)? })
    }
}
