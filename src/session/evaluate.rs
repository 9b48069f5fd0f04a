//! Evaluates states into sessions.

use super::conflicts;
use super::error::{SubjectError, SubjectFault};
use super::givers::Giver;
use super::lookup;
use super::state::{Assignments, State};
use super::subject::{Change, Subject};
use crate::model::{PrivilegeKind, Verdict};
use crate::pack::{Grant, Policy, Privilege, Program};
use crate::util::messages::message;
use crate::util::to_u32;

/// A subject evaluated against a policy: all decisions. Immutable; [`Session::with`] returns a new session.
///
/// # Examples
/// ```
/// use privet::{Policy, Subject, Value};
///
/// let policy = Policy::compile(privet::policies::VICIDIAL)?;
/// let session = policy.session(&Subject {
///     grants: vec![("modify-email-accounts".into(), Value::Flag(true))],
///     facts: vec![("email-allowed".into(), Value::Flag(true))],
///     ..Subject::default()
/// })?;
/// assert!(session.can("email-accounts.edit")?);
/// assert!(session.allowed().contains(&"email-accounts.edit"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Session<'p> {
    pub(super) program: &'p Program,
    pub(super) state: State,
    /// The words of the engine after the evaluation: the memory, with two words per slot, the answer, and the arguments.
    pub(super) words: Vec<u32>,
    /// The numbers of pairs in the arguments.
    pub(super) pairs: [u32; 2],
}

/// A session without its program, to be kept beside it.
#[cfg(feature = "host")]
pub(crate) struct DetachedSession {
    state: State,
    words: Vec<u32>,
    pairs: [u32; 2],
}

#[cfg(feature = "host")]
impl DetachedSession {
    /// The session again. `program` must be the one that it was detached from.
    pub(crate) fn attach(self, program: &Program) -> Session<'_> {
        let Self { state, words, pairs } = self;
        Session { program, state, words, pairs }
    }
}

#[cfg(feature = "host")]
impl Session<'_> {
    /// The session without its program.
    pub(crate) fn detach(self) -> DetachedSession {
        let Self { state, words, pairs, .. } = self;
        DetachedSession { state, words, pairs }
    }
}

impl Policy {
    /// Evaluates a subject: looks up its ids, joins its grants and decides every operation. O(program + subject).
    ///
    /// # Errors
    /// [`SubjectError`] for an unknown id, an invalid value, a duplicate, or roles that grant different options of a choice.
    /// Nothing is ignored.
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let subject = Subject::from_value(serde_json::from_str(r#"{ "grants": { "contacts": true } }"#)?)?;
    /// assert!(policy.session(&subject)?.can("contacts.access")?);
    ///
    /// let typo = Subject::from_value(serde_json::from_str(r#"{ "grants": { "contact": true } }"#)?)?;
    /// assert_eq!(policy.session(&typo).unwrap_err().help(), "did you mean `contacts`?");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn session(&self, subject: &Subject) -> Result<Session<'_>, SubjectError> {
        Session::evaluate(self.program(), self.state(subject, None)?)
    }

    /// [`Policy::session`] of a subject with grants and roles that end: they count while `now`, in seconds since 1970, is before
    /// their end. O(program + subject).
    ///
    /// # Errors
    /// As [`Policy::session`]. What has ended is checked, too.
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, SubjectFault};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let subject = r#"{ "grants": { "contacts": { "value": true, "until": 1800000000 } } }"#;
    /// let subject = Subject::from_value(serde_json::from_str(subject)?)?;
    /// let session = policy.session_at(&subject, 1_799_999_999)?;
    /// assert_eq!((session.can("contacts.access")?, session.valid_until()), (true, Some(1_800_000_000)));
    /// assert!(!policy.session_at(&subject, 1_800_000_000)?.can("contacts.access")?);
    /// assert_eq!(policy.session(&subject).unwrap_err().fault(), SubjectFault::TimeMissing);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn session_at(&self, subject: &Subject, now: u64) -> Result<Session<'_>, SubjectError> {
        Session::evaluate(self.program(), self.state(subject, Some(now))?)
    }

    /// Looks up the ids and values of a subject at a time, without evaluating it. O(subject).
    ///
    /// # Errors
    /// [`SubjectError`] for an unknown id, an invalid value or a duplicate.
    #[doc(hidden)]
    pub fn state(&self, subject: &Subject, now: Option<u64>) -> Result<State, SubjectError> {
        lookup::subject(self.program(), subject, now)
    }

    /// Looks up the ids and values of a change, for [`Session::evaluate_changed`]. O(change).
    ///
    /// # Errors
    /// [`SubjectError`] for an unknown id, an invalid value or a duplicate.
    #[doc(hidden)]
    pub fn look_up(&self, change: &Change, now: Option<u64>) -> Result<Assignments, SubjectError> {
        lookup::change(self.program(), change, now)
    }
}

