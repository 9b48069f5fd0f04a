//! Compares the meaning of two versions of a policy: the subjects for which they decide differently, regardless of
//! notation.

use super::alignment::align;
use super::changed_steps::ChangedSteps;
use super::declared::declared;
use super::difference::{Difference, DifferenceKind};
use super::item::Item;
use super::roles::roles;
use super::witness::find_witness;
use crate::check::{Part, parts};
use crate::model::limits;
use crate::studio::Studio;
use crate::util::collect_set;
use serde::Serialize;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The semantic differences between two versions of a policy.
///
/// # Examples
/// ```
/// use privet::{PolicyDifference, Studio};
///
/// let before = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let text = privet::policies::DOTDIGITAL.replace(r#""id": "programs.access""#, r#""id": "programs.open""#);
/// let difference = before.compare(&Studio::compile(&text, false)?);
/// assert_eq!(difference.added, ["programs.open"]);
/// assert_eq!(difference.removed, ["programs.access"]);
/// assert_eq!(before.compare(&before), PolicyDifference::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct PolicyDifference {
    /// Ids that only the later version has; a level or option as `privilege/level`.
    pub added: Vec<String>,
    /// Ids that only the earlier version has.
    pub removed: Vec<String>,
    /// New ids by the old ids that the later version declares as renamed.
    #[cfg_attr(feature = "schema", ts(type = "{ readonly [old: string]: string }"))]
    pub renamed: BTreeMap<String, String>,
    /// The decisions that differ for some subject, then what else the versions declare otherwise.
    pub changed: Vec<Difference>,
    /// Ids whose comparison exceeded a limit: they may have changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", ts(optional, type = "readonly string[]"))]
    pub unanswered: Vec<String>,
}

/// See [`Studio::compare`].
pub(in crate::studio) fn compare(studio: &Studio, after: &Studio) -> PolicyDifference {
    let mut difference = PolicyDifference::default();
    let renamed = after.checked().renamed();
    let (old, new) = (names(studio), names(after));
    let is_renamed = |(from, to): &(&str, &str)| old.contains(*from) && new.contains(*to);
    let pairs = renamed.iter().map(|(from, to)| (&**from, &**to)).filter(is_renamed);
    difference.renamed.extend(pairs.map(|(from, to)| (from.into(), to.into())));
    let is_new = |id: &&String| !difference.renamed.values().any(|to| to == *id);
    difference.added = new.iter().filter(|id| !old.contains(*id)).filter(is_new).cloned().collect();
    difference.removed =
        old.iter().filter(|id| !new.contains(*id) && !difference.renamed.contains_key(*id)).cloned().collect();
    let versions = align(studio, after);
    let changed_steps = ChangedSteps::between(studio, after);
    let items = items(studio, after, &difference.renamed);
    let budget = Rc::new(Cell::new(limits::SWEEP_STEPS));
    for (item, mut found) in items.into_iter().filter(|(item, _)| item.may_differ(studio, after, &changed_steps)) {
        match find_witness(&versions, &item, &budget) {
            Ok(None) => {}
            Ok(Some(witness)) => {
                found.assumes = witness.subject.facts.iter().map(|(id, _)| id.clone()).collect();
                found.witness = Some(witness.subject);
                [found.before, found.after] = witness.decisions.map(String::from);
                found.owed = witness.owed;
                difference.changed.push(found);
            }
            Err(_) => {
                // The steps of the diagram that became too large were not counted
                budget.set(budget.get().saturating_sub(limits::DIAGRAM_STEPS));
                difference.unanswered.push(found.obligation.unwrap_or(found.id));
            }
        }
    }
    let roles = roles(studio, after, &difference.renamed, &difference.changed);
    difference.changed.extend(declared(studio, after, &difference.renamed));
    difference.changed.extend(roles);
    difference
}

/// All ids of a policy, including levels and options.
fn names(studio: &Studio) -> BTreeSet<String> {
    let program = studio.policy().program();
    let privileges =
        program.privileges.iter().flat_map(|it| it.values.iter().map(|value| format!("{}/{value}", it.id)));
    let options = program.facts.iter().flat_map(|it| it.values.iter().map(|value| format!("{}/{value}", it.id)));
    let ids = program.facts.ids().chain(program.privileges.ids()).chain(program.roles.ids());
    let ids = ids.chain(program.operations.ids()).chain(program.menu.ids()).map(String::from);
    collect_set(ids.chain(privileges).chain(options))
}

/// The items that both versions decide, each with a difference to complete.
fn items(before: &Studio, after: &Studio, renamed: &BTreeMap<String, String>) -> Vec<(Item, Difference)> {
    let (old, new) = (before.policy().program(), after.policy().program());
    let new_name = |id: &String| renamed.get(id).cloned().unwrap_or_else(|| id.clone());
    let mut items = Vec::new();
    for (old_index, privilege) in old.privileges.iter().enumerate() {
        let id = new_name(&privilege.id);
        let Some(new_index) = new.privileges.find(&id) else { continue };
        let Some(counterpart) = new.privileges.get(new_index).filter(|counterpart| counterpart.kind == privilege.kind)
        else {
            continue;
        };
        for part in parts(before.checked().document(), old_index) {
            let level = if let Part::Value(value) = part { privilege.values.get(value) } else { None };
            let counterpart_part = match level {
                Some(level) => counterpart.values.iter().position(|value| value == level).map(Part::Value),
                None => Some(part),
            };
            if let Some(counterpart_part) = counterpart_part {
                let item = Item::Requires([(old_index, part), (new_index, counterpart_part)]);
                items.push((
                    item,
                    Difference { level: level.cloned(), ..Difference::new(&id, DifferenceKind::Requires) },
                ));
            }
        }
    }
    for (old_index, operation) in old.operations.iter().enumerate() {
        let id = new_name(&operation.id);
        let Some(new_index) = new.operations.find(&id) else { continue };
        items.push((Item::Operation([old_index, new_index]), Difference::new(&id, DifferenceKind::Operation)));
        let new_obligations = new.operations.get(new_index).map(|it| it.obligations.as_slice()).unwrap_or_default();
        let index_of = |owed: &[crate::pack::Obligation], id: &String| owed.iter().position(|it| it.id == *id);
        let all = collect_set(operation.obligations.iter().chain(new_obligations).map(|owed| &owed.id));
        for owed in all {
            let item = Item::Obligation([
                (old_index, index_of(&operation.obligations, owed)),
                (new_index, index_of(new_obligations, owed)),
            ]);
            let obligation = Some(owed.clone());
            items.push((item, Difference { obligation, ..Difference::new(&id, DifferenceKind::Obligation) }));
        }
    }
    for (old_index, role) in old.roles.iter().enumerate() {
        let id = new_name(&role.id);
        if let Some(new_index) = new.roles.find(&id) {
            items.push((Item::Role([old_index, new_index]), Difference::new(&id, DifferenceKind::Role)));
        }
    }
    items
}
