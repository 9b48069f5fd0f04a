//! Describes a policy: the contents of its document as data for pages, generators and auditors.

pub(super) mod describer;

use super::explain::tree::RequirementDescription;
use crate::document::{ChangeKind, FactScope, GrantedThrough, Id, List, Map, Meta, Source, Within};
use crate::model::{FactKind, PrivilegeKind, Value};
use serde::Serialize;

/// The contents of a policy: ids, labels, kinds, menu paths from the root, requirements as text and as a tree, sources.
///
/// # Examples
/// ```
/// use privet::Studio;
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let description = serde_json::to_value(studio.describe())?;
/// assert_eq!((&description["id"], &description["version"]), (&"dotdigital".into(), &"1.0.0".into()));
/// assert_eq!(description["facts"][0]["label"], "Account owner");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PolicyDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "string"))]
    id: &'a Id,
    title: &'a str,
    version: &'a str,
    /// SHA-256 of the canonical document, in hexadecimal.
    fingerprint: &'a str,
    verbs: Vec<VerbDescription<'a>>,
    facts: Vec<FactDescription<'a>>,
    conditions: Vec<ConditionDescription<'a>>,
    privileges: Vec<PrivilegeDescription<'a>>,
    roles: Vec<RoleDescription<'a>>,
    menu: Vec<MenuItemDescription<'a>>,
    operations: Vec<OperationDescription<'a>>,
    guides: Vec<GuideDescription<'a>>,
    change_rules: Vec<ChangeRuleDescription<'a>>,
    /// Present ids by the ids of earlier versions.
    #[cfg_attr(feature = "schema", ts(type = "{ readonly [old: string]: string }"))]
    renamed: &'a Map<String>,
}

/// A verb.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(super) struct VerbDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "VerbId<S>"))]
    id: &'a Id,
    label: &'a str,
}

/// A condition.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(super) struct ConditionDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "string"))]
    id: &'a Id,
    label: &'a str,
    requires: RequirementDescription<'a>,
    #[cfg_attr(feature = "schema", ts(optional, type = "string"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

/// A fact.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(super) struct FactDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "FactId<S>"))]
    id: &'a Id,
    kind: FactKind,
    label: &'a str,
    /// Where it is set.
    #[cfg_attr(feature = "schema", ts(optional, type = "string"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "where")]
    place: Option<&'a str>,
    /// Whether it is the same for everybody, or one person's.
    #[cfg_attr(feature = "schema", ts(type = "'installation' | 'subject'"))]
    scope: FactScope,
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<OptionDescription>>"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<OptionDescription<'a>>,
    /// Lowest first.
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<OptionDescription>>"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    levels: Vec<OptionDescription<'a>>,
    /// The value that the product ships with; documentation only.
    #[cfg_attr(feature = "schema", ts(optional, type = "FactValue"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'a Value>,
    /// The value of the fact when a subject does not give it.
    #[cfg_attr(feature = "schema", ts(optional, type = "FactValue"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    absent: Option<&'a Value>,
    #[cfg_attr(feature = "schema", ts(optional, type = "string"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

/// An option of a fact or privilege.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(super) struct OptionDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "string"))]
    id: &'a Id,
    label: &'a str,
}

/// A privilege.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub(super) struct PrivilegeDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "PrivilegeId<S>"))]
    id: &'a Id,
    kind: PrivilegeKind,
    label: &'a str,
    group: &'a str,
    /// What must hold for a grant to have an effect.
    #[cfg_attr(feature = "schema", ts(optional, type = "Requirement"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    requires: Option<RequirementDescription<'a>>,
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<LevelDescription>>"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    levels: Vec<LevelDescription<'a>>,
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<OptionDescription>>"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<OptionDescription<'a>>,
    /// Whether it takes something away: it is never proposed as something to grant.
    restricting: bool,
    #[cfg_attr(feature = "schema", ts(optional, type = "string"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[cfg_attr(feature = "schema", ts(optional, type = "number"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<u32>,
    #[cfg_attr(feature = "schema", ts(optional, type = "number"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<u32>,
    /// The cost in fixes.
    #[cfg_attr(feature = "schema", ts(optional, type = "number"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<u32>,
    /// Where the product grants it.
    #[cfg_attr(feature = "schema", ts(optional, type = "'subject' | 'role' | 'both'"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    granted_through: Option<GrantedThrough>,
    #[cfg_attr(feature = "schema", ts(optional, type = "string"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    /// Data of the product, which is not interpreted.
    #[cfg_attr(feature = "schema", ts(optional, type = "unknown"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<&'a Meta>,
    #[cfg_attr(feature = "schema", ts(type = "readonly Source[]"))]
    sources: &'a List<Source>,
}

