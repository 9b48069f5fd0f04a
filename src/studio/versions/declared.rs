//! Differences between what two versions declare beside requirements: menu places, verbs, restrictions, labels, values.

use super::difference::{Difference, DifferenceKind};
use crate::document::{Document, Obligation};
use crate::model::{FactKind, PrivilegeKind};
use crate::pack::Program;
use crate::studio::Studio;
use crate::util::{collect_ordered, collect_set};
use std::collections::{BTreeMap, BTreeSet};

/// The declarations that differ of what both versions have, in policy order of the earlier one. O(documents).
pub(super) fn declared(before: &Studio, after: &Studio, renamed: &BTreeMap<String, String>) -> Vec<Difference> {
    let mut found = Declared { renamed, differences: Vec::new() };
    let (old, new) = (before.checked().document(), after.checked().document());
    found.labels(old, new);
    found.values(before.policy().program(), after.policy().program());
    found.operations(old, new);
    for item in old.menu.iter() {
        let id = found.new_name(&item.id);
        let Some(counterpart) = new.menu.iter().find(|it| *it.id == *id) else { continue };
        let parent = item.parent.as_deref().map(|parent| found.new_name(parent)).unwrap_or_default();
        let other = counterpart.parent.as_deref().unwrap_or_default();
        found.compare(&id, DifferenceKind::Menu, parent, other.into());
    }
    found.differences
}

struct Declared<'a> {
    /// New ids by old ids.
    renamed: &'a BTreeMap<String, String>,
    differences: Vec<Difference>,
}

impl Declared<'_> {
    fn new_name(&self, id: &str) -> String {
        self.renamed.get(id).cloned().unwrap_or_else(|| id.into())
    }

    fn compare(&mut self, id: &str, kind: DifferenceKind, before: String, after: String) {
        if before != after {
            self.differences.push(Difference { before, after, ..Difference::new(id, kind) });
        }
    }

    /// The values that facts and privileges may have. Levels and options that only one version has are told as added or removed; what an
    /// absent fact counts as is told by the decisions that it changes.
    fn values(&mut self, old: &Program, new: &Program) {
        for fact in &old.facts {
            let id = self.new_name(&fact.id);
            let Some(counterpart) = new.facts.iter().find(|it| it.id == id) else { continue };
            let [before, after] = [[fact, counterpart], [counterpart, fact]]
                .map(|[it, other]| values(it.kind.name(), it.kind == FactKind::Level, &it.values, &other.values));
            self.compare(&id, DifferenceKind::Values, before, after);
        }
        for privilege in &old.privileges {
            let id = self.new_name(&privilege.id);
            let Some(counterpart) = new.privileges.iter().find(|it| it.id == id) else { continue };
            let [before, after] = [[privilege, counterpart], [counterpart, privilege]].map(|[it, other]| {
                if it.kind == PrivilegeKind::Number {
                    return format!("number, {} to {}", it.min, it.max);
                }
                values(it.kind.name(), it.kind == PrivilegeKind::Level, &it.values, &other.values)
            });
            self.compare(&id, DifferenceKind::Values, before, after);
        }
    }

    fn operations(&mut self, old: &Document, new: &Document) {
        let list = |ids: BTreeSet<String>| ids.into_iter().collect::<Vec<_>>().join(", ");
        for operation in old.operations.iter() {
            let id = self.new_name(&operation.id);
            let Some(counterpart) = new.operations.iter().find(|it| *it.id == *id) else { continue };
            let menu = list(collect_set(operation.menu.iter().map(|item| self.new_name(item))));
            self.compare(
                &id,
                DifferenceKind::Menu,
                menu,
                list(collect_set(counterpart.menu.iter().map(ToString::to_string))),
            );
            let verbs = [operation, counterpart].map(|it| list(collect_set(it.verbs.iter().map(ToString::to_string))));
            let [verbs, other_verbs] = verbs;
            self.compare(&id, DifferenceKind::Verbs, verbs, other_verbs);
            let restricts =
                [operation, counterpart].map(|it| String::from(if it.restricts { "true" } else { "false" }));
            let [restricts, other_restricts] = restricts;
            self.compare(&id, DifferenceKind::Restricts, restricts, other_restricts);
            self.obligation_labels(&id, &operation.obligations, &counterpart.obligations);
        }
    }

    fn obligation_labels(&mut self, id: &str, old: &[Obligation], new: &[Obligation]) {
        for owed in old {
            let label = new.iter().find(|it| it.id == owed.id).map(|it| it.label.clone());
            if let Some(after) = label.filter(|label| *label != owed.label) {
                let obligation = Some(owed.id.to_string());
                let before = owed.label.clone();
                self.differences.push(Difference {
                    obligation,
                    before,
                    after,
                    ..Difference::new(id, DifferenceKind::Label)
                });
            }
        }
    }

    /// The labels of everything that has one; of levels and options with the privilege or fact that has them.
    fn labels(&mut self, old: &Document, new: &Document) {
        let new = collect_ordered(labels(new).into_iter().map(|(key, label)| (key, label.to_owned())));
        for ((kind, id, level), label) in labels(old) {
            let id = self.new_name(&id);
            let Some(after) = new.get(&(kind, id.clone(), level.clone())).filter(|after| **after != *label) else {
                continue;
            };
            let (before, after) = (label.into(), after.clone());
            self.differences.push(Difference { level, before, after, ..Difference::new(&id, DifferenceKind::Label) });
        }
    }
}

/// A kind, and of levels the order of those that the other version has, too.
fn values(kind: &str, are_levels: bool, values: &[String], others: &[String]) -> String {
    let common: Vec<&str> = values.iter().filter(|it| others.contains(it)).map(String::as_str).collect();
    if are_levels && !common.is_empty() { format!("{kind}: {}", common.join(", ")) } else { kind.into() }
}

/// What has a label: the list that declares it, its id, and of a level or option the id of that.
type Labelled = (&'static str, String, Option<String>);

fn labels(document: &Document) -> Vec<(Labelled, &str)> {
    let mut all: Vec<(Labelled, &str)> = Vec::new();
    for fact in document.facts.iter() {
        all.push((("facts", fact.id.to_string(), None), &fact.label));
        let option = |id: &str| ("facts", fact.id.to_string(), Some(id.into()));
        all.extend(fact.options.iter().chain(fact.levels.iter()).map(|it| (option(&it.id), it.label.as_str())));
    }
    for privilege in document.privileges.iter() {
        all.push((("privileges", privilege.id.to_string(), None), &privilege.label));
        let part = |id: &str| ("privileges", privilege.id.to_string(), Some(id.into()));
        all.extend(privilege.levels.iter().map(|it| (part(&it.id), it.label.as_str())));
        all.extend(privilege.options.iter().map(|it| (part(&it.id), it.label.as_str())));
    }
    all.extend(document.conditions.iter().map(|it| (("conditions", it.id.to_string(), None), it.label.as_str())));
    all.extend(document.roles.iter().map(|it| (("roles", it.id.to_string(), None), it.label.as_str())));
    all.extend(document.verbs.iter().map(|it| (("verbs", it.id.to_string(), None), it.label.as_str())));
    all.extend(document.menu.iter().map(|it| (("menu", it.id.to_string(), None), it.label.as_str())));
    all.extend(document.operations.iter().map(|it| (("operations", it.id.to_string(), None), it.label.as_str())));
    all
}
