//! Nodes: a view of the parser's syntax tree.

use super::pointer::push_segment;
use super::{Pointer, Span};
use jsonc_parser::ast;
use jsonc_parser::common::Ranged;

/// A JSON value with its byte span.
#[derive(Clone, Copy)]
pub struct Node<'a>(pub(super) &'a ast::Value<'a>);

/// The type and contents of a node.
#[derive(Clone, Copy)]
pub enum NodeKind<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written.
    Number(&'a str),
    /// A string, with escapes resolved.
    Text(&'a str),
    /// A list.
    List(Items<'a>),
    /// An object: its members in order, including those with repeated keys.
    Object(Members<'a>),
}

/// The items of a list.
#[derive(Clone, Copy)]
pub struct Items<'a>(&'a [ast::Value<'a>]);

/// The members of an object.
#[derive(Clone, Copy)]
pub struct Members<'a>(&'a [ast::ObjectProp<'a>]);

/// A member of an object.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    /// The key, with escapes resolved.
    pub key: &'a str,
    /// The byte span of the key.
    pub key_span: Span,
    /// The value.
    pub value: Node<'a>,
}

impl<'a> Items<'a> {
    /// The number of items.
    pub const fn len(self) -> usize {
        self.0.len()
    }

    /// Whether the list is empty.
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The items in order.
    pub fn iter(self) -> impl Iterator<Item = Node<'a>> {
        self.0.iter().map(Node)
    }
}

impl<'a> Members<'a> {
    /// The number of members, including those with repeated keys.
    pub const fn len(self) -> usize {
        self.0.len()
    }

    /// Whether the object is empty.
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The members in order.
    pub fn iter(self) -> impl Iterator<Item = Member<'a>> {
        self.0.iter().map(Member::of)
    }
}

impl<'a> Member<'a> {
    fn of(property: &'a ast::ObjectProp<'a>) -> Self {
        Self { key: property.name.as_str(), key_span: property.name.range().into(), value: Node(&property.value) }
    }
}

impl<'a> Node<'a> {
    /// The type and contents.
    pub fn kind(self) -> NodeKind<'a> {
        match self.0 {
            ast::Value::NullKeyword(_) => NodeKind::Null,
            ast::Value::BooleanLit(literal) => NodeKind::Bool(literal.value),
            ast::Value::NumberLit(literal) => NodeKind::Number(literal.value),
            ast::Value::StringLit(literal) => NodeKind::Text(&literal.value),
            ast::Value::Array(array) => NodeKind::List(Items(&array.elements)),
            ast::Value::Object(object) => NodeKind::Object(Members(&object.properties)),
        }
    }

    /// The byte span.
    pub fn span(self) -> Span {
        self.0.range().into()
    }

    /// The member with this key; the first one if the key is repeated. O(members).
    pub fn member(self, key: &str) -> Option<Member<'a>> {
        match self.kind() {
            NodeKind::Object(members) => members.iter().find(|member| member.key == key),
            _ => None,
        }
    }

    /// The node at a pointer. O(length of the pointer × members).
    pub fn find(self, pointer: &Pointer) -> Option<Self> {
        let mut here = match pointer.parent {
            Some(parent) => self.find(parent)?,
            None => self,
        };
        if let Some(key) = pointer.key {
            here = here.member(key)?.value;
        }
        match (pointer.item, here.kind()) {
            (None, _) => Some(here),
            (Some(index), NodeKind::List(items)) => items.0.get(index).map(Node),
            _ => None,
        }
    }

    /// The place of a pointer: the pointer with the id of each list entry in place of its index, and with a string itself,
    /// so that changes elsewhere in the document do not move it. Entries without an id keep their index.
    /// O(length of the pointer × members).
    pub fn place(self, pointer: &Pointer) -> String {
        if let Pointer { parent: Some(parent), key: Some(key), item: None } = *pointer {
            // Nothing of the member's value is in the place, so it is not searched.
            let mut place = self.place(parent);
            push_segment(&mut place, key);
            return place;
        }
        self.place_and_node(pointer).0
    }

    fn place_and_node(self, pointer: &Pointer) -> (String, Option<Self>) {
        let (mut place, mut here) = match pointer.parent {
            Some(parent) => self.place_and_node(parent),
            None => (String::new(), Some(self)),
        };
        if let Some(key) = pointer.key {
            push_segment(&mut place, key);
            here = here.and_then(|node| Some(node.member(key)?.value));
        }
        if let Some(index) = pointer.item {
            here = match here.map(Self::kind) {
                Some(NodeKind::List(items)) => items.0.get(index).map(Node),
                _ => None,
            };
            let id = here.map(|item| item.member("id").map_or(item, |member| member.value));
            match id.map(Self::kind) {
                Some(NodeKind::Text(id)) => push_segment(&mut place, id),
                _ => push_segment(&mut place, &index.to_string()),
            }
        }
        (place, here)
    }

    /// The member that a pointer ends with.
    pub fn find_member(self, pointer: &Pointer) -> Option<Member<'a>> {
        self.find(pointer.parent?)?.member(pointer.key?)
    }

    /// The type, as a message names it.
    pub fn name(self) -> &'static str {
        match self.kind() {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "a boolean",
            NodeKind::Number(_) => "a number",
            NodeKind::Text(_) => "a string",
            NodeKind::List(_) => "a list",
            NodeKind::Object(_) => "an object",
        }
    }
}
