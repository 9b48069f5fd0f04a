//! The names section of a pack: ids and labels, as canonical JSON. Every table is a list of rows of strings, so that a reader
//! checks all of it in one way.
//!
//! A row is an id, followed by the options or levels of a fact or privilege, the obligations of an operation, the label of a
//! menu item and its data as JSON, or the new id of an old one.

use crate::model::{Value, ids, json};
use crate::util::sort;
#[cfg(feature = "studio")]
use serde::Serialize;
use std::borrow::Cow;

/// A string, borrowed from the program or from the pack if possible.
pub(super) type Text<'a> = Cow<'a, str>;
pub(super) type Row<'a> = Vec<Text<'a>>;

/// The names section.
#[cfg_attr(feature = "studio", derive(Serialize))]
pub(super) struct Names<'a> {
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

/// The keys of the tables, in their order.
const TABLES: [&str; 8] = ["facts", "privileges", "roles", "operations", "menu", "guides", "verbs", "renamed"];

impl Names<'_> {
    /// Reads a section. `None` if it is not canonical JSON of this shape, or a string that must be an id is none. That ids
    /// are distinct, and that rows are as many and as long as the program says, is checked by [`Program::new`](super::Program::new).
    /// O(length).
    pub(super) fn read(section: &[u8]) -> Option<Self> {
        let value = json::read(section).filter(|value| json::write(value).as_bytes() == section)?;
        let Value::Map(entries) = value else { return None };
        let mut entries = entries.into_iter();
        let mut entry = |key: &str| entries.next().filter(|(found, _)| found == key).map(|(_, value)| value);
        let [id, title, version, fingerprint] =
            ["id", "title", "version", "fingerprint"].map(|key| string(entry(key)?));
        let tables = TABLES.map(|key| table(entry(key)?));
        let [facts, privileges, roles, operations, menu, guides, verbs, renamed] = tables;
        let names = Self {
            id: id?,
            title: title?,
            version: version?,
            fingerprint: fingerprint?,
            facts: facts?,
            privileges: privileges?,
            roles: roles?,
            operations: operations?,
            menu: menu?,
            guides: guides?,
            verbs: verbs?,
            renamed: renamed?,
        };
        (entries.next().is_none() && names.is_valid()).then_some(names)
    }

    fn is_valid(&self) -> bool {
        let Self { facts, privileges, roles, operations, guides, verbs, renamed, .. } = self;
        let tables = [facts, privileges, roles, operations, guides, verbs, renamed];
        let mut all = tables.into_iter().flatten().flatten().chain(self.menu.iter().filter_map(|row| row.first()));
        all.all(|id| ids::is_well_formed(id))
            && ids::is_well_formed(&self.id)
            && privileges.iter().filter_map(|row| row.first()).all(|id| !ids::GRANT_KEYS.contains(&id.as_ref()))
            && self.fingerprint.len() == 64
            && self.fingerprint.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
            && [facts, privileges].into_iter().flatten().all(|row| has_distinct_values(row))
    }

    /// The section. O(program).
    #[cfg(feature = "studio")]
    pub(super) fn to_json(&self) -> Vec<u8> {
        // The keys are strings, so serialization cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

fn string<'a>(value: Value) -> Option<Text<'a>> {
    if let Value::Text(text) = value { Some(text.into()) } else { None }
}

fn list(value: Value) -> Option<Vec<Value>> {
    if let Value::List(items) = value { Some(items) } else { None }
}

/// The rows of a table.
fn table<'a>(value: Value) -> Option<Vec<Row<'a>>> {
    let mut rows = Vec::new();
    for row in list(value)? {
        let mut strings = Vec::new();
        for text in list(row)? {
            strings.push(string(text)?);
        }
        rows.push(strings);
    }
    Some(rows)
}

/// Whether the levels or options of a row are distinct.
fn has_distinct_values(row: &[Text]) -> bool {
    let mut values: Vec<&Text> = row.iter().skip(1).collect();
    sort::sort(&mut values);
    values.is_sorted_by(|a, b| a < b)
}
