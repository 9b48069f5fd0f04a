//! Subjects and changes as callers write them: ids and values before lookup.

use super::error::{SubjectError, SubjectFault};
use crate::model::Value;
use crate::util::messages::message;
use crate::util::suggest::one_of;
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// A subject: roles, own grants and known facts. [`Subject::default`] is empty.
///
/// # Examples
/// ```
/// use privet::{RoleRef, Subject, Value};
///
/// let subject = Subject {
///     roles: vec![RoleRef::Known("administrator".into())],
///     facts: vec![("flow-editor".into(), Value::Flag(true))],
///     ..Subject::default()
/// };
/// assert_eq!(serde_json::to_string(&subject)?, r#"{"roles":["administrator"],"facts":{"flow-editor":true}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// The listed and inline roles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<RoleRef>,
    /// The subject's own grants, by privilege. `{ "value": value, "until": seconds }` is a grant that ends.
    #[serde(serialize_with = "entries", skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<(String, Value)>,
    /// The known facts of the subject and the installation. Any other fact has its `absent` value or is unknown.
    #[serde(serialize_with = "entries", skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<(String, Value)>,
}

/// A role of a subject.
///
/// # Examples
/// ```
/// use privet::{Policy, RoleRef, Subject, Value};
///
/// let policy = Policy::compile(privet::policies::CONTACT)?;
/// let inline = RoleRef::Inline(vec![("file-upload".into(), Value::Flag(true))]);
/// let roles = [RoleRef::Known("chat".into()), inline];
/// for role in roles {
///     let session = policy.session(&Subject { roles: vec![role], ..Subject::default() })?;
///     assert!(session.can("item.files.upload")?);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum RoleRef {
    /// The id of a role of the policy.
    Known(String),
    /// A role of the policy until a time, in seconds since 1970.
    Until {
        /// The id.
        role: String,
        /// The role is held before this time.
        until: u32,
    },
    /// An inline role with a name, such as a role that a tenant made.
    Named {
        /// The name, for people.
        name: String,
        /// Its grants, by privilege.
        #[serde(serialize_with = "entries")]
        grants: Vec<(String, Value)>,
    },
    /// The grants of an inline role, by privilege.
    Inline(#[serde(serialize_with = "entries")] Vec<(String, Value)>),
}

impl RoleRef {
    /// The grants of an inline role, with or without a name.
    pub fn inline_grants(&self) -> Option<&[(String, Value)]> {
        match self {
            Self::Inline(grants) | Self::Named { grants, .. } => Some(grants),
            Self::Known(_) | Self::Until { .. } => None,
        }
    }
}

/// Assignments to a subject's own grants, facts and roles. A change applies as a whole, and a value replaces the previous one.
///
/// # Examples
/// ```
/// use privet::{Change, Value};
///
/// let change = Change {
///     set: vec![("contacts".into(), Value::Flag(true)), ("sender".into(), Value::Null)],
///     add: vec!["administrator".into()],
///     ..Change::default()
/// };
/// let json = r#"{"set":{"contacts":true,"sender":null},"roles":{"add":["administrator"]}}"#;
/// assert_eq!(serde_json::to_string(&change)?, json);
/// assert_eq!(Change::from_value(serde_json::from_str(json)?)?, change);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Own grants to set. [`Value::Null`] removes the own grant; `{ "value": value, "until": seconds }` is one that ends.
    pub set: Vec<(String, Value)>,
    /// Facts to set. [`Value::Null`] makes a fact unknown.
    pub facts: Vec<(String, Value)>,
    /// Roles to add to the list.
    pub add: Vec<String>,
    /// Roles to remove from the list.
    pub remove: Vec<String>,
    /// Inline roles to amend, each at most once.
    pub amend: Vec<Amendment>,
}

/// Assignments to the grants of one inline role. A role that has no grants left stays.
///
/// # Examples
/// ```
/// use privet::{Amendment, Change, Policy, RoleRef, Subject, Value};
///
/// let policy = Policy::compile(privet::policies::CONTACT)?;
/// let guests = RoleRef::Named { name: "Guests".into(), grants: vec![("users".into(), Value::Text("view-only".into()))] };
/// let session = policy.session(&Subject { roles: vec![guests], ..Subject::default() })?;
/// let set = vec![("file-upload".into(), Value::Flag(true))];
/// let change = Change { amend: vec![Amendment { index: 0, set }], ..Change::default() };
/// assert!(session.with(&change)?.can("item.files.upload")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Amendment {
    /// The place of the role among the subject's inline roles, from 0.
    pub index: u32,
    /// The grants to set. [`Value::Null`] removes one.
    #[serde(serialize_with = "entries")]
    pub set: Vec<(String, Value)>,
}

