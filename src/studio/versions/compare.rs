//! Comparing two versions of a policy by what they mean: for whom they decide otherwise, however they are written.

use super::alignment::versions;
use super::changed_steps::ChangedSteps;
use super::item::Item;
use super::witness::tell_apart;
use crate::check::{Part, parts};
use crate::session::Subject;
use crate::studio::Studio;
use crate::util::collect_set;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// What two versions of a policy mean differently.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PolicyDifference {
    /// Ids that only the later one has; a level or option as `privilege/level`.
    pub added: Vec<String>,
    /// Ids that only the earlier one has.
    pub removed: Vec<String>,
    /// What the later one declares as renamed: by what it was, what it is.
    pub renamed: BTreeMap<String, String>,
    /// What is decided otherwise for somebody.
    pub changed: Vec<Difference>,
    /// Operations, privileges and obligations about which the question was too large to be answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unanswered: Vec<String>,
}

/// Something that is decided otherwise for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The operation, or the privilege whose requirement changed.
    pub id: String,
    /// What has changed about it.
    pub kind: DifferenceKind,
    /// The obligation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obligation: Option<String>,
    /// The level or option.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The smallest subject that tells the two apart, in the words of the later version. It has what only one version
    /// knows only where nothing else tells them apart.
    pub witness: Subject,
    /// What the earlier version decides about it: of a requirement, whether the grant has its effect; of an obligation,
    /// whether the operation is allowed.
    pub before: &'static str,
    /// What the later version decides.
    pub after: &'static str,
    /// Of an obligation, whether the later version asks for it; the earlier one then does not, or the reverse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed: Option<bool>,
}

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DifferenceKind {
    /// For whom an operation is allowed or denied.
    Operation,
    /// When a grant has an effect.
    Requires,
    /// When an obligation is owed.
    Obligation,
}

/// What a later version of this policy means differently: for each operation, requirement and obligation the
/// smallest subject that tells the two apart. O(operations × size of their diagrams).
pub(in crate::studio) fn compare(studio: &Studio, after: &Studio) -> PolicyDifference {
    let mut difference = PolicyDifference::default();
    let renamed = &after.checked().document().renamed;
    let (old, new) = (names(studio), names(after));
    let is_renamed = |(from, to): &(&str, &str)| old.contains(*from) && new.contains(*to);
    let pairs = renamed.iter().map(|(from, to)| (&**from, &**to)).filter(is_renamed);
    difference.renamed.extend(pairs.map(|(from, to)| (from.into(), to.into())));
    let is_new = |id: &&String| !difference.renamed.values().any(|to| to == *id);
    difference.added = new.iter().filter(|id| !old.contains(*id)).filter(is_new).cloned().collect();
    difference.removed =
        old.iter().filter(|id| !new.contains(*id) && !difference.renamed.contains_key(*id)).cloned().collect();
    let versions = versions(studio, after);
    let touched = ChangedSteps::between(studio, after);
    let items = items(studio, after, &difference.renamed);
    for (item, mut found) in items.into_iter().filter(|(item, _)| item.may_differ(studio, after, &touched)) {
        match tell_apart(&versions, &item) {
            Ok(None) => {}
            Ok(Some(witness)) => {
                found.witness = witness.subject;
                [found.before, found.after] = witness.decisions;
                found.owed = witness.owed;
                difference.changed.push(found);
            }
            Err(_) => difference.unanswered.push(found.obligation.unwrap_or(found.id)),
        }
    }
    difference
}

/// All ids of a policy, levels and options too.
fn names(studio: &Studio) -> BTreeSet<String> {
    let program = studio.policy().program();
    let privileges =
        program.privileges.iter().flat_map(|it| it.values.iter().map(|value| format!("{}/{value}", it.id)));
    let options = program.facts.iter().flat_map(|it| it.options.iter().map(|value| format!("{}/{value}", it.id)));
    let plain = program.facts.ids().chain(program.privileges.ids()).chain(program.roles.ids());
    let plain = plain.chain(program.operations.ids()).chain(program.menu.ids()).map(String::from);
    collect_set(plain.chain(privileges).chain(options))
}

/// Everything that both versions decide.
fn items(before: &Studio, after: &Studio, renamed: &BTreeMap<String, String>) -> Vec<(Item, Difference)> {
    let (old, new) = (before.policy().program(), after.policy().program());
    let called = |id: &String| renamed.get(id).cloned().unwrap_or_else(|| id.clone());
    let blank = |id: &String, kind| Difference {
        id: id.clone(),
        kind,
        obligation: None,
        level: None,
        witness: Subject::default(),
        before: "",
        after: "",
        owed: None,
    };
    let mut items = Vec::new();
    for (early, privilege) in old.privileges.iter().enumerate() {
        let id = called(&privilege.id);
        let Some(late) = new.privileges.find(&id) else { continue };
        let Some(twin) = new.privileges.get(late).filter(|twin| twin.kind == privilege.kind) else { continue };
        for part in parts(before.checked().document(), early) {
            let level = if let Part::Value(value) = part { privilege.values.get(value) } else { None };
            let twin_part = match level {
                Some(level) => twin.values.iter().position(|value| value == level).map(Part::Value),
                None => Some(part),
            };
            if let Some(twin_part) = twin_part {
                let item = Item::Requires([(early, part), (late, twin_part)]);
                items.push((item, Difference { level: level.cloned(), ..blank(&id, DifferenceKind::Requires) }));
            }
        }
    }
    for (early, operation) in old.operations.iter().enumerate() {
        let id = called(&operation.id);
        let Some(late) = new.operations.find(&id) else { continue };
        items.push((Item::Operation([early, late]), blank(&id, DifferenceKind::Operation)));
        let twins = new.operations.get(late).map(|it| it.obligations.as_slice()).unwrap_or_default();
        let place = |owed: &[crate::pack::Obligation], id: &String| owed.iter().position(|it| it.id == *id);
        let all = collect_set(operation.obligations.iter().chain(twins).map(|owed| &owed.id));
        for owed in all {
            let item = Item::Obligation([(early, place(&operation.obligations, owed)), (late, place(twins, owed))]);
            let obligation = Some(owed.clone());
            items.push((item, Difference { obligation, ..blank(&id, DifferenceKind::Obligation) }));
        }
    }
    items
}
