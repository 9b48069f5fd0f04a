//! Formulas over atoms, and the translation of tests into them. This is the only definition of what a test means: the
//! compiler, the topological order, the analyses and the explanations all read formulas.

use super::resolved_expr::{Operand, ResolvedExpr, ResolvedExprKind, Test, TestKind};
use crate::document::{Document, Op};
use crate::model::Comparison;
use crate::model::{FactKind, PrivilegeKind, Verdict};

/// A propositional formula over atoms. An empty [`Self::All`] is true, an empty [`Self::Any`] is false.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formula {
    /// Conjunction.
    All(Vec<Formula>),
    /// Disjunction.
    Any(Vec<Formula>),
    /// Negation.
    Not(Box<Formula>),
    /// An atom.
    Atom(Atom),
}

/// A proposition that has one truth value. Numbers are indices into the document's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Atom {
    /// A part of a fact.
    Fact(usize, Part),
    /// A part of a privilege's effective value.
    Effective(usize, Part),
    /// The operation is allowed.
    Allowed(usize),
}

/// The part of a fact's or privilege's value that an atom tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// For a switch or flag, that it is on or held; for a number, that it is set.
    Whole,
    /// The level at this index or a higher one; or the option at this index.
    Value(usize),
    /// The result of a comparison with a number.
    Compared(Comparison),
}

impl Part {
    /// Whether the part is true for a fact with this value.
    pub fn of_fact(self, kind: FactKind, value: u32) -> bool {
        match (self, kind) {
            (Self::Value(level), FactKind::Level) => value as usize > level,
            (Self::Value(option), _) => value as usize == option,
            (Self::Compared(comparison), _) => comparison.holds(value),
            (Self::Whole, FactKind::Switch) => value == 1,
            (Self::Whole, _) => true,
        }
    }

    /// Whether the part is true for a privilege that is granted this value. A set may be granted several values.
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
    /// The constant true.
    const YES: Self = Self::All(Vec::new());
    /// The constant false.
    const NO: Self = Self::Any(Vec::new());

    /// The formula of a requirement. O(requirement).
    pub fn of(document: &Document, tree: &ResolvedExpr) -> Self {
        let all = |parts: &[ResolvedExpr]| parts.iter().map(|part| Self::of(document, part)).collect();
        match &tree.kind {
            ResolvedExprKind::All(parts) => Self::All(all(parts)),
            ResolvedExprKind::Any(parts) => Self::Any(all(parts)),
            ResolvedExprKind::Not(inner) => !Self::of(document, inner),
            ResolvedExprKind::Test(test) => Self::of_test(document, test),
        }
    }

    /// The formula of a test.
    pub fn of_test(document: &Document, test: &Test) -> Self {
        match &test.kind {
            TestKind::Held(privilege) | TestKind::IsSet(privilege) => {
                Self::Atom(Atom::Effective(*privilege, Part::Whole))
            }
            TestKind::On(fact) => Self::Atom(Atom::Fact(*fact, Part::Whole)),
            TestKind::Condition(_, tree) => Self::of(document, tree),
            TestKind::Allowed(operation) => Self::Atom(Atom::Allowed(*operation)),
            TestKind::Level(operand, op, rank) => Self::level(*operand, operand.levels(document), *op, *rank),
            TestKind::Options(operand, options, negated) => {
                let option = |option: &usize| match operand.levels(document) {
                    0 => Self::Atom(operand.atom(Part::Value(*option))),
                    levels => Self::level(*operand, levels, Op::Equal, option + 1),
                };
                let any = match options.as_slice() {
                    [one] => option(one),
                    several => Self::Any(several.iter().map(option).collect()),
                };
                if *negated { !any } else { any }
            }
            TestKind::Number(operand, op, number) => Self::number(*operand, *op, *number),
            // Change rules are not compiled. The explainer evaluates comparisons between subjects itself.
            TestKind::CompareSubjects(..) => Self::NO,
        }
    }