impl Subject {
    /// Reads `{ roles?, grants?, facts? }`. A role is an id, `{ role, until }` or an object of grants. Does not look up ids.
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`] if the value has another shape.
    pub fn from_value(value: Value) -> Result<Self, SubjectError> {
        let mut subject = Self::default();
        for (key, value) in fields(message!(a_subject), "", value, &["roles", "grants", "facts"])? {
            match key.as_str() {
                "grants" => subject.grants = map("grants", value)?,
                "facts" => subject.facts = map("facts", value)?,
                _ => {
                    for role in list("roles", value)? {
                        subject.roles.push(match role {
                            Value::Map(role) if has_key(&role, &["name", "grants"]) => named(role)?,
                            Value::Map(grants) if !has_end(&grants) => RoleRef::Inline(grants),
                            Value::Text(id) => RoleRef::Known(id),
                            Value::Map(entries) => {
                                let (role, until) = split_end(message!(ending_role), "role", entries)?;
                                let Value::Text(role) = role else {
                                    return Err(shape("role", message!(role_id), &role));
                                };
                                RoleRef::Until { role, until }
                            }
                            other => return Err(shape("roles", message!(role_or_grants), &other)),
                        });
                    }
                }
            }
        }
        Ok(subject)
    }
}

#[cfg(feature = "host")]
impl Subject {
    /// Reads the facts for a token: an object from ids to values.
    pub(crate) fn read_facts(value: Value) -> Result<Vec<(String, Value)>, SubjectError> {
        map("facts", value)
    }
}

impl Change {
    /// Reads `{ set?, facts?, roles?: { add?, remove?, amend? } }`. Does not look up ids.
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`] if the value has another shape.
    pub fn from_value(value: Value) -> Result<Self, SubjectError> {
        let mut change = Self::default();
        for (key, value) in fields(message!(a_change), "", value, &["set", "facts", "roles"])? {
            match key.as_str() {
                "set" => change.set = map("set", value)?,
                "facts" => change.facts = map("facts", value)?,
                _ => {
                    for (key, value) in fields(message!(roles_of_change), "roles", value, &["add", "remove", "amend"])?
                    {
                        match key.as_str() {
                            "add" => change.add = ids(&key, value)?,
                            "remove" => change.remove = ids(&key, value)?,
                            _ => {
                                change.amend =
                                    list(&key, value)?.into_iter().map(amendment).collect::<Result<_, _>>()?;
                            }
                        }
                    }
                }
            }
        }
        Ok(change)
    }
}

/// Whether an object has one of these keys. No privilege is called like one of them.
fn has_key(entries: &[(String, Value)], keys: &[&str]) -> bool {
    entries.iter().any(|(key, _)| keys.contains(&key.as_str()))
}

fn has_end(entries: &[(String, Value)]) -> bool {
    has_key(entries, &["until"])
}

/// Reads `{ name, grants? }`.
fn named(role: Vec<(String, Value)>) -> Result<RoleRef, SubjectError> {
    let (mut name, mut grants) = (Value::Null, Vec::new());
    for (key, value) in fields(message!(named_role), "", Value::Map(role), &["name", "grants"])? {
        if key == "name" {
            name = value;
        } else {
            grants = map("grants", value)?;
        }
    }
    match name {
        Value::Text(name) => Ok(RoleRef::Named { name, grants }),
        other => Err(shape("name", message!(a_text), &other)),
    }
}

/// Reads `{ index, set }`.
fn amendment(value: Value) -> Result<Amendment, SubjectError> {
    let (mut index, mut set) = (Value::Null, Vec::new());
    for (key, value) in fields(message!(an_amendment), "amend", value, &["index", "set"])? {
        if key == "index" {
            index = value;
        } else {
            set = map("set", value)?;
        }
    }
    match index {
        Value::Number(index) => Ok(Amendment { index, set }),
        other => Err(shape("index", message!(place_of_role), &other)),
    }
}

