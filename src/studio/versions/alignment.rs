//! Aligns two versions of a policy, so that ids that exist in both have the same variables and values.

use crate::model::{FactKind, PrivilegeKind};
use crate::pack::{Fact, Grant, Privilege, Program, Role, Slot, Table};
use crate::studio::Studio;
use crate::studio::search::domains::numbers;
use crate::studio::search::space::{Domain, Id};
use crate::util::{collect_set, to_u32};
use litemap::LiteMap;
use std::collections::BTreeSet;

/// One version of the policy, aligned with the other one.
pub(super) struct AlignedVersion<'a> {
    pub(super) studio: &'a Studio,
    /// The program, with a role for each value of a choice or number that an inline role may give with an effect of its own.
    pub(super) program: Program,
    /// The domains of all possible subjects.
    pub(super) domains: LiteMap<Id, Domain>,
    /// The names of ids in the comparison, where they differ from the program's.
    pub(super) aliases: LiteMap<Id, String>,
    /// Ids that have no counterpart in the other version.
    pub(super) unmatched: BTreeSet<Id>,
    /// Roles that are to be added to the program.
    inline_roles: Vec<Role>,
}

/// Aligns two versions.
pub(super) fn align<'a>(before: &'a Studio, after: &'a Studio) -> (AlignedVersion<'a>, AlignedVersion<'a>) {
    let (mut before_version, mut after_version) = (AlignedVersion::of(before), AlignedVersion::of(after));
    before_version.unmatched.clear(); // those that have no counterpart are found below
    let renamed = after.checked().renamed();
    let (old, new) = (before.policy().program(), after.policy().program());
    let (mut matched, mut aligned) = (BTreeSet::new(), BTreeSet::new());
    for id in ids(old) {
        let name = crate::studio::search::space::name(old, id);
        let new_name = renamed.get(name).map_or(name, |new| &**new);
        let counterpart = find(new, id, new_name).filter(|counterpart| matched.insert(*counterpart));
        let paired = counterpart.and_then(|counterpart| Some((counterpart, pair(before, id, after, counterpart)?)));
        let Some((counterpart, (values, counterpart_values))) = paired else {
            // No id contains a space, so this name has no counterpart.
            before_version.aliases.insert(id, format!("before {name}"));
            before_version.unmatched.insert(id);
            continue;
        };
        before_version.aliases.insert(id, new_name.into());
        before_version.domains.insert(id, values);
        after_version.domains.insert(counterpart, counterpart_values);
        aligned.insert(counterpart);
        add_inline_roles([&mut before_version, &mut after_version], [id, counterpart], new_name);
    }
    after_version.unmatched = collect_set(after_version.unmatched.into_iter().filter(|id| !aligned.contains(id)));
    (before_version.with_inline_roles(), after_version.with_inline_roles())
}

impl<'a> AlignedVersion<'a> {
    fn of(studio: &'a Studio) -> Self {
        let domains = crate::studio::search::domains::full_domains(studio);
        let unmatched = collect_set(domains.keys().copied());
        let program = studio.policy().program().clone();
        Self { studio, program, domains, aliases: LiteMap::new_vec(), unmatched, inline_roles: Vec::new() }
    }

    /// Whether an inline role's choice or number joins with what a role gives.
    fn joins(&self, privilege: usize, kind: Option<PrivilegeKind>) -> bool {
        let gives = |role: &Role| role.grants.iter().any(|grant| grant.privilege as usize == privilege);
        let is_number = kind == Some(PrivilegeKind::Number);
        self.program.roles.iter().any(|role| (is_number || role.has_when()) && gives(role))
    }

    /// A role that gives one value, as an inline role would. [`Self::with_inline_roles`] adds it to the others.
    fn add_role(&mut self, id: String, privilege: usize, value: u32) {
        let grants = vec![Grant { privilege: to_u32(privilege), value }];
        let index = Id::Role(self.program.roles.len() + self.inline_roles.len());
        self.inline_roles.push(Role { id: id.clone(), grants, held: Slot::NO, input: 0 });
        self.domains.insert(index, Domain::Toggle);
        self.aliases.insert(index, id);
    }

    /// The version with the roles that stand for inline ones.
    fn with_inline_roles(mut self) -> Self {
        let roles = self.program.roles.iter().cloned().chain(std::mem::take(&mut self.inline_roles)).collect();
        // No id contains a space, so the ids are new.
        if let Ok(roles) = Table::new(roles) {
            self.program.roles = roles;
        }
        self
    }
}

/// The start of the names of roles that stand for inline ones.
pub(super) const INLINE: &str = "inline ";

