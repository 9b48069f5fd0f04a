//! Chains: what a grant that is missing would itself rest on.

use super::english::{self, Reason};
use super::explainer::{Explainer, failing};
use super::model::{Missing, NodeKind, TestNode};
use crate::check::{Operand, ResolvedExpr, TestKind};
use crate::document::Requirement;
use crate::model::{Verdict, limits};

impl Explainer<'_> {
    /// The tests that fail behind those of a node which are about privileges that are not granted: granting these alone
    /// would leave them dormant. Each stands before what rests on it. Requirements have no cycles, so this ends.
    pub(super) fn behind(&mut self, node: &TestNode, missing: &mut Vec<Missing>, reasons: &mut Vec<Reason>) {
        if node.kind != NodeKind::Test {
            let failing = node.children.iter().filter(|child| child.verdict == Verdict::No);
            failing.for_each(|child| self.behind(child, missing, reasons));
            return;
        }
        let asked = node.test.as_ref().filter(|_| node.because.is_none()).map(|test| match test.kind {
            TestKind::Held(privilege) | TestKind::IsSet(privilege) => Some((privilege, 0)),
            TestKind::Level(privilege, _, rank) => Some((privilege, rank)),
            TestKind::Options(Operand::Privilege(privilege), ..)
            | TestKind::Number(Operand::Privilege(privilege), ..) => Some((privilege, 0)),
            _ => None,
        });
        let Some((privilege, rank)) = asked.flatten() else { return };
        if self.chain >= limits::CHAIN || !self.chained.insert((self.whose, privilege)) {
            return;
        }
        self.chain += 1;
        for (tree, text) in self.required(privilege, rank) {
            let node = self.node(tree, text);
            if node.verdict == Verdict::No {
                self.behind(&node, missing, reasons);
                failing(&node, missing);
                reasons.extend(english::reasons(self.document, &node));
            }
        }
        self.chain -= 1;
    }
}

impl<'a> Explainer<'a> {
    /// What a privilege requires, and its levels up to a rank.
    fn required(&self, privilege: usize, rank: usize) -> Vec<(&'a ResolvedExpr, &'a Requirement)> {
        let (document, trees) = (self.document, self.checked.trees());
        let Some(declared) = document.privileges.get(privilege) else { return Vec::new() };
        let own = trees.privileges.get(privilege).and_then(Option::as_ref).zip(declared.requires.as_ref());
        let levels = trees.levels.get(privilege).into_iter().flatten().zip(declared.levels.iter()).take(rank);
        let levels = levels.filter_map(|(tree, level)| tree.as_ref().zip(level.requires.as_ref()));
        own.into_iter().chain(levels).collect()
    }
}

/// Leaves out what was said before: a test may both be required and stand behind another that is.
pub(super) fn once<T, K: PartialEq>(list: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let mut said = Vec::new();
    list.retain(|one| {
        let key = key(one);
        let new = !said.contains(&key);
        said.extend(new.then_some(key));
        new
    });
}
