//! Requirements with their names resolved: what explanations read and programs are compiled from.

use crate::document::Op;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;

/// A resolved requirement. `true` is [`TreeKind::All`] of nothing, `false` is [`TreeKind::Any`] of nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// The bytes of the requirement's text that it takes.
    pub span: Range<usize>,
    /// What it says.
    pub kind: TreeKind,
}

/// What a resolved requirement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeKind {
    /// All of them hold.
    All(Vec<Tree>),
    /// At least one of them holds.
    Any(Vec<Tree>),
    /// It does not hold.
    Not(Box<Tree>),
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
pub enum Owner {
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
    Options(Owner, Vec<usize>, bool),
    /// The number compares so.
    Number(Owner, Op, u32),
    /// The number is set.
    IsSet(usize),
    /// The operation is allowed, whatever it owes.
    Allowed(usize),
    /// In change rules: the value compares so with that of somebody.
    Against(Owner, Op, Whose, Owner),
}

impl Tree {
    /// The requirement that always holds: what stands for "requires nothing".
    pub const fn yes() -> Self {
        Self { span: 0..0, kind: TreeKind::All(Vec::new()) }
    }

    /// The parts directly below.
    pub fn parts(&self) -> &[Self] {
        match &self.kind {
            TreeKind::All(parts) | TreeKind::Any(parts) => parts,
            TreeKind::Not(inner) => core::slice::from_ref(inner),
            TreeKind::Test(_) => &[],
        }
    }
}
