//! Reading nodes into typed values: every fault is reported, and what can be read is read.

use crate::diagnostic::{Code, Findings};
use crate::ground::Gather;
use crate::ground::Set;
use crate::ground::limits;
use crate::ground::suggest::{all_of, did_you_mean, one_of};
use crate::source::{Node, NodeKind, Pointer};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A type that can be read from a node. `None` means that a fault was reported.
pub(super) trait Read: Sized {
    fn read(node: &Node, at: &Pointer, findings: &mut Findings) -> Option<Self>;
}

/// What the key of an entry has.
pub(super) trait Field: Read {
    /// Whether an entry without it, or with one that has a fault, is still looked at: not where it would say something
    /// else.
    const IS_SPARED: bool = false;

    /// What stands for one that is not there or has a fault.
    fn stand_in() -> Self;
}

/// What an optional key stands for when it is not there.
pub(super) trait Absent {
    fn is_absent(&self) -> bool;
}

/// Declares a struct of the document: its keys, which of them are required, and how it is read and written. One
/// declaration gives the type, the reader, the canonical form and the JSON Schema.
macro_rules! record {
    (
        $(#[$doc:meta])* $name:ident
        required { $($(#[$rdoc:meta])* $rkey:literal $rfield:ident: $rtype:ty,)* }
        optional { $($(#[$odoc:meta])* $okey:literal $ofield:ident: $otype:ty,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$rdoc])* #[serde(rename = $rkey)] pub $rfield: $rtype,)*
            $($(#[$odoc])* #[serde(rename = $okey, default, skip_serializing_if = "crate::document::read::Absent::is_absent")]
            pub $ofield: $otype,)*
        }

        impl crate::document::read::Read for $name {
            fn read(
                node: &crate::source::Node,
                at: &crate::source::Pointer,
                findings: &mut crate::diagnostic::Findings,
            ) -> Option<Self> {
                const KEYS: &[&str] = &[$($rkey,)* $($okey,)*];
                crate::document::read::members(node, at, Some(KEYS), findings)?;
                let mut entry = crate::document::read::Entry { node, at, findings, is_whole: true };
                let read = Self {
                    $($rfield: entry.required($rkey),)*
                    $($ofield: entry.optional($okey),)*
                };
                entry.is_whole.then_some(read)
            }
        }
    };
}
pub(super) use record;

/// Declares an enum of the document whose variants are words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// Every word with what it means.
            pub const ALL: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)*];

            /// As it is written.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl crate::document::read::Read for $name {
            fn read(
                node: &crate::source::Node,
                at: &crate::source::Pointer,
                findings: &mut crate::diagnostic::Findings,
            ) -> Option<Self> {
                crate::document::read::word(node, at, Self::ALL, findings)
            }
        }
    };
}
pub(super) use words;

/// Checks that a node is an object without repeated keys, or unknown ones where it has known ones.
pub(super) fn members(node: &Node, at: &Pointer, known: Option<&[&str]>, findings: &mut Findings) -> Option<()> {
    let NodeKind::Object(members) = &node.kind else {
        return wrong_type("an object", node, at, findings);
    };
    let mut seen = Set::new();
    for member in members {
        let key = &member.key;
        let here = at.at(key);
        if !seen.insert(key) {
            let help = Some("remove one of the two".to_owned());
            findings.add_at(Code::DuplicateKey, &here, Some(member.key_span), format!("duplicate key `{key}`"), help);
        } else if let Some(known) = known.filter(|known| !known.contains(&key.as_str())) {
            let all = || known.iter().copied();
            let help = did_you_mean(key, all()).unwrap_or_else(|| format!("the keys here are {}", all_of(all())));
            let message = format!("unknown key `{key}`");
            findings.add_at(Code::UnknownKey, &here, Some(member.key_span), message, Some(help));
        }
    }
    Some(())
}

/// An object while its keys are read. A fault does not end that: there may be more.
pub(super) struct Entry<'r, 'f> {
    pub(super) node: &'r Node,
    pub(super) at: &'r Pointer,
    pub(super) findings: &'r mut Findings<'f>,
    /// Whether everything without which it would say something else could be read.
    pub(super) is_whole: bool,
}

impl<'r> Entry<'r, '_> {
    pub(super) fn required<T: Field>(&mut self, key: &str) -> T {
        match self.find(key) {
            Some((node, at)) => {
                if let Some(value) = T::read(node, &at, self.findings) {
                    return value;
                }
            }
            None => self.findings.add(Code::MissingKey, self.at, format!("missing key `{key}`"), None),
        }
        self.is_whole &= T::IS_SPARED;
        T::stand_in()
    }

    pub(super) fn optional<T: Field>(&mut self, key: &str) -> T {
        let value = self.find(key).and_then(|(node, at)| T::read(node, &at, self.findings));
        value.unwrap_or_else(T::stand_in)
    }

    /// The value of a key, and where it stands.
    fn find(&self, key: &str) -> Option<(&'r Node, Pointer)> {
        Some((&self.node.member(key)?.value, self.at.at(key)))
    }
}

/// Calls `take` with each item of a list; whether it could be read.
fn each(
    node: &Node,
    at: &Pointer,
    findings: &mut Findings,
    take: &mut dyn FnMut(usize, &Node, &Pointer, &mut Findings) -> bool,
) -> Option<()> {
    let NodeKind::List(items) = &node.kind else { return wrong_type("a list", node, at, findings) };
    if items.len() > limits::ENTRIES {
        return too_long("list", items.len(), at, findings);
    }
    for (index, item) in items.iter().enumerate() {
        let is_read = take(index, item, &at.item(index), findings);
        let id = item.member("id").filter(|_| !is_read).map(|member| &member.value.kind);
        if let Some(NodeKind::Text(id)) = id {
            findings.mark_broken(id);
        }
    }
    Some(())
}

pub(super) fn wrong_type<T>(expected: &str, node: &Node, at: &Pointer, findings: &mut Findings) -> Option<T> {
    findings.add(Code::InvalidValue, at, format!("expected {expected}, found {}", node.name()), None);
    None
}

pub(super) fn word<T: Copy>(node: &Node, at: &Pointer, words: &[(&str, T)], findings: &mut Findings) -> Option<T> {
    let NodeKind::Text(text) = &node.kind else { return wrong_type("a string", node, at, findings) };
    let found = words.iter().find(|(word, _)| word == text);
    if found.is_none() {
        let all = || words.iter().map(|(word, _)| *word);
        let help = did_you_mean(text, all()).unwrap_or_else(|| format!("it is one of {}", one_of(all())));
        findings.add(Code::InvalidValue, at, format!("`{text}` is not possible here"), Some(help));
    }
    found.map(|(_, value)| *value)
}

impl Read for String {
    fn read(node: &Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        match &node.kind {
            NodeKind::Text(text) => Some(text.clone()),
            _ => wrong_type("a string", node, at, findings),
        }
    }
}

impl Read for bool {
    fn read(node: &Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        match node.kind {
            NodeKind::Bool(value) => Some(value),
            _ => wrong_type("`true` or `false`", node, at, findings),
        }
    }
}

impl Read for u32 {
    fn read(node: &Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        if let NodeKind::Number(text) = &node.kind {
            let number = text.parse().ok();
            if number.is_none() {
                let help = Some("give a whole number from 0 to 4294967295".to_owned());
                findings.add(Code::InvalidValue, at, format!("`{text}` is not possible here"), help);
            }
            return number;
        }
        wrong_type("a number", node, at, findings)
    }
}

impl<T: Read> Read for Option<T> {
    fn read(node: &Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        T::read(node, at, findings).map(Some)
    }
}

impl Field for String {
    const IS_SPARED: bool = true;

    fn stand_in() -> Self {
        Self::new()
    }
}

impl Field for bool {
    fn stand_in() -> Self {
        false
    }
}

impl Field for u32 {
    const IS_SPARED: bool = true;

    fn stand_in() -> Self {
        1
    }
}

impl<T: Read> Field for Option<T> {
    fn stand_in() -> Self {
        None
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
        Self::new()
    }
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl Absent for bool {
    fn is_absent(&self) -> bool {
        !self
    }
}

impl Absent for String {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// A list of the document. Entries that could not be read are left out; `places` keeps where the others stood.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct List<T> {
    rows: Vec<T>,
    #[serde(skip)]
    places: Vec<usize>,
}

#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> alloc::borrow::Cow<'static, str> {
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

impl<T> core::ops::Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.rows
    }
}

