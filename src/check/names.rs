//! Tables of the declared ids, and the check that each id is declared once.

use crate::diagnostic::{Code, Findings};
use crate::document::{Document, Id};
use crate::model::limits;
use crate::source::{Pointer, ROOT};
use crate::util::sort;
use crate::util::suggest::{SearchBudget, did_you_mean_within};
use hashbrown::HashMap;
use std::cell::Cell;

/// The ids of one list, each with its index and the pointer to its entry.
pub(super) struct Index<'a>(HashMap<&'a str, (usize, Pointer<'a>)>);

impl<'a> Index<'a> {
    /// The index of the entry with this id.
    pub(super) fn get(&self, id: &str) -> Option<usize> {
        self.0.get(id).map(|(index, _)| *index)
    }

    /// Whether an entry has this id.
    pub(super) fn has(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    /// The ids, sorted.
    fn ids(&self) -> Vec<&'a str> {
        let mut ids: Vec<_> = self.0.keys().copied().collect();
        sort::sort(&mut ids);
        ids
    }
}

/// The tables of ids of a document.
pub(super) struct Names<'a> {
    pub(super) verbs: Index<'a>,
    pub(super) facts: Index<'a>,
    pub(super) conditions: Index<'a>,
    pub(super) privileges: Index<'a>,
    pub(super) roles: Index<'a>,
    pub(super) menu: Index<'a>,
    pub(super) operations: Index<'a>,
    /// The remaining number of searches for the nearest id, and their work. Each is linear in the number of ids, so they are
    /// limited.
    searches: Cell<(usize, SearchBudget)>,
}

impl<'a> Names<'a> {
    /// Collects the ids of a document and reports the ids that are declared twice. O(document).
    pub(super) fn collect(document: &'a Document, findings: &mut Findings) -> Self {
        macro_rules! index {
            ($list:ident, $key:literal, $above:expr) => {
                index_ids(document.$list.at(ROOT, $key).map(|(at, entry)| (at, &entry.id)), $above, findings)
            };
        }
        let facts = index!(facts, "facts", &[]);
        let conditions = index!(conditions, "conditions", &[&facts]);
        let privileges = index!(privileges, "privileges", &[&facts, &conditions]);
        let roles = index!(roles, "roles", &[&facts, &conditions, &privileges]);
        let names = Self {
            verbs: index!(verbs, "verbs", &[]),
            facts,
            conditions,
            privileges,
            roles,
            menu: index!(menu, "menu", &[]),
            operations: index!(operations, "operations", &[]),
            searches: Cell::new((limits::SUGGESTIONS, SearchBudget::default())),
        };
        index!(guides, "guides", &[]);
        index!(change_rules, "changeRules", &[]);
        names
    }

    /// The kind of thing that an id names, for a message: `a fact`, `an operation`, … `None` if it is not declared.
    pub(super) fn kind_of(&self, id: &str) -> Option<&'static str> {
        let tables = [
            (&self.facts, "a fact"),
            (&self.conditions, "a condition"),
            (&self.privileges, "a privilege"),
            (&self.roles, "a role"),
            (&self.operations, "an operation"),
            (&self.menu, "a menu item"),
            (&self.verbs, "a verb"),
        ];
        tables.into_iter().find(|(table, _)| table.has(id)).map(|(_, what)| what)
    }

    /// The help for an id that is in no table: the nearest id of all.
    pub(super) fn help_for_any(&self, id: &str) -> Option<String> {
        let Self { verbs, facts, conditions, privileges, roles, menu, operations, .. } = self;
        self.help(id, &[facts, conditions, privileges, roles, operations, menu, verbs])
    }

    /// The help for an id that is in none of `tables`: the kind of thing that it names, or else the nearest id in
    /// `tables`.
    pub(super) fn help(&self, id: &str, tables: &[&Index]) -> Option<String> {
        let known = tables.iter().flat_map(|table| table.ids());
        self.kind_of(id).map(|what| format!("`{id}` is {what}")).or_else(|| self.nearest(id, known))
    }

    /// The question for the nearest of some ids or values, unless the document had too many such searches.
    pub(super) fn nearest<'i>(&self, id: &str, known: impl IntoIterator<Item = &'i str>) -> Option<String> {
        let (left, mut budget) = self.searches.get();
        let left = left.checked_sub(1)?;
        let found = did_you_mean_within(id, known, &mut budget);
        self.searches.set((left, budget));
        found
    }
}

/// Indexes the ids of a list's entries. Reports an id that occurs twice in the list or is in one of the indices in
/// `namespace`.
pub(super) fn index_ids<'a>(
    entries: impl Iterator<Item = (Pointer<'a>, &'a Id)>,
    namespace: &[&Index<'a>],
    findings: &mut Findings,
) -> Index<'a> {
    let mut index = Index(HashMap::new());
    // An id that could not be read is empty.
    for (position, (at, id)) in entries.enumerate().filter(|(_, (_, id))| !id.is_empty()) {
        if let Some((_, first)) = namespace.iter().chain([&&index]).find_map(|known| known.0.get(&**id)) {
            let message = format!("`{id}` is declared twice");
            findings.add(Code::DuplicateId, &at.at("id"), message, Some("rename one of the two".into()));
            findings.relate(&first.at("id"), format!("`{id}` is first declared here"));
        } else {
            index.0.insert(id, (position, at));
        }
    }
    index
}
