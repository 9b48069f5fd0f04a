//! Change rules: each is about some change, and its `of` names only what a change of its kinds can be about.

use super::names::Names;
use crate::diagnostic::{Code, Findings};
use crate::document::{ChangeKind, ChangeRule, Document};
use crate::source::{Pointer, ROOT};
use crate::util::suggest::one_of;

use ChangeKind::{Create, Delete, Facts, Privileges, Result, RoleDefinition, Roles};

pub(super) fn check(document: &Document, names: &Names, findings: &mut Findings) {
    for (at, rule) in document.change_rules.at(ROOT, "changeRules") {
        if rule.on.is_empty() {
            let help = "name the kinds of change that it is about; `result` is every change".into();
            findings.add(
                Code::InvalidValue,
                &at.at("on"),
                format!("rule `{}` is about no change", rule.id),
                Some(help),
            );
        } else if !rule.of.is_empty() {
            self::rule(&at, rule, names, findings);
        }
    }
}

fn rule(at: &Pointer, rule: &ChangeRule, names: &Names, findings: &mut Findings) {
    let on = |kinds: &[ChangeKind]| rule.on.iter().any(|kind| kinds.contains(kind));
    let within = rule.within.is_some();
    if on(&[Result]) && !within {
        let message = format!("rule `{}` is on the result, which `of` does not narrow", rule.id);
        let help = "the result of every change is meant: take `of` away, or say in `requires` when it matters".into();
        findings.add(Code::WrongKind, &at.at("of"), message, Some(help));
        return;
    }
    // An id that nothing declares is reported by itself, and may be meant for anything.
    let has_stranger =
        rule.of.iter().any(|id| ![&names.privileges, &names.roles, &names.facts].iter().any(|it| it.has(id)));
    let sorts = [
        ("privilege", &names.privileges, [Privileges, RoleDefinition].as_slice(), within),
        ("role", &names.roles, &[Roles], false),
        ("fact", &names.facts, &[Facts], false),
    ];
    for (what, table, kinds, is_possible) in sorts {
        let of_this = || rule.of.at(at, "of").filter(|(_, id)| table.has(id));
        let is_named = has_stranger || of_this().next().is_some();
        for kind in kinds.iter().filter(|kind| on(&[**kind]) && !is_named && !(within && **kind != Privileges)) {
            let message = format!("rule `{}` is on `{}`, but its `of` names no {what}", rule.id, kind.as_str());
            let help = format!("name a {what}, or make it a rule of its own");
            findings.add(Code::WrongKind, &at.at("of"), message, Some(help));
        }
        if !is_possible && !on(kinds) && !on(&[Create, Delete]) {
            for (at, id) in of_this() {
                let message = format!("rule `{}` is about no change of {what} `{id}`", rule.id);
                let help = format!("its `on` would need {}", one_of(kinds.iter().map(|kind| kind.as_str())));
                findings.add(Code::WrongKind, &at, message, Some(help));
            }
        }
    }
}
