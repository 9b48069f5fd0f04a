//! The reasons of a decision: the tests that decide a node, each cause once.

use super::model::{NodeKind, TestNode, operand_of};
use super::reason::{Reason, Subject};
use super::words::Words;
use crate::check::{Operand, Test, TestKind};
use crate::document::Op;
use crate::model::{PrivilegeKind, Verdict};
use crate::studio::costs::FACT;
use crate::util::sort;
use hashbrown::{HashMap, HashSet};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The tests that decide a node: of an `or` that holds, those of the alternative that needs least: whose held ids cost least, as in
/// fixes; of several, that whose ids are first in policy order. Else those of all parts with the same verdict. If each alternative of a
/// failed `or` fails by one test, these tests are marked as alternatives: fixing any one of them is enough. Privileges come before
/// facts: an administrator can grant privileges, but not facts.
///
/// Groups are numbered from 1, in the order in which they are told; `groups` is the number of groups that parts of the node have.
pub(super) fn reasons(words: Words, node: &TestNode, mut groups: usize) -> Vec<Reason> {
    let found = plainly(Collector { words, groups: &mut groups }.collect(node, node.verdict));
    let mut found: Vec<Reason> = found.into_iter().map(Arc::unwrap_or_clone).collect();
    let mut numbers = Vec::new();
    for reason in &mut found {
        if let Some(group) = reason.alternative {
            let known = numbers.iter().position(|number| *number == group);
            if known.is_none() {
                numbers.push(group);
            }
            reason.alternative = Some(known.map_or(numbers.len(), |place| place + 1));
        }
    }
    let is_fact = |reason: &Reason| words.program.facts.find(&reason.id).is_some();
    sort::sort_by_key(&mut found, |reason| (reason.alternative, is_fact(reason)));
    found
}

/// The reasons of a node that is a part of others, with groups numbered from `groups`. They are shared, since the reasons of an
/// operation are reasons of every operation that it decides.
pub(super) fn reasons_of_part(words: Words, node: &TestNode, groups: &mut usize) -> Vec<Arc<Reason>> {
    plainly(Collector { words, groups }.collect(node, node.verdict))
}

struct Collector<'a> {
    words: Words<'a>,
    groups: &'a mut usize,
}

impl Collector<'_> {
    fn collect(&mut self, node: &TestNode, verdict: Verdict) -> Vec<Arc<Reason>> {
        match node.kind {
            // Why another operation is denied is more informative than that it is denied.
            NodeKind::Test if verdict != Verdict::Yes && !node.inner.is_empty() => node.inner.clone(),
            NodeKind::Test => node.test.iter().map(|test| Arc::new(reason(self.words, node, test))).collect(),
            NodeKind::Not => node.children.iter().flat_map(|child| self.collect(child, child.verdict)).collect(),
            NodeKind::Any if verdict == Verdict::Yes => {
                let holding = node.children.iter().filter(|child| child.verdict == Verdict::Yes);
                let alternatives: Vec<Vec<Arc<Reason>>> = holding.map(|child| self.collect(child, verdict)).collect();
                alternatives.into_iter().min_by_key(|reasons| self.price(reasons)).unwrap_or_default()
            }
            NodeKind::All | NodeKind::Any => {
                let deciding = node.children.iter().filter(|child| child.verdict == verdict);
                let mut parts: Vec<_> = deciding.map(|child| self.part(child, verdict)).collect();
                let fails_by_one_each = (node.kind, verdict) == (NodeKind::Any, Verdict::No) && parts.len() > 1;
                if fails_by_one_each
                    && parts.iter().all(|part| matches!(part.as_slice(), [one] if one.alternative.is_none()))
                {
                    *self.groups += 1;
                    for reason in parts.iter_mut().flatten() {
                        Arc::make_mut(reason).alternative = Some(*self.groups);
                    }
                }
                parts.into_iter().flatten().collect()
            }
        }
    }
}

impl Collector<'_> {
    /// The reasons of a part of a node, each cause once. Those of a test are one, or those of another operation, which were made so.
    fn part(&mut self, node: &TestNode, verdict: Verdict) -> Vec<Arc<Reason>> {
        let found = self.collect(node, verdict);
        if node.kind == NodeKind::Test { found } else { plainly(found) }
    }

    /// The cost of the held ids that reasons name, and their places in policy order.
    fn price(&self, reasons: &[Arc<Reason>]) -> (u64, BTreeSet<usize>) {
        let document = self.words.document;
        let (mut cost, mut places) = (0, BTreeSet::new());
        for reason in reasons.iter().filter(|reason| reason.is_of_held()) {
            let privilege = self.words.program.privileges.find(&reason.id);
            let (place, price) = match privilege {
                Some(index) => {
                    let price = document.privileges.get(index).and_then(|it| it.cost).unwrap_or(1);
                    (document.facts.len() + index, u64::from(price))
                }
                None => (self.words.program.facts.find(&reason.id).unwrap_or_default(), u64::from(FACT)),
            };
            if places.insert(place) {
                cost += price;
            }
        }
        (cost, places)
    }
}

