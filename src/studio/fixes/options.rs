//! The options of a search for fixes.

use super::goal::{Constraints, Goal, find};
use crate::document::GrantedThrough;
use crate::model::Value;
use crate::session::{SubjectError, SubjectFault};
use crate::studio::Studio;
use litemap::LiteMap;
use std::collections::BTreeSet;

/// The options of a search for fixes.
///
/// # Examples
/// ```
/// use privet::{FixOptions, Goal};
///
/// let options = FixOptions { frozen: vec!["owner".into()], limit: Some(1), ..FixOptions::default() };
/// assert_eq!(options.to, Goal::Allowed);
/// let json = r#"{ "frozen": ["owner"], "limit": 1 }"#;
/// assert_eq!(FixOptions::from_value(&serde_json::from_str(json)?)?, options);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FixOptions {
    /// The decision to reach.
    pub to: Goal,
    /// Costs of assigning an id that replace those of the policy; at least 1.
    pub costs: Vec<(String, u32)>,
    /// Privileges, facts and roles that must not change.
    pub frozen: Vec<String>,
    /// Whether fixes grant to the subject itself, through roles, or both; by default the `grantedThrough` of each
    /// privilege.
    pub through: Option<GrantedThrough>,
    /// The maximum number of fixes to return; by default [`FixOptions::LIMIT`].
    pub limit: Option<u32>,
}

impl FixOptions {
    /// The default of `limit`.
    pub const LIMIT: usize = 100;

    /// Reads `{ to?, costs?, frozen?, through?, limit? }`.
    ///
    /// # Errors
    /// [`SubjectFault::InvalidOptions`] if the value does not have this shape. Ids are looked up later.
    pub fn from_value(value: &Value) -> Result<Self, SubjectError> {
        let mut options = Self::default();
        let entries = match value {
            Value::Null => &[],
            Value::Map(entries) => entries.as_slice(),
            other => return Err(invalid("", format!("`{}` is not an options object", other.shown()), KEYS)),
        };
        for (key, value) in entries {
            let wrong = |expected: &str| invalid(key, format!("option `{key}` is `{}`", value.shown()), expected);
            match (key.as_str(), value) {
                (_, Value::Null) => {}
                ("to", Value::Text(word)) if word == "allowed" => options.to = Goal::Allowed,
                ("to", Value::Text(word)) if word == "denied" => options.to = Goal::Denied,
                ("to", _) => return Err(wrong("`allowed` or `denied`")),
                ("through", Value::Text(word)) if GrantedThrough::ALL.iter().any(|(known, _)| known == word) => {
                    options.through = GrantedThrough::ALL.iter().find(|(known, _)| known == word).map(|(_, it)| *it);
                }
                ("through", _) => return Err(wrong("`subject`, `role` or `both`")),
                ("limit", Value::Number(limit @ 1..)) => options.limit = Some(*limit),
                ("limit", _) => return Err(wrong("a whole number from 1")),
                ("frozen", Value::List(ids)) => {
                    let id = |id: &Value| if let Value::Text(id) = id { Some(id.clone()) } else { None };
                    let ids: Option<_> = ids.iter().map(id).collect();
                    options.frozen = ids.ok_or_else(|| wrong("a list of ids"))?;
                }
                ("frozen", _) => return Err(wrong("a list of ids")),
                ("costs", Value::Map(costs)) => options.costs = costs.iter().map(cost).collect::<Result<_, _>>()?,
                ("costs", _) => return Err(wrong("an object from ids to costs")),
                _ => return Err(invalid(key, format!("unknown option `{key}`"), KEYS)),
            }
        }
        Ok(options)
    }

    /// The options with resolved ids.
    pub(super) fn constraints(&self, studio: &Studio) -> Result<Constraints, SubjectError> {
        let known = |id: &str| find(studio, id).ok_or_else(|| studio.policy().unknown("privilege, role or fact", id));
        let mut constraints = Constraints { costs: LiteMap::new_vec(), frozen: BTreeSet::new(), through: self.through };
        for (id, cost) in &self.costs {
            constraints.costs.insert(known(id)?, u64::from(*cost));
        }
        for id in &self.frozen {
            constraints.frozen.insert(known(id)?);
        }
        Ok(constraints)
    }

    /// The maximum number of fixes to return.
    pub(super) fn max_fixes(&self) -> usize {
        self.limit.map_or(Self::LIMIT, |limit| limit as usize)
    }
}

const KEYS: &str = "`to`, `costs`, `frozen`, `through` or `limit`";

fn cost((id, cost): &(String, Value)) -> Result<(String, u32), SubjectError> {
    match cost {
        Value::Number(cost @ 1..) => Ok((id.clone(), *cost)),
        other => Err(invalid(id, format!("the cost of `{id}` is `{}`", other.shown()), "a whole number from 1")),
    }
}

fn invalid(id: &str, message: String, expected: &str) -> SubjectError {
    SubjectError::new(SubjectFault::InvalidOptions, id, message, format!("give {expected}"))
}
