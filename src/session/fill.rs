//! Filling: a subject becomes the inputs of a program. What its roles give, the program joins.

use super::error::{SubjectError, SubjectFault};
use super::state::State;
use crate::ground::sort::sort;
use crate::ground::{PrivilegeKind, Verdict, text::decimal};
use crate::program::{Fact, Grant, Privilege, Program, Role};
use alloc::string::String;
use alloc::vec::Vec;

/// Who gives a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giver {
    /// The subject itself.
    Own,
    /// The inline role at this place.
    Inline(usize),
    /// This role, which is surely held.
    Role(usize),
    /// This role, which is held if an unknown fact has the right value.
    Perhaps(usize),
}

/// The inputs of nobody of whom nothing is known: two words a slot, all constants; facts unknown, everything else known not to
/// hold. `all` is a word of ones in the lanes that are used. O(inputs).
pub(super) fn blank<W: Copy + Default>(program: &Program, all: W) -> Vec<W> {
    let none = W::default();
    let facts: usize = program.facts.iter().map(Fact::inputs).sum();
    let mut memory = Vec::with_capacity(2 * program.slots());
    memory.extend([all, none, none, none]);
    memory.resize(memory.len() + 2 * facts, none);
    let rest = program.inputs() - memory.len() / 2;
    memory.extend(core::iter::repeat_n([none, all], rest).flatten());
    memory
}

/// Says of every input of a state that is not as in [`blank`] whether it holds. O(facts + state).
pub(super) fn fill(program: &Program, state: &State, set: &mut dyn FnMut(usize, bool)) {
    for (index, fact) in program.facts.iter().enumerate() {
        let Some(value) = state.fact(index).or(fact.absent) else { continue };
        for (place, input) in (0_u32..).zip(fact.input..fact.input + fact.inputs()) {
            set(input, fact.holds(place, value));
        }
    }
    for grant in state.inline.iter().flatten() {
        let Some(privilege) = program.privileges.at(grant.privilege) else { continue };
        let first = privilege.input;
        match privilege.kind {
            PrivilegeKind::Choice => set(first + privilege.places() + grant.value as usize, true),
            PrivilegeKind::Number => {} // the greatest counts
            PrivilegeKind::Flag | PrivilegeKind::Level | PrivilegeKind::Set => {
                fill_grant(privilege, first, grant.value, set);
            }
        }
    }
    for (index, number) in inline_numbers(program, state) {
        if let Some(privilege) = program.privileges.at(index) {
            fill_grant(privilege, privilege.input + privilege.places(), number, set);
        }
    }
    for grant in &state.own {
        if let Some(privilege) = program.privileges.at(grant.privilege) {
            fill_grant(privilege, privilege.input, grant.value, set);
        }
    }
    for role in state.roles.iter().filter_map(|role| program.roles.at(*role)) {
        set(role.input, true);
    }
}

/// Says which inputs from `first` hold of a grant.
fn fill_grant(privilege: &Privilege, first: usize, value: u32, set: &mut dyn FnMut(usize, bool)) {
    match privilege.kind {
        PrivilegeKind::Flag => set(first, true),
        PrivilegeKind::Level => (first..first + value as usize).for_each(|input| set(input, true)),
        PrivilegeKind::Choice | PrivilegeKind::Set => set(first + value as usize, true),
        PrivilegeKind::Number => {
            set(first, true);
            for (comparison, input) in privilege.comparisons.iter().zip(first + 1..) {
                if comparison.holds(value) {
                    set(input, true);
                }
            }
        }
    }
}

/// The greatest number that inline roles give of each privilege of that kind, sorted by privilege.
pub(super) fn inline_numbers(program: &Program, state: &State) -> Vec<(u32, u32)> {
    let is_number =
        |grant: &&Grant| program.privileges.at(grant.privilege).is_some_and(|it| it.kind == PrivilegeKind::Number);
    let numbers = state.inline.iter().flatten().filter(is_number).map(|grant| (grant.privilege, grant.value));
    let mut numbers: Vec<(u32, u32)> = numbers.collect();
    sort(&mut numbers);
    numbers.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            earlier.1 = later.1;
        }
        same
    });
    numbers
}

/// Every grant that counts or may count, with its giver. `held` says of each role whether it is held.
pub(super) fn given(program: &Program, state: &State, held: &dyn Fn(&Role) -> Verdict) -> Vec<(Grant, Giver)> {
    let mut all = Vec::new();
    let mut give = |grants: &[Grant], giver: Giver| all.extend(grants.iter().map(|grant| (*grant, giver)));
    give(&state.own, Giver::Own);
    for (place, grants) in state.inline.iter().enumerate() {
        give(grants, Giver::Inline(place));
    }
    for (index, role) in program.roles.iter().enumerate() {
        match held(role) {
            Verdict::Yes => give(&role.grants, Giver::Role(index)),
            Verdict::Unknown => give(&role.grants, Giver::Perhaps(index)),
            Verdict::No => {}
        }
    }
    all
}

/// The error of roles that are surely held and give a choice different options: the first two that do.
pub(super) fn clash(program: &Program, privilege: &Privilege, given: &[(Grant, Giver)]) -> SubjectError {
    let id = &privilege.id;
    let sure = |(grant, giver): &&(Grant, Giver)| {
        !matches!(giver, Giver::Perhaps(_)) && program.privileges.at(grant.privilege).is_some_and(|it| it.id == *id)
    };
    let first = given.iter().find(sure);
    let other = given.iter().filter(sure).find(|(grant, _)| first.is_some_and(|(first, _)| first.value != grant.value));
    let option = |said: Option<&(Grant, Giver)>| {
        said.and_then(|(grant, _)| privilege.values.get(grant.value as usize)).map_or("", String::as_str)
    };
    let giver = |said: Option<&(Grant, Giver)>| said.map(|(_, giver)| name(program, *giver)).unwrap_or_default();
    let (a, b) = (giver(first), giver(other));
    let message =
        [&a, " gives choice `", id, "` the option `", option(first), "`, ", &b, " gives it `", option(other), "`"];
    let help = "grant the subject an option of its own, or take one of the roles away".into();
    SubjectError::new(SubjectFault::ConflictingChoice, id, message.concat(), help)
}

/// The giver, for a message.
pub(super) fn name(program: &Program, giver: Giver) -> String {
    match giver {
        Giver::Own => "the subject".into(),
        Giver::Inline(place) => {
            ["inline role ", &u32::try_from(place + 1).map_or_else(|_| String::new(), decimal)].concat()
        }
        Giver::Role(index) | Giver::Perhaps(index) => {
            program.roles.get(index).map_or_else(String::new, |role| ["role `", &role.id, "`"].concat())
        }
    }
}
