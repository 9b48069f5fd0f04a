//! Checks change rules: each has a kind of change, and its `of` fits those kinds.

use super::names::Names;
use crate::diagnostic::{Code, Findings};
use crate::document::{ChangeKind, ChangeRule, Document, Within};
use crate::source::{Pointer, ROOT};
use crate::util::suggest::one_of;

use ChangeKind::{Create, Delete, Facts, Privileges, Result, RoleDefinition, Roles};

/// Reports rules without a kind of change, and rules whose `of` does not fit their `on`.
pub(super) fn check(document: &Document, names: &Names, findings: &mut Findings) {
    for (at, rule) in document.change_rules.at(ROOT, "changeRules") {
        if rule.on.is_empty() {
            let help = "list the kinds of change in `on`; `result` means every change".into();
            findings.add(
                Code::InvalidValue,
                &at.at("on"),
                format!("rule `{}` applies to no change", rule.id),
                Some(help),
            );
        } else if !rule.of.is_empty() {
            check_of(&at, rule, names, findings);
        }
    }
}

/// Checks that `of` has an id for each kind of change in `on` that concerns ids, and `on` a kind of change for each id
/// in `of`.
fn check_of(at: &Pointer, rule: &ChangeRule, names: &Names, findings: &mut Findings) {
    let on = |kinds: &[ChangeKind]| rule.on.iter().any(|kind| kinds.contains(kind));
    // `actor-opens` is about operations, which `of` does not name.
    let within = rule.no_dormant || matches!(rule.within, Some(Within::Actor | Within::ActorAll));
    if on(&[Result]) && !within {
        let message = format!("rule `{}` is on `result`, which `of` cannot limit", rule.id);
        let help = "remove `of`, or put the condition into `requires`".into();
        findings.add(Code::WrongKind, &at.at("of"), message, Some(help));
        return;
    }
    // An unknown id is reported elsewhere. It may be intended for any table, so nothing is reported as missing then.
    let has_unknown_id =
        rule.of.iter().any(|id| ![&names.privileges, &names.roles, &names.facts].iter().any(|it| it.has(id)));
    let tables = [
        ("privilege", &names.privileges, [Privileges, RoleDefinition].as_slice(), within),
        ("role", &names.roles, &[Roles], false),
        ("fact", &names.facts, &[Facts], false),
    ];
    for (what, table, kinds, is_possible) in tables {
        let ids_of_table = || rule.of.at(at, "of").filter(|(_, id)| table.has(id));
        let is_covered = has_unknown_id || ids_of_table().next().is_some();
        for kind in kinds.iter().filter(|kind| on(&[**kind]) && !is_covered && !(within && **kind != Privileges)) {
            let message = format!("rule `{}` is on `{}`, but its `of` lists no {what}", rule.id, kind.as_str());
            let help = format!("add a {what} to `of`, or declare a separate rule on `{}`", kind.as_str());
            findings.add(Code::WrongKind, &at.at("of"), message, Some(help));
        }
        if !is_possible && !on(kinds) && !on(&[Create, Delete]) {
            for (at, id) in ids_of_table() {
                let message = format!("rule `{}` never applies to {what} `{id}`", rule.id);
                let help = format!(
                    "add {} to `on`, or remove `{id}` from `of`",
                    one_of(kinds.iter().map(|kind| kind.as_str()))
                );
                findings.add(Code::WrongKind, &at, message, Some(help));
            }
        }
    }
}
