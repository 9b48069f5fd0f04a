//! Resolving: a state becomes a session.

use super::error::{SubjectError, SubjectFault};
use super::intern::{self, Assignments};
use super::join::{self, Giver, Number};
use super::state::State;
use super::subject::{Change, Subject};
use crate::decide;
use crate::ground::{FactKind, Lanes, PrivilegeKind, Verdict};
use crate::program::{Comparison, Fact, Policy, Program};
use alloc::string::String;
use alloc::vec::Vec;

/// One subject resolved against one policy: every decision at once. Immutable; [`Session::with`] makes another.
#[derive(Clone, Debug)]
pub struct Session<'p> {
    pub(super) program: &'p Program,
    pub(super) state: State,
    /// The verdict of each role: surely held, surely not, or depending on an unknown fact.
    pub(super) held: Vec<Verdict>,
    pub(super) numbers: Vec<(u32, Number)>,
    pub(super) slots: Vec<Lanes>,
}

impl Policy {
    /// Resolves a subject: looks its ids up, joins its roles and decides every operation. O(program + subject).
    ///
    /// # Errors
    /// [`SubjectError`] for an id that the policy lacks, a value that does not fit, something given twice, or roles
    /// that clash. Nothing is ignored.
    pub fn session(&self, subject: &Subject) -> Result<Session<'_>, SubjectError> {
        self.prepare(subject).map(Prepared::decide)
    }

    /// Looks the ids of a subject up and joins its roles, without deciding anything yet. O(program + subject).
    ///
    /// # Errors
    /// As of [`Policy::session`].
    pub fn prepare(&self, subject: &Subject) -> Result<Prepared<'_>, SubjectError> {
        Prepared::new(self.program(), intern::subject(self.program(), subject)?)
    }

    /// Looks the ids and values of a change up, for [`Prepared::changed`]. O(change).
    ///
    /// # Errors
    /// [`SubjectError`] for an id that the policy lacks, a value that does not fit, or something given twice.
    pub fn look_up(&self, change: &Change) -> Result<Assignments, SubjectError> {
        intern::change(self.program(), change)
    }
}

impl<'p> Session<'p> {
    /// Resolves a state that belongs to `program`. O(program + state).
    ///
    /// # Errors
    /// [`SubjectFault::ConflictingChoice`].
    pub fn resolve(program: &'p Program, state: State) -> Result<Self, SubjectError> {
        Prepared::new(program, state).map(Prepared::decide)
    }

    /// The session after a change. The change applies as a whole and is then checked.
    ///
    /// # Errors
    /// [`SubjectError`]; also [`SubjectFault::HeldByRole`] and [`SubjectFault::HeldByFact`] where a role that is
    /// surely held still gives what the change takes away. O(program + subject).
    pub fn with(&self, change: &Change) -> Result<Self, SubjectError> {
        let assignments = intern::change(self.program, change)?;
        Prepared::changed(self.program, &self.state, &assignments).map(Prepared::decide)
    }

    /// Refuses a change that roles undo.
    fn refuse_undone(&self, assignments: &Assignments) -> Result<(), SubjectError> {
        for &role in &assignments.remove {
            if self.held.get(role as usize) == Some(&Verdict::Yes)
                && let Some(role) = self.program.roles.at(role)
            {
                let message = ["role `", &role.id, "` cannot be removed: the subject's facts assume it"].concat();
                let help = String::from("change the fact that its `when` tests");
                return Err(SubjectError::new(SubjectFault::HeldByFact, &role.id, message, help));
            }
        }
        let listed = |giver: Giver| match giver {
            Giver::Inline(_) => Some(true),
            Giver::Role(role) => Some(self.state.roles.iter().any(|&listed| listed as usize == role)),
            Giver::Own | Giver::Perhaps(_) => None,
        };
        let undone = join::given(self.program, &self.state, &self.held).into_iter().filter_map(|(grant, giver)| {
            let place = assignments.set.binary_search_by_key(&grant.privilege, |(index, _)| *index).ok()?;
            let (_, assigned) = assignments.set.get(place)?;
            let privilege = self.program.privileges.at(grant.privilege)?;
            let undone = match privilege.kind {
                PrivilegeKind::Flag | PrivilegeKind::Choice | PrivilegeKind::Number => assigned.is_empty(),
                PrivilegeKind::Level => assigned.first().is_none_or(|own| own.value < grant.value),
                PrivilegeKind::Set => !assigned.contains(&grant),
            };
            undone.then_some((listed(giver)?, privilege, giver))
        });
        // A listed role is named before one that facts assume: the administrator can take it away.
        let Some((listed, privilege, giver)) = undone.max_by_key(|(listed, ..)| *listed) else { return Ok(()) };
        let (fault, help) = if listed {
            (SubjectFault::HeldByRole, "take the role away, or set no less than it gives")
        } else {
            (SubjectFault::HeldByFact, "change the fact that the role's `when` tests")
        };
        let message = ["privilege `", &privilege.id, "` is still given by ", &join::name(self.program, giver)].concat();
        Err(SubjectError::new(fault, &privilege.id, message, help.into()))
    }
}

