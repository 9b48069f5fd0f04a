//! Converts assignments to a change and to the steps of a fix.

use super::grants::{effective, granted, inline, is_listed, read};
use crate::model::{PrivilegeKind, Value, Verdict};
use crate::pack::Grant;
use crate::session::{Amendment, Change, Session};
use crate::studio::Studio;
use crate::studio::search::notation::{id_of, value};
use crate::studio::search::solve::{AssignedValue, Assignment};
use crate::studio::search::space::Id;
use crate::util::sort;
use litemap::LiteMap;
use serde::Serialize;
use std::collections::BTreeMap;

/// One assignment of a fix, by its kind.
///
/// # Examples
/// ```
/// use privet::{FixOptions, FixStep, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
/// let facts = vec![("email-allowed".into(), Value::Flag(false))];
/// let session = studio.policy().session(&Subject { facts, ..Subject::default() })?;
/// let fix = studio.fixes(&session, "email-accounts.open", &FixOptions::default())?.fixes.remove(0);
/// assert!(matches!(fix.steps.as_slice(), [FixStep::Grant(_), FixStep::Switch(_)]));
/// assert!(fix.steps.iter().map(FixStep::id).eq(["modify-email-accounts", "email-allowed"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum FixStep {
    /// Grants a privilege of which nothing is held, or another option of a choice.
    Grant(GrantStep),
    /// Grants more of a privilege that is held.
    Raise(GrantStep),
    /// Grants less of a privilege, or removes it.
    Revoke(GrantStep),
    /// Adds or removes a listed role.
    Role(RoleStep),
    /// Gives a value to an unknown fact.
    Learn(FactStep),
    /// Changes the value of a known fact.
    Switch(FactStep),
}

/// An assignment to a privilege.
///
/// # Examples
/// ```
/// use privet::{FixOptions, FixStep, GrantStep, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::CONTACT, false)?;
/// let grants = vec![("users".into(), Value::Text("view-only".into()))];
/// let session = studio.policy().session(&Subject { grants, ..Subject::default() })?;
/// let fix = studio.fixes(&session, "staff.users.reset-password", &FixOptions::default())?.fixes.remove(0);
/// let [FixStep::Raise(GrantStep { id, from, to, .. })] = fix.steps.as_slice() else { return Err("a raise".into()) };
/// let level = |level: &str| Some(Value::Text(level.into()));
/// assert_eq!((id.as_str(), from, to), ("users", &level("view-only"), &level("modify")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GrantStep {
    /// The privilege.
    #[cfg_attr(feature = "schema", ts(type = "PrivilegeId<S>"))]
    pub id: String,
    /// What is granted now; absent if nothing is.
    #[cfg_attr(feature = "schema", ts(optional, type = "GrantValue"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Value>,
    /// The subject's own grant after the fix, or that of the inline role; absent if there is none.
    #[cfg_attr(feature = "schema", ts(optional, type = "GrantValue"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
    /// The place of the inline role that grants it, from 0; absent for a grant of the subject itself. `from` and `to` are then what
    /// this role grants.
    #[cfg_attr(feature = "schema", ts(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// The name of the inline role, if it has one.
    #[cfg_attr(feature = "schema", ts(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// An assignment to a fact.
///
/// # Examples
/// ```
/// use privet::{FactStep, FixOptions, FixStep, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
/// let grants = vec![("modify-email-accounts".into(), Value::Flag(true))];
/// let session = studio.policy().session(&Subject { grants, ..Subject::default() })?;
/// let fix = studio.fixes(&session, "email-accounts.open", &FixOptions::default())?.fixes.remove(0);
/// let fact = FactStep { id: "email-allowed".into(), from: None, to: Some(Value::Flag(true)), somebody_else: true };
/// assert_eq!(fix.steps, [FixStep::Learn(fact)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FactStep {
    /// The fact.
    #[cfg_attr(feature = "schema", ts(type = "FactId<S>"))]
    pub id: String,
    /// The present value; absent if it is unknown.
    #[cfg_attr(feature = "schema", ts(optional, type = "FactValue"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Value>,
    /// The necessary value; absent if the fact has to become unknown.
    #[cfg_attr(feature = "schema", ts(optional, type = "FactValue"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
    /// Always `true`: an administrator cannot grant a fact, someone else has to switch it.
    #[cfg_attr(feature = "schema", ts(type = "true"))]
    pub somebody_else: bool,
}

