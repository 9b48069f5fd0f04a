//! Converts assignments to a change and to the steps of a fix.

use super::grants::{granted, is_listed, own, read};
use crate::model::{PrivilegeKind, Value, Verdict};
use crate::pack::Grant;
use crate::session::{Change, Session};
use crate::studio::Studio;
use crate::studio::search::notation::{id_of, value};
use crate::studio::search::solve::{AssignedValue, Assignment};
use crate::studio::search::space::Id;
use litemap::LiteMap;
use serde::Serialize;
use std::collections::BTreeMap;

/// One assignment of a fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FixStep {
    /// The kind of assignment.
    pub kind: StepKind,
    /// The id of the privilege, fact or role.
    pub id: String,
    /// The present value: what is granted, the value of the fact, or `true` for a listed role; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Value>,
    /// The new value: the subject's own grant, the value of the fact, or `true` for a role to list; absent if there is
    /// none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
    /// Present for facts: an administrator cannot grant a fact, someone else has to switch it.
    #[serde(rename = "somebodyElse", skip_serializing_if = "std::ops::Not::not")]
    pub somebody_else: bool,
    /// The grants of the role that the fix does not need. Only roles have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excess: Option<BTreeMap<String, Value>>,
}

/// The kind of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// Grants a privilege of which nothing is held, or another option of a choice.
    Grant,
    /// Grants more of a privilege that is held.
    Raise,
    /// Grants less of a privilege, or removes it.
    Revoke,
    /// Adds or removes a listed role.
    Role,
    /// Gives a value to an unknown fact.
    Learn,
    /// Changes the value of a known fact.
    Switch,
}

/// The change that makes the assignments, in a form that [`Session::with`] accepts.
pub(in crate::studio) fn change(studio: &Studio, session: &Session, assignment: &Assignment) -> Change {
    let mut change = Change::default();
    for (id, assigned) in assignment {
        match (id, assigned) {
            (Id::Role(role), _) => {
                let list = if is_listed(session, *role) { &mut change.remove } else { &mut change.add };
                list.push(id_of(studio, *id));
            }
            (Id::Fact(_), AssignedValue::Value(to)) => {
                change.facts.push((id_of(studio, *id), value(studio, *id, to.as_slice())));
            }
            _ => {}
        }
    }
    // A session refuses an own value below the value that a held role gives, so the own value includes the roles'
    // values.
    let after = if change == Change::default() { None } else { Some(session.with(&change)) };
    let after = after.as_ref().map_or(Some(session), |after| after.as_ref().ok());
    for (id, assigned) in assignment {
        let Id::Privilege(privilege) = *id else { continue };
        let given = after.map(|after| given(studio, after, privilege)).unwrap_or_default();
        let to: Vec<u32> = match assigned {
            AssignedValue::Toggle => continue,
            AssignedValue::Value(to) if kind(studio, privilege) == Some(PrivilegeKind::Level) => {
                given.iter().chain(to).max().into_iter().copied().collect()
            }
            AssignedValue::Value(to) => to.iter().copied().collect(),
            AssignedValue::Options(options) => {
                let mut all: Vec<u32> = own(session, privilege);
                all.retain(|option| !options.contains(&(*option, false)));
                all.extend(options.iter().filter(|(_, held)| *held).map(|(option, _)| *option));
                all.extend(given);
                all.sort_unstable();
                all.dedup();
                all
            }
        };
        change.set.push((id_of(studio, *id), value(studio, *id, &to)));
    }
    change
}

fn kind(studio: &Studio, privilege: usize) -> Option<PrivilegeKind> {
    studio.policy().program().privileges.get(privilege).map(|it| it.kind)
}

/// The values that surely held roles give to a privilege.
fn given(studio: &Studio, session: &Session, privilege: usize) -> Vec<u32> {
    let roles = studio.policy().program().roles.iter().zip(session.held_roles());
    let sure = roles.filter(|(_, held)| *held == Verdict::Yes).map(|(role, _)| &role.grants);
    let all = sure.chain(&session.state().inline).flatten();
    all.filter(|grant| grant.privilege as usize == privilege).map(|grant| grant.value).collect()
}

/// The steps of a change: grants first, then roles, then facts.
pub(in crate::studio) fn steps(
    studio: &Studio,
    session: &Session,
    assignment: &Assignment,
    change: &Change,
) -> Vec<FixStep> {
    let mut steps: Vec<FixStep> = assignment.keys().map(|id| fix_step(studio, session, *id, change)).collect();
    steps.sort_by_key(|step| step.kind);
    steps
}

fn fix_step(studio: &Studio, session: &Session, id: Id, change: &Change) -> FixStep {
    let name = id_of(studio, id);
    let to = |list: &[(String, Value)]| {
        list.iter().find(|(assigned, _)| *assigned == name).map(|(_, to)| to.clone()).filter(|to| *to != Value::Null)
    };
    let (kind, from, to) = match id {
        Id::Role(_) => {
            let added = change.add.contains(&name);
            (StepKind::Role, (!added).then_some(Value::Flag(true)), added.then_some(Value::Flag(true)))
        }
        Id::Fact(fact) => {
            let present = session.fact(fact);
            let kind = if present.is_some() { StepKind::Switch } else { StepKind::Learn };
            (kind, present.map(|present| value(studio, id, &[present])), to(&change.facts))
        }
        Id::Privilege(privilege) => {
            let held = granted(studio, session, privilege);
            let to = to(&change.set);
            let kind = grows(studio, privilege, &held, to.as_ref());
            (kind, (!held.is_empty()).then(|| value(studio, id, &held)), to)
        }
    };
    let somebody_else = matches!(id, Id::Fact(_));
    FixStep { kind, id: name, from, to, somebody_else, excess: None }
}

fn grows(studio: &Studio, privilege: usize, held: &[u32], to: Option<&Value>) -> StepKind {
    let Some(declared) = studio.policy().program().privileges.get(privilege) else { return StepKind::Grant };
    let to = to.map(|to| read(declared, to)).unwrap_or_default();
    let less = match declared.kind {
        PrivilegeKind::Choice => to.is_empty(),
        PrivilegeKind::Set => held.iter().any(|option| !to.contains(option)),
        _ => to.first() < held.first(),
    };
    match (less, held.is_empty() || declared.kind == PrivilegeKind::Choice) {
        (true, _) => StepKind::Revoke,
        (_, true) => StepKind::Grant,
        _ => StepKind::Raise,
    }
}

/// Grants as values, by the ids of their privileges.
pub(in crate::studio) fn grants(studio: &Studio, grants: impl IntoIterator<Item = Grant>) -> BTreeMap<String, Value> {
    let mut all: LiteMap<usize, Vec<u32>> = LiteMap::new_vec();
    for grant in grants {
        all.entry(grant.privilege as usize).or_default().push(grant.value);
    }
    let entry = |(privilege, values): (usize, Vec<u32>)| {
        let id = Id::Privilege(privilege);
        (id_of(studio, id), value(studio, id, &values))
    };
    let mut values = BTreeMap::new();
    values.extend(all.into_iter().map(entry));
    values
}
