//! Subjects and changes as callers write them: ids and values, not yet looked up.

use super::error::{SubjectError, SubjectFault};
use crate::ground::Value;
use crate::ground::suggest::one_of;
use alloc::string::String;
use alloc::vec::Vec;

/// Somebody: roles, own grants and own facts. Start from [`Subject::default`] for nobody in particular.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The roles that are listed for the subject.
    pub roles: Vec<RoleRef>,
    /// The subject's own grants.
    pub grants: Vec<(String, Value)>,
    /// What is known of the subject and the installation. A fact that is not here is unknown.
    pub facts: Vec<(String, Value)>,
}

/// A role that a subject lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleRef {
    /// A role of the policy, by its id.
    Known(String),
    /// A role that only this subject has.
    Inline(Vec<(String, Value)>),
}

/// Assignments to a subject's own grants, facts and roles. They apply as a whole; nothing joins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Own grants to set. [`Value::Null`] takes the own grant away.
    pub set: Vec<(String, Value)>,
    /// Facts to set. [`Value::Null`] makes a fact unknown.
    pub facts: Vec<(String, Value)>,
    /// Roles to list.
    pub add: Vec<String>,
    /// Roles no longer to list.
    pub remove: Vec<String>,
}

impl Subject {
    /// Reads `{ roles?, grants?, facts? }`.
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`] where the value has not that shape. Ids are looked up later.
    pub fn from_value(value: Value) -> Result<Self, SubjectError> {
        let mut subject = Self::default();
        for (key, value) in fields("a subject", value, &["roles", "grants", "facts"])? {
            match key.as_str() {
                "grants" => subject.grants = map("grants", value)?,
                "facts" => subject.facts = map("facts", value)?,
                _ => {
                    for role in list("roles", value)? {
                        subject.roles.push(match role {
                            Value::Text(id) => RoleRef::Known(id),
                            Value::Map(grants) => RoleRef::Inline(grants),
                            other => return Err(shape("roles", "a role's id or an object of grants", &other)),
                        });
                    }
                }
            }
        }
        Ok(subject)
    }
}

impl Change {
    /// Reads `{ set?, facts?, roles?: { add?, remove? } }`.
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`] where the value has not that shape. Ids are looked up later.
    pub fn from_value(value: Value) -> Result<Self, SubjectError> {
        let mut change = Self::default();
        for (key, value) in fields("a change", value, &["set", "facts", "roles"])? {
            match key.as_str() {
                "set" => change.set = map("set", value)?,
                "facts" => change.facts = map("facts", value)?,
                _ => {
                    for (key, value) in fields("`roles` of a change", value, &["add", "remove"])? {
                        let ids = ids(&key, value)?;
                        if key == "add" { change.add = ids } else { change.remove = ids }
                    }
                }
            }
        }
        Ok(change)
    }
}

fn shape(place: &str, expected: &str, found: &Value) -> SubjectError {
    SubjectError::new(
        SubjectFault::InvalidSubject,
        place,
        ["`", place, "` holds `", &found.shown(), "`"].concat(),
        ["expected ", expected].concat(),
    )
}

fn fields(what: &str, value: Value, known: &[&str]) -> Result<Vec<(String, Value)>, SubjectError> {
    let keys = || one_of(known.iter().copied());
    let Value::Map(entries) = value else {
        let message = ["`", &value.shown(), "` is not an object"].concat();
        return Err(SubjectError::new(
            SubjectFault::InvalidSubject,
            "",
            message,
            [what, " can have ", &keys()].concat(),
        ));
    };
    for (index, (key, _)) in entries.iter().enumerate() {
        let again = entries.iter().take(index).any(|(earlier, _)| earlier == key);
        if again || !known.contains(&key.as_str()) {
            let message = [if again { "duplicate" } else { "unknown" }, " key `", key, "` in ", what].concat();
            return Err(SubjectError::new(
                SubjectFault::InvalidSubject,
                key,
                message,
                [what, " can have ", &keys()].concat(),
            ));
        }
    }
    Ok(entries)
}

fn map(place: &str, value: Value) -> Result<Vec<(String, Value)>, SubjectError> {
    match value {
        Value::Map(entries) => Ok(entries),
        other => Err(shape(place, "an object from ids to values", &other)),
    }
}

fn list(place: &str, value: Value) -> Result<Vec<Value>, SubjectError> {
    match value {
        Value::List(items) => Ok(items),
        other => Err(shape(place, "a list", &other)),
    }
}

fn ids(place: &str, value: Value) -> Result<Vec<String>, SubjectError> {
    let id = |item| match item {
        Value::Text(id) => Ok(id),
        other => Err(shape(place, "a list of role ids", &other)),
    };
    list(place, value)?.into_iter().map(id).collect()
}
