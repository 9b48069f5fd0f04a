//! Requirements with resolved ids. Explanations read them, and programs are compiled from them.

use crate::document::Op;
use std::ops::Range;
use std::sync::Arc;

/// A resolved requirement. `true` is an empty [`ResolvedExprKind::All`], `false` is an empty [`ResolvedExprKind::Any`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedExpr {
    /// The byte range in the requirement.
    pub span: Range<usize>,
    /// The connective or test.
    pub kind: ResolvedExprKind,
}

/// The connective or test of a resolved requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolvedExprKind {
    /// Conjunction.
    All(Vec<ResolvedExpr>),
    /// Disjunction.
    Any(Vec<ResolvedExpr>),
    /// Negation.
    Not(Box<ResolvedExpr>),
    /// A test.
    Test(Test),
}

/// A test of one fact, privilege or operation. Numbers are indices into the document's lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// The subject whose value is read. Always [`Whose::Subject`] outside change rules.
    pub whose: Whose,
    /// The test.
    pub kind: TestKind,
    /// The byte range in the requirement of each option of an `in`; empty for other tests.
    pub options: Vec<Range<usize>>,
}

/// The subject whose value a test reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose {
    /// Without a prefix: the subject of the requirement. In a change rule, that is the subject after the change.
    Subject,
    /// The subject who makes the change.
    Actor,
    /// The subject before the change.
    Before,
    /// The subject after the change, written with the prefix `after.`.
    After,
}

/// The fact or privilege that a test reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// The fact at this index.
    Fact(usize),
    /// The privilege at this index.
    Privilege(usize),
}

/// A test of a fact, privilege or operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestKind {
    /// The flag at this index is held.
    Held(usize),
    /// The switch at this index is on.
    On(usize),
    /// The condition at this index holds: its requirement does.
    Condition(usize, Arc<ResolvedExpr>),
    /// The level compares with the level of this rank, from 1.
    Level(Operand, Op, usize),
    /// The choice or set has one of the options, or the level is one of the levels; negated if the flag is true.
    Options(Operand, Vec<usize>, bool),
    /// The number compares with a constant.
    Number(Operand, Op, u32),
    /// The number privilege at this index is set.
    IsSet(usize),
    /// The operation at this index is allowed. Its obligations are ignored.
    Allowed(usize),
    /// Change rules only: the first operand, of the subject that the test reads, compares with the second operand, of the
    /// subject named here.
    CompareSubjects(Operand, Op, Whose, Operand),
}

impl Operand {
    /// Whether it is a fact.
    pub const fn is_fact(self) -> bool {
        matches!(self, Self::Fact(_))
    }
}

impl ResolvedExpr {
    /// The constant true, which represents a missing requirement.
    pub const fn always() -> Self {
        Self { span: 0..0, kind: ResolvedExprKind::All(Vec::new()) }
    }

    /// The direct subexpressions.
    pub fn parts(&self) -> &[Self] {
        match &self.kind {
            ResolvedExprKind::All(parts) | ResolvedExprKind::Any(parts) => parts,
            ResolvedExprKind::Not(inner) => std::slice::from_ref(inner),
            ResolvedExprKind::Test(_) => &[],
        }
    }

    /// The number of tests, and the nesting depth, with the conditions that it reads in place. O(requirement).
    pub(super) fn size(&self, of_condition: &dyn Fn(usize) -> (usize, usize)) -> (usize, usize) {
        if let ResolvedExprKind::Test(test) = &self.kind {
            return match test.kind {
                TestKind::Condition(condition, _) => of_condition(condition),
                _ => (test.options.len().max(1), 0),
            };
        }
        let sizes = self.parts().iter().map(|part| part.size(of_condition));
        let (tests, depth) =
            sizes.fold((0_usize, 0), |(all, depth), (tests, inner)| (all.saturating_add(tests), depth.max(inner)));
        (tests, depth + 1)
    }
}