/// Adding or removing a listed role.
///
/// # Examples
/// ```
/// use privet::{FixOptions, FixStep, RoleStep, Studio, Subject};
///
/// let studio = Studio::compile(privet::policies::CONTACT, false)?;
/// let session = studio.policy().session(&Subject::default())?;
/// let options = FixOptions::from_value(&serde_json::from_str(r#"{ "through": "role" }"#)?)?;
/// let fix = studio.fixes(&session, "item.chats.assign", &options)?.fixes.remove(0);
/// let [FixStep::Role(RoleStep { id, to, excess, .. })] = fix.steps.as_slice() else { return Err("a role".into()) };
/// assert_eq!((id.as_str(), *to), ("chat", Some(true)));
/// assert!(excess.keys().eq(["file-upload", "handle-webchats"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RoleStep {
    /// The role.
    #[cfg_attr(feature = "schema", ts(type = "RoleId<S>"))]
    pub id: String,
    /// `true` if the role is listed now; otherwise absent.
    #[cfg_attr(feature = "schema", ts(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<bool>,
    /// `true` if the role is listed after the fix; otherwise absent.
    #[cfg_attr(feature = "schema", ts(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<bool>,
    /// The grants of the role that the fix does not need.
    #[cfg_attr(feature = "schema", ts(type = "Grants<S>"))]
    pub excess: BTreeMap<String, Value>,
}

impl FixStep {
    /// The id of the privilege, fact or role.
    pub fn id(&self) -> &str {
        match self {
            Self::Grant(GrantStep { id, .. })
            | Self::Raise(GrantStep { id, .. })
            | Self::Revoke(GrantStep { id, .. }) => id,
            Self::Learn(FactStep { id, .. }) | Self::Switch(FactStep { id, .. }) | Self::Role(RoleStep { id, .. }) => {
                id
            }
        }
    }

    /// The place of its kind in the order of steps: grants, roles, facts.
    const fn rank(&self) -> u32 {
        match self {
            Self::Grant(_) => 0,
            Self::Raise(_) => 1,
            Self::Revoke(_) => 2,
            Self::Role(_) => 3,
            Self::Learn(_) => 4,
            Self::Switch(_) => 5,
        }
    }
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
            (Id::Inline(place, privilege), assigned) => {
                let to = match assigned {
                    AssignedValue::Toggle => continue,
                    AssignedValue::Value(to) => to.iter().copied().collect(),
                    AssignedValue::Options(options) => with_options(inline(session, *place, *privilege), options),
                };
                let Ok(index) = u32::try_from(*place) else { continue };
                let entry = (id_of(studio, *id), value(studio, *id, &to));
                match change.amend.last_mut().filter(|it| it.index == index) {
                    Some(amendment) => amendment.set.push(entry),
                    None => change.amend.push(Amendment { index, set: vec![entry] }),
                }
            }
            _ => {}
        }
    }
    // A session refuses a value of the subject below the value that a held role grants, so this value includes the roles'
    // values.
    let after = if change == Change::default() { None } else { Some(session.with(&change)) };
    let after = after.as_ref().map_or(Some(session), |after| after.as_ref().ok());
    for (id, assigned) in assignment {
        let Id::Privilege(privilege) = *id else { continue };
        let granted_by_roles = after.map(|after| granted_by_roles(studio, after, privilege)).unwrap_or_default();
        let to: Vec<u32> = match assigned {
            AssignedValue::Toggle => continue,
            AssignedValue::Value(to) if kind(studio, privilege) == Some(PrivilegeKind::Level) => {
                granted_by_roles.iter().chain(to).max().into_iter().copied().collect()
            }
            AssignedValue::Value(to) => to.iter().copied().collect(),
            AssignedValue::Options(options) => {
                // Options that the goal does not read stay as they are.
                let mut all = with_options(effective(studio, session, privilege), options);
                all.extend(granted_by_roles);
                sort::sort(&mut all);
                all.dedup();
                all
            }
        };
        change.set.push((id_of(studio, *id), value(studio, *id, &to)));
    }
    change
}

