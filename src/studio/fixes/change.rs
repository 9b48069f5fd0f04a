//! Assignments as a change: in the words of the policy, step by step.

use super::candidates::{granted, id_of, is_listed, own, value};
use crate::ground::Map;
use crate::ground::sort::{sort, sort_by_key};
use crate::ground::{Gather, PrivilegeKind, Value, Verdict};
use crate::program::Grant;
use crate::session::{Change, RoleRef, Session, Subject};
use crate::studio::Studio;
use crate::studio::somebody::solve::{Assigned, Assignment};
use crate::studio::somebody::space::Id;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

/// One assignment of a fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FixStep {
    /// What kind of assignment it is.
    pub kind: StepKind,
    /// The privilege, fact or role.
    pub id: String,
    /// What there is: what is granted, the fact's value, or whether the role is listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Value>,
    /// What there is to be: the subject's own grant, the fact's value, or whether the role is listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
    /// It is a fact: somebody else's switch.
    #[serde(rename = "somebodyElse", skip_serializing_if = "core::ops::Not::not")]
    pub somebody_else: bool,
    /// Of a role: what it grants beyond what is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excess: Option<Map<String, Value>>,
}

/// What kind of assignment a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// Something is granted of which nothing is held, or another option of a choice.
    Grant,
    /// More is granted of what is held.
    Raise,
    /// Less is granted, or nothing.
    Revoke,
    /// A role is listed, or no longer.
    Role,
    /// An unknown fact must turn out so.
    Learn,
    /// A known fact must change.
    Switch,
}

impl Studio {
    /// The change that makes these assignments, valid for a session.
    pub(super) fn change(&self, session: &Session, assignment: &Assignment) -> Change {
        let mut change = Change::default();
        for (id, assigned) in assignment {
            match (id, assigned) {
                (Id::Role(role), _) => {
                    let list = if is_listed(session, *role) { &mut change.remove } else { &mut change.add };
                    list.push(id_of(self, *id));
                }
                (Id::Fact(_), Assigned::Value(to)) => {
                    change.facts.push((id_of(self, *id), value(self, *id, to.as_slice())));
                }
                _ => {}
            }
        }
        // What roles give is set again with what is assigned: a session refuses to set less than they do.
        let after = if change == Change::default() { None } else { Some(session.with(&change)) };
        let after = after.as_ref().map_or(Some(session), |after| after.as_ref().ok());
        for (id, assigned) in assignment {
            let Id::Privilege(privilege) = *id else { continue };
            let given = after.map(|after| self.given(after, privilege)).unwrap_or_default();
            let to: Vec<u32> = match assigned {
                Assigned::Flip => continue,
                Assigned::Value(to) if self.kind(privilege) == Some(PrivilegeKind::Level) => {
                    given.iter().chain(to).max().into_iter().copied().listed()
                }
                Assigned::Value(to) => to.iter().copied().listed(),
                Assigned::Options(options) => {
                    let mut all: Vec<u32> = own(session, privilege);
                    all.retain(|option| !options.contains(&(*option, false)));
                    all.extend(options.iter().filter(|(_, held)| *held).map(|(option, _)| *option));
                    all.extend(given);
                    sort(&mut all);
                    all.dedup();
                    all
                }
            };
            change.set.push((id_of(self, *id), value(self, *id, &to)));
        }
        change
    }

    fn kind(&self, privilege: usize) -> Option<PrivilegeKind> {
        self.policy().program().privileges.get(privilege).map(|it| it.kind)
    }

    /// What roles that are surely held give of a privilege.
    fn given(&self, session: &Session, privilege: usize) -> Vec<u32> {
        let roles = self.policy().program().roles.iter().zip(session.held_roles());
        let sure = roles.filter(|(_, held)| *held == Verdict::Yes).map(|(role, _)| &role.grants);
        let all = sure.chain(&session.state().inline).flatten();
        all.filter(|grant| grant.privilege as usize == privilege).map(|grant| grant.value).listed()
    }

    /// The steps of a change: grants first, then roles, then facts.
    pub(super) fn steps(&self, session: &Session, assignment: &Assignment, change: &Change) -> Vec<FixStep> {
        let mut steps: Vec<FixStep> = assignment.keys().map(|id| self.fix_step(session, *id, change)).listed();
        sort_by_key(&mut steps, |step| step.kind);
        steps
    }

    fn fix_step(&self, session: &Session, id: Id, change: &Change) -> FixStep {
        let name = id_of(self, id);
        let to = |list: &[(String, Value)]| {
            list.iter()
                .find(|(assigned, _)| *assigned == name)
                .map(|(_, to)| to.clone())
                .filter(|to| *to != Value::Null)
        };
        let (kind, from, to) = match id {
            Id::Role(_) => {
                let added = change.add.contains(&name);
                (StepKind::Role, (!added).then_some(Value::Flag(true)), added.then_some(Value::Flag(true)))
            }
            Id::Fact(fact) => {
                let present = session.fact(fact);
                let kind = if present.is_some() { StepKind::Switch } else { StepKind::Learn };
                (kind, present.map(|present| value(self, id, &[present])), to(&change.facts))
            }
            Id::Privilege(privilege) => {
                let held = granted(self, session, privilege);
                let to = to(&change.set);
                let kind = self.grows(privilege, &held, to.as_ref());
                (kind, (!held.is_empty()).then(|| value(self, id, &held)), to)
            }
        };
        let somebody_else = matches!(id, Id::Fact(_));
        FixStep { kind, id: name, from, to, somebody_else, excess: None }
    }

    fn grows(&self, privilege: usize, held: &[u32], to: Option<&Value>) -> StepKind {
        let Some(declared) = self.policy().program().privileges.get(privilege) else { return StepKind::Grant };
        let to = to.map(|to| super::candidates::read(declared, to)).unwrap_or_default();
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

    /// Grants as values by the ids of their privileges.
    pub(super) fn grants(&self, grants: impl IntoIterator<Item = Grant>) -> Map<String, Value> {
        let mut all: Map<usize, Vec<u32>> = Map::new();
        for grant in grants {
            all.or_default(grant.privilege as usize).push(grant.value);
        }
        let entry = |(privilege, values): (usize, Vec<u32>)| {
            let id = Id::Privilege(privilege);
            (id_of(self, id), value(self, id, &values))
        };
        all.into_iter().map(entry).gather()
    }
}

impl Serialize for Change {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        if !self.set.is_empty() {
            map.serialize_entry("set", &Entries(&self.set))?;
        }
        if !self.facts.is_empty() {
            map.serialize_entry("facts", &Entries(&self.facts))?;
        }
        let lists = [("add", &self.add), ("remove", &self.remove)];
        let lists: Map<_, _> = lists.into_iter().filter(|(_, list)| !list.is_empty()).gather();
        if !lists.is_empty() {
            map.serialize_entry("roles", &lists)?;
        }
        map.end()
    }
}

impl Serialize for Subject {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        if !self.roles.is_empty() {
            map.serialize_entry("roles", &self.roles)?;
        }
        for (key, entries) in [("grants", &self.grants), ("facts", &self.facts)] {
            if !entries.is_empty() {
                map.serialize_entry(key, &Entries(entries))?;
            }
        }
        map.end()
    }
}

impl Serialize for RoleRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(id) => serializer.serialize_str(id),
            Self::Inline(grants) => Entries(grants).serialize(serializer),
        }
    }
}

/// Ids and values as one object.
pub(super) struct Entries<'a>(pub(super) &'a [(String, Value)]);

impl Serialize for Entries<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(id, value)| (id, value)))
    }
}