/// Tells each cause once: of several tests of one value the one that includes the others, and only alternatives that are not told
/// otherwise. O(reasons × alternatives of one group).
pub(super) fn plainly(reasons: Vec<Arc<Reason>>) -> Vec<Arc<Reason>> {
    let (required, alternatives): (Vec<_>, Vec<_>) =
        reasons.into_iter().partition(|reason| reason.alternative.is_none());
    let mut groups: Vec<(usize, Vec<Arc<Reason>>)> = Vec::new();
    let mut places = HashMap::new();
    for reason in alternatives {
        let number = reason.alternative.unwrap_or_default();
        let place = *places.entry(number).or_insert_with(|| {
            groups.push((number, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, group)) = groups.get_mut(place) {
            group.push(reason);
        }
    }
    let mut required = merged(&required, true);
    let mut kept: Vec<(usize, Vec<Arc<Reason>>)> = Vec::new();
    for (number, group) in groups {
        let group = merged(&group, false);
        match group.as_slice() {
            [one] => required.push(Arc::new(Reason { alternative: None, ..Reason::clone(one) })),
            _ => kept.push((number, group)),
        }
    }
    let mut required = merged(&required, true);
    // Whoever mends what is required has mended these alternatives.
    let by_value: HashMap<_, _> = required.iter().map(|reason| (reason.value(), reason)).collect();
    kept.retain(|(_, group)| {
        !group.iter().any(|reason| by_value.get(&reason.value()).is_some_and(|required| required.includes(reason)))
    });
    drop(by_value);
    let mut told = HashSet::new();
    for (_, group) in kept {
        let causes: Vec<_> = group.iter().map(|reason| reason.cause()).collect();
        if told.insert(causes) {
            required.extend(group);
        }
    }
    required
}

/// The reasons without those that others include; of alternatives, without those that include others.
fn merged(reasons: &[Arc<Reason>], all_are_needed: bool) -> Vec<Arc<Reason>> {
    if reasons.len() < 2 {
        return reasons.to_vec();
    }
    let mut kept: Vec<usize> = Vec::new();
    let mut places: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, reason) in reasons.iter().enumerate() {
        let known = places.entry(reason.value()).or_default();
        let related =
            |other: &Arc<Reason>| Arc::ptr_eq(other, reason) || other.includes(reason) || reason.includes(other);
        let of_same_value = known.iter().filter_map(|place| Some((*place, reasons.get(*kept.get(*place)?)?)));
        match of_same_value.into_iter().find(|(_, other)| related(other)) {
            None => {
                known.push(kept.len());
                kept.push(index);
            }
            Some((place, other)) if reason.includes(other) == all_are_needed => {
                if let Some(kept) = kept.get_mut(place) {
                    *kept = index;
                }
            }
            Some(_) => {}
        }
    }
    kept.into_iter().filter_map(|index| reasons.get(index).cloned()).collect()
}

impl Reason {
    /// The value that the test reads.
    fn value(&self) -> (&str, Option<&'static str>) {
        (&self.id, self.whose)
    }

    /// What the reason says, apart from words: why a grant is dormant is said once, but it is one cause wherever it is read.
    fn cause(&self) -> (&'static str, String, Option<&'static str>, String, String) {
        (self.code, self.id.clone(), self.whose, self.needed.clone(), self.held.clone())
    }

    /// Whether the test holds because of what the subject has.
    fn is_of_held(&self) -> bool {
        match self.code {
            "granted" | "on" | "set" | "included" => true,
            "value" => !self.held.is_empty(),
            _ => false,
        }
    }

    /// Whether whoever passes this test passes the other one, too; or both say the same.
    fn includes(&self, other: &Self) -> bool {
        let includes = match (self.bound, other.bound) {
            (Some((true, one)), Some((true, another))) => one >= another,
            (Some((false, one)), Some((false, another))) => one <= another,
            _ => self.needed == other.needed,
        };
        // What differs most often is compared first.
        (includes || self.code == "value" && !self.held.is_empty())
            && self.code == other.code
            && self.held == other.held
    }
}

/// The reason of a test by itself.
pub(super) fn reason(words: Words, node: &TestNode, test: &Test) -> Reason {
    let document = words.document;
    let operand = operand_of(test);
    let kind = |operand: Operand| match operand {
        Operand::Privilege(privilege) => document.privileges.get(privilege).map(|it| it.kind),
        Operand::Fact(_) => None,
    };
    let kind = operand.and_then(kind);
    let held = node.held.clone().or_else(|| node.too_little.clone()).unwrap_or_default();
    let (label, place) = match (&test.kind, operand) {
        (TestKind::Allowed(operation), _) => (document.operations.get(*operation).map(|it| it.label.clone()), None),
        (TestKind::Condition(index, _), _) => (document.conditions.get(*index).map(|it| it.label.clone()), None),
        (_, Some(operand @ Operand::Fact(fact))) => {
            (words.label(operand), document.facts.get(fact).and_then(|it| it.place.clone()))
        }
        (_, operand) => (operand.and_then(|operand| words.label(operand)), None),
    };
    let yes = node.verdict == Verdict::Yes;
    let pick = |a: &'static str, b: &'static str| if yes { a } else { b };
    let order = |op: Op| match op {
        Op::AtLeast | Op::Above => "too-low",
        Op::AtMost | Op::Below => "too-high",
        Op::Equal | Op::NotEqual => "other-value",
    };
    let code = match (&test.kind, node.verdict) {
        (_, Verdict::Unknown) => "unknown",
        (_, Verdict::No) if node.because.is_some() && node.too_little.is_none() => "dormant",
        (TestKind::Held(_), _) => pick("granted", "not-granted"),
        (TestKind::On(_), _) => pick("on", "off"),
        (TestKind::IsSet(_), _) => pick("set", "not-set"),
        (TestKind::Allowed(_), _) => pick("allowed", "denied"),
        (TestKind::Condition(..), _) => pick("met", "not-met"),
        (TestKind::Options(_, _, negated), _) if kind == Some(PrivilegeKind::Set) => {
            if yes == *negated {
                "not-included"
            } else {
                "included"
            }
        }
        // The current value alone explains a test that holds, and a `!=` that fails.
        (_, Verdict::Yes)
        | (
            TestKind::Options(_, _, true)
            | TestKind::Level(_, Op::NotEqual, _)
            | TestKind::Number(_, Op::NotEqual, _)
            | TestKind::CompareSubjects(_, Op::NotEqual, ..),
            _,
        ) => "value",
        (TestKind::Number(Operand::Privilege(_), ..), _) if held.is_empty() => "not-set",
        (TestKind::CompareSubjects(..), _) if held.is_empty() && kind == Some(PrivilegeKind::Number) => "not-set",
        (TestKind::Level(..) | TestKind::Number(..) | TestKind::CompareSubjects(..), _) if held.is_empty() => {
            "not-granted"
        }
        (TestKind::Level(_, op, _) | TestKind::Number(_, op, _) | TestKind::CompareSubjects(_, op, ..), _) => {
            order(*op)
        }
        _ => "other-value",
    };
    let needed = words.needed(node, test);
    Reason {
        code,
        id: node.id.clone().unwrap_or_default(),
        label: label.unwrap_or_default(),
        whose: node.whose,
        needed,
        held: operand.map_or_else(String::new, |operand| words.held_in_labels(operand, &held)),
        alternative: None,
        place,
        through: match code {
            "granted" | "set" | "included" | "value" => node.through.clone(),
            _ => Vec::new(),
        },
        because: node.because.as_ref().map(|because| match node.too_little {
            Some(_) => because.effect.clone(),
            None => because.clause.clone(),
        }),
        subject: match (&test.kind, kind) {
            (TestKind::IsSet(_), _) => Subject::Presence,
            (TestKind::On(_), _) => Subject::Switch,
            (TestKind::Held(_), _) => Subject::Flag,
            (TestKind::Allowed(_), _) => Subject::Operation,
            (TestKind::Condition(..), _) => Subject::Condition,
            // A set that must not include an option is told as any other value.
            (TestKind::Options(_, _, negated), Some(PrivilegeKind::Set))
                if !negated || node.verdict != Verdict::Unknown =>
            {
                Subject::Set
            }
            _ => Subject::Value,
        },
        alternatives: node
            .because
            .as_ref()
            .filter(|_| node.too_little.is_none())
            .map_or(0, |because| because.alternatives),
        bound: bound_of(test),
    }
}

/// The least or greatest value that passes a test, if there is one: whether it is the least one, and the value.
pub(super) fn bound_of(test: &Test) -> Option<(bool, u32)> {
    match test.kind {
        TestKind::Level(_, op, rank) => bound(op, u32::try_from(rank).unwrap_or(u32::MAX)),
        TestKind::Number(_, op, number) => bound(op, number),
        _ => None,
    }
}

const fn bound(op: Op, value: u32) -> Option<(bool, u32)> {
    match op {
        Op::AtLeast => Some((true, value)),
        Op::Above => Some((true, value.saturating_add(1))),
        Op::AtMost => Some((false, value)),
        Op::Below => Some((false, value.saturating_sub(1))),
        Op::Equal | Op::NotEqual => None,
    }
}
