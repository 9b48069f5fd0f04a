//! Ids that differ only in case or in separators: people take one for the other.

use crate::diagnostic::{Code, Findings};
use crate::document::{Document, Id};
use crate::model::ids::confusion_key;
use crate::source::{Pointer, ROOT};
use hashbrown::HashMap;

/// Warns about each id that differs from an earlier one of its namespace only in case or separators. O(document).
pub(super) fn check(document: &Document, findings: &mut Findings) {
    macro_rules! ids {
        ($list:ident, $key:literal) => {
            document.$list.at(ROOT, $key).map(|(at, entry)| (at, &entry.id))
        };
    }
    let assigned = ids!(facts, "facts").chain(ids!(conditions, "conditions"));
    compare(assigned.chain(ids!(privileges, "privileges")).chain(ids!(roles, "roles")), findings);
    compare(ids!(operations, "operations"), findings);
    compare(ids!(menu, "menu"), findings);
    compare(ids!(verbs, "verbs"), findings);
    compare(ids!(guides, "guides"), findings);
    for (at, fact) in document.facts.at(ROOT, "facts") {
        compare(
            fact.options.at(&at, "options").chain(fact.levels.at(&at, "levels")).map(|(at, it)| (at, &it.id)),
            findings,
        );
    }
    for (at, privilege) in document.privileges.at(ROOT, "privileges") {
        compare(privilege.options.at(&at, "options").map(|(at, it)| (at, &it.id)), findings);
        compare(privilege.levels.at(&at, "levels").map(|(at, level)| (at, &level.id)), findings);
    }
}

fn compare<'a>(ids: impl Iterator<Item = (Pointer<'a>, &'a Id)>, findings: &mut Findings) {
    let mut known: HashMap<String, (Pointer, &Id)> = HashMap::new();
    for (at, id) in ids {
        let key = confusion_key(id);
        match known.get(&key) {
            // An id that is declared twice is an error, and one that could not be read is empty.
            Some((first, other)) if *other != id => {
                let message = format!("`{id}` and `{other}` differ only in case or separators");
                findings.add(Code::ConfusableId, &at.at("id"), message, Some("rename one of the two".into()));
                findings.relate(&first.at("id"), format!("`{other}` is declared here"));
            }
            Some(_) => {}
            None => {
                known.insert(key, (at, id));
            }
        }
    }
}
