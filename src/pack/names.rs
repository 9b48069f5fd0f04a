//! The names section of a pack: ids and labels, as canonical JSON. Every table is a list of rows of strings, so that a reader
//! checks all of it in one way.
//!
//! A row is an id, followed by the options or levels of a fact or privilege, the obligations of an operation, the label of a
//! menu item and its data as JSON, or the new id of an old one.

use crate::model::ids;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A string, borrowed from the program or from the pack if possible.
pub(super) type Text<'a> = Cow<'a, str>;
pub(super) type Row<'a> = Vec<Text<'a>>;

/// The names section.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names<'a> {
    #[serde(borrow)]
    pub(super) id: Text<'a>,
    pub(super) title: Text<'a>,
    pub(super) version: Text<'a>,
    pub(super) fingerprint: Text<'a>,
    pub(super) facts: Vec<Row<'a>>,
    pub(super) privileges: Vec<Row<'a>>,
    pub(super) roles: Vec<Row<'a>>,
    pub(super) operations: Vec<Row<'a>>,
    pub(super) menu: Vec<Row<'a>>,
    pub(super) guides: Vec<Row<'a>>,
    pub(super) verbs: Vec<Row<'a>>,
    pub(super) renamed: Vec<Row<'a>>,
}

impl<'a> Names<'a> {
    /// Reads a section. `None` if it is not canonical JSON of this shape, or a string that must be an id is none. That ids
    /// are distinct, and that rows are as many and as long as the program says, is checked by [`Program::new`](super::Program::new).
    /// O(length).
    pub(super) fn read(section: &'a [u8]) -> Option<Self> {
        let names: Self = serde_json::from_slice(section).ok()?;
        let Self { facts, privileges, roles, operations, guides, verbs, renamed, .. } = &names;
        let tables = [facts, privileges, roles, operations, guides, verbs, renamed];
        let mut all = tables.into_iter().flatten().flatten().chain(names.menu.iter().filter_map(|row| row.first()));
        let is_valid = all.all(|id| ids::is_well_formed(id))
            && ids::is_well_formed(&names.id)
            && names.fingerprint.len() == 64
            && names.fingerprint.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
            && [&names.facts, &names.privileges].into_iter().flatten().all(|row| has_distinct_values(row));
        drop(all);
        (is_valid && names.to_json() == section).then_some(names)
    }

    /// The section. O(program).
    pub(super) fn to_json(&self) -> Vec<u8> {
        // The keys are strings, so serialization cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// Whether the levels or options of a row are distinct.
fn has_distinct_values(row: &[Text]) -> bool {
    let mut seen = BTreeSet::new();
    row.iter().skip(1).all(|value| seen.insert(value))
}