/// A subject of which everything is known but what is decided: its roles are joined, its inputs are filled. One can be
/// decided by itself, or many side by side, a lane each.
#[derive(Clone, Debug)]
pub struct Prepared<'p>(Session<'p>);

impl<'p> Prepared<'p> {
    /// Prepares a state that belongs to `program`. O(program + state).
    ///
    /// # Errors
    /// [`SubjectFault::ConflictingChoice`].
    pub fn new(program: &'p Program, state: State) -> Result<Self, SubjectError> {
        let mut slots = Vec::with_capacity(program.slots());
        slots.resize(program.inputs() + program.early, Lanes { yes: 0, no: 1 });
        if let Some(constant) = slots.first_mut() {
            *constant = Lanes { yes: 1, no: 0 };
        }
        for (index, fact) in program.facts.iter().enumerate() {
            let value = state.fact(index).or(fact.absent);
            fill(fact, value, slots.get_mut(fact.input..fact.input + fact.inputs()).unwrap_or_default());
        }
        let early = program.instructions.get(..program.early).unwrap_or_default();
        decide::run(early, program.inputs(), &mut slots);
        let held: Vec<Verdict> = (0_u32..)
            .zip(&program.roles)
            .map(|(index, role)| match role.when {
                _ if state.roles.binary_search(&index).is_ok() => Verdict::Yes,
                Some(when) => decide::read(&slots, when).into(),
                None => Verdict::No,
            })
            .collect();
        let numbers = join::join(program, &state, &held, &mut slots)?;
        Ok(Self(Session { program, state, held, numbers, slots }))
    }

    /// Prepares a state after a change that was looked up before: for a change that is made to many. O(program + state).
    ///
    /// # Errors
    /// As of [`Session::with`]; ids and values are known to fit.
    pub fn changed(program: &'p Program, state: &State, assignments: &Assignments) -> Result<Self, SubjectError> {
        let mut state = state.clone();
        // Each list stays sorted: what is assigned goes where what it replaces stood.
        for &(fact, value) in &assignments.facts {
            let start = state.facts.partition_point(|known| known.0 < fact);
            let end = state.facts.partition_point(|known| known.0 <= fact);
            state.facts.splice(start..end, value.map(|value| (fact, value)));
        }
        for (privilege, grants) in &assignments.set {
            let start = state.own.partition_point(|own| own.privilege < *privilege);
            let end = state.own.partition_point(|own| own.privilege <= *privilege);
            state.own.splice(start..end, grants.iter().copied());
        }
        state.roles.retain(|role| !assignments.remove.contains(role));
        for role in &assignments.add {
            if let Err(place) = state.roles.binary_search(role) {
                state.roles.insert(place, *role);
            }
        }
        let prepared = Self::new(program, state)?;
        prepared.0.refuse_undone(assignments)?;
        Ok(prepared)
    }

    /// The session of the subject. O(program).
    pub fn decide(self) -> Session<'p> {
        let Self(mut session) = self;
        let program = session.program;
        session.slots.resize(program.slots(), Lanes { yes: 0, no: 0 });
        let late = program.instructions.get(program.early..).unwrap_or_default();
        decide::run(late, program.inputs() + program.early, &mut session.slots);
        session
    }

    /// The subject.
    pub const fn state(&self) -> &State {
        &self.0.state
    }

    /// What is known before anything is decided, in the first lane: the inputs, and the results of the first
    /// [`Program::early`] instructions.
    pub fn inputs(&self) -> &[Lanes] {
        &self.0.slots
    }

    /// The indices of the number privileges of which it is not known which number is granted.
    pub fn undecided_numbers(&self) -> impl Iterator<Item = usize> {
        self.0.numbers.iter().filter(|(_, number)| *number == Number::Undecided).map(|(index, _)| *index as usize)
    }
}

/// Sets the inputs of a fact; an unknown one makes them all unknown.
fn fill(fact: &Fact, value: Option<u32>, inputs: &mut [Lanes]) {
    for (index, input) in (0_u32..).zip(inputs) {
        let verdict = |value: u32| match fact.kind {
            FactKind::Switch => value == 1,
            FactKind::Choice => value == index,
            FactKind::Number => {
                fact.comparisons.get(index as usize).is_some_and(|comparison: &Comparison| comparison.holds(value))
            }
        };
        *input = value.map_or(Verdict::Unknown, |value| verdict(value).into()).into();
    }
}
