//! The provenance of what is granted: who gives it.

use super::error::SubjectError;
use super::evaluate::Session;
use super::givers::Giver;
use super::lookup;
use super::read::{Holding, holding};
use crate::engine::GRANTED;
use crate::model::{PrivilegeKind, Verdict};
use crate::pack::Grant;
use crate::util::sort;
use crate::util::to_u32;
use serde::{Serialize, Serializer};

/// Who gives a grant.
///
/// # Examples
/// ```
/// use privet::{GrantGiver, Policy, Provenance, Subject, Value};
///
/// let policy = Policy::compile(privet::policies::CONTACT)?;
/// let grants = vec![("users".into(), Value::Text("modify".into()))];
/// let session = policy.session(&Subject { grants, ..Subject::default() })?;
/// assert_eq!(session.from("users")?, Provenance::Whole(vec![GrantGiver::Own]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "lowercase")]
pub enum GrantGiver {
    /// The subject's own grant.
    Own,
    /// A role of the policy.
    Role {
        /// Its id.
        role: String,
        /// Of a role that is not listed: the facts on which its `when` depends, in policy order.
        #[serde(skip_serializing_if = "Option::is_none")]
        facts: Option<Vec<String>>,
    },
    /// An inline role of the subject.
    Inline {
        /// Its place among the subject's inline roles, from 0.
        index: usize,
        /// Its name, if it has one.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
}

/// Who gives as much as is granted of a privilege, in the order own, roles in policy order, inline roles. Roles for which it is
/// undecided whether they are held are not named, and nobody is where the granted value is undecided.
///
/// # Examples
/// ```
/// use privet::{Policy, Provenance, Subject, Value};
///
/// let policy = Policy::compile(privet::policies::CONTACT)?;
/// let session = policy.session(&Subject::default())?;
/// assert_eq!(session.from("users")?, Provenance::Whole(Vec::new()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Of a flag or level: all who give it. Of a choice or number: the subject, if it has a value of its own, else the roles that
    /// give the value.
    Whole(Vec<GrantGiver>),
    /// Of a set: all who give an option, by option in policy order.
    Options(Vec<(String, Vec<GrantGiver>)>),
}

impl Provenance {
    /// All givers, of each option of a set, each once.
    pub fn givers(&self) -> Vec<&GrantGiver> {
        let mut all = Vec::new();
        let lists: Vec<&Vec<GrantGiver>> = match self {
            Self::Whole(givers) => vec![givers],
            Self::Options(options) => options.iter().map(|(_, givers)| givers).collect(),
        };
        for giver in lists.into_iter().flatten() {
            if !all.contains(&giver) {
                all.push(giver);
            }
        }
        all
    }
}

impl Serialize for Provenance {
    /// A list; of a set, a map from options to lists.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole(givers) => givers.serialize(serializer),
            Self::Options(options) => serializer.collect_map(options.iter().map(|(option, givers)| (option, givers))),
        }
    }
}