/// Adds roles for what only inline roles can show. An own choice or number hides what roles give, and so does not show it; other own
/// grants join with those of roles as inline roles do. Inline roles matter only beside a role that gives the privilege too: of a
/// choice one that may be in doubt, since two that are held conflict.
fn add_inline_roles(versions: [&mut AlignedVersion; 2], ids: [Id; 2], name: &str) {
    let [before, after] = versions;
    let [Id::Privilege(old), Id::Privilege(new)] = ids else { return };
    let kind = before.program.privileges.get(old).map(|it| it.kind);
    if !matches!(kind, Some(PrivilegeKind::Choice | PrivilegeKind::Number))
        || !(before.joins(old, kind) || after.joins(new, kind))
    {
        return;
    }
    let values = |version: &AlignedVersion, id: Id| match version.domains.get(&id) {
        Some(Domain::OneOf(values)) => values.clone(),
        _ => Vec::new(),
    };
    let [old_id, new_id] = ids;
    let pairs = values(before, old_id).into_iter().zip(values(after, new_id));
    for (place, (old_value, new_value)) in pairs.enumerate() {
        if let (Some(old_value), Some(new_value)) = (old_value, new_value) {
            let id = format!("{INLINE}{name} {place}");
            before.add_role(id.clone(), old, old_value);
            after.add_role(id, new, new_value);
        }
    }
}

fn ids(program: &Program) -> Vec<Id> {
    let facts = (0..program.facts.len()).map(Id::Fact);
    let privileges = (0..program.privileges.len()).map(Id::Privilege);
    facts.chain(privileges).chain((0..program.roles.len()).map(Id::Role)).collect()
}

fn find(program: &Program, like: Id, name: &str) -> Option<Id> {
    match like {
        Id::Fact(_) => program.facts.find(name).map(Id::Fact),
        Id::Privilege(_) => program.privileges.find(name).map(Id::Privilege),
        Id::Role(_) => program.roles.find(name).map(Id::Role),
        Id::Inline(..) => None,
    }
}

/// The domains of an id and its counterpart, with the values that mean the same at the same index; `None` if their kinds differ or they
/// have no common value.
fn pair(before: &Studio, id: Id, after: &Studio, counterpart: Id) -> Option<(Domain, Domain)> {
    let (old, new) = (before.policy().program(), after.policy().program());
    match (id, counterpart) {
        (Id::Role(_), Id::Role(_)) => Some((Domain::Toggle, Domain::Toggle)),
        (Id::Fact(id), Id::Fact(counterpart)) => {
            let (old_tests, new_tests) = (before.checked().comparisons(), after.checked().comparisons());
            let bounds = collect_set(old_tests.fact_bounds(id).into_iter().chain(new_tests.fact_bounds(counterpart)));
            facts(old.facts.get(id)?, new.facts.get(counterpart)?, &bounds)
        }
        (Id::Privilege(id), Id::Privilege(counterpart)) => {
            let (old_tests, new_tests) = (before.checked().comparisons(), after.checked().comparisons());
            let bounds =
                collect_set(old_tests.privilege_bounds(id).into_iter().chain(new_tests.privilege_bounds(counterpart)));
            privileges(old.privileges.get(id)?, new.privileges.get(counterpart)?, &bounds)
        }
        _ => None,
    }
}

fn facts(old: &Fact, new: &Fact, bounds: &BTreeSet<u32>) -> Option<(Domain, Domain)> {
    match (old.kind, new.kind) {
        (FactKind::Switch, FactKind::Switch) => Some(same([Some(0), Some(1)].into())),
        (FactKind::Number, FactKind::Number) => Some(same(numbers(bounds, (0, u32::MAX)))),
        (FactKind::Choice, FactKind::Choice) => one_of(&common(&old.values, &new.values)),
        (FactKind::Level, FactKind::Level) => one_of(&ranks(&common(&old.values, &new.values))),
        _ => None,
    }
}

fn privileges(old: &Privilege, new: &Privilege, bounds: &BTreeSet<u32>) -> Option<(Domain, Domain)> {
    let common = || common(&old.values, &new.values);
    match old.kind {
        _ if old.kind != new.kind => None,
        PrivilegeKind::Flag => Some(same([Some(1)].into())),
        PrivilegeKind::Level => one_of(&ranks(&common())),
        PrivilegeKind::Choice => one_of(&common()),
        PrivilegeKind::Set => {
            let (old, new) = common().into_iter().unzip();
            Some((Domain::Subset(old), Domain::Subset(new)))
        }
        PrivilegeKind::Number => {
            let range = (old.min.max(new.min), old.max.min(new.max));
            (range.0 <= range.1).then(|| same(numbers(bounds, range)))
        }
    }
}

fn same(values: Vec<Option<u32>>) -> (Domain, Domain) {
    (Domain::OneOf(values.clone()), Domain::OneOf(values))
}

fn one_of(pairs: &[(u32, u32)]) -> Option<(Domain, Domain)> {
    let (old, new) = pairs.iter().map(|(old, new)| (Some(*old), Some(*new))).unzip();
    (!pairs.is_empty()).then_some((Domain::OneOf(old), Domain::OneOf(new)))
}

/// The ranks of levels with these indices.
fn ranks(indices: &[(u32, u32)]) -> Vec<(u32, u32)> {
    indices.iter().map(|(old, new)| (old + 1, new + 1)).collect()
}

/// The indices of the common values, in both lists.
fn common(old: &[String], new: &[String]) -> Vec<(u32, u32)> {
    let index_in_new =
        |value: &String| new.iter().position(|other| other == value).and_then(|it| u32::try_from(it).ok());
    (0_u32..).zip(old).filter_map(|(index, value)| Some((index, index_in_new(value)?))).collect()
}
