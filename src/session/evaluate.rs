//! Resolving: a state becomes a session.

use super::error::{SubjectError, SubjectFault};
use super::inputs::{self, Giver};
use super::lookup;
use super::state::Assignments;
use super::state::State;
use super::subject::{Change, Subject};
use crate::engine;
use crate::model::{PrivilegeKind, Verdict};
use crate::pack::{Grant, Policy, Privilege, Program};

/// One subject resolved against one policy: every decision at once. Immutable; [`Session::with`] makes another.
#[derive(Clone, Debug)]
pub struct Session<'p> {
    pub(super) program: &'p Program,
    pub(super) state: State,
    /// The working memory after everything was decided, in the first lane.
    pub(super) memory: Vec<u32>,
}

impl Policy {
    /// Resolves a subject: looks its ids up, joins its roles and decides every operation. O(program + subject).
    ///
    /// # Errors
    /// [`SubjectError`] for an id that the policy lacks, a value that does not fit, something given twice, or roles
    /// that clash. Nothing is ignored.
    pub fn session(&self, subject: &Subject) -> Result<Session<'_>, SubjectError> {
        Session::resolve(self.program(), self.state(subject)?)
    }

    /// Looks the ids and values of a subject up. O(subject).
    ///
    /// # Errors
    /// As of [`Policy::session`], but for roles that clash.
    pub fn state(&self, subject: &Subject) -> Result<State, SubjectError> {
        lookup::subject(self.program(), subject)
    }

    /// Looks the ids and values of a change up, for [`Session::changed`]. O(change).
    ///
    /// # Errors
    /// [`SubjectError`] for an id that the policy lacks, a value that does not fit, or something given twice.
    pub fn look_up(&self, change: &Change) -> Result<Assignments, SubjectError> {
        lookup::change(self.program(), change)
    }
}

impl<'p> Session<'p> {
    /// Resolves a state that belongs to `program`. O(program + state).
    ///
    /// # Errors
    /// [`SubjectFault::ConflictingChoice`].
    pub fn resolve(program: &'p Program, state: State) -> Result<Self, SubjectError> {
        let mut memory = inputs::blank(program);
        inputs::fill(program, &state, &mut |input, holds| {
            if let Some([yes, no]) = memory.get_mut(2 * input..).and_then(<[u32]>::first_chunk_mut) {
                (*yes, *no) = (holds.into(), (!holds).into());
            }
        });
        let inputs = program.slots() - program.instructions.len();
        let steps = program.instructions.iter().map(|step| [step.left.word(), step.right.word()]);
        engine::eval(steps, inputs, &mut memory);
        let session = Self { program, state, memory };
        let clash = program.choices().find(|choice| session.verdict(choice.clash) == Verdict::Yes);
        clash.map_or(Ok(()), |choice| Err(inputs::clash(program, choice, &session.given())))?;
        Ok(session)
    }

    /// The session after a change. The change applies as a whole and is then checked.
    ///
    /// # Errors
    /// [`SubjectError`]; also [`SubjectFault::HeldByRole`] and [`SubjectFault::HeldByFact`] where a role that is
    /// surely held still gives what the change takes away. O(program + subject).
    pub fn with(&self, change: &Change) -> Result<Self, SubjectError> {
        Self::changed(self.program, &self.state, &lookup::change(self.program, change)?)
    }

    /// Resolves a state after a change that was looked up before: for a change that is made to many. O(program + state).
    ///
    /// # Errors
    /// As of [`Session::with`]; ids and values are known to fit.
    pub fn changed(program: &'p Program, state: &State, assignments: &Assignments) -> Result<Self, SubjectError> {
        let session = Self::resolve(program, state.changed(assignments))?;
        session.refuse_undone(assignments)?;
        Ok(session)
    }

    /// Refuses a change that roles undo.
    fn refuse_undone(&self, assignments: &Assignments) -> Result<(), SubjectError> {
        for &role in &assignments.remove {
            if let Some(role) = self.program.roles.at(role)
                && self.verdict(role.held) == Verdict::Yes
            {
                let message = format!("role `{}` cannot be removed: the subject's facts assume it", role.id);
                let help = String::from("change the fact that its `when` tests");
                return Err(SubjectError::new(SubjectFault::HeldByFact, &role.id, message, help));
            }
        }
        let listed = |giver: Giver| match giver {
            Giver::Inline(_) => Some(true),
            Giver::Role(role) => Some(self.state.roles.iter().any(|&listed| listed as usize == role)),
            Giver::Own | Giver::Perhaps(_) => None,
        };
        let undone = self.given().into_iter().filter_map(|(grant, giver)| {
            let place = assignments.set.binary_search_by_key(&grant.privilege, |(index, _)| *index).ok()?;
            let (_, assigned) = assignments.set.get(place)?;
            let privilege = self.program.privileges.at(grant.privilege)?;
            let undone = undoes(privilege, grant.value, assigned);
            undone.then_some((listed(giver)?, privilege, giver))
        });
        // A listed role is named before one that facts assume: the administrator can take it away.
        let Some((listed, privilege, giver)) = undone.max_by_key(|(listed, ..)| *listed) else { return Ok(()) };
        let (fault, help) = if listed {
            (SubjectFault::HeldByRole, "take the role away, or set no less than it gives")
        } else {
            (SubjectFault::HeldByFact, "change the fact that the role's `when` tests")
        };
        let message = format!("privilege `{}` is still given by {}", privilege.id, inputs::name(self.program, giver));
        Err(SubjectError::new(fault, &privilege.id, message, help.into()))
    }
}

/// Whether a role that gives this undoes that something else is assigned.
pub(crate) fn undoes(privilege: &Privilege, given: u32, assigned: &[Grant]) -> bool {
    match privilege.kind {
        PrivilegeKind::Flag | PrivilegeKind::Choice | PrivilegeKind::Number => assigned.is_empty(),
        PrivilegeKind::Level => assigned.first().is_none_or(|own| own.value < given),
        PrivilegeKind::Set => assigned.iter().all(|own| own.value != given),
    }
}
