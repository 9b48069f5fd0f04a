//! References: every id that an entry names outside its requirements exists.

use super::names::{Index, Names, declared};
use crate::diagnostic::{Code, Findings, Severity};
use crate::document::{Document, Id, List};
use crate::model::limits;
use crate::source::{Pointer, ROOT};
use crate::util::suggest::did_you_mean;
use hashbrown::HashSet;
use std::collections::BTreeSet;

pub(super) fn check(document: &Document, names: &Names, findings: &mut Findings) {
    let mut refer = References { names, findings };
    for (at, item) in document.menu.at(ROOT, "menu") {
        if let Some(parent) = &item.parent {
            refer.one("menu item", &at.at("parent"), parent, &[&names.menu]);
        }
    }
    for (at, operation) in document.operations.at(ROOT, "operations") {
        refer.each("menu item", (&at, "menu"), &operation.menu, &[&names.menu]);
        refer.each("verb", (&at, "verbs"), &operation.verbs, &[&names.verbs]);
        let owed = operation.obligations.at(&at, "obligations").map(|(at, owed)| (at, &owed.id));
        declared(owed, &[], refer.findings);
    }
    for (at, guide) in document.guides.at(ROOT, "guides") {
        let steps = || guide.steps.at(&at, "steps");
        declared(steps().map(|(at, step)| (at, &step.id)), &[], refer.findings);
        for (at, step) in steps() {
            if let Some(operation) = &step.operation {
                refer.one("operation", &at.at("operation"), operation, &[&names.operations]);
            }
        }
    }
    let granted = [&names.privileges, &names.roles, &names.facts];
    for (at, rule) in document.change_rules.at(ROOT, "changeRules") {
        refer.each("privilege, role or fact", (&at, "of"), &rule.of, &granted);
    }
    refer.renamed(document);
    refer.allow(document);
    menu_shape(document, names, findings);
}

struct References<'a, 'n, 'f> {
    names: &'a Names<'n>,
    findings: &'a mut Findings<'f>,
}

impl References<'_, '_, '_> {
    fn one(&mut self, what: &str, at: &Pointer, id: &str, tables: &[&Index]) {
        if !tables.iter().any(|table| table.has(id)) && !self.findings.is_broken(id) {
            let help = self.names.help(id, tables);
            self.findings.add(Code::UnknownId, at, format!("unknown {what} `{id}`"), help);
        }
    }

    fn each(&mut self, what: &str, (above, key): (&Pointer, &str), ids: &List<Id>, tables: &[&Index]) {
        let mut seen = HashSet::new();
        for (at, id) in ids.at(above, key) {
            if ids.len() < 2 || seen.insert(id) {
                self.one(what, &at, id, tables);
            } else {
                let message = format!("{what} `{id}` is named twice");
                self.findings.add(Code::DuplicateId, &at, message, Some("name it once".into()));
            }
        }
    }

    fn renamed(&mut self, document: &Document) {
        let names = self.names;
        let all = [&names.facts, &names.privileges, &names.roles, &names.operations, &names.menu, &names.verbs];
        for (old, new) in document.renamed.iter() {
            let renamed = ROOT.at("renamed");
            let at = renamed.at(old);
            self.one("id", &at, new, &all);
            if let Some(what) = names.elsewhere(old) {
                let message = format!("`{old}` is said to be renamed, but is still {what}");
                self.findings.add_key(Code::RenamedStillExists, &at, message, None);
            }
        }
    }

    fn allow(&mut self, document: &Document) {
        for (at, allow) in document.allow.at(ROOT, "allow") {
            let warnings = || Code::ALL.iter().filter(|code| code.severity() == Severity::Warning);
            if !warnings().any(|code| code.as_str() == allow.code) {
                let is_error = Code::ALL.iter().any(|code| code.as_str() == allow.code);
                let help = did_you_mean(&allow.code, warnings().map(|code| code.as_str()));
                let help = if is_error { Some("only warnings can be accepted".into()) } else { help };
                let message = format!("`{}` is not a warning's code", allow.code);
                self.findings.add(Code::InvalidValue, &at.at("code"), message, help);
            }
            if allow.reason.trim().is_empty() {
                let help = Some("say why the warning is right as it is".into());
                self.findings.add(Code::InvalidValue, &at.at("reason"), "the reason is empty".into(), help);
            }
        }
    }
}

/// Reports each ring of menu items that stand under one another, at its first item, and the first item that stands too
/// deep: a menu without findings ends above every item.
fn menu_shape(document: &Document, names: &Names, findings: &mut Findings) {
    let parent = |index: usize| -> Option<usize> {
        document.menu.get(index)?.parent.as_ref().and_then(|parent| names.menu.get(parent))
    };
    let above = |start: usize| {
        let ancestors = std::iter::successors(parent(start), |index| parent(*index));
        ancestors.take(limits::MENU_DEPTH + 1).collect()
    };
    let mut add = |code, index, message| {
        findings.add(code, &document.menu.pointer(ROOT, "menu", index).at("parent"), message, None);
    };
    let id = |index: usize| document.menu.get(index).map_or("", |item| &*item.id);
    let mut in_a_ring = BTreeSet::new();
    for start in 0..document.menu.len() {
        let above: Vec<usize> = above(start);
        if let Some(length) = above.iter().position(|index| *index == start) {
            if in_a_ring.insert(start) {
                add(Code::Cycle, start, format!("menu item `{}` stands under itself", id(start)));
            }
            in_a_ring.extend(above.into_iter().take(length));
        }
    }
    let too_deep = (0..document.menu.len()).find(|start| {
        let above = above(*start);
        above.len() > limits::MENU_DEPTH && !above.iter().any(|index| in_a_ring.contains(index))
    });
    if let Some(start) = too_deep {
        let message = format!("menu item `{}` stands deeper than the limit of {}", id(start), limits::MENU_DEPTH);
        add(Code::LimitExceeded, start, message);
    }
}
