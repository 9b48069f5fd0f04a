//! Checks references outside requirements: every id that an entry names is declared, and named once in its list.

use super::names::{Index, Names, index_ids};
use crate::diagnostic::{Code, Findings, Severity};
use crate::document::{Document, Id, List};
use crate::model::limits;
use crate::source::{Pointer, ROOT};
use crate::util::suggest::did_you_mean;
use hashbrown::HashSet;
use std::collections::BTreeSet;

/// Checks the references in the menu, operations, guides, change rules and `allow`; that the ids of an
/// operation's obligations and of a guide's steps are distinct; and the menu tree.
pub(super) fn check(document: &Document, names: &Names, findings: &mut Findings) {
    let mut references = References { names, findings };
    for (at, item) in document.menu.at(ROOT, "menu") {
        if let Some(parent) = &item.parent {
            references.check_id("menu item", &at.at("parent"), parent, &[&names.menu]);
        }
    }
    for (at, role) in document.roles.at(ROOT, "roles") {
        references.check_ids("role", (&at, "inherits"), &role.inherits, &[&names.roles]);
    }
    for (at, operation) in document.operations.at(ROOT, "operations") {
        references.check_ids("menu item", (&at, "menu"), &operation.menu, &[&names.menu]);
        references.check_ids("verb", (&at, "verbs"), &operation.verbs, &[&names.verbs]);
        let owed = operation.obligations.at(&at, "obligations").map(|(at, owed)| (at, &owed.id));
        index_ids(owed, &[], references.findings);
    }
    for (at, guide) in document.guides.at(ROOT, "guides") {
        let steps = || guide.steps.at(&at, "steps");
        index_ids(steps().map(|(at, step)| (at, &step.id)), &[], references.findings);
        for (at, step) in steps() {
            if let Some(operation) = &step.operation {
                references.check_id("operation", &at.at("operation"), operation, &[&names.operations]);
            }
        }
    }
    let granted = [&names.privileges, &names.roles, &names.facts];
    for (at, rule) in document.change_rules.at(ROOT, "changeRules") {
        references.check_ids("privilege, role or fact", (&at, "of"), &rule.of, &granted);
    }
    references.check_allow(document);
    check_menu_tree(document, names, findings);
}

struct References<'a, 'n, 'f> {
    names: &'a Names<'n>,
    findings: &'a mut Findings<'f>,
}

impl References<'_, '_, '_> {
    /// Reports an id that is in none of `tables`.
    fn check_id(&mut self, what: &str, at: &Pointer, id: &str, tables: &[&Index]) {
        if !tables.iter().any(|table| table.has(id)) && !self.findings.is_broken(id) {
            let help = self.names.help(id, tables);
            self.findings.add(Code::UnknownId, at, format!("unknown {what} `{id}`"), help);
        }
    }

    /// Reports the ids of a list that are in none of `tables`, and ids that are listed twice.
    fn check_ids(&mut self, what: &str, (parent, key): (&Pointer, &str), ids: &List<Id>, tables: &[&Index]) {
        let mut seen = HashSet::new();
        for (at, id) in ids.at(parent, key) {
            if ids.len() < 2 || seen.insert(id) {
                self.check_id(what, &at, id, tables);
            } else {
                let message = format!("{what} `{id}` is listed twice");
                self.findings.add(Code::DuplicateId, &at, message, Some("list it once".into()));
            }
        }
    }

    /// Reports `allow` entries whose code is not that of a warning or whose reason is empty.
    fn check_allow(&mut self, document: &Document) {
        for (at, allow) in document.allow.at(ROOT, "allow") {
            let warnings = || Code::ALL.iter().filter(|code| code.severity() == Severity::Warning);
            if !warnings().any(|code| code.as_str() == allow.code) {
                let is_error = Code::ALL.iter().any(|code| code.as_str() == allow.code);
                let help = did_you_mean(&allow.code, warnings().map(|code| code.as_str()));
                let help = if is_error { Some("only warnings can be accepted".into()) } else { help };
                let message = format!("`{}` is not the code of a warning", allow.code);
                self.findings.add(Code::InvalidValue, &at.at("code"), message, help);
            }
            if allow.reason.trim().is_empty() {
                let help = Some("state why the warning is accepted".into());
                self.findings.add(Code::InvalidValue, &at.at("reason"), "`reason` is empty".into(), help);
            }
        }
    }
}

/// Reports each cycle of menu items at its first item, and the first item that is nested too deep. A menu without such
/// reports is a forest. O(items × depth).
fn check_menu_tree(document: &Document, names: &Names, findings: &mut Findings) {
    let parent = |index: usize| -> Option<usize> {
        document.menu.get(index)?.parent.as_ref().and_then(|parent| names.menu.get(parent))
    };
    let ancestors = |start: usize| {
        let chain = std::iter::successors(parent(start), |index| parent(*index));
        chain.take(limits::MENU_DEPTH + 1).collect()
    };
    let mut add = |code, index, message| {
        findings.add(code, &document.menu.pointer(ROOT, "menu", index).at("parent"), message, None);
    };
    let id = |index: usize| document.menu.get(index).map_or("", |item| &*item.id);
    let mut on_cycle = BTreeSet::new();
    for start in 0..document.menu.len() {
        let above: Vec<usize> = ancestors(start);
        if let Some(length) = above.iter().position(|index| *index == start) {
            if on_cycle.insert(start) {
                add(Code::Cycle, start, format!("menu item `{}` is its own ancestor", id(start)));
            }
            on_cycle.extend(above.into_iter().take(length));
        }
    }
    let too_deep = (0..document.menu.len()).find(|start| {
        let above: Vec<usize> = ancestors(*start);
        above.len() > limits::MENU_DEPTH && !above.iter().any(|index| on_cycle.contains(index))
    });
    if let Some(start) = too_deep {
        let message = format!("menu item `{}` is nested deeper than the limit of {}", id(start), limits::MENU_DEPTH);
        add(Code::LimitExceeded, start, message);
    }
}
