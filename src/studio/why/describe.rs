//! Describing: everything that a policy says, as data for pages, generators and auditors.

use super::written;
use crate::check::Tree;
use crate::document::{Document, MenuItem, Requirement};
use crate::ground::{Gather, Json, Map};
use crate::studio::Studio;
use alloc::vec::Vec;

/// The whole policy as one JSON value: ids, labels, kinds, menu paths from the root, requirements as text and tree,
/// sources. O(document).
pub fn describe(studio: &Studio) -> Json {
    let policy = studio.policy();
    let document = studio.checked().document();
    Json::object()
        .with("id", &*document.id)
        .with("title", &*document.title)
        .with("version", &*document.version)
        .with("fingerprint", policy.fingerprint())
        .with("verbs", Json::told(&document.verbs))
        .with("facts", Json::told(&document.facts))
        .with("privileges", privileges(studio, document))
        .with("roles", roles(studio, document))
        .with("menu", Json::told(&document.menu))
        .with("operations", operations(studio, document))
        .with("guides", guides(studio, document))
        .with("changeRules", rules(studio, document))
        .with("renamed", Json::told(&document.renamed))
}

fn requirement(document: &Document, text: Option<&Requirement>, tree: Option<&Option<Tree>>) -> Option<Json> {
    text.map(|text| written::requirement(document, text, tree.and_then(Option::as_ref)))
}

fn privileges(studio: &Studio, document: &Document) -> Vec<Json> {
    let trees = studio.checked().trees();
    let privilege = |(index, privilege): (usize, &crate::document::Privilege)| {
        let level_trees = trees.levels.get(index).into_iter().flatten();
        let levels = privilege.levels.iter().zip(level_trees).map(|(level, tree)| {
            let requires = requirement(document, level.requires.as_ref(), Some(tree));
            Json::told_entry(level, requires.map(|requires| ("requires", requires)).into_iter().listed())
        });
        let levels: Vec<_> = levels.listed();
        let requires = requirement(document, privilege.requires.as_ref(), trees.privileges.get(index));
        let mut said = alloc::vec![
            ("group", (&*privilege.group).into()),
            ("restricting", studio.checked().is_restricting(index).into()),
            ("sources", Json::told(&privilege.sources)),
        ];
        said.extend((!levels.is_empty()).then(|| ("levels", levels.into())));
        said.extend(requires.map(|requires| ("requires", requires)));
        Json::told_entry(privilege, said)
    };
    document.privileges.iter().enumerate().map(privilege).listed()
}

fn roles(studio: &Studio, document: &Document) -> Vec<Json> {
    let trees = studio.checked().trees().roles.iter();
    let role = |(role, tree): (&crate::document::Role, &Option<Option<Tree>>)| {
        let when = requirement(document, role.when.as_ref(), tree.as_ref());
        let mut said = alloc::vec![("grants", Json::told(&role.grants))];
        said.extend(when.map(|when| ("when", when)));
        Json::told_entry(role, said)
    };
    document.roles.iter().zip(trees).map(role).listed()
}

fn operations(studio: &Studio, document: &Document) -> Vec<Json> {
    let trees = studio.checked().trees();
    let items = document.menu.iter().map(|item| (&*item.id, item)).gather();
    let operation = |(index, operation): (usize, &crate::document::Operation)| {
        let paths: Vec<Json> = operation.menu.iter().map(|item| path(&items, item).into()).listed();
        let when_trees = trees.obligations.get(index).into_iter().flatten();
        let obligations = operation.obligations.iter().zip(when_trees).map(|(obligation, tree)| {
            let when = requirement(document, Some(&obligation.when), Some(tree));
            Json::told_entry(obligation, when.map(|when| ("when", when)).into_iter().listed())
        });
        let requires = requirement(document, Some(&operation.requires), trees.operations.get(index));
        let mut said = alloc::vec![
            ("section", (&*operation.section).into()),
            ("menu", paths.into()),
            ("verbs", Json::told(&operation.verbs)),
            ("obligations", obligations.listed().into()),
            ("restricts", operation.restricts.into()),
            ("sources", Json::told(&operation.sources)),
        ];
        said.extend(requires.map(|requires| ("requires", requires)));
        Json::told_entry(operation, said)
    };
    document.operations.iter().enumerate().map(operation).listed()
}

/// A menu item's path, root first.
fn path(items: &Map<&str, &MenuItem>, item: &str) -> Vec<Json> {
    let mut path = Vec::new();
    let mut here = Some(item);
    while let Some(item) = here.and_then(|id| items.get(id)) {
        path.push(Json::object().with("id", &*item.id).with("label", &*item.label));
        here = item.parent.as_deref();
    }
    path.reverse();
    path
}

fn guides(studio: &Studio, document: &Document) -> Vec<Json> {
    let trees = studio.checked().trees().guides.iter();
    let guide = |(guide, trees): (&crate::document::Guide, &Vec<Option<Tree>>)| {
        let steps = guide.steps.iter().zip(trees).map(|(step, tree)| {
            let done = requirement(document, Some(&step.done), Some(tree));
            Json::told_entry(step, done.map(|done| ("done", done)).into_iter().listed())
        });
        Json::told_entry(guide, alloc::vec![("steps", steps.listed().into())])
    };
    document.guides.iter().zip(trees).map(guide).listed()
}

fn rules(studio: &Studio, document: &Document) -> Vec<Json> {
    let trees = studio.checked().trees().rules.iter();
    let rule = |(rule, tree): (&crate::document::ChangeRule, &Option<Tree>)| {
        let requires = requirement(document, Some(&rule.requires), Some(tree));
        Json::told_entry(rule, requires.map(|requires| ("requires", requires)).into_iter().listed())
    };
    document.change_rules.iter().zip(trees).map(rule).listed()
}
