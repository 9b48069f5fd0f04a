//! Requirements with their names resolved: what explanations read and programs are compiled from.

use crate::document::Op;
use std::ops::Range;

/// A resolved requirement. `true` is [`ResolvedExprKind::All`] of nothing, `false` is [`ResolvedExprKind::Any`] of nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedExpr {
    /// The bytes of the requirement's text that it takes.
    pub span: Range<usize>,
    /// What it says.
    pub kind: ResolvedExprKind,
}

/// What a resolved requirement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolvedExprKind {
    /// All of them hold.
    All(Vec<ResolvedExpr>),
    /// At least one of them holds.
    Any(Vec<ResolvedExpr>),
    /// It does not hold.
    Not(Box<ResolvedExpr>),
    /// A test.
    Test(Test),
}

/// A test of one fact, privilege or operation. Numbers are indices into the document's lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// Whose value is read: in a requirement the subject's, in a change rule as it says.
    pub whose: Whose,
    /// What is tested.
    pub kind: TestKind,
    /// The bytes of the requirement's text that each option of an `in` takes.
    pub options: Vec<Range<usize>>,
}

/// Whose value a test reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose {
    /// The subject's; in a change rule, the result's.
    Subject,
    /// The one's who makes the change.
    Actor,
    /// The subject's before the change.
    Before,
    /// The subject's after the change.
    After,
}

/// What has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// The fact at this index.
    Fact(usize),
    /// The privilege at this index.
    Privilege(usize),
}

/// What a test asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestKind {
    /// The flag is held.
    Held(usize),
    /// The switch is on.
    On(usize),
    /// The level compares so with the level of this rank, from 1.
    Level(usize, Op, usize),
    /// The choice is, or the set has, one of the options; or, negated, it does not.
    Options(Operand, Vec<usize>, bool),
    /// The number compares so.
    Number(Operand, Op, u32),
    /// The number is set.
    IsSet(usize),
    /// The operation is allowed, whatever it owes.
    Allowed(usize),
    /// In change rules: the value compares so with that of somebody.
    CompareSubjects(Operand, Op, Whose, Operand),
}

impl ResolvedExpr {
    /// The requirement that always holds: what stands for "requires nothing".
    pub const fn yes() -> Self {
        Self { span: 0..0, kind: ResolvedExprKind::All(Vec::new()) }
    }

    /// The parts directly below.
    pub fn parts(&self) -> &[Self] {
        match &self.kind {
            ResolvedExprKind::All(parts) | ResolvedExprKind::Any(parts) => parts,
            ResolvedExprKind::Not(inner) => std::slice::from_ref(inner),
            ResolvedExprKind::Test(_) => &[],
        }
    }
}
