//! Random policies that bytes draw, two for each choice: for fuzzing, where a change of a byte changes one choice. Bytes that are missing
//! are zeros, so a policy ends where they do.

use super::policies::{Raw, RawOperation, RawPolicy, RawPrivilege, RawRole};

/// Draws from bytes.
pub(crate) struct Draws<'a>(pub(crate) &'a [u8]);

impl Draws<'_> {
    fn next(&mut self) -> u32 {
        let (taken, rest) = self.0.split_at(self.0.len().min(2));
        self.0 = rest;
        taken.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
    }

    fn several<const N: usize>(&mut self) -> [u32; N] {
        std::array::from_fn(|_| self.next())
    }

    fn list<T>(&mut self, most: u32, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.next() % (most + 1)).map(|_| item(self)).collect()
    }

    /// Two of five, as long as there are bytes.
    fn sometimes<T>(&mut self, item: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.next() % 5 > 2).then(|| item(self))
    }

    fn requirement(&mut self, depth: u32) -> Raw {
        let parts = |this: &mut Self| {
            let more = this.next() % 2;
            (0..2 + more).map(|_| this.requirement(depth - 1)).collect()
        };
        match self.next() % 16 {
            15 => Raw::Constant(self.next() % 2 == 1),
            12 if depth > 0 => Raw::Not(Box::new(self.requirement(depth - 1))),
            8..=9 if depth > 0 => Raw::All(parts(self)),
            10..=11 if depth > 0 => Raw::Any(parts(self)),
            _ => Raw::Test(self.several()),
        }
    }

    /// A policy of a few facts, privileges, operations, roles and menu items.
    pub(crate) fn policy(&mut self) -> RawPolicy {
        const DEPTH: u32 = 4;
        let careless = self.next() % 16 == 15;
        let node = |this: &mut Self| {
            let requires = this.sometimes(|it| it.requirement(DEPTH));
            let levels = (0..3).map(|_| this.sometimes(|it| it.requirement(DEPTH))).collect();
            let privilege = RawPrivilege { entity: this.several(), requires, levels };
            let obligations = this.list(2, |it| (it.next() % 3, it.requirement(DEPTH)));
            let operation = RawOperation { requires: this.requirement(DEPTH), obligations, places: this.several() };
            (privilege, operation)
        };
        let mut nodes = vec![node(self)];
        nodes.extend(self.list(5, node));
        let role = |this: &mut Self| RawRole {
            grants: this.list(5, Self::several),
            inherits: if this.next() % 3 == 2 { this.next() } else { 0 },
            when: this.sometimes(|it| it.requirement(DEPTH)),
            inferred: this.next() % 2 == 1,
        };
        RawPolicy {
            nodes,
            facts: self.list(4, Self::several),
            conditions: self.list(2, |it| it.requirement(DEPTH)),
            roles: self.list(4, role),
            menu: self.list(5, Self::next),
            ordered: self.next().is_multiple_of(2),
            careless,
        }
    }
}