impl<'p> Session<'p> {
    /// Evaluates a state of `program`. O(program + state).
    ///
    /// # Errors
    /// [`SubjectFault::ConflictingChoice`] if held roles grant different options of a choice.
    #[doc(hidden)]
    pub fn evaluate(program: &'p Program, state: State) -> Result<Self, SubjectError> {
        let [own, inline] = state.pairs(program);
        let mut words = program.room([own.as_flattened(), inline.as_flattened()], 0);
        let pairs = [own.len(), inline.len()].map(to_u32);
        let [own, inline] = pairs;
        let engine = program.engine_in(&mut words);
        engine.evaluate(own, inline);
        let conflict =
            engine.conflict().checked_sub(1 + engine.facts()).and_then(|choice| program.privileges.at(choice));
        let session = Self { program, state, words, pairs };
        conflict
            .map_or(Ok(()), |choice| Err(conflicts::conflict_error(program, choice, &session.grants_with_givers())))?;
        Ok(session)
    }

    /// The session after a change. The change applies as a whole; then the result is validated. O(program + subject).
    ///
    /// # Errors
    /// As [`Policy::session`]; also [`SubjectFault::HeldByRole`] or [`SubjectFault::HeldByFact`] if a held role still grants
    /// what the change removes.
    ///
    /// # Examples
    /// ```
    /// use privet::{Change, Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let before = policy.session(&Subject::default())?;
    /// let change = Change { set: vec![("contacts".into(), Value::Flag(true))], ..Change::default() };
    /// let after = before.with(&change)?;
    /// assert_eq!((before.can("contacts.access")?, after.can("contacts.access")?), (false, true));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with(&self, change: &Change) -> Result<Self, SubjectError> {
        Self::evaluate_changed(self.program, &self.state, &lookup::change(self.program, change, self.state.now)?)
    }

    /// When the first of the grants and roles that count ends, in seconds since 1970; `None` if none does. The session is not
    /// valid from then on. O(1).
    pub fn valid_until(&self) -> Option<u32> {
        self.state.ends.iter().map(|(_, until)| *until).min()
    }

    /// Evaluates a state after a change. Unlike [`Session::with`], it does not repeat the lookup of a change that is applied to
    /// many subjects. O(program + state).
    ///
    /// # Errors
    /// [`SubjectFault::ConflictingChoice`], [`SubjectFault::HeldByRole`] and [`SubjectFault::HeldByFact`].
    #[doc(hidden)]
    pub fn evaluate_changed(
        program: &'p Program,
        state: &State,
        assignments: &Assignments,
    ) -> Result<Self, SubjectError> {
        if let Some((place, _)) = assignments.amend.iter().find(|(place, _)| *place >= state.inline.len()) {
            let text = message!(amended_missing, place, state.inline.len());
            return Err(SubjectError::say(SubjectFault::InvalidSubject, "amend", text));
        }
        let session = Self::evaluate(program, state.changed(program, assignments))?;
        session.reject_overridden(assignments)?;
        Ok(session)
    }

    /// Returns an error if held roles override the change.
    fn reject_overridden(&self, assignments: &Assignments) -> Result<(), SubjectError> {
        for &role in &assignments.remove {
            if let Some(role) = self.program.roles.at(role)
                && self.verdict(role.held) == Verdict::Yes
            {
                return Err(SubjectError::say(SubjectFault::HeldByFact, &role.id, message!(not_removable, role.id)));
            }
        }
        let listed = |giver: Giver| match giver {
            Giver::Inline(_) => Some(true),
            Giver::Role(role) => Some(self.state.roles.binary_search(&to_u32(role)).is_ok()),
            Giver::Own | Giver::Possible(_) => None,
        };
        let overridden = self.grants_with_givers().into_iter().filter_map(|(grant, giver)| {
            let position = assignments.set.binary_search_by_key(&grant.privilege, |(index, _)| *index).ok()?;
            let (_, assigned) = assignments.set.get(position)?;
            let privilege = self.program.privileges.at(grant.privilege)?;
            let is_overridden = role_overrides(privilege, grant.value, assigned);
            is_overridden.then_some((listed(giver)?, privilege, giver))
        });
        // A listed role is named in preference to one that is held through its `when`, since it can be removed.
        let Some((listed, privilege, giver)) = overridden.max_by_key(|(listed, ..)| *listed) else { return Ok(()) };
        let giver = conflicts::giver_name(self.program, giver);
        let (fault, text) = if listed {
            (SubjectFault::HeldByRole, message!(held_by_listed, privilege.id, giver))
        } else {
            (SubjectFault::HeldByFact, message!(held_by_when, privilege.id, giver))
        };
        Err(SubjectError::say(fault, &privilege.id, text))
    }
}

/// Whether a role that grants `role_value` overrides the subject's own grants in `assigned`, so that assigning them would have
/// no effect.
pub(crate) fn role_overrides(privilege: &Privilege, role_value: u32, assigned: &[Grant]) -> bool {
    match privilege.kind {
        PrivilegeKind::Flag | PrivilegeKind::Choice | PrivilegeKind::Number => assigned.is_empty(),
        PrivilegeKind::Level => assigned.first().is_none_or(|own| own.value < role_value),
        PrivilegeKind::Set => assigned.iter().all(|own| own.value != role_value),
    }
}