impl Session<'_> {
    /// Who gives what is granted of a privilege. O(program + roles + grants).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](super::SubjectFault::UnknownId).
    ///
    /// # Examples
    /// ```
    /// use privet::{GrantGiver, Policy, Provenance, RoleRef, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::CONTACT)?;
    /// let night = vec![("users".into(), Value::Text("modify".into()))];
    /// let session = policy.session(&Subject { roles: vec![RoleRef::Inline(night)], ..Subject::default() })?;
    /// assert_eq!(session.from("users")?, Provenance::Whole(vec![GrantGiver::Inline { index: 0, name: None }]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from(&self, privilege: &str) -> Result<Provenance, SubjectError> {
        let index = lookup::find(self.program, &self.program.privileges, "privilege", privilege, "")?;
        let granted = self.held_values(index, GRANTED).unwrap_or_default();
        Ok(self.givers_of(index, &granted))
    }

    /// The part of a privilege that is surely granted, whatever the roles add for which it is undecided whether they are held; and who
    /// gives it. O(program + roles + grants).
    #[doc(hidden)]
    pub fn surely_granted(&self, index: usize) -> (Holding, Provenance) {
        let Some(privilege) = self.program.privileges.get(index) else {
            return (Holding::Nothing, Provenance::Whole(Vec::new()));
        };
        let index = to_u32(index);
        let values = self.held_values(index, GRANTED).unwrap_or_else(|| {
            let mut values: Vec<u32> = (privilege.granted.iter().zip(0..))
                .filter(|(slot, _)| self.verdict(**slot) == Verdict::Yes)
                .map(|(_, value)| {
                    value + u32::from(matches!(privilege.kind, PrivilegeKind::Flag | PrivilegeKind::Level))
                })
                .collect();
            match privilege.kind {
                PrivilegeKind::Set => {}
                PrivilegeKind::Number => {
                    let sure = self
                        .grants_with_givers()
                        .into_iter()
                        .filter(|(grant, giver)| grant.privilege == index && !matches!(giver, Giver::Possible(_)));
                    values = sure.map(|(grant, _)| grant.value).max().into_iter().collect();
                }
                _ => values = values.last().copied().into_iter().collect(),
            }
            values
        });
        let from = self.givers_of(index, &values);
        (holding(privilege, Some(values)), from)
    }

    /// Who gives these values of the privilege at this index.
    fn givers_of(&self, privilege: u32, values: &[u32]) -> Provenance {
        let kind = self.program.privileges.at(privilege).map(|it| it.kind);
        let mut grants = self.grants_with_givers();
        grants.retain(|(grant, giver)| grant.privilege == privilege && !matches!(giver, Giver::Possible(_)));
        let is_own = |(_, giver): &(Grant, Giver)| *giver == Giver::Own;
        if matches!(kind, Some(PrivilegeKind::Choice | PrivilegeKind::Number)) && grants.iter().any(is_own) {
            grants.retain(is_own);
        }
        sort::sort_by_key(&mut grants, |(_, giver)| matches!(giver, Giver::Inline(_)));
        let of = |value: u32| {
            let giving = grants.iter().filter(|(grant, _)| grant.value == value);
            let mut givers: Vec<Giver> = giving.map(|(_, giver)| *giver).collect();
            // A pack that does not come from the compiler may grant a value twice in a role.
            givers.dedup();
            givers.into_iter().map(|giver| self.giver(giver)).collect()
        };
        if kind == Some(PrivilegeKind::Set) {
            let options = self.program.privileges.at(privilege).map(|it| it.values.as_slice()).unwrap_or_default();
            let option = |value: &u32| Some((options.get(*value as usize)?.clone(), of(*value)));
            return Provenance::Options(values.iter().filter_map(option).collect());
        }
        Provenance::Whole(values.first().map(|value| of(*value)).unwrap_or_default())
    }

    fn giver(&self, giver: Giver) -> GrantGiver {
        match giver {
            Giver::Own => GrantGiver::Own,
            Giver::Inline(index) => {
                let name = self.state.inline_name(index).map(String::from);
                GrantGiver::Inline { index, name }
            }
            Giver::Role(index) | Giver::Possible(index) => {
                let role = self.program.roles.get(index).map(|role| role.id.clone()).unwrap_or_default();
                let is_listed = self.state.roles.contains(&to_u32(index));
                GrantGiver::Role { role, facts: (!is_listed).then(|| self.facts_of_when(index)) }
            }
        }
    }

    /// The ids of the facts that the `when` of a role reads. O(program).
    fn facts_of_when(&self, role: usize) -> Vec<String> {
        let engine = self.program.engine();
        let read = self.reads(&[engine.entry(engine.first_role() + to_u32(role)).slots_at()]);
        self.program.facts.iter().zip(read).filter(|(_, read)| *read == 1).map(|(fact, _)| fact.id.clone()).collect()
    }
}
