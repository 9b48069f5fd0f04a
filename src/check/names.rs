//! Names: what each id names, and ids that are declared twice.

use crate::diagnostic::{Code, Findings};
use crate::document::{Document, Id};
use crate::ground::Map;
use crate::ground::limits;
use crate::ground::suggest::did_you_mean;
use crate::source::{Pointer, ROOT};
use alloc::format;
use alloc::string::String;
use core::cell::Cell;

/// Ids of one list, and where they stand in it.
pub(super) type Index<'a> = Map<&'a str, usize>;

/// What every id of a document names.
pub(super) struct Names<'a> {
    pub(super) verbs: Index<'a>,
    pub(super) facts: Index<'a>,
    pub(super) privileges: Index<'a>,
    pub(super) roles: Index<'a>,
    pub(super) menu: Index<'a>,
    pub(super) operations: Index<'a>,
    /// How often the nearest id may still be looked for: each search is long in a long list.
    searches: Cell<usize>,
}

impl<'a> Names<'a> {
    /// Collects the ids of a document and reports those that are declared twice.
    pub(super) fn collect(document: &'a Document, findings: &mut Findings) -> Self {
        let mut shared = Map::new();
        macro_rules! index {
            ($list:ident, $key:literal, $seen:expr) => {{
                let entries = document.$list.at(ROOT, $key).map(|(at, entry)| (at, &entry.id));
                declared(entries, $seen, findings)
            }};
        }
        let names = Self {
            verbs: index!(verbs, "verbs", &mut Map::new()),
            facts: index!(facts, "facts", &mut shared),
            privileges: index!(privileges, "privileges", &mut shared),
            roles: index!(roles, "roles", &mut shared),
            menu: index!(menu, "menu", &mut Map::new()),
            operations: index!(operations, "operations", &mut Map::new()),
            searches: Cell::new(limits::SUGGESTIONS),
        };
        index!(guides, "guides", &mut Map::new());
        index!(change_rules, "changeRules", &mut Map::new());
        names
    }

    /// What else the id is, for a message: `a fact`, `an operation`, …
    pub(super) fn elsewhere(&self, id: &str) -> Option<&'static str> {
        let tables = [
            (&self.facts, "a fact"),
            (&self.privileges, "a privilege"),
            (&self.roles, "a role"),
            (&self.operations, "an operation"),
            (&self.menu, "a menu item"),
            (&self.verbs, "a verb"),
        ];
        tables.into_iter().find(|(table, _)| table.contains_key(id)).map(|(_, what)| what)
    }

    /// Help for an id that none of the tables has: what it is instead, or the nearest id of the tables.
    pub(super) fn help(&self, id: &str, tables: &[&Index]) -> Option<String> {
        let known = tables.iter().flat_map(|table| table.keys().copied());
        let left = self.searches.get();
        let other = || {
            self.searches.set(left.checked_sub(1)?);
            did_you_mean(id, known)
        };
        self.elsewhere(id).map(|what| format!("`{id}` is {what}")).or_else(other)
    }
}

/// Indexes the ids of one list's entries and reports those that `seen`, the name space, already has.
pub(super) fn declared<'a>(
    entries: impl Iterator<Item = (Pointer<'a>, &'a Id)>,
    seen: &mut Map<&'a str, Pointer<'a>>,
    findings: &mut Findings,
) -> Index<'a> {
    let mut index = Map::new();
    for (position, (at, id)) in entries.enumerate() {
        if id.is_empty() {
            continue; // one that could not be read
        }
        if let Some(first) = seen.get(&**id) {
            let message = format!("`{id}` is declared twice");
            findings.add(Code::DuplicateId, &at.at("id"), message, Some("give one of the two another id".into()));
            findings.relate(&first.at("id"), format!("`{id}` is first declared here"));
        } else {
            seen.insert(id, at);
            index.insert(&**id, position);
        }
    }
    index
}
