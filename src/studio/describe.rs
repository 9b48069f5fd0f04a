//! Describes a policy: the contents of its document as data for pages, generators and auditors.

use super::Studio;
use super::explain::tree::RequirementDescription;
use crate::check::ResolvedExpr;
use crate::document::{
    self, ChangeKind, Choice, Document, Fact, GrantedThrough, Id, List, Map, MenuItem, Requirement, Source, Verb,
    Within,
};
use crate::model::{PrivilegeKind, Value};
use hashbrown::HashMap;
use serde::Serialize;

/// The contents of a policy: ids, labels, kinds, menu paths from the root, requirements as text and as a tree, sources.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyDescription<'a> {
    id: &'a Id,
    title: &'a str,
    version: &'a str,
    fingerprint: &'a str,
    verbs: &'a List<Verb>,
    facts: &'a List<Fact>,
    privileges: Vec<PrivilegeDescription<'a>>,
    roles: Vec<RoleDescription<'a>>,
    menu: &'a List<MenuItem>,
    operations: Vec<OperationDescription<'a>>,
    guides: Vec<GuideDescription<'a>>,
    change_rules: Vec<ChangeRuleDescription<'a>>,
    renamed: &'a Map<Id>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PrivilegeDescription<'a> {
    id: &'a Id,
    kind: PrivilegeKind,
    label: &'a str,
    group: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    requires: Option<RequirementDescription<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    levels: Vec<LevelDescription<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    options: &'a [Choice],
    restricting: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    granted_through: Option<GrantedThrough>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    sources: &'a List<Source>,
}

#[derive(Debug, Serialize)]
struct LevelDescription<'a> {
    id: &'a Id,
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    requires: Option<RequirementDescription<'a>>,
}

#[derive(Debug, Serialize)]
struct RoleDescription<'a> {
    id: &'a Id,
    label: &'a str,
    grants: &'a Map<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<RequirementDescription<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    inferred: bool,
}

#[derive(Debug, Serialize)]
struct OperationDescription<'a> {
    id: &'a Id,
    label: &'a str,
    requires: RequirementDescription<'a>,
    section: &'a str,
    /// The menu items of the operation, each as a path from the root.
    menu: Vec<Vec<MenuStep<'a>>>,
    verbs: &'a List<Id>,
    obligations: Vec<ObligationDescription<'a>>,
    restricts: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    sources: &'a List<Source>,
}

/// A menu item on a path from the root.
#[derive(Debug, Serialize)]
struct MenuStep<'a> {
    id: &'a Id,
    label: &'a str,
}

#[derive(Debug, Serialize)]
struct ObligationDescription<'a> {
    id: &'a Id,
    label: &'a str,
    when: RequirementDescription<'a>,
}

#[derive(Debug, Serialize)]
struct GuideDescription<'a> {
    id: &'a Id,
    label: &'a str,
    steps: Vec<StepDescription<'a>>,
}

#[derive(Debug, Serialize)]
struct StepDescription<'a> {
    id: &'a Id,
    label: &'a str,
    done: RequirementDescription<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'a Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<&'a Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<&'a Id>,
}

#[derive(Debug, Serialize)]
struct ChangeRuleDescription<'a> {
    id: &'a Id,
    label: &'a str,
    on: &'a [ChangeKind],
    requires: RequirementDescription<'a>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    of: &'a [Id],
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<Within>,
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
        verbs: &document.verbs,
        facts: &document.facts,
        privileges: describer.privileges(),
        roles: describer.roles(),
        menu: &document.menu,
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

    fn privileges(&self) -> Vec<PrivilegeDescription<'a>> {
        let trees = self.studio.checked().exprs();
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
                requires: requires.map(|text| self.requirement(text, trees.privileges.get(index))),
                levels: it.levels.iter().zip(trees.levels.get(index).into_iter().flatten()).map(level).collect(),
                options: &it.options,
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
        let trees = &self.studio.checked().exprs().roles;
        let role = |(role, tree): (&'a document::Role, &Option<Option<ResolvedExpr>>)| RoleDescription {
            id: &role.id,
            label: &role.label,
            grants: &role.grants,
            when: role.when.as_ref().map(|when| self.requirement(when, tree.as_ref())),
            inferred: role.inferred,
        };
        self.document.roles.iter().zip(trees).map(role).collect()
    }

    fn operations(&self) -> Vec<OperationDescription<'a>> {
        let trees = self.studio.checked().exprs();
        let items: HashMap<&str, &MenuItem> = self.document.menu.iter().map(|item| (&*item.id, item)).collect();
        let operation = |(index, it): (usize, &'a document::Operation)| {
            let obligation = |(owed, tree): (&'a document::Obligation, &Option<ResolvedExpr>)| ObligationDescription {
                id: &owed.id,
                label: &owed.label,
                when: self.requirement(&owed.when, Some(tree)),
            };
            let owed = it.obligations.iter().zip(trees.obligations.get(index).into_iter().flatten());
            OperationDescription {
                id: &it.id,
                label: &it.label,
                requires: self.requirement(&it.requires, trees.operations.get(index)),
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
        let guide = |(guide, trees): (&'a document::Guide, &Vec<Option<ResolvedExpr>>)| {
            let step = |(step, tree): (&'a document::Step, &Option<ResolvedExpr>)| StepDescription {
                id: &step.id,
                label: &step.label,
                done: self.requirement(&step.done, Some(tree)),
                operation: step.operation.as_ref(),
                who: step.who.as_ref(),
                of: step.of.as_ref(),
            };
            let steps = guide.steps.iter().zip(trees).map(step).collect();
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