    /// The formula of a level test. Holding a level implies holding all lower ones; holding none has rank 0.
    fn level(operand: Operand, levels: usize, op: Op, rank: usize) -> Self {
        let at = |rank: usize| Self::Atom(operand.atom(Part::Value(rank - 1)));
        let at_least = |rank: usize| match (rank, operand) {
            (0, _) => Self::YES,
            (rank, _) if rank <= levels => at(rank),
            (_, Operand::Privilege(_)) => Self::NO,
            // Every test of an unknown fact is unknown, even one that no level passes.
            (_, Operand::Fact(_)) => !at(1),
        };
        match op {
            Op::AtLeast => at_least(rank),
            Op::Above => at_least(rank + 1),
            Op::Below => !at_least(rank),
            Op::AtMost => !at_least(rank + 1),
            Op::Equal if rank == levels => at_least(rank),
            Op::Equal => Self::All(vec![at_least(rank), !at_least(rank + 1)]),
            Op::NotEqual => !Self::level(operand, levels, Op::Equal, rank),
        }
    }

    /// The formula of a number test. A number that is not set fails every comparison but `!=`.
    fn number(operand: Operand, op: Op, number: u32) -> Self {
        let compared = |comparison| Self::Atom(operand.atom(Part::Compared(comparison)));
        let is_set = || match operand {
            Operand::Privilege(_) => Self::Atom(operand.atom(Part::Whole)),
            Operand::Fact(_) => compared(Comparison::AtLeast(0)),
        };
        match (op, number.checked_add(1)) {
            (Op::AtLeast, _) => compared(Comparison::AtLeast(number)),
            (Op::Above, Some(next)) => compared(Comparison::AtLeast(next)),
            (Op::Above, None) => match operand {
                Operand::Privilege(_) => Self::NO,
                // Every test of an unknown fact is unknown, even one that no number passes.
                Operand::Fact(_) => !is_set(),
            },
            (Op::Below, _) => compared(Comparison::Below(number)),
            (Op::AtMost, Some(next)) => compared(Comparison::Below(next)),
            (Op::AtMost, None) => is_set(),
            (Op::Equal, _) => compared(Comparison::Equal(number)),
            (Op::NotEqual, _) => !compared(Comparison::Equal(number)),
        }
    }

    /// The verdict, from the verdicts of the atoms, by Kleene's rules. O(formula).
    pub fn verdict(&self, of: &dyn Fn(Atom) -> Verdict) -> Verdict {
        match self {
            Self::All(parts) => parts.iter().fold(Verdict::Yes, |all, part| all & part.verdict(of)),
            Self::Any(parts) => parts.iter().fold(Verdict::No, |any, part| any | part.verdict(of)),
            Self::Not(inner) => !inner.verdict(of),
            Self::Atom(atom) => of(*atom),
        }
    }

    /// Calls `visit` with every atom and whether it is negated: under an odd number of negations.
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
    /// The atom of a part of the operand.
    pub const fn atom(self, part: Part) -> Atom {
        match self {
            Self::Fact(fact) => Atom::Fact(fact, part),
            Self::Privilege(privilege) => Atom::Effective(privilege, part),
        }
    }

    /// The number of levels; 0 for other kinds.
    fn levels(self, document: &Document) -> usize {
        match self {
            Self::Fact(fact) => document.facts.get(fact).map_or(0, |fact| fact.levels.len()),
            Self::Privilege(privilege) => document.privileges.get(privilege).map_or(0, |it| it.levels.len()),
        }
    }
}

/// The parts of a privilege that the program has slots for, in the order of the slots; comparisons with numbers are not
/// among them.
pub fn parts(document: &Document, privilege: usize) -> Vec<Part> {
    let Some(privilege) = document.privileges.get(privilege) else { return Vec::new() };
    match privilege.kind {
        PrivilegeKind::Flag | PrivilegeKind::Number => vec![Part::Whole],
        PrivilegeKind::Level => (0..privilege.levels.len()).map(Part::Value).collect(),
        PrivilegeKind::Choice | PrivilegeKind::Set => (0..privilege.options.len()).map(Part::Value).collect(),
    }
}
