//! Makes the description of a policy from its checked document.

use super::{
    ChangeRuleDescription, ConditionDescription, FactDescription, GuideDescription, GuideStepDescription,
    LevelDescription, MenuItemDescription, MenuStep, ObligationDescription, OperationDescription, OptionDescription,
    PolicyDescription, PrivilegeDescription, RoleDescription, VerbDescription,
};
use crate::check::ResolvedExpr;
use crate::document::{self, Choice, Document, Map, MenuItem, Requirement};
use crate::model::Value;
use crate::studio::Studio;
use crate::studio::explain::tree::RequirementDescription;
use hashbrown::HashMap;
use std::sync::Arc;

/// Describes the policy of a studio. O(document).
pub(in crate::studio) fn describe(studio: &Studio) -> PolicyDescription<'_> {
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
        renamed: studio.checked().renamed(),
        conditions: describer.conditions(),
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
            scope: fact.scope(),
            options: options(&fact.options),
            levels: options(&fact.levels),
            default: fact.default.as_ref(),
            absent: fact.absent.as_ref(),
            note: fact.note.as_deref(),
        };
        self.document.facts.iter().map(fact).collect()
    }

    fn conditions(&self) -> Vec<ConditionDescription<'a>> {
        let exprs = &self.studio.checked().exprs().conditions;
        let condition = |(it, tree): (&'a document::Condition, &Option<Arc<ResolvedExpr>>)| ConditionDescription {
            id: &it.id,
            label: &it.label,
            requires: RequirementDescription::new(self.document, &it.requires, tree.as_deref()),
            note: it.note.as_deref(),
        };
        self.document.conditions.iter().zip(exprs).map(condition).collect()
    }

    fn menu(&self) -> Vec<MenuItemDescription<'a>> {
        let item = |item: &'a MenuItem| MenuItemDescription {
            id: &item.id,
            label: &item.label,
            parent: item.parent.as_ref(),
            meta: item.meta.as_ref(),
        };
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
                meta: it.meta.as_ref(),
                sources: &it.sources,
            }
        };
        self.document.privileges.iter().enumerate().map(privilege).collect()
    }

    fn roles(&self) -> Vec<RoleDescription<'a>> {
        let exprs = self.studio.checked().exprs();
        let role = |((role, grants), tree): ((&'a document::Role, &'a Map<Value>), &Option<Option<ResolvedExpr>>)| {
            RoleDescription {
                id: &role.id,
                label: &role.label,
                grants,
                inherits: &role.inherits,
                when: role.when.as_ref().map(|when| self.requirement(when, tree.as_ref())),
                meta: role.meta.as_ref(),
                inferred: role.inferred,
            }
        };
        self.document.roles.iter().zip(&exprs.grants).zip(&exprs.roles).map(role).collect()
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
                meta: it.meta.as_ref(),
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