impl<T> List<T> {
    /// Each entry with the pointer to it.
    pub fn at<P: Into<Pointer>>(&self, list: P) -> impl Iterator<Item = (Pointer, &T)> + use<'_, T, P> {
        let list = list.into();
        self.places.iter().zip(&self.rows).map(move |(place, row)| (list.item(*place), row))
    }

    /// The pointer to the entry at `index`.
    pub fn pointer(&self, list: impl Into<Pointer>, index: usize) -> Pointer {
        list.into().item(self.places.get(index).copied().unwrap_or(index))
    }
}

impl<T: Read> Read for List<T> {
    fn read(node: &Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        let mut list = Self::default();
        each(node, at, findings, &mut |index, item, at, findings| {
            let row = T::read(item, at, findings);
            let is_read = row.is_some();
            list.rows.extend(row);
            list.places.extend(is_read.then_some(index));
            is_read
        })?;
        Some(list)
    }
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

/// Names to values; the canonical form sorts them.
pub type Map<T> = crate::ground::Map<String, T>;

impl<T: Read> Read for Map<T> {
    fn read(node: &Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        let NodeKind::Object(entries) = &node.kind else { return wrong_type("an object", node, at, findings) };
        if entries.len() > limits::ENTRIES {
            return too_long("object", entries.len(), at, findings);
        }
        members(node, at, None, findings)?;
        let read = |member: &crate::source::Member| {
            Some((member.key.clone(), T::read(&member.value, &at.at(&member.key), findings)?))
        };
        Some(entries.iter().filter_map(read).gather())
    }
}

impl<T> Absent for Map<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}