/// A set after some of its options are added and others removed.
fn with_options(mut all: Vec<u32>, options: &[(u32, bool)]) -> Vec<u32> {
    all.retain(|option| !options.iter().any(|(assigned, _)| assigned == option));
    all.extend(options.iter().filter(|(_, held)| *held).map(|(option, _)| *option));
    sort::sort(&mut all);
    all
}

fn kind(studio: &Studio, privilege: usize) -> Option<PrivilegeKind> {
    studio.policy().program().privileges.get(privilege).map(|it| it.kind)
}

/// The values of a privilege that come from roles: the policy's roles that are known to be held, and the inline roles.
fn granted_by_roles(studio: &Studio, session: &Session, privilege: usize) -> Vec<u32> {
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
    sort::sort_by_key(&mut steps, FixStep::rank);
    steps
}

/// The step of an assigned id. The excess of a role is recorded later.
fn fix_step(studio: &Studio, session: &Session, id: Id, change: &Change) -> FixStep {
    let name = id_of(studio, id);
    let to = |list: &[(String, Value)]| {
        list.iter().find(|(assigned, _)| *assigned == name).map(|(_, to)| to.clone()).filter(|to| *to != Value::Null)
    };
    match id {
        Id::Role(_) => {
            let added = change.add.contains(&name);
            let (from, to) = ((!added).then_some(true), added.then_some(true));
            FixStep::Role(RoleStep { id: name, from, to, excess: BTreeMap::new() })
        }
        Id::Fact(fact) => {
            let from = session.fact(fact).map(|present| value(studio, id, &[present]));
            let kind = if from.is_some() { FixStep::Switch } else { FixStep::Learn };
            kind(FactStep { from, to: to(&change.facts), somebody_else: true, id: name })
        }
        Id::Privilege(privilege) => {
            let held = granted(studio, session, privilege);
            let to = to(&change.set);
            let kind = grant_step(studio, privilege, &held, to.as_ref());
            let from = (!held.is_empty()).then(|| value(studio, id, &held));
            kind(GrantStep { from, to, id: name, index: None, name: None })
        }
        Id::Inline(place, privilege) => {
            let held = inline(session, place, privilege);
            let index = u32::try_from(place).ok();
            let to = change.amend.iter().find(|it| Some(it.index) == index).and_then(|it| to(&it.set));
            let kind = grant_step(studio, privilege, &held, to.as_ref());
            let from = (!held.is_empty()).then(|| value(studio, id, &held));
            kind(GrantStep { from, to, id: name, index, name: session.state().inline_name(place).map(String::from) })
        }
    }
}

/// Whether a privilege is granted, raised or revoked.
fn grant_step(studio: &Studio, privilege: usize, held: &[u32], to: Option<&Value>) -> fn(GrantStep) -> FixStep {
    let Some(declared) = studio.policy().program().privileges.get(privilege) else { return FixStep::Grant };
    let to = to.map(|to| read(declared, to)).unwrap_or_default();
    let less = match declared.kind {
        PrivilegeKind::Choice => to.is_empty(),
        PrivilegeKind::Set => held.iter().any(|option| !to.contains(option)),
        _ => to.first() < held.first(),
    };
    match (less, held.is_empty() || declared.kind == PrivilegeKind::Choice) {
        (true, _) => FixStep::Revoke,
        (_, true) => FixStep::Grant,
        _ => FixStep::Raise,
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
