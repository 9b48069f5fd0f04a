//! The join: a subject's own grants and those of its roles become the inputs of privileges.
//!
//! Flags are or-ed, levels take the highest, sets unite. A choice or number takes the subject's own value, else what
//! the roles give. A role whose `when` is unknown counts both ways: an input is known only where both agree.

use super::error::{SubjectError, SubjectFault};
use super::state::State;
use crate::ground::sort::sort_by_key;
use crate::ground::{Lanes, PrivilegeKind, Verdict, text::decimal};
use crate::program::{Comparison, Grant, Privilege, Program};
use alloc::string::String;
use alloc::vec::Vec;

const YES: Lanes = Lanes { yes: 1, no: 0 };
const NO: Lanes = Lanes { yes: 0, no: 1 };
const UNKNOWN: Lanes = Lanes { yes: 0, no: 0 };

/// The number that a subject holds for a privilege: not set, set, or depending on an unknown fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Known(Option<u32>),
    Undecided,
}

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

/// Every grant that counts or may count, with its giver. `held` has the verdict of each role.
pub(super) fn given(program: &Program, state: &State, held: &[Verdict]) -> Vec<(Grant, Giver)> {
    let mut all = Vec::new();
    let mut give = |grants: &[Grant], giver: Giver| all.extend(grants.iter().map(|grant| (*grant, giver)));
    give(&state.own, Giver::Own);
    for (place, grants) in state.inline.iter().enumerate() {
        give(grants, Giver::Inline(place));
    }
    for (index, (role, verdict)) in program.roles.iter().zip(held).enumerate() {
        match verdict {
            Verdict::Yes => give(&role.grants, Giver::Role(index)),
            Verdict::Unknown => give(&role.grants, Giver::Perhaps(index)),
            Verdict::No => {}
        }
    }
    all
}

/// Fills the inputs of all privileges, which must read *no*, and returns the numbers that are held or may be.
///
/// # Errors
/// [`SubjectFault::ConflictingChoice`] where roles that are surely held give a choice different options.
pub(super) fn join(
    program: &Program,
    state: &State,
    held: &[Verdict],
    slots: &mut [Lanes],
) -> Result<Vec<(u32, Number)>, SubjectError> {
    let mut single = Vec::new(); // of choices and numbers, which are looked at together
    for (grant, giver) in given(program, state, held) {
        let Some(privilege) = program.privileges.at(grant.privilege) else { continue };
        let inputs = match privilege.kind {
            PrivilegeKind::Flag => 0..1,
            PrivilegeKind::Level => 0..grant.value as usize,
            PrivilegeKind::Set => grant.value as usize..grant.value as usize + 1,
            PrivilegeKind::Choice | PrivilegeKind::Number => {
                single.push((grant, giver));
                continue;
            }
        };
        let inputs = slots.get_mut(privilege.input + inputs.start..privilege.input + inputs.end);
        for input in inputs.unwrap_or_default() {
            *input = if matches!(giver, Giver::Perhaps(_)) { *input | UNKNOWN } else { YES };
        }
    }
    let mut numbers = Vec::new();
    sort_by_key(&mut single, |(grant, _)| grant.privilege);
    for all in single.chunk_by(|(one, _), (other, _)| one.privilege == other.privilege) {
        let Some((Grant { privilege: index, .. }, first)) = all.first().copied() else { continue };
        let Some(privilege) = program.privileges.at(index) else { continue };
        // The subject's own value comes first, and alone counts where there is one.
        let counting = if first == Giver::Own { all.get(..1).unwrap_or_default() } else { all };
        let inputs = slots.get_mut(privilege.input..privilege.input + privilege.inputs()).unwrap_or_default();
        if privilege.kind == PrivilegeKind::Choice {
            choice(program, privilege, counting, inputs)?;
        } else {
            numbers.push((index, number(privilege, counting, inputs)));
        }
    }
    Ok(numbers)
}

/// An option is held when it is the only one given and surely so, not held when nobody gives it, else unknown.
fn choice(
    program: &Program,
    privilege: &Privilege,
    given: &[(Grant, Giver)],
    inputs: &mut [Lanes],
) -> Result<(), SubjectError> {
    let sure = |(_, giver): &&(Grant, Giver)| !matches!(giver, Giver::Perhaps(_));
    let mut surely = given.iter().filter(sure);
    if let Some((first, giver)) = surely.next()
        && let Some((second, other)) = surely.find(|(grant, _)| grant.value != first.value)
    {
        let option = |grant: &Grant| privilege.values.get(grant.value as usize).map_or("", String::as_str);
        let (a, b) = (name(program, *giver), name(program, *other));
        let id = &privilege.id;
        let message =
            [&a, " gives choice `", id, "` the option `", option(first), "`, ", &b, " gives it `", option(second), "`"]
                .concat();
        let help = "grant the subject an option of its own, or take one of the roles away".into();
        return Err(SubjectError::new(SubjectFault::ConflictingChoice, id, message, help));
    }
    let alone = given.windows(2).all(|pair| matches!(pair, [(a, _), (b, _)] if a.value == b.value));
    let known = alone && given.iter().any(|entry| sure(&entry));
    for (grant, _) in given {
        if let Some(input) = inputs.get_mut(grant.value as usize) {
            *input = if known { YES } else { UNKNOWN };
        }
    }
    Ok(())
}

/// The largest that is surely given, or any larger one that may be: a comparison is known where all of them agree.
fn number(privilege: &Privilege, given: &[(Grant, Giver)], inputs: &mut [Lanes]) -> Number {
    let sure = given.iter().filter(|(_, giver)| !matches!(giver, Giver::Perhaps(_)));
    let least = sure.map(|(grant, _)| grant.value).max();
    let larger = given.iter().map(|(grant, _)| grant.value).filter(|&value| least.is_none_or(|least| value > least));
    let mut possible: Vec<Option<u32>> = larger.map(Some).collect();
    possible.push(least);
    let verdict = |holds: &dyn Fn(u32) -> bool| {
        let holding = possible.iter().filter(|value| value.is_some_and(holds)).count();
        match holding {
            0 => NO,
            all if all == possible.len() => YES,
            _ => UNKNOWN,
        }
    };
    let comparisons = privilege.comparisons.iter().map(|comparison: &Comparison| {
        let comparison = *comparison;
        verdict(&move |number| comparison.holds(number))
    });
    for (input, result) in inputs.iter_mut().zip([verdict(&|_| true)].into_iter().chain(comparisons)) {
        *input = result;
    }
    if possible.len() == 1 { Number::Known(least) } else { Number::Undecided }
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
