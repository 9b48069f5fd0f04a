//! Lists and maps of the document.

use super::read::{Absent, Field, Read, duplicate_key, wrong_type};
use crate::diagnostic::{Code, Findings};
use crate::model::limits;
use crate::source::{Member, Node, NodeKind, Pointer};
use hashbrown::HashSet;
use std::collections::BTreeMap;

/// A list of the document. Entries that could not be read are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T> {
    rows: Vec<T>,
    /// Where each row stands in the text; empty where none was left out.
    places: Vec<usize>,
}

impl<T: serde::Serialize> serde::Serialize for List<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rows.serialize(serializer)
    }
}

#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        Vec::<T>::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<T>::json_schema(generator)
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), places: Vec::new() }
    }
}

impl<T> std::ops::Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.rows
    }
}

impl<T> List<T> {
    /// Each entry with the pointer to it: the list is the member `key` of what stands at `above`.
    pub fn at<'a>(&'a self, above: &'a Pointer<'a>, key: &'a str) -> impl Iterator<Item = (Pointer<'a>, &'a T)> {
        self.rows.iter().enumerate().map(move |(index, row)| (self.pointer(above, key, index), row))
    }

    /// The pointer to the entry at `index`.
    pub fn pointer<'a>(&self, above: &'a Pointer<'a>, key: &'a str, index: usize) -> Pointer<'a> {
        above.entry(key, self.places.get(index).copied().unwrap_or(index))
    }
}

impl<T: Read> Read for List<T> {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        let mut rows = Vec::new();
        let places = each(node, at, findings, &mut |left, item, at, findings| {
            let row = T::read(item, at, findings);
            let is_read = row.is_some();
            rows.reserve_exact(left);
            rows.extend(row);
            is_read
        })?;
        Some(Self { rows, places })
    }
}

/// Calls `take` with how many items of a list are left and the next of them, which it can read or not. Returns where those
/// stand that it can, unless it can read all.
fn each(
    node: Node,
    at: &Pointer,
    findings: &mut Findings,
    take: &mut dyn FnMut(usize, Node, &Pointer, &mut Findings) -> bool,
) -> Option<Vec<usize>> {
    let NodeKind::List(items) = node.kind() else { return wrong_type("a list", node, at, findings) };
    if items.len() > limits::ENTRIES {
        return too_long("list", items.len(), at, findings);
    }
    let (mut places, mut is_whole) = (Vec::new(), true);
    for (index, item) in items.iter().enumerate() {
        if take(items.len() - index, item, &at.item(index), findings) {
            places.extend((!is_whole).then_some(index));
            continue;
        }
        if std::mem::take(&mut is_whole) {
            places.extend(0..index);
        }
        if let Some(NodeKind::Text(id)) = item.member("id").map(|member| member.value.kind()) {
            findings.mark_broken(id);
        }
    }
    Some(places)
}

fn too_long<T>(what: &str, length: usize, at: &Pointer, findings: &mut Findings) -> Option<T> {
    let message = format!("{what} has {length} entries; the limit is {}", limits::ENTRIES);
    findings.add(Code::LimitExceeded, at, message, None);
    None
}

impl<T> Absent for List<T> {
    fn is_absent(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Names to values, sorted by name.
pub type Map<T> = BTreeMap<String, T>;

impl<T: Read> Read for Map<T> {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        let NodeKind::Object(members) = node.kind() else { return wrong_type("an object", node, at, findings) };
        if members.len() > limits::ENTRIES {
            return too_long("object", members.len(), at, findings);
        }
        let mut seen = HashSet::new();
        for member in members.iter().filter(|member| !seen.insert(member.key)) {
            duplicate_key(&member, at, findings);
        }
        let read = |member: Member| Some((member.key.into(), T::read(member.value, &at.at(member.key), findings)?));
        let mut map = Self::new();
        map.extend(members.iter().filter_map(read));
        Some(map)
    }
}

impl<T> Absent for Map<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Read> Field for List<T> {
    const IS_SPARED: bool = true;

    fn stand_in() -> Self {
        Self::default()
    }
}

impl<T: Read> Field for Map<T> {
    fn stand_in() -> Self {
        Self::default()
    }
}
