//! Describes a policy: the contents of its document as data for pages, generators and auditors.

use super::Studio;
use super::explain::tree::RequirementDescription;
use crate::check::ResolvedExpr;
use crate::document::{
    self, ChangeKind, Choice, Document, GrantedThrough, Id, List, Map, MenuItem, Requirement, Source, Within,
};
use crate::model::{FactKind, PrivilegeKind, Value};
use hashbrown::HashMap;
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
    privileges: Vec<PrivilegeDescription<'a>>,
    roles: Vec<RoleDescription<'a>>,
    menu: Vec<MenuItemDescription<'a>>,
    operations: Vec<OperationDescription<'a>>,
    guides: Vec<GuideDescription<'a>>,
    change_rules: Vec<ChangeRuleDescription<'a>>,
    /// New ids by old ids.
    #[cfg_attr(feature = "schema", ts(type = "{ readonly [old: string]: string }"))]
    renamed: &'a Map<Id>,
}

/// A verb.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub(super) struct VerbDescription<'a> {
    #[cfg_attr(feature = "schema", ts(type = "VerbId<S>"))]
    id: &'a Id,
    label: &'a str,
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
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<OptionDescription>>"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<OptionDescription<'a>>,
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
    #[cfg_attr(feature = "schema", ts(type = "Grants<S>"))]
    grants: &'a Map<Value>,
    /// The facts with which the role is held without being listed.
    #[cfg_attr(feature = "schema", ts(optional, type = "Requirement"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<RequirementDescription<'a>>,
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

/// Describes the policy of a studio. O(document).
pub(super) fn describe(studio: &Studio) -> PolicyDescription<'_> {
    let describer = Describer { studio, document: studio.checked().document() };
    let document = describer.document;
    PolicyDescription {
        id: &document.id,
        title: &document.title,
        version: &document.version,
        fingerprint: studio.policy().fingerprint(),
        verbs: describer.verbs(),
        facts: describer.facts(),
        privileges: describer.privileges(),
        roles: describer.roles(),
        menu: describer.menu(),
        operations: describer.operations(),
        guides: describer.guides(),
        change_rules: describer.change_rules(),
        renamed: &document.renamed,
    }
}

struct Describer<'a> {
    studio: &'a Studio,
    document: &'a Document,
}

impl<'a> Describer<'a> {
    fn requirement(&self, text: &'a Requirement, tree: Option<&Option<ResolvedExpr>>) -> RequirementDescription<'a> {
        RequirementDescription::new(self.document, text, tree.and_then(Option::as_ref))
    }

    fn verbs(&self) -> Vec<VerbDescription<'a>> {
        self.document.verbs.iter().map(|verb| VerbDescription { id: &verb.id, label: &verb.label }).collect()
    }

