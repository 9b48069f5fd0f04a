//! What each test means: the exact rules, once. Everything that decides, orders or analyses requirements reads these
//! formulas; nothing else knows what `=` means for a level.

use super::resolved_expr::{Operand, ResolvedExpr, ResolvedExprKind, Test, TestKind};
use crate::document::{Document, Op};
use crate::model::Comparison;
use crate::model::{FactKind, PrivilegeKind, Verdict};

/// A requirement over atoms: things that are one truth value each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formula {
    /// All of them hold.
    All(Vec<Formula>),
    /// At least one of them holds.
    Any(Vec<Formula>),
    /// It does not hold.
    Not(Box<Formula>),
    /// One truth value.
    Atom(Atom),
}

/// One truth value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Atom {
    /// A part of a fact.
    Fact(usize, Part),
    /// A part of a privilege, as far as it has an effect.
    Effective(usize, Part),
    /// An operation is allowed.
    Allowed(usize),
}

/// Which part of a fact's or privilege's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The switch or flag; of a number, that it is set.
    Whole,
    /// This level or a higher one, or this option.
    Value(usize),
    /// This comparison.
    Compared(Comparison),
}

impl Part {
    /// Whether a fact that has this value has the part.
    pub fn of_fact(self, kind: FactKind, value: u32) -> bool {
        match (self, kind) {
            (Self::Value(option), _) => value as usize == option,
            (Self::Compared(comparison), _) => comparison.holds(value),
            (Self::Whole, FactKind::Switch) => value == 1,
            (Self::Whole, _) => true,
        }
    }

    /// Whether a grant of this value, of which a set may have several, gives the part.
    pub fn granted_by(self, kind: PrivilegeKind, value: u32) -> bool {
        match (self, kind) {
            (Self::Value(level), PrivilegeKind::Level) => value as usize > level,
            (Self::Value(option), _) => value as usize == option,
            (Self::Compared(comparison), _) => comparison.holds(value),
            (Self::Whole, _) => true,
        }
    }
}

impl Formula {
    const YES: Self = Self::All(Vec::new());
    const NO: Self = Self::Any(Vec::new());

    /// What a requirement means.
    pub fn of(document: &Document, tree: &ResolvedExpr) -> Self {
        let all = |parts: &[ResolvedExpr]| parts.iter().map(|part| Self::of(document, part)).collect();
        match &tree.kind {
            ResolvedExprKind::All(parts) => Self::All(all(parts)),
            ResolvedExprKind::Any(parts) => Self::Any(all(parts)),
            ResolvedExprKind::Not(inner) => !Self::of(document, inner),
            ResolvedExprKind::Test(test) => Self::of_test(document, test),
        }
    }

    /// What a test means.
    pub fn of_test(document: &Document, test: &Test) -> Self {
        match &test.kind {
            TestKind::Held(privilege) | TestKind::IsSet(privilege) => {
                Self::Atom(Atom::Effective(*privilege, Part::Whole))
            }
            TestKind::On(fact) => Self::Atom(Atom::Fact(*fact, Part::Whole)),
            TestKind::Allowed(operation) => Self::Atom(Atom::Allowed(*operation)),
            TestKind::Level(privilege, op, rank) => {
                let levels = document.privileges.get(*privilege).map_or(0, |privilege| privilege.levels.len());
                Self::level(*privilege, levels, *op, *rank)
            }
            TestKind::Options(owner, options, negated) => {
                let option = |option: &usize| Self::Atom(owner.atom(Part::Value(*option)));
                let any = match options.as_slice() {
                    [one] => option(one),
                    several => Self::Any(several.iter().map(option).collect()),
                };
                if *negated { !any } else { any }
            }
            TestKind::Number(owner, op, number) => Self::number(*owner, *op, *number),
            // Change rules are reviewed, not compiled; a comparison with somebody else opens nothing here.
            TestKind::CompareSubjects(..) => Self::NO,
        }
    }

