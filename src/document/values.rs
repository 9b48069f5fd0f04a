//! Ids, kinds and values as the document has them.

use super::read::{Field, Read, word, wrong_type};
use crate::diagnostic::{Code, Findings};
use crate::ground::ids::{self, NotAnId};
use crate::ground::json::{Tell, Told};
use crate::ground::{FactKind, PrivilegeKind, Value, limits};
use crate::source::{Node, NodeKind, Pointer};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;

impl Read for Value {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        Some(match node.kind() {
            NodeKind::Null => Self::Null,
            NodeKind::Bool(flag) => Self::Flag(flag),
            NodeKind::Number(text) => text.parse().map_or_else(|_| Self::Other(text.into()), Self::Number),
            NodeKind::Text(text) => Self::Text(text.into()),
            NodeKind::List(items) => {
                let items = items.iter().enumerate().map(|(index, item)| Self::read(item, &at.item(index), findings));
                Self::List(items.collect::<Option<_>>()?)
            }
            NodeKind::Object(_) => return wrong_type("a value", node, at, findings),
        })
    }
}

/// An id of the document: `[a-z0-9]+([-.:][a-z0-9]+)*`, at most 128 bytes, no keyword.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl core::ops::Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Tell for Id {
    fn tell(&self, to: &mut dyn Told) {
        to.text(self);
    }
}

impl core::fmt::Display for Id {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Read for Id {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        let id = String::read(node, at, findings)?;
        let Err(reason) = ids::check(&id) else { return Some(Self(id)) };
        let (code, help) = match reason {
            NotAnId::Grammar => {
                (Code::InvalidId, "use lower-case letters and digits, joined by `-`, `.` or `:`".to_owned())
            }
            NotAnId::Length => (Code::LimitExceeded, format!("an id has at most {} bytes", limits::ID_BYTES)),
            NotAnId::Keyword => (Code::InvalidId, "it is a word of the requirement language".to_owned()),
            NotAnId::Inherited => (Code::InvalidId, "every object of JavaScript has it already".to_owned()),
            NotAnId::Prefix => {
                (Code::InvalidId, "`actor.`, `before.` and `after.` say whose value a change rule reads".to_owned())
            }
        };
        findings.add(code, at, format!("`{id}` is not an id"), Some(help));
        findings.mark_broken(&id);
        None
    }
}

impl Field for Id {
    const IS_SPARED: bool = true;

    fn stand_in() -> Self {
        Self::default()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Id {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[a-z0-9]+([-.:][a-z0-9]+)*$", "maxLength": limits::ID_BYTES })
    }
}

impl Tell for Value {
    fn tell(&self, to: &mut dyn Told) {
        match self {
            Self::Null => to.null(),
            Self::Flag(flag) => to.flag(*flag),
            Self::Number(number) => to.number((*number).into()),
            Self::Text(text) | Self::Other(text) => to.text(text),
            Self::List(items) => to.all(items),
            Self::Map(entries) => to.object(|to| entries.iter().for_each(|(name, value)| to.named(name, value))),
        }
    }
}

impl serde::Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => serializer.serialize_u32(*number),
            Self::Text(text) | Self::Other(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Value {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "`true` or `false` for a flag or switch, a level's or option's id, a list of options' ids for a set, or a number.",
            "anyOf": [
                { "type": ["boolean", "string"] },
                { "type": "integer", "minimum": 0, "maximum": u32::MAX },
                { "type": "array", "items": { "type": "string" } },
            ],
        })
    }
}

/// A kind is read and told by its name; one stands in for what is none.
macro_rules! kind {
    ($kind:ty, $stand_in:ident) => {
        impl Read for $kind {
            fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
                word(node, at, &Self::ALL.map(|kind| (kind.name(), kind)), findings)
            }
        }

        impl Field for $kind {
            fn stand_in() -> Self {
                Self::$stand_in
            }
        }

        impl Tell for $kind {
            fn tell(&self, to: &mut dyn Told) {
                to.text(self.name());
            }
        }
    };
}

kind!(FactKind, Switch);
kind!(PrivilegeKind, Flag);
