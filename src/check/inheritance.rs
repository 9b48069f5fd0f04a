//! The grants of roles, with those of the roles that they inherit.

use super::graph::{describe_cycle, topological};
use super::names::Names;
use crate::diagnostic::{Code, Findings};
use crate::document::{Document, Map, Privilege, Role};
use crate::model::{PrivilegeKind, Value, limits, validate};
use crate::source::ROOT;
use crate::util::collect_ordered;
use std::collections::BTreeMap;

/// A value that a role inherits: the id of the role that declares it, and the value.
type Inherited<'a> = (&'a str, Value);

/// The grants of all roles, by index. Flags, levels and sets are joined with those that are inherited; a choice or number
/// that the role grants itself counts alone, and of inherited numbers the largest. Reports cycles, choices of which different
/// options are inherited, and too many grants. O(grants).
pub(super) fn join(document: &Document, names: &Names, findings: &mut Findings) -> Vec<Map<Value>> {
    let mut all: Vec<BTreeMap<&str, Inherited>> = vec![BTreeMap::new(); document.roles.len()];
    let (mut grants_left, mut reads_left) = (limits::ROLE_GRANTS, limits::INHERITED_GRANTS);
    for index in in_order(document, names, findings) {
        let Some(role) = document.roles.get(index) else { continue };
        let mut inherited = BTreeMap::new();
        let parents = role.inherits.iter().filter_map(|id| all.get(names.roles.get(id)?));
        let reads = parents.fold(0_usize, |reads, parent| reads.saturating_add(parent.len()));
        let Some(left) = reads_left.checked_sub(reads) else {
            let limit = limits::INHERITED_GRANTS;
            let message = format!(
                "the roles inherit more than {limit} grants, counted for each role that they inherit them from"
            );
            report_limit(document, index, message, findings);
            break;
        };
        reads_left = left;
        for parent in role.inherits.iter().filter_map(|id| names.roles.get(id)) {
            for (privilege, value) in all.get(parent).into_iter().flatten() {
                let Some(known) = inherited.get_mut(privilege) else {
                    inherited.insert(*privilege, value.clone());
                    continue;
                };
                if known.1 == value.1 {
                    continue;
                }
                let Some(declared) = declared(document, names, privilege) else { continue };
                match known {
                    known if declared.kind == PrivilegeKind::Choice => {
                        if !role.grants.contains_key(*privilege) {
                            report_conflict(document, index, declared, [known, value], findings);
                        }
                    }
                    known => known.1 = union(declared, &known.1, &value.1),
                }
            }
        }
        for (id, value) in &role.grants {
            let Some(declared) = declared(document, names, id) else { continue };
            let replaces = matches!(declared.kind, PrivilegeKind::Choice | PrivilegeKind::Number);
            let value = match inherited.get(id.as_str()) {
                Some((_, of_parent)) if !replaces => union(declared, of_parent, value),
                _ => value.clone(),
            };
            inherited.insert(id, (&role.id, value));
        }
        let Some(left) = grants_left.checked_sub(inherited.len()) else {
            let message =
                format!("the roles have more than {} grants with those that they inherit", limits::ROLE_GRANTS);
            report_limit(document, index, message, findings);
            break;
        };
        grants_left = left;
        if let Some(of_role) = all.get_mut(index) {
            *of_role = inherited;
        }
    }
    let owned = |grants: BTreeMap<&str, Inherited>| {
        collect_ordered(grants.into_iter().map(|(id, (_, value))| (String::from(id), value)))
    };
    all.into_iter().map(owned).collect()
}

fn report_limit(document: &Document, role: usize, message: String, findings: &mut Findings) {
    let at = document.roles.pointer(ROOT, "roles", role);
    findings.add(Code::LimitExceeded, &at, message, Some("inherit fewer roles".into()));
}

/// The roles, each after those that it inherits. Roles on a cycle, and those that inherit one, are left out; each cycle is
/// reported at its first role.
fn in_order(document: &Document, names: &Names, findings: &mut Findings) -> Vec<usize> {
    let parents = |role: &Role| -> Vec<usize> { role.inherits.iter().filter_map(|id| names.roles.get(id)).collect() };
    let parents: Vec<Vec<usize>> = document.roles.iter().map(parents).collect();
    let (order, cycles) = topological(&parents);
    for cycle in cycles {
        let name = |index: &usize| document.roles.get(*index).map(|role| format!("`{}`", role.id)).unwrap_or_default();
        let names: Vec<String> = cycle.iter().map(name).collect();
        let message = describe_cycle("role", "inherits", &names);
        let at = document.roles.pointer(ROOT, "roles", cycle.first().copied().unwrap_or_default());
        findings.add(
            Code::Cycle,
            &at.at("inherits"),
            message,
            Some("remove one of these roles from `inherits`".into()),
        );
    }
    order
}

/// The declaration of a privilege with a valid grant. Invalid grants are reported elsewhere.
fn declared<'a>(document: &'a Document, names: &Names, id: &str) -> Option<&'a Privilege> {
    document.privileges.get(names.privileges.get(id)?)
}

/// The join of two values of a flag, level, set or number. A value that is invalid is replaced by the other one.
fn union(privilege: &Privilege, one: &Value, other: &Value) -> Value {
    let codes = |value: &Value| {
        let declared = (privilege.values(), privilege.range());
        validate::grant(&privilege.id, privilege.kind, &declared.0, declared.1, value).unwrap_or_default()
    };
    let (a, b) = (codes(one), codes(other));
    if privilege.kind != PrivilegeKind::Set {
        return if a < b { other.clone() } else { one.clone() };
    }
    let is_in = |index: u32| a.contains(&index) || b.contains(&index);
    let options = (0..).zip(privilege.values()).filter(|(index, _)| is_in(*index));
    Value::List(options.map(|(_, option)| Value::Text(option)).collect())
}

fn report_conflict(
    document: &Document,
    role: usize,
    choice: &Privilege,
    [(from, option), (other_from, other)]: [&Inherited; 2],
    findings: &mut Findings,
) {
    let id = document.roles.get(role).map_or("", |role| &*role.id);
    let message = format!(
        "role `{id}` inherits different options of choice `{}`: `{}` from `{from}` and `{}` from `{other_from}`",
        choice.id,
        option.shown(),
        other.shown()
    );
    let help = format!("grant `{}` in role `{id}`, or inherit only one of them", choice.id);
    let at = document.roles.pointer(ROOT, "roles", role);
    findings.add(Code::InheritedConflict, &at.at("inherits"), message, Some(help));
}