    /// Levels are thermometers: holding one is holding those below it, and holding none ranks below the first.
    fn level(privilege: usize, levels: usize, op: Op, rank: usize) -> Self {
        let at_least = |rank: usize| match rank {
            0 => Self::YES,
            rank if rank > levels => Self::NO,
            rank => Self::Atom(Atom::Effective(privilege, Part::Value(rank - 1))),
        };
        match op {
            Op::AtLeast => at_least(rank),
            Op::Above => at_least(rank + 1),
            Op::Below => !at_least(rank),
            Op::AtMost => !at_least(rank + 1),
            Op::Equal if rank == levels => at_least(rank),
            Op::Equal => Self::All(vec![at_least(rank), !at_least(rank + 1)]),
            Op::NotEqual => !Self::level(privilege, levels, Op::Equal, rank),
        }
    }

    /// A number that is not set fails every comparison but `!=`.
    fn number(owner: Operand, op: Op, number: u32) -> Self {
        let compared = |comparison| Self::Atom(owner.atom(Part::Compared(comparison)));
        let is_set = || match owner {
            Operand::Privilege(_) => Self::Atom(owner.atom(Part::Whole)),
            Operand::Fact(_) => compared(Comparison::AtLeast(0)),
        };
        match (op, number.checked_add(1)) {
            (Op::AtLeast, _) => compared(Comparison::AtLeast(number)),
            (Op::Above, Some(next)) => compared(Comparison::AtLeast(next)),
            (Op::Above, None) => match owner {
                Operand::Privilege(_) => Self::NO,
                // Of an unknown fact every test is unknown, even one that no number passes.
                Operand::Fact(_) => !is_set(),
            },
            (Op::Below, _) => compared(Comparison::Below(number)),
            (Op::AtMost, Some(next)) => compared(Comparison::Below(next)),
            (Op::AtMost, None) => is_set(),
            (Op::Equal, _) => compared(Comparison::Equal(number)),
            (Op::NotEqual, _) => !compared(Comparison::Equal(number)),
        }
    }

    /// Its truth, by that of its atoms.
    pub fn verdict(&self, of: &dyn Fn(Atom) -> Verdict) -> Verdict {
        match self {
            Self::All(parts) => parts.iter().fold(Verdict::Yes, |all, part| all & part.verdict(of)),
            Self::Any(parts) => parts.iter().fold(Verdict::No, |any, part| any | part.verdict(of)),
            Self::Not(inner) => !inner.verdict(of),
            Self::Atom(atom) => of(*atom),
        }
    }

    /// Every atom, with whether it is read negatively: under an odd number of negations.
    pub fn atoms(&self, visit: &mut dyn FnMut(Atom, bool)) {
        self.visit(false, visit);
    }

    fn visit(&self, negative: bool, visit: &mut dyn FnMut(Atom, bool)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.visit(negative, visit)),
            Self::Not(inner) => inner.visit(!negative, visit),
            Self::Atom(atom) => visit(*atom, negative),
        }
    }
}

impl std::ops::Not for Formula {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::All(parts) if parts.is_empty() => Self::NO,
            Self::Any(parts) if parts.is_empty() => Self::YES,
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}

impl Operand {
    /// The atom of one of its parts.
    pub const fn atom(self, part: Part) -> Atom {
        match self {
            Self::Fact(fact) => Atom::Fact(fact, part),
            Self::Privilege(privilege) => Atom::Effective(privilege, part),
        }
    }
}

/// The parts of a privilege that have an effect of their own, in the order of the program's slots.
pub fn parts(document: &Document, privilege: usize) -> Vec<Part> {
    let Some(privilege) = document.privileges.get(privilege) else { return Vec::new() };
    match privilege.kind {
        PrivilegeKind::Flag | PrivilegeKind::Number => vec![Part::Whole],
        PrivilegeKind::Level => (0..privilege.levels.len()).map(Part::Value).collect(),
        PrivilegeKind::Choice | PrivilegeKind::Set => (0..privilege.options.len()).map(Part::Value).collect(),
    }
}
