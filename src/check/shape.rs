//! Checks entries by themselves: keys that fit the kind, levels and options, valid values, limits.

use super::names::{Names, index_ids};
use crate::diagnostic::{Code, Findings};
use crate::document::{Document, Fact, Privilege};
use crate::model::ids::GRANT_KEYS;
use crate::model::validate::{self, InvalidValue};
use crate::model::{FactKind, PrivilegeKind, limits};
use crate::source::{Pointer, ROOT};
use crate::util::suggest::all_of;

/// Checks the format, the verbs, the facts, the privileges and the grants of roles.
pub(super) fn check(document: &Document, names: &Names, findings: &mut Findings) {
    if document.format != 1 {
        let message = format!("unsupported format `{}`", document.format);
        findings.add(
            Code::UnsupportedFormat,
            &ROOT.at("format"),
            message,
            Some("this release supports format 1".into()),
        );
    }
    if document.verbs.len() > limits::VERBS {
        let message = format!("policy has {} verbs; the limit is {}", document.verbs.len(), limits::VERBS);
        findings.add(Code::LimitExceeded, &ROOT.at("verbs"), message, None);
    }
    for (at, entry) in document.facts.at(ROOT, "facts") {
        fact(&at, entry, findings);
    }
    for (at, entry) in document.privileges.at(ROOT, "privileges") {
        privilege(&at, entry, findings);
    }
    for (at, role) in document.roles.at(ROOT, "roles") {
        for (id, value) in &role.grants {
            let grants = at.at("grants");
            let here = grants.at(id);
            match names.privileges.get(id).and_then(|index| document.privileges.get(index)) {
                Some(privilege) => {
                    let validated = validate::grant(id, privilege.kind, &privilege.values(), privilege.range(), value);
                    report_invalid(validated.err(), &here, findings);
                }
                None if findings.is_broken(id) => {}
                None => {
                    let help = names.help(id, &[&names.privileges]);
                    findings.add_key(Code::UnknownId, &here, format!("unknown privilege `{id}`"), help);
                }
            }
        }
    }
}

fn fact(at: &Pointer, fact: &Fact, findings: &mut Findings) {
    let owner = || format!("{} fact `{}`", fact.kind.name(), fact.id);
    check_values(at, "options", &owner, fact.kind == FactKind::Choice, fact.options.len(), findings);
    check_values(at, "levels", &owner, fact.kind == FactKind::Level, fact.levels.len(), findings);
    index_ids(fact.levels.at(at, "levels").map(|(at, level)| (at, &level.id)), &[], findings);
    index_ids(fact.options.at(at, "options").map(|(at, option)| (at, &option.id)), &[], findings);
    for (key, value) in [("default", &fact.default), ("absent", &fact.absent)] {
        if let Some(value) = value {
            let validated = validate::fact(&fact.id, fact.kind, &fact.values(), value);
            report_invalid(validated.err(), &at.at(key), findings);
        }
    }
}

fn privilege(at: &Pointer, privilege: &Privilege, findings: &mut Findings) {
    let kind = privilege.kind;
    if GRANT_KEYS.contains(&&*privilege.id) {
        let message = format!("`{}` cannot be the id of a privilege", privilege.id);
        let help = format!("grants and roles have keys of this name: {}", all_of(GRANT_KEYS.into_iter()));
        findings.add(Code::InvalidId, &at.at("id"), message, Some(help));
    }
    let owner = || format!("{} privilege `{}`", kind.name(), privilege.id);
    let has_options = matches!(kind, PrivilegeKind::Choice | PrivilegeKind::Set);
    check_values(at, "levels", &owner, kind == PrivilegeKind::Level, privilege.levels.len(), findings);
    check_values(at, "options", &owner, has_options, privilege.options.len(), findings);
    index_ids(privilege.levels.at(at, "levels").map(|(at, level)| (at, &level.id)), &[], findings);
    index_ids(privilege.options.at(at, "options").map(|(at, option)| (at, &option.id)), &[], findings);
    let number_keys =
        [("unit", privilege.unit.is_some()), ("min", privilege.min.is_some()), ("max", privilege.max.is_some())];
    for (key, _) in number_keys.into_iter().filter(|(_, present)| *present && kind != PrivilegeKind::Number) {
        let help = Some(String::from("only number privileges have `unit`, `min` and `max`"));
        findings.add(Code::WrongKind, &at.at(key), format!("{} has no `{key}`", owner()), help);
    }
    let (min, max) = privilege.range();
    if min > max {
        let message = format!("the minimum `{min}` is above the maximum `{max}`");
        findings.add(Code::InvalidValue, &at.at("min"), message, None);
    }
    if privilege.cost == Some(0) {
        let help = Some(String::from("use a whole number from 1"));
        findings.add(Code::InvalidValue, &at.at("cost"), "`cost` cannot be `0`".into(), help);
    }
}

/// Checks that levels or options are declared if and only if the kind has them, and that their number is within the
/// limit.
fn check_values(
    at: &Pointer,
    key: &str,
    owner: &dyn Fn() -> String,
    expected: bool,
    count: usize,
    findings: &mut Findings,
) {
    if expected && count == 0 {
        findings.add(Code::MissingKey, at, format!("{} needs `{key}`", owner()), None);
    } else if !expected && count > 0 {
        findings.add(Code::WrongKind, &at.at(key), format!("{} has no `{key}`", owner()), None);
    } else if count > limits::VALUES {
        let message = format!("{} has {count} {key}; the limit is {}", owner(), limits::VALUES);
        findings.add(Code::LimitExceeded, &at.at(key), message, None);
    }
}

fn report_invalid(invalid: Option<InvalidValue>, at: &Pointer, findings: &mut Findings) {
    if let Some(InvalidValue { message, help, unknown }) = invalid {
        findings.add(if unknown { Code::UnknownValue } else { Code::WrongKind }, at, message, Some(help));
    }
}
