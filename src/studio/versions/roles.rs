//! Roles that grant other values in another version.

use super::difference::{Difference, DifferenceKind};
use crate::check::{Atom, Formula};
use crate::model::{PrivilegeKind, Verdict};
use crate::pack::{Program, Role};
use crate::session::{RoleRef, Subject, SubjectFault};
use crate::studio::Studio;
use crate::studio::search::cone::ConeOfInfluence;
use crate::studio::search::space::Id;
use crate::util::{collect_ordered, collect_set, sort};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// The roles that are tried alone: beyond them, every role with other grants is reported.
const TRIED: usize = 1_024;

/// The roles of both versions whose grants differ: if that shows in the decisions on who has the role alone; or if the role is held
/// in the witness of a decision that differs, without inline roles; or if no operation whose decision differs reads what is granted
/// otherwise. Else those operations say what it changes: how it joins with inline roles.
pub(super) fn roles(
    before: &Studio,
    after: &Studio,
    renamed: &BTreeMap<String, String>,
    decided: &[Difference],
) -> Vec<Difference> {
    let new_name = |id: &str| renamed.get(id).cloned().unwrap_or_else(|| id.into());
    let (old, new) = (before.policy().program(), after.policy().program());
    let told = OnceCell::new();
    let (mut found, mut tried) = (Vec::new(), 0);
    for role in &old.roles {
        let id = new_name(&role.id);
        let Some(counterpart) = new.roles.find(&id).and_then(|index| new.roles.get(index)) else { continue };
        let (grants, others) = (grants(old, role, &new_name), grants(new, counterpart, &|id| id.into()));
        let keys = grants.keys().chain(others.keys());
        let changed: Vec<&String> = keys.filter(|id| grants.get(*id) != others.get(*id)).collect();
        if changed.is_empty() {
            continue;
        }
        let (read, held) = told.get_or_init(|| {
            let both = |of: Collect| {
                let mut both = of(before, decided, &new_name);
                both.extend(of(after, decided, &|id| id.into()));
                both
            };
            (both(privileges_read), both(held_in_witnesses))
        });
        let is_told = changed.iter().any(|id| read.contains(*id)) && tried < TRIED;
        tried += usize::from(is_told);
        let opens = || decisions(before, &role.id, &new_name) != decisions(after, &id, &|id| id.into());
        if !is_told || held.contains(&id) || opens() {
            let [before, after] = [text(grants), text(others)];
            found.push(Difference { before, after, ..Difference::new(&id, DifferenceKind::Role) });
        }
    }
    found
}

/// Collects ids of one version, by their names in the comparison.
type Collect = fn(&Studio, &[Difference], &dyn Fn(&str) -> String) -> BTreeSet<String>;

/// What a role grants, by privilege.
type Grants = BTreeMap<String, Vec<String>>;

fn grants(program: &Program, role: &Role, new_name: &dyn Fn(&str) -> String) -> Grants {
    let mut all = Grants::new();
    for grant in &role.grants {
        let Some(privilege) = program.privileges.at(grant.privilege) else { continue };
        let lowest = u32::from(privilege.kind == PrivilegeKind::Level);
        let value = match privilege.kind {
            PrivilegeKind::Flag => None,
            PrivilegeKind::Number => Some(grant.value.to_string()),
            _ => privilege.values.get(grant.value.saturating_sub(lowest) as usize).cloned(),
        };
        all.entry(new_name(&privilege.id)).or_default().extend(value);
    }
    for values in all.values_mut() {
        sort::sort(values);
    }
    all
}

/// Grants as text: `desk: north, users: modify export`.
fn text(grants: Grants) -> String {
    let grant = |(id, values): (String, Vec<String>)| {
        if values.is_empty() { id } else { format!("{id}: {}", values.join(" ")) }
    };
    grants.into_iter().map(grant).collect::<Vec<_>>().join(", ")
}

/// The decisions on somebody who has a role and nothing else, by operation; or why there are none.
fn decisions(
    studio: &Studio,
    role: &str,
    new_name: &dyn Fn(&str) -> String,
) -> Result<BTreeMap<String, Option<Verdict>>, SubjectFault> {
    let subject = Subject { roles: vec![RoleRef::Known(role.into())], ..Subject::default() };
    let session = studio.policy().session(&subject).map_err(|error| error.fault())?;
    let decision = |id| session.decide(id).ok().map(|decision| decision.verdict);
    Ok(collect_ordered(studio.policy().operations().map(|id| (new_name(id), decision(id)))))
}

/// The roles that are held in the witnesses of differences, without those that have inline roles.
fn held_in_witnesses(studio: &Studio, decided: &[Difference], new_name: &dyn Fn(&str) -> String) -> BTreeSet<String> {
    let inline = |it: &RoleRef| it.inline_grants().is_some();
    let witnesses = decided.iter().filter_map(|it| it.witness.as_ref()).filter(|it| !it.roles.iter().any(inline));
    let mut held = BTreeSet::new();
    for session in witnesses.filter_map(|it| studio.policy().session(it).ok()) {
        let roles = studio.policy().program().roles.ids().zip(session.held_roles());
        held.extend(roles.filter(|(_, held)| *held == Verdict::Yes).map(|(id, _)| new_name(id)));
    }
    held
}

/// The privileges that operations whose decisions differ read in a version.
fn privileges_read(studio: &Studio, decided: &[Difference], new_name: &dyn Fn(&str) -> String) -> BTreeSet<String> {
    let program = studio.policy().program();
    let differing = decided.iter().filter(|it| it.kind == DifferenceKind::Operation).map(|it| it.id.as_str());
    let differing: BTreeSet<&str> = collect_set(differing);
    let operations = program.operations.ids().enumerate().filter(|(_, id)| differing.contains(new_name(id).as_str()));
    let formulas = operations.map(|(index, _)| Formula::Atom(Atom::Allowed(index)));
    let cone = ConeOfInfluence::of(studio.checked().resolved(), program, formulas);
    let is_read = |(index, id): (usize, &str)| cone.ids.contains_key(&Id::Privilege(index)).then(|| new_name(id));
    collect_set(program.privileges.ids().enumerate().filter_map(is_read))
}
