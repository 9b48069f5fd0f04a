//! Lists and maps of the document, and how they are read.

use super::read::{Field, FromNode, IsDefault, duplicate_key, wrong_type};
use crate::diagnostic::{Code, Findings};
use crate::model::limits;
use crate::source::{Member, Node, NodeKind, Pointer};
use hashbrown::HashSet;
use std::collections::BTreeMap;

/// A list of the document, without the entries that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T> {
    entries: Vec<T>,
    /// The index of each entry in the text; empty if every entry was read, since the indices are then equal.
    indices: Vec<usize>,
}

impl<T: serde::Serialize> serde::Serialize for List<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries.serialize(serializer)
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
        Self { entries: Vec::new(), indices: Vec::new() }
    }
}

impl<T> std::ops::Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.entries
    }
}

impl<T> std::ops::DerefMut for List<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.entries
    }
}

impl<T> List<T> {
    /// The entries with their pointers. The list is the member `key` of the object at `parent`.
    pub fn at<'a>(&'a self, parent: &'a Pointer<'a>, key: &'a str) -> impl Iterator<Item = (Pointer<'a>, &'a T)> {
        self.entries.iter().enumerate().map(move |(index, entry)| (self.pointer(parent, key, index), entry))
    }

    /// The pointer to the entry at `index`, which counts only the entries that were read.
    pub fn pointer<'a>(&self, parent: &'a Pointer<'a>, key: &'a str, index: usize) -> Pointer<'a> {
        parent.entry(key, self.indices.get(index).copied().unwrap_or(index))
    }
}

impl<T: FromNode> FromNode for List<T> {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        let mut entries = Vec::new();
        let indices = read_items(node, at, findings, &mut |left, item, at, findings| {
            let entry = T::read(item, at, findings);
            let is_read = entry.is_some();
            entries.reserve_exact(left);
            entries.extend(entry);
            is_read
        })?;
        Some(Self { entries, indices })
    }
}

/// Calls `read` for each item of a list, with the number of items left; `read` returns whether the item could be read.
/// The result is the indices of the items that could be read, or empty if all could. The function is not generic, so
/// that it is compiled only once.
fn read_items(
    node: Node,
    at: &Pointer,
    findings: &mut Findings,
    read: &mut dyn FnMut(usize, Node, &Pointer, &mut Findings) -> bool,
) -> Option<Vec<usize>> {
    let NodeKind::List(items) = node.kind() else { return wrong_type("a list", node, at, findings) };
    if items.len() > limits::ENTRIES {
        return too_long("list", items.len(), at, findings);
    }
    let (mut indices, mut is_complete) = (Vec::new(), true);
    for (index, item) in items.iter().enumerate() {
        if read(items.len() - index, item, &at.item(index), findings) {
            indices.extend((!is_complete).then_some(index));
            continue;
        }
        if std::mem::take(&mut is_complete) {
            indices.extend(0..index);
        }
        if let Some(NodeKind::Text(id)) = item.member("id").map(|member| member.value.kind()) {
            findings.mark_broken(id);
        }
    }
    Some(indices)
}

fn too_long<T>(what: &str, length: usize, at: &Pointer, findings: &mut Findings) -> Option<T> {
    let message = format!("{what} has {length} entries; the limit is {}", limits::ENTRIES);
    findings.add(Code::LimitExceeded, at, message, None);
    None
}

impl<T> IsDefault for List<T> {
    fn is_default(&self) -> bool {
        self.entries.is_empty()
    }
}

/// A map of the document, sorted by key.
pub type Map<T> = BTreeMap<String, T>;

impl<T: FromNode> FromNode for Map<T> {
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

impl<T> IsDefault for Map<T> {
    fn is_default(&self) -> bool {
        self.is_empty()
    }
}

impl<T: FromNode> Field for List<T> {
    const KEEPS_ENTRY: bool = true;

    fn placeholder() -> Self {
        Self::default()
    }
}

impl<T: FromNode> Field for Map<T> {
    fn placeholder() -> Self {
        Self::default()
    }
}