/// A level of a privilege, lowest first.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(super) struct LevelDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "string"))]
    id: &'a Id,
    label: &'a str,
    #[cfg_attr(feature = "schema", ts(optional, type = "Requirement"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    requires: Option<RequirementDescription<'a>>,
}

/// A role.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(super) struct RoleDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "RoleId<S>"))]
    id: &'a Id,
    label: &'a str,
    /// Its grants, with those that it inherits.
    #[cfg_attr(feature = "schema", ts(type = "Grants<S>"))]
    grants: &'a Map<Value>,
    /// The roles whose grants it has as well.
    #[cfg_attr(feature = "schema", ts(optional, type = "readonly RoleId<S>[]"))]
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    inherits: &'a List<Id>,
    /// The facts with which the role is held without being listed.
    #[cfg_attr(feature = "schema", ts(optional, type = "Requirement"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<RequirementDescription<'a>>,
    /// Data of the product, which is not interpreted.
    #[cfg_attr(feature = "schema", ts(optional, type = "unknown"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<&'a Meta>,
    /// Present if the role is an example, not shipped with the product.
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<bool>"))]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    inferred: bool,
}

/// A menu item.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(super) struct MenuItemDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "MenuItemId<S>"))]
    id: &'a Id,
    label: &'a str,
    #[cfg_attr(feature = "schema", ts(optional, type = "MenuItemId<S>"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<&'a Id>,
    /// Data of the product, which is not interpreted.
    #[cfg_attr(feature = "schema", ts(optional, type = "unknown"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<&'a Meta>,
}

/// An operation.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(super) struct OperationDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "OperationId<S>"))]
    id: &'a Id,
    label: &'a str,
    requires: RequirementDescription<'a>,
    section: &'a str,
    /// The paths of its menu items, root first.
    menu: Vec<Vec<MenuStep<'a>>>,
    #[cfg_attr(feature = "schema", ts(type = "readonly VerbId<S>[]"))]
    verbs: &'a List<Id>,
    obligations: Vec<ObligationDescription<'a>>,
    /// Whether it stands for a restriction: it shows no menu item and is not listed as allowed.
    restricts: bool,
    #[cfg_attr(feature = "schema", ts(optional, type = "string"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    /// Data of the product, which is not interpreted.
    #[cfg_attr(feature = "schema", ts(optional, type = "unknown"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<&'a Meta>,
    #[cfg_attr(feature = "schema", ts(type = "readonly Source[]"))]
    sources: &'a List<Source>,
}

/// A menu item on the path of an operation.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(super) struct MenuStep<'a> {
    #[cfg_attr(feature = "schema", ts(type = "MenuItemId<S>"))]
    id: &'a Id,
    label: &'a str,
}

/// An obligation of an operation.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(super) struct ObligationDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "ObligationId<S>"))]
    id: &'a Id,
    label: &'a str,
    when: RequirementDescription<'a>,
}

/// A guide.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(super) struct GuideDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "GuideId<S>"))]
    id: &'a Id,
    label: &'a str,
    steps: Vec<GuideStepDescription<'a>>,
}

/// A step of a guide, as the policy declares it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(super) struct GuideStepDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "string"))]
    id: &'a Id,
    label: &'a str,
    done: RequirementDescription<'a>,
    #[cfg_attr(feature = "schema", ts(optional, type = "OperationId<S>"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'a Id>,
    /// The actor who takes the step.
    #[cfg_attr(feature = "schema", ts(optional, type = "string"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<&'a Id>,
    /// The actor whose session `done` is evaluated for, if it is not the one who takes the step.
    #[cfg_attr(feature = "schema", ts(optional, type = "string"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<&'a Id>,
}

/// A rule for changes of subjects: which changes it concerns, and what must hold for the actor to make them.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(super) struct ChangeRuleDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "string"))]
    id: &'a Id,
    label: &'a str,
    on: &'a [ChangeKind],
    requires: RequirementDescription<'a>,
    /// The privileges, roles or facts that the rule is limited to.
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<String>>"))]
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    of: &'a [Id],
    /// The change may add only grants that the actor holds.
    #[cfg_attr(feature = "schema", ts(optional, type = "'actor'"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<Within>,
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<Source>>"))]
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    sources: &'a [Source],
}
