//! Renamed ids: the id in older versions of the policy and its present id.

use super::graph::{describe_cycle, topological};
use super::names::Names;
use crate::diagnostic::{Code, Findings};
use crate::document::{Document, Map};
use crate::source::ROOT;
use hashbrown::HashMap;

/// The present id of each old one. An id may have been renamed several times: the chain of renames is followed. Reports
/// renames to an id that is not declared, from an id that is, and back to an old one. O(renames).
pub(super) fn resolve(document: &Document, names: &Names, findings: &mut Findings) -> Map<String> {
    let renames: Vec<(&str, &str)> = document.renamed.iter().map(|(old, new)| (old.as_str(), &**new)).collect();
    let places: HashMap<&str, usize> = (0..).zip(&renames).map(|(place, (old, _))| (*old, place)).collect();
    let next: Vec<Vec<usize>> = renames.iter().map(|(_, new)| places.get(new).copied().into_iter().collect()).collect();
    let (order, cycles) = topological(&next);
    let renamed = ROOT.at("renamed");
    let mut present = Map::new();
    for (old, new) in order.into_iter().filter_map(|place| renames.get(place)) {
        let at = renamed.at(old);
        if let Some(what) = names.kind_of(old) {
            let message = format!("`{old}` is renamed here, but is still declared: it is {what}");
            let help = Some("remove this entry or the declaration".into());
            findings.add_key(Code::RenamedStillExists, &at, message, help);
        }
        let last = if places.contains_key(new) { present.get(*new).cloned() } else { Some(String::from(*new)) };
        let Some(last) = last else { continue };
        if !places.contains_key(new) && names.kind_of(new).is_none() && !findings.is_broken(new) {
            let help = names.help_for_any(new);
            findings.add(Code::UnknownId, &at, format!("unknown id `{new}`"), help);
            continue;
        }
        present.insert((*old).into(), last);
    }
    for cycle in cycles {
        let old = |place: &usize| renames.get(*place).map_or("", |(old, _)| *old);
        let ids: Vec<String> = cycle.iter().map(|place| format!("`{}`", old(place))).collect();
        let message = describe_cycle("id", "is renamed to", &ids);
        let first = cycle.first().map_or("", old);
        findings.add(Code::Cycle, &renamed.at(first), message, Some("name the present id".into()));
    }
    present
}
