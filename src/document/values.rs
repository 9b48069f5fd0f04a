//! Ids, kinds and values as the document has them.

use super::read::{Field, Read, word, wrong_type};
use crate::diagnostic::{Code, Findings};
use crate::model::ids::{self, NotAnId};
use crate::model::{FactKind, PrivilegeKind, Value, limits};
use crate::source::{Node, NodeKind, Pointer};

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
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Id(String);

impl std::ops::Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[a-z0-9]+([-.:][a-z0-9]+)*$", "maxLength": limits::ID_BYTES })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Value {
    fn schema_name() -> std::borrow::Cow<'static, str> {
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
    };
}

kind!(FactKind, Switch);
kind!(PrivilegeKind, Flag);
