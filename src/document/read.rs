//! Reads nodes into typed values. A fault is reported and reading goes on, so that all faults are found in one pass.

use crate::diagnostic::{Code, Findings};
use crate::source::{Member, Node, NodeKind, Pointer};
use crate::util::suggest::{all_of, did_you_mean, one_of};
use hashbrown::HashSet;

/// A type that can be read from a node. `read` returns `None` if it reported a fault.
pub(super) trait FromNode: Sized {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self>;
}

/// A type that the value of a key can have.
pub(super) trait Field: FromNode {
    /// Whether an entry is kept if this required value is missing or faulty. It is dropped where the placeholder
    /// would change the meaning of the entry and cause wrong diagnostics.
    const KEEPS_ENTRY: bool = false;

    /// The value of a key that is missing or faulty.
    fn placeholder() -> Self;
}

/// Whether an optional value equals its default and is omitted from the canonical form.
pub(super) trait IsDefault {
    fn is_default(&self) -> bool;
}

/// Declares an object of the document with its required and optional keys. One declaration generates the type, the
/// reader, the canonical form and the JSON Schema.
macro_rules! document_object {
    (
        $(#[$doc:meta])* $name:ident
        required { $($(#[$rdoc:meta])* $rkey:literal $rfield:ident: $rtype:ty,)* }
        optional { $($(#[$odoc:meta])* $okey:literal $ofield:ident: $otype:ty,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
        pub struct $name {
            $($(#[$rdoc])* #[serde(rename = $rkey)] pub $rfield: $rtype,)*
            $($(#[$odoc])* #[serde(rename = $okey, skip_serializing_if = "crate::document::read::IsDefault::is_default")]
            #[cfg_attr(feature = "schema", schemars(default))]
            pub $ofield: $otype,)*
        }

        impl crate::document::read::FromNode for $name {
            fn read(
                node: crate::source::Node,
                at: &crate::source::Pointer,
                findings: &mut crate::diagnostic::Findings,
            ) -> Option<Self> {
                const KEYS: &[&str] = &[$($rkey,)* $($okey,)*];
                let mut values = [None; KEYS.len()];
                crate::document::read::read_keys(node, at, KEYS, &mut values, findings)?;
                let mut entry = crate::document::read::Entry { keys: KEYS, values: &values, at, findings, is_complete: true };
                let read = Self {
                    $($rfield: entry.required(),)*
                    $($ofield: entry.optional(),)*
                };
                entry.is_complete.then_some(read)
            }
        }
    };
}
pub(super) use document_object;

/// Declares an enum of the document. Its variants are written as strings.
macro_rules! document_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// Every variant with its name in the document.
            pub const ALL: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)*];

            /// The name in the document.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl crate::document::read::FromNode for $name {
            fn read(
                node: crate::source::Node,
                at: &crate::source::Pointer,
                findings: &mut crate::diagnostic::Findings,
            ) -> Option<Self> {
                crate::document::read::read_name(node, at, Self::ALL, findings)
            }
        }
    };
}
pub(super) use document_enum;

/// Collects the value of each known key of an object; the first value if a key is repeated. Reports repeated and
/// unknown keys. O(members) if the keys are in the order of declaration.
pub(super) fn read_keys<'n>(
    node: Node<'n>,
    at: &Pointer,
    known: &[&str],
    values: &mut [Option<Node<'n>>],
    findings: &mut Findings,
) -> Option<()> {
    let NodeKind::Object(members) = node.kind() else { return wrong_type("an object", node, at, findings) };
    let mut unknown = HashSet::new();
    let mut next = 0;
    for member in members.iter() {
        // Keys are usually in the order of declaration, so the search starts after the last key found.
        let place = (next..known.len()).chain(0..next).find(|place| known.get(*place) == Some(&member.key));
        next = place.map_or(next, |place| place + 1);
        match place.and_then(|place| values.get_mut(place)) {
            Some(value @ None) => *value = Some(member.value),
            None if unknown.insert(member.key) => unknown_key(&member, at, known, findings),
            _ => duplicate_key(&member, at, findings),
        }
    }
    Some(())
}

pub(super) fn duplicate_key(member: &Member, at: &Pointer, findings: &mut Findings) {
    let (message, help) = (format!("duplicate key `{}`", member.key), Some("remove one of the two".to_owned()));
    findings.add_at(Code::DuplicateKey, &at.at(member.key), Some(member.key_span), message, help);
}

fn unknown_key(member: &Member, at: &Pointer, known: &[&str], findings: &mut Findings) {
    if findings.only_counts_error() {
        return;
    }
    let all = || known.iter().copied();
    let help =
        did_you_mean(member.key, all()).unwrap_or_else(|| format!("the keys of this object are {}", all_of(all())));
    let message = format!("unknown key `{}`", member.key);
    findings.add_at(Code::UnknownKey, &at.at(member.key), Some(member.key_span), message, Some(help));
}

/// Reads the keys of an object in the order of declaration. A fault does not end the reading.
pub(super) struct Entry<'r, 'f> {
    /// The keys that are not read yet.
    pub(super) keys: &'r [&'static str],
    /// The values of `keys`.
    pub(super) values: &'r [Option<Node<'r>>],
    pub(super) at: &'r Pointer<'r>,
    pub(super) findings: &'r mut Findings<'f>,
    /// Whether every required value without [`Field::KEEPS_ENTRY`] could be read.
    pub(super) is_complete: bool,
}

impl<'r> Entry<'r, '_> {
    pub(super) fn required<T: Field>(&mut self) -> T {
        match self.next() {
            (key, Some(node)) => {
                if let Some(value) = T::read(node, &self.at.at(key), self.findings) {
                    return value;
                }
            }
            (key, None) => self.findings.add(Code::MissingKey, self.at, format!("missing key `{key}`"), None),
        }
        self.is_complete &= T::KEEPS_ENTRY;
        T::placeholder()
    }

    pub(super) fn optional<T: Field>(&mut self) -> T {
        let (key, node) = self.next();
        node.and_then(|node| T::read(node, &self.at.at(key), self.findings)).unwrap_or_else(T::placeholder)
    }

    /// The next key and its value.
    fn next(&mut self) -> (&'static str, Option<Node<'r>>) {
        let (Some((key, keys)), Some((value, values))) = (self.keys.split_first(), self.values.split_first()) else {
            return ("", None);
        };
        (self.keys, self.values) = (keys, values);
        (key, *value)
    }
}

pub(super) fn wrong_type<T>(expected: &str, node: Node, at: &Pointer, findings: &mut Findings) -> Option<T> {
    findings.add(Code::InvalidValue, at, format!("expected {expected}, found {}", node.name()), None);
    None
}

pub(super) fn read_name<T: Copy>(node: Node, at: &Pointer, names: &[(&str, T)], findings: &mut Findings) -> Option<T> {
    let NodeKind::Text(text) = node.kind() else { return wrong_type("a string", node, at, findings) };
    let found = names.iter().find(|(name, _)| *name == text);
    if found.is_none() {
        let all = || names.iter().map(|(name, _)| *name);
        let help = did_you_mean(text, all()).unwrap_or_else(|| format!("use {}", one_of(all())));
        findings.add(Code::InvalidValue, at, format!("`{text}` is not allowed here"), Some(help));
    }
    found.map(|(_, value)| *value)
}

impl FromNode for String {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        match node.kind() {
            NodeKind::Text(text) => Some(text.to_owned()),
            _ => wrong_type("a string", node, at, findings),
        }
    }
}

impl FromNode for bool {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        match node.kind() {
            NodeKind::Bool(value) => Some(value),
            _ => wrong_type("`true` or `false`", node, at, findings),
        }
    }
}

impl FromNode for u32 {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        if let NodeKind::Number(text) = node.kind() {
            let number = text.parse().ok();
            if number.is_none() {
                let help = Some("use a whole number from 0 to 4294967295".to_owned());
                findings.add(Code::InvalidValue, at, format!("`{text}` is not allowed here"), help);
            }
            return number;
        }
        wrong_type("a number", node, at, findings)
    }
}

impl<T: FromNode> FromNode for Option<T> {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        T::read(node, at, findings).map(Some)
    }
}

impl Field for String {
    const KEEPS_ENTRY: bool = true;

    fn placeholder() -> Self {
        Self::new()
    }
}

impl Field for bool {
    fn placeholder() -> Self {
        false
    }
}

impl Field for u32 {
    const KEEPS_ENTRY: bool = true;

    fn placeholder() -> Self {
        1
    }
}

impl<T: FromNode> Field for Option<T> {
    fn placeholder() -> Self {
        None
    }
}

impl<T> IsDefault for Option<T> {
    fn is_default(&self) -> bool {
        self.is_none()
    }
}

impl IsDefault for bool {
    fn is_default(&self) -> bool {
        !self
    }
}

impl IsDefault for String {
    fn is_default(&self) -> bool {
        self.is_empty()
    }
}