/// A grant's value and its end, in seconds since 1970, if it has one.
///
/// # Errors
/// [`SubjectFault::InvalidSubject`] for other keys, or an end that is no time.
pub(super) fn grant_with_end(grant: &Value) -> Result<(Cow<'_, Value>, Option<u32>), SubjectError> {
    match grant {
        Value::Map(entries) if has_end(entries) => {
            let (value, until) = split_end(message!(ending_grant), "value", entries.clone())?;
            Ok((Cow::Owned(value), Some(until)))
        }
        plain => Ok((Cow::Borrowed(plain), None)),
    }
}

/// The member `key` and the end of an object with these two.
fn split_end(what: &str, key: &str, entries: Vec<(String, Value)>) -> Result<(Value, u32), SubjectError> {
    let (mut given, mut end) = (Value::Null, None);
    for (name, value) in fields(what, "", Value::Map(entries), &[key, "until"])? {
        if name == "until" {
            let Value::Number(seconds) = value else {
                return Err(shape("until", message!(seconds), &value));
            };
            end = Some(seconds);
        } else {
            given = value;
        }
    }
    Ok((given, end.unwrap_or(0)))
}

/// Serializes pairs of id and value as an object.
fn entries<S: Serializer>(entries: &[(String, Value)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(entries.iter().map(|(id, value)| (id, value)))
}

/// Serializes `{ set?, facts?, roles?: { add?, remove?, amend? } }`, without empty fields.
impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shape<'a> {
            #[serde(serialize_with = "entries", skip_serializing_if = "<[_]>::is_empty")]
            set: &'a [(String, Value)],
            #[serde(serialize_with = "entries", skip_serializing_if = "<[_]>::is_empty")]
            facts: &'a [(String, Value)],
            #[serde(skip_serializing_if = "Option::is_none")]
            roles: Option<Roles<'a>>,
        }
        #[derive(Serialize)]
        struct Roles<'a> {
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            add: &'a [String],
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            remove: &'a [String],
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            amend: &'a [Amendment],
        }
        let Self { set, facts, add, remove, amend } = self;
        let is_empty = add.is_empty() && remove.is_empty() && amend.is_empty();
        let roles = (!is_empty).then_some(Roles { add, remove, amend });
        Shape { set, facts, roles }.serialize(serializer)
    }
}

/// The error for a value of another shape at `place`.
fn shape(place: &str, expected: &str, found: &Value) -> SubjectError {
    SubjectError::say(SubjectFault::InvalidSubject, place, message!(wrong_shape, place, found.shown(), expected))
}

/// The entries of the object at `place`, whose keys must be known and distinct.
fn fields(what: &str, place: &str, value: Value, known: &[&str]) -> Result<Vec<(String, Value)>, SubjectError> {
    let keys = || one_of(known.iter().copied());
    let Value::Map(entries) = value else {
        let text = message!(not_an_object, value.shown(), what, keys());
        return Err(SubjectError::say(SubjectFault::InvalidSubject, place, text));
    };
    for (index, (key, _)) in entries.iter().enumerate() {
        let is_duplicate = entries.iter().take(index).any(|(earlier, _)| earlier == key);
        if is_duplicate || !known.contains(&key.as_str()) {
            let text = if is_duplicate {
                message!(duplicate_key, key, what, keys())
            } else {
                message!(unknown_key, key, what, keys())
            };
            return Err(SubjectError::say(SubjectFault::InvalidSubject, key, text));
        }
    }
    Ok(entries)
}

fn map(place: &str, value: Value) -> Result<Vec<(String, Value)>, SubjectError> {
    match value {
        Value::Map(entries) => Ok(entries),
        other => Err(shape(place, message!(object_of_values), &other)),
    }
}

fn list(place: &str, value: Value) -> Result<Vec<Value>, SubjectError> {
    match value {
        Value::List(items) => Ok(items),
        other => Err(shape(place, message!(a_list), &other)),
    }
}

fn ids(place: &str, value: Value) -> Result<Vec<String>, SubjectError> {
    let id = |item| match item {
        Value::Text(id) => Ok(id),
        other => Err(shape(place, message!(list_of_roles), &other)),
    };
    list(place, value)?.into_iter().map(id).collect()
}