    fn facts(&self) -> Vec<FactDescription<'a>> {
        let fact = |fact: &'a document::Fact| FactDescription {
            id: &fact.id,
            kind: fact.kind,
            label: &fact.label,
            place: fact.place.as_deref(),
            options: options(&fact.options),
            default: fact.default.as_ref(),
            absent: fact.absent.as_ref(),
            note: fact.note.as_deref(),
        };
        self.document.facts.iter().map(fact).collect()
    }

    fn menu(&self) -> Vec<MenuItemDescription<'a>> {
        let item =
            |item: &'a MenuItem| MenuItemDescription { id: &item.id, label: &item.label, parent: item.parent.as_ref() };
        self.document.menu.iter().map(item).collect()
    }

    fn privileges(&self) -> Vec<PrivilegeDescription<'a>> {
        let exprs = self.studio.checked().exprs();
        let privilege = |(index, it): (usize, &'a document::Privilege)| {
            let level = |(level, tree): (&'a document::Level, &Option<ResolvedExpr>)| LevelDescription {
                id: &level.id,
                label: &level.label,
                requires: level.requires.as_ref().map(|text| self.requirement(text, Some(tree))),
            };
            let requires = it.requires.as_ref();
            PrivilegeDescription {
                id: &it.id,
                kind: it.kind,
                label: &it.label,
                group: &it.group,
                requires: requires.map(|text| self.requirement(text, exprs.privileges.get(index))),
                levels: it.levels.iter().zip(exprs.levels.get(index).into_iter().flatten()).map(level).collect(),
                options: options(&it.options),
                restricting: self.studio.checked().is_restricting(index),
                unit: it.unit.as_deref(),
                min: it.min,
                max: it.max,
                cost: it.cost,
                granted_through: it.granted_through,
                note: it.note.as_deref(),
                sources: &it.sources,
            }
        };
        self.document.privileges.iter().enumerate().map(privilege).collect()
    }

    fn roles(&self) -> Vec<RoleDescription<'a>> {
        let exprs = &self.studio.checked().exprs().roles;
        let role = |(role, tree): (&'a document::Role, &Option<Option<ResolvedExpr>>)| RoleDescription {
            id: &role.id,
            label: &role.label,
            grants: &role.grants,
            when: role.when.as_ref().map(|when| self.requirement(when, tree.as_ref())),
            inferred: role.inferred,
        };
        self.document.roles.iter().zip(exprs).map(role).collect()
    }

    fn operations(&self) -> Vec<OperationDescription<'a>> {
        let exprs = self.studio.checked().exprs();
        let items: HashMap<&str, &MenuItem> = self.document.menu.iter().map(|item| (&*item.id, item)).collect();
        let operation = |(index, it): (usize, &'a document::Operation)| {
            let obligation = |(owed, tree): (&'a document::Obligation, &Option<ResolvedExpr>)| ObligationDescription {
                id: &owed.id,
                label: &owed.label,
                when: self.requirement(&owed.when, Some(tree)),
            };
            let owed = it.obligations.iter().zip(exprs.obligations.get(index).into_iter().flatten());
            OperationDescription {
                id: &it.id,
                label: &it.label,
                requires: self.requirement(&it.requires, exprs.operations.get(index)),
                section: &it.section,
                menu: it.menu.iter().map(|item| path(&items, item)).collect(),
                verbs: &it.verbs,
                obligations: owed.map(obligation).collect(),
                restricts: it.restricts,
                note: it.note.as_deref(),
                sources: &it.sources,
            }
        };
        self.document.operations.iter().enumerate().map(operation).collect()
    }

    fn guides(&self) -> Vec<GuideDescription<'a>> {
        let guide = |(guide, exprs): (&'a document::Guide, &Vec<Option<ResolvedExpr>>)| {
            let step = |(step, tree): (&'a document::Step, &Option<ResolvedExpr>)| GuideStepDescription {
                id: &step.id,
                label: &step.label,
                done: self.requirement(&step.done, Some(tree)),
                operation: step.operation.as_ref(),
                who: step.who.as_ref(),
                of: step.of.as_ref(),
            };
            let steps = guide.steps.iter().zip(exprs).map(step).collect();
            GuideDescription { id: &guide.id, label: &guide.label, steps }
        };
        self.document.guides.iter().zip(&self.studio.checked().exprs().guides).map(guide).collect()
    }

    fn change_rules(&self) -> Vec<ChangeRuleDescription<'a>> {
        let rule = |(rule, tree): (&'a document::ChangeRule, &Option<ResolvedExpr>)| ChangeRuleDescription {
            id: &rule.id,
            label: &rule.label,
            on: &rule.on,
            requires: self.requirement(&rule.requires, Some(tree)),
            of: &rule.of,
            within: rule.within,
            sources: &rule.sources,
        };
        self.document.change_rules.iter().zip(&self.studio.checked().exprs().rules).map(rule).collect()
    }
}

fn options(options: &[Choice]) -> Vec<OptionDescription<'_>> {
    options.iter().map(|option| OptionDescription { id: &option.id, label: &option.label }).collect()
}

/// The path from the root to a menu item. It ends because a checked menu has no cycles.
fn path<'a>(items: &HashMap<&str, &'a MenuItem>, item: &str) -> Vec<MenuStep<'a>> {
    let mut path = Vec::new();
    let mut here = items.get(item);
    while let Some(item) = here {
        path.push(MenuStep { id: &item.id, label: &item.label });
        here = item.parent.as_deref().and_then(|parent| items.get(parent));
    }
    path.reverse();
    path
}
