//! Reading nodes into typed values: every fault is reported, and what can be read is read.

use crate::diagnostic::{Code, Findings};
use crate::source::{Member, Node, NodeKind, Pointer};
use crate::util::suggest::{all_of, did_you_mean, one_of};
use hashbrown::HashSet;

/// A type that can be read from a node. `None` means that a fault was reported.
pub(super) trait Read: Sized {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self>;
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
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
        pub struct $name {
            $($(#[$rdoc])* #[serde(rename = $rkey)] pub $rfield: $rtype,)*
            $($(#[$odoc])* #[serde(rename = $okey, skip_serializing_if = "crate::document::read::Absent::is_absent")]
            #[cfg_attr(feature = "schema", schemars(default))]
            pub $ofield: $otype,)*
        }

        impl crate::document::read::Read for $name {
            fn read(
                node: crate::source::Node,
                at: &crate::source::Pointer,
                findings: &mut crate::diagnostic::Findings,
            ) -> Option<Self> {
                const KEYS: &[&str] = &[$($rkey,)* $($okey,)*];
                let mut values = [None; KEYS.len()];
                crate::document::read::values(node, at, KEYS, &mut values, findings)?;
                let mut entry = crate::document::read::Entry { keys: KEYS, values: &values, at, findings, is_whole: true };
                let read = Self {
                    $($rfield: entry.required(),)*
                    $($ofield: entry.optional(),)*
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
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl crate::document::read::Read for $name {
            fn read(
                node: crate::source::Node,
                at: &crate::source::Pointer,
                findings: &mut crate::diagnostic::Findings,
            ) -> Option<Self> {
                crate::document::read::word(node, at, Self::ALL, findings)
            }
        }
    };
}
pub(super) use words;

/// Finds the values of the keys that an object may have, the first of each. A key that it has twice, or that is unknown,
/// is reported.
pub(super) fn values<'n>(
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
        // People write keys in the order in which they are declared.
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
    let all = || known.iter().copied();
    let help = did_you_mean(member.key, all()).unwrap_or_else(|| format!("the keys here are {}", all_of(all())));
    let message = format!("unknown key `{}`", member.key);
    findings.add_at(Code::UnknownKey, &at.at(member.key), Some(member.key_span), message, Some(help));
}

/// An object while its keys are read, in the order in which they are declared. A fault does not end that: there may be
/// more.
pub(super) struct Entry<'r, 'f> {
    /// The keys that are still to be read.
    pub(super) keys: &'r [&'static str],
    /// Their values.
    pub(super) values: &'r [Option<Node<'r>>],
    pub(super) at: &'r Pointer<'r>,
    pub(super) findings: &'r mut Findings<'f>,
    /// Whether everything without which it would say something else could be read.
    pub(super) is_whole: bool,
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
        self.is_whole &= T::IS_SPARED;
        T::stand_in()
    }

    pub(super) fn optional<T: Field>(&mut self) -> T {
        let (key, node) = self.next();
        node.and_then(|node| T::read(node, &self.at.at(key), self.findings)).unwrap_or_else(T::stand_in)
    }

    /// The next key, with the value that it has.
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

pub(super) fn word<T: Copy>(node: Node, at: &Pointer, words: &[(&str, T)], findings: &mut Findings) -> Option<T> {
    let NodeKind::Text(text) = node.kind() else { return wrong_type("a string", node, at, findings) };
    let found = words.iter().find(|(word, _)| *word == text);
    if found.is_none() {
        let all = || words.iter().map(|(word, _)| *word);
        let help = did_you_mean(text, all()).unwrap_or_else(|| format!("it is one of {}", one_of(all())));
        findings.add(Code::InvalidValue, at, format!("`{text}` is not possible here"), Some(help));
    }
    found.map(|(_, value)| *value)
}

impl Read for String {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        match node.kind() {
            NodeKind::Text(text) => Some(text.to_owned()),
            _ => wrong_type("a string", node, at, findings),
        }
    }
}

impl Read for bool {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        match node.kind() {
            NodeKind::Bool(value) => Some(value),
            _ => wrong_type("`true` or `false`", node, at, findings),
        }
    }
}

impl Read for u32 {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        if let NodeKind::Number(text) = node.kind() {
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
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
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
