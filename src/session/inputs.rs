//! Filling: a subject becomes the inputs of a program. What its roles give, the program joins.

use super::error::{SubjectError, SubjectFault};
use super::state::State;
use crate::model::{PrivilegeKind, Verdict};
use crate::pack::{CONSTANTS, Fact, Grant, Privilege, Program, Role};

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

/// The working memory for nobody of whom nothing is known: two words a slot, first the constants; facts unknown, every other
/// input known not to hold, and what is to be decided empty. O(slots).
pub(super) fn blank(program: &Program) -> Vec<u32> {
    let slots = program.slots();
    let known: usize = CONSTANTS + program.facts.iter().map(Fact::inputs).sum::<usize>();
    let rest = (slots - program.instructions.len()).saturating_sub(known);
    let mut memory = vec![0; 2 * slots];
    memory.iter_mut().take(1).for_each(|always| *always = 1);
    memory.iter_mut().skip(2 * known + 1).step_by(2).take(rest).for_each(|not| *not = 1);
    memory
}

/// Says of every input of a state that is not as in [`blank`] whether it holds. O(facts + state).
pub(super) fn fill(program: &Program, state: &State, set: &mut dyn FnMut(usize, bool)) {
    let mut given = state.facts.iter().peekable();
    for (index, fact) in (0..).zip(&program.facts) {
        let given = given.next_if(|(known, _)| *known == index).map(|(_, value)| *value);
        let Some(value) = given.or(fact.absent) else { continue };
        for (place, input) in (0_u32..).zip(fact.input..fact.input + fact.inputs()) {
            set(input, fact.holds(place, value));
        }
    }
    fill_inline(program, &state.inline, &|privilege| privilege.input + privilege.inputs() - privilege.places(), set);
    for grant in &state.own {
        if let Some(privilege) = program.privileges.at(grant.privilege) {
            fill_grant(privilege, privilege.input, grant.value, set);
        }
    }
    for role in state.roles.iter().filter_map(|role| program.roles.at(*role)) {
        set(role.input, true);
    }
}

/// Says which inputs hold of inline roles; `first` says where those of a privilege begin. O(grants × log grants).
pub(crate) fn fill_inline(
    program: &Program,
    inline: &[Vec<Grant>],
    first: &dyn Fn(&Privilege) -> usize,
    set: &mut dyn FnMut(usize, bool),
) {
    let is_number = |privilege: &Privilege| privilege.kind == PrivilegeKind::Number; // of which the greatest counts
    let grants = inline.iter().flatten().map(|grant| (grant.privilege, grant.value));
    let grants = grants.filter(|(index, _)| program.privileges.at(*index).is_some_and(|it| !is_number(it)));
    for (index, value) in grants.chain(inline_numbers(program, inline)) {
        if let Some(privilege) = program.privileges.at(index) {
            fill_grant(privilege, first(privilege), value, set);
        }
    }
}

/// Says which inputs from `first` hold of a grant.
pub(crate) fn fill_grant(privilege: &Privilege, first: usize, value: u32, set: &mut dyn FnMut(usize, bool)) {
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
pub(crate) fn inline_numbers(program: &Program, inline: &[Vec<Grant>]) -> Vec<(u32, u32)> {
    let is_number =
        |grant: &&Grant| program.privileges.at(grant.privilege).is_some_and(|it| it.kind == PrivilegeKind::Number);
    let numbers = inline.iter().flatten().filter(is_number).map(|grant| (grant.privilege, grant.value));
    let mut numbers: Vec<(u32, u32)> = numbers.collect();
    numbers.sort();
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
            format!("inline role {}", place + 1)
        }
        Giver::Role(index) | Giver::Perhaps(index) => {
            program.roles.get(index).map_or_else(String::new, |role| format!("role `{}`", role.id))
        }
    }
}
