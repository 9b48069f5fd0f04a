//! Why grants have no effect, and what is missing for them.

use super::explainer::Explainer;
use super::model::{DormantGrant, Missing, NodeKind, TestNode, failing_tests};
use super::reason::Reason;
use super::reasons::{plainly, reasons_of_part};
use super::{sentences, tree};
use crate::check::{Operand, ResolvedExpr, TestKind};
use crate::document::Requirement;
use crate::model::{Verdict, limits};
use crate::pack::Slot;
use std::sync::Arc;

impl<'a> Explainer<'a> {
    /// Why a grant, or a part of it, has no effect; nothing if it has its full effect. It ends because requirements
    /// have no cycles.
    pub(in crate::studio) fn because(&mut self, index: usize) -> Option<Box<DormantGrant>> {
        let declared = self.document.privileges.get(index)?;
        let session = self.evaluation(self.whose).session;
        let effective = session.holds(&declared.id).ok()?.1;
        let (granted, from) = session.surely_granted(index);
        let parts = session.program().privileges.get(index)?;
        let is_dead = |(granted, effective): (&Slot, &Slot)| {
            session.verdict(*granted) == Verdict::Yes && session.verdict(*effective) == Verdict::No
        };
        // Above the effective level, the requirement of the next level is the one that fails.
        let next = parts.granted.iter().zip(&parts.effective).position(is_dead)?;
        let exprs = self.checked.exprs();
        let own = exprs.privileges.get(index).and_then(Option::as_ref).zip(declared.requires.as_ref());
        let level = declared.levels.get(next).and_then(|level| level.requires.as_ref());
        let level_tree = exprs.levels.get(index).and_then(|levels| levels.get(next)).and_then(Option::as_ref);
        let (mut missing, mut reasons) = (Vec::new(), Vec::new());
        let follow = self.depth < limits::DORMANT_CHAIN && self.explained_grants.insert((self.whose, index));
        self.depth += 1;
        for (tree, text) in own.into_iter().chain(level_tree.zip(level)).filter(|_| follow) {
            let node = self.node(tree, text);
            if node.verdict == Verdict::No {
                self.missing_prerequisites(&node, &mut missing, &mut reasons);
                failing_tests(&node, &mut missing);
                reasons.extend(reasons_of_part(self.words, &node, &mut self.groups));
            }
        }
        self.depth -= 1;
        remove_duplicates(&mut missing, |missing: &Missing| missing.test.clone());
        let reasons: Vec<Reason> = plainly(reasons).into_iter().map(Arc::unwrap_or_clone).collect();
        let (granted, effective) = (granted.shown().unwrap_or_default(), effective.shown());
        let whose = tree::whose(self.whose);
        let through = self.through(&from, |_| true);
        let effect = self.words.effect(declared, effective.as_deref(), &reasons);
        let clause = self.words.dormant(declared, whose, &granted, &through, &effect);
        let sentence = self.words.messages.text("sentence", &[("text", &clause)]);
        let privilege = String::from(&*declared.id);
        let one_group = reasons.iter().all(|it| {
            it.alternative.is_some() && Some(it.alternative) == reasons.first().map(|first| first.alternative)
        });
        let alternatives = if one_group { sentences::alternatives(&reasons) } else { 0 };
        Some(Box::new(DormantGrant {
            privilege,
            granted,
            effective,
            from,
            missing,
            sentence,
            clause,
            effect,
            alternatives,
        }))
    }

    /// Collects the failing tests in the requirements of privileges that the node tests and that are not granted:
    /// granting only these privileges would leave them dormant. Prerequisites come before the tests that depend on
    /// them. It ends because requirements have no cycles.
    fn missing_prerequisites(&mut self, node: &TestNode, missing: &mut Vec<Missing>, reasons: &mut Vec<Arc<Reason>>) {
        if node.kind != NodeKind::Test {
            let failing = node.children.iter().filter(|child| child.verdict == Verdict::No);
            failing.for_each(|child| self.missing_prerequisites(child, missing, reasons));
            return;
        }
        let tested = node.test.as_ref().filter(|_| node.because.is_none()).map(|test| match test.kind {
            TestKind::Level(Operand::Privilege(privilege), _, rank) => Some((privilege, rank)),
            TestKind::Held(privilege)
            | TestKind::IsSet(privilege)
            | TestKind::Options(Operand::Privilege(privilege), ..)
            | TestKind::Number(Operand::Privilege(privilege), ..) => Some((privilege, 0)),
            _ => None,
        });
        let Some((privilege, rank)) = tested.flatten() else { return };
        if self.depth >= limits::DORMANT_CHAIN || !self.explained_grants.insert((self.whose, privilege)) {
            return;
        }
        self.depth += 1;
        for (tree, text) in self.required(privilege, rank) {
            let node = self.node(tree, text);
            if node.verdict == Verdict::No {
                self.missing_prerequisites(&node, missing, reasons);
                failing_tests(&node, missing);
                reasons.extend(reasons_of_part(self.words, &node, &mut self.groups));
            }
        }
        self.depth -= 1;
    }

    /// The requirements of a privilege and of its levels up to a rank.
    fn required(&self, privilege: usize, rank: usize) -> Vec<(&'a ResolvedExpr, &'a Requirement)> {
        let (document, exprs) = (self.document, self.checked.exprs());
        let Some(declared) = document.privileges.get(privilege) else { return Vec::new() };
        let own = exprs.privileges.get(privilege).and_then(Option::as_ref).zip(declared.requires.as_ref());
        let levels = exprs.levels.get(privilege).into_iter().flatten().zip(declared.levels.iter()).take(rank);
        let levels = levels.filter_map(|(tree, level)| tree.as_ref().zip(level.requires.as_ref()));
        own.into_iter().chain(levels).collect()
    }
}

/// Removes later duplicates: a test may be both required and a prerequisite of another required test.
fn remove_duplicates<T, K: PartialEq>(list: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let mut seen = Vec::new();
    list.retain(|one| {
        let key = key(one);
        let is_new = !seen.contains(&key);
        seen.extend(is_new.then_some(key));
        is_new
    });
}
