//! Aligns two versions of a policy, so that ids that exist in both have the same variables and values.

use crate::model::{FactKind, PrivilegeKind};
use crate::pack::{Fact, Privilege, Program};
use crate::studio::Studio;
use crate::studio::search::domains::numbers;
use crate::studio::search::space::{Id, Values};
use crate::util::collect_set;
use litemap::LiteMap;
use std::collections::BTreeSet;

/// One version of the policy, aligned with the other one.
pub(super) struct Version<'a> {
    pub(super) studio: &'a Studio,
    /// The domains of all possible subjects.
    pub(super) axes: LiteMap<Id, Values>,
    /// The names of ids in the comparison, where they differ from the program's.
    pub(super) aliases: LiteMap<Id, String>,
    /// Ids that have no counterpart in the other version.
    pub(super) alone: BTreeSet<Id>,
}

/// Aligns two versions.
pub(super) fn versions<'a>(before: &'a Studio, after: &'a Studio) -> (Version<'a>, Version<'a>) {
    let (mut early, mut late) = (Version::of(before), Version::of(after));
    let renamed = &after.checked().document().renamed;
    let (old, new) = (before.policy().program(), after.policy().program());
    let (mut taken, mut shared) = (BTreeSet::new(), BTreeSet::new());
    for id in ids(old) {
        let name = crate::studio::search::space::name(old, id);
        let called = renamed.get(name).map_or(name, |new| &**new);
        let twin = find(new, id, called).filter(|twin| taken.insert(*twin));
        let paired = twin.and_then(|twin| Some((twin, pair(before, id, after, twin)?)));
        let Some((twin, (values, twin_values))) = paired else {
            // No id contains a space, so this name has no counterpart.
            early.aliases.insert(id, format!("before {name}"));
            early.alone.insert(id);
            continue;
        };
        early.aliases.insert(id, called.into());
        early.axes.insert(id, values);
        late.axes.insert(twin, twin_values);
        shared.insert(twin);
    }
    late.alone = collect_set(late.alone.into_iter().filter(|id| !shared.contains(id)));
    (early, late)
}

impl<'a> Version<'a> {
    fn of(studio: &'a Studio) -> Self {
        let axes = crate::studio::search::domains::everything(studio);
        let alone = collect_set(axes.keys().copied());
        Self { studio, axes, aliases: LiteMap::new_vec(), alone }
    }
}

fn ids(program: &Program) -> Vec<Id> {
    let facts = (0..program.facts.len()).map(Id::Fact);
    let privileges = (0..program.privileges.len()).map(Id::Privilege);
    facts.chain(privileges).chain((0..program.roles.len()).map(Id::Role)).collect()
}

fn find(program: &Program, like: Id, name: &str) -> Option<Id> {
    match like {
        Id::Fact(_) => program.facts.find(name).map(Id::Fact),
        Id::Privilege(_) => program.privileges.find(name).map(Id::Privilege),
        Id::Role(_) => program.roles.find(name).map(Id::Role),
    }
}

/// The domains of an id and its counterpart, with equal values at equal places; `None` if their kinds differ or they
/// have no common value.
fn pair(before: &Studio, id: Id, after: &Studio, twin: Id) -> Option<(Values, Values)> {
    let (old, new) = (before.policy().program(), after.policy().program());
    match (id, twin) {
        (Id::Role(_), Id::Role(_)) => Some((Values::Flip, Values::Flip)),
        (Id::Fact(id), Id::Fact(twin)) => {
            let (early, late) = (before.checked().comparisons(), after.checked().comparisons());
            let bounds = collect_set(early.fact_bounds(id).into_iter().chain(late.fact_bounds(twin)));
            facts(old.facts.get(id)?, new.facts.get(twin)?, &bounds)
        }
        (Id::Privilege(id), Id::Privilege(twin)) => {
            let (early, late) = (before.checked().comparisons(), after.checked().comparisons());
            let bounds = collect_set(early.privilege_bounds(id).into_iter().chain(late.privilege_bounds(twin)));
            privileges(old.privileges.get(id)?, new.privileges.get(twin)?, &bounds)
        }
        _ => None,
    }
}

fn facts(old: &Fact, new: &Fact, bounds: &BTreeSet<u32>) -> Option<(Values, Values)> {
    match (old.kind, new.kind) {
        (FactKind::Switch, FactKind::Switch) => Some(same([Some(0), Some(1)].into())),
        (FactKind::Number, FactKind::Number) => Some(same(numbers(bounds, (0, u32::MAX)))),
        (FactKind::Choice, FactKind::Choice) => one_of(&common(&old.options, &new.options)),
        _ => None,
    }
}

fn privileges(old: &Privilege, new: &Privilege, bounds: &BTreeSet<u32>) -> Option<(Values, Values)> {
    let common = || common(&old.values, &new.values);
    match old.kind {
        _ if old.kind != new.kind => None,
        PrivilegeKind::Flag => Some(same([Some(1)].into())),
        PrivilegeKind::Level => one_of(&common().into_iter().map(|(a, b)| (a + 1, b + 1)).collect::<Vec<_>>()),
        PrivilegeKind::Choice => one_of(&common()),
        PrivilegeKind::Set => {
            let (old, new) = common().into_iter().unzip();
            Some((Values::Each(old), Values::Each(new)))
        }
        PrivilegeKind::Number => {
            let range = (old.min.max(new.min), old.max.min(new.max));
            (range.0 <= range.1).then(|| same(numbers(bounds, range)))
        }
    }
}

fn same(values: Vec<Option<u32>>) -> (Values, Values) {
    (Values::OneOf(values.clone()), Values::OneOf(values))
}

fn one_of(pairs: &[(u32, u32)]) -> Option<(Values, Values)> {
    let (old, new) = pairs.iter().map(|(old, new)| (Some(*old), Some(*new))).unzip();
    (!pairs.is_empty()).then_some((Values::OneOf(old), Values::OneOf(new)))
}

/// The indices of the common values, in both lists.
fn common(old: &[String], new: &[String]) -> Vec<(u32, u32)> {
    let place = |value: &String| new.iter().position(|other| other == value).and_then(|it| u32::try_from(it).ok());
    (0_u32..).zip(old).filter_map(|(index, value)| Some((index, place(value)?))).collect()
}
