//! Ids, kinds and values of the document.

use super::read::{Field, FromNode, duplicate_key, read_name, wrong_type};
use crate::diagnostic::{Code, Findings};
use crate::model::ids::{self, IdFault};
use crate::model::{FactKind, PrivilegeKind, Value, limits};
use crate::source::{Node, NodeKind, Pointer};

impl FromNode for Value {
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

/// Data of the product that Privet only carries, such as the address and icon of a menu item: any JSON.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transparent))]
pub struct Meta(pub serde_json::Value);

impl FromNode for Meta {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        use serde_json::Value as Json;
        Some(Self(match node.kind() {
            NodeKind::Null => Json::Null,
            NodeKind::Bool(value) => value.into(),
            NodeKind::Number(text) => {
                let number = text.parse::<serde_json::Number>().ok();
                if number.is_none() {
                    findings.add(Code::InvalidValue, at, format!("`{text}` is not a JSON number"), None);
                }
                number?.into()
            }
            NodeKind::Text(text) => text.into(),
            NodeKind::List(items) => {
                let items = items.iter().enumerate().map(|(index, item)| Self::read(item, &at.item(index), findings));
                Json::Array(items.map(|item| Some(item?.0)).collect::<Option<_>>()?)
            }
            NodeKind::Object(members) => {
                let mut map = serde_json::Map::new();
                for member in members.iter() {
                    if map.contains_key(member.key) {
                        duplicate_key(&member, at, findings);
                    }
                    map.insert(member.key.into(), Self::read(member.value, &at.at(member.key), findings)?.0);
                }
                Json::Object(map)
            }
        }))
    }
}

/// A valid id: it matches `[A-Za-z0-9]+([-._:][A-Za-z0-9]+)*`, has at most [`limits::ID_BYTES`] bytes and is not reserved. As
/// the placeholder of an id that could not be read it is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(as = "String"))]
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

impl FromNode for Id {
    fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        let id = String::read(node, at, findings)?;
        let Err(reason) = ids::check(&id) else { return Some(Self(id)) };
        let (code, help) = match reason {
            IdFault::Grammar => {
                (Code::InvalidId, "use letters and digits, joined by single `-`, `.`, `_` or `:`".to_owned())
            }
            IdFault::Length => (Code::LimitExceeded, format!("an id has at most {} bytes", limits::ID_BYTES)),
            IdFault::Keyword => (Code::InvalidId, "it is a keyword of the requirement language".to_owned()),
            IdFault::Inherited => {
                (Code::InvalidId, "every JavaScript object already has a property of this name".to_owned())
            }
            IdFault::Prefix => {
                (Code::InvalidId, "`actor.`, `before.` and `after.` are prefixes of change rules".to_owned())
            }
        };
        findings.add(code, at, format!("`{id}` is not an id"), Some(help));
        findings.mark_broken(&id);
        None
    }
}

impl Field for Id {
    const KEEPS_ENTRY: bool = true;

    fn placeholder() -> Self {
        Self::default()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Id {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let reserved: Vec<&str> = ids::KEYWORDS.into_iter().chain(ids::OBJECT_PROPERTIES).collect();
        schemars::json_schema!({
            "description": "An id: letters and digits, joined by single `-`, `.`, `_` or `:`. It is no keyword of the requirement language and has no prefix of change rules.",
            "type": "string",
            "pattern": "^[A-Za-z0-9]+([-._:][A-Za-z0-9]+)*$",
            "maxLength": limits::ID_BYTES,
            "not": { "anyOf": [{ "enum": reserved }, { "pattern": "^(actor|before|after)\\." }] },
        })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Value {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "`true` or `false` for a flag or switch; the id of a level or option; a list of option ids for a set; or a number.",
            "anyOf": [
                { "type": ["boolean", "string"] },
                { "type": "integer", "minimum": 0, "maximum": u32::MAX },
                { "type": "array", "items": { "type": "string" } },
            ],
        })
    }
}

/// Reads a kind by its name. The second argument is the placeholder for an invalid name.
macro_rules! kind {
    ($kind:ty, $placeholder:ident) => {
        impl FromNode for $kind {
            fn read(node: Node, at: &Pointer, findings: &mut Findings) -> Option<Self> {
                read_name(node, at, &Self::ALL.map(|kind| (kind.name(), kind)), findings)
            }
        }

        impl Field for $kind {
            fn placeholder() -> Self {
                Self::$placeholder
            }
        }
    };
}

kind!(FactKind, Switch);
kind!(PrivilegeKind, Flag);
