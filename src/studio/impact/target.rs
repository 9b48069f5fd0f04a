//! The targets of impact queries.

use crate::model::{FactKind, Value, validate};
use crate::session::{SubjectError, SubjectFault};
use crate::studio::Studio;
use crate::studio::search::space::Id;

/// The target of an impact query.
///
/// # Examples
/// ```
/// use privet::{Studio, Target, Value};
///
/// let studio = Studio::compile(privet::policies::CONTACT, false)?;
/// let level = |level: &str| Target::Privilege("users".into(), Some(Value::Text(level.into())));
/// assert!(studio.impact(&level("modify"))?.unlocks.contains(&"staff.users.reset-password".into()));
/// assert!(!studio.impact(&level("view-only"))?.unlocks.contains(&"staff.users.reset-password".into()));
/// let json = r#"{ "privilege": "users", "value": "modify" }"#;
/// assert_eq!(Target::from_value(serde_json::from_str(json)?)?, level("modify"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A privilege with this granted value, or with any value.
    Privilege(String, Option<Value>),
    /// A role that is held.
    Role(String),
    /// A fact with this value; without one, a switch that is on, or any known value of another fact.
    Fact(String, Option<Value>),
    /// An operation that is allowed.
    Operation(String),
}

impl Target {
    /// Reads `{ privilege | role | fact | operation; value? }`.
    ///
    /// # Errors
    /// [`SubjectFault::InvalidOptions`] if the value does not have this shape. Ids are looked up later.
    pub fn from_value(value: Value) -> Result<Self, SubjectError> {
        let invalid = |shown: String| {
            let help =
                "give one of `privilege`, `role`, `fact` and `operation`; a privilege or fact may have a `value`";
            let message = format!("`{shown}` cannot be the target of an impact query");
            SubjectError::new(SubjectFault::InvalidOptions, "", message, help.into())
        };
        let shown = value.shown();
        let Value::Map(mut entries) = value else { return Err(invalid(shown)) };
        let place = entries.iter().position(|(key, _)| key == "value");
        let value = place.map(|place| entries.remove(place).1).filter(|value| *value != Value::Null);
        match (entries.pop(), entries.is_empty(), value) {
            (Some((key, Value::Text(id))), true, value) => match (key.as_str(), value) {
                ("privilege", value) => Ok(Self::Privilege(id, value)),
                ("fact", value) => Ok(Self::Fact(id, value)),
                ("role", None) => Ok(Self::Role(id)),
                ("operation", None) => Ok(Self::Operation(id)),
                _ => Err(invalid(shown)),
            },
            _ => Err(invalid(shown)),
        }
    }
}

/// A target with resolved ids. The numbers are the values of the id; `None` stands for any value.
pub(super) enum ResolvedTarget {
    Assigned(Id, Option<Vec<u32>>),
    Operation(usize),
}

/// The target with its ids looked up and its value read.
pub(super) fn look_up(studio: &Studio, target: &Target) -> Result<ResolvedTarget, SubjectError> {
    let program = studio.policy().program();
    let unknown = |what: &str, id: &String| studio.policy().unknown(what, id);
    match target {
        Target::Operation(id) => {
            program.operations.find(id).map(ResolvedTarget::Operation).ok_or_else(|| unknown("operation", id))
        }
        Target::Role(id) => {
            let role = program.roles.find(id).ok_or_else(|| unknown("role", id))?;
            Ok(ResolvedTarget::Assigned(Id::Role(role), None))
        }
        Target::Fact(id, value) => {
            let index = program.facts.find(id).ok_or_else(|| unknown("fact", id))?;
            let read = |value: &Value| {
                let fact = program.facts.get(index);
                let value = fact.map_or(Ok(0), |fact| validate::fact(id, fact.kind, &fact.values, value));
                value.map_err(|misfit| SubjectError::invalid_value(SubjectFault::InvalidFact, id, misfit))
            };
            let value = value.as_ref().map(read).transpose()?;
            let is_switch = program.facts.get(index).is_some_and(|it| it.kind == FactKind::Switch);
            let value = value.or(is_switch.then_some(1));
            Ok(ResolvedTarget::Assigned(Id::Fact(index), value.map(|value| [value].into())))
        }
        Target::Privilege(id, value) => {
            let index = program.privileges.find(id).ok_or_else(|| unknown("privilege", id))?;
            let read = |value: &Value| {
                let Some(it) = program.privileges.get(index) else { return Ok(Vec::new()) };
                let read = validate::grant(id, it.kind, &it.values, (it.min, it.max), value);
                read.map_err(|misfit| SubjectError::invalid_value(SubjectFault::InvalidGrant, id, misfit))
            };
            let value = value.as_ref().map(read).transpose()?.filter(|value| !value.is_empty());
            Ok(ResolvedTarget::Assigned(Id::Privilege(index), value))
        }
    }
}
