//! The inputs of a program for a subject, and the provenance of its grants. The program joins the grants of declared roles.

use super::state::State;
use crate::model::{PrivilegeKind, Verdict};
use crate::pack::{CONSTANTS, Fact, Grant, Privilege, Program, Role};

/// The provenance of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giver {
    /// The subject's own grants.
    Own,
    /// The inline role at this index.
    Inline(usize),
    /// The role at this index, which is held.
    Role(usize),
    /// The role at this index, for which it is undecided whether it is held.
    Possible(usize),
}

/// The memory for an empty subject with all facts unknown: two words per slot (see [`engine::eval`](crate::engine::eval)).
/// Results are unknown. O(slots).
pub(super) fn initial_memory(program: &Program) -> Vec<u32> {
    let slots = program.slots();
    let grants_start: usize = CONSTANTS + program.facts.iter().map(Fact::inputs).sum::<usize>();
    let grants_and_roles = (slots - program.instructions.len()).saturating_sub(grants_start);
    let mut memory = vec![0; 2 * slots];
    memory.iter_mut().take(1).for_each(|yes| *yes = 1);
    memory.iter_mut().skip(2 * grants_start + 1).step_by(2).take(grants_and_roles).for_each(|no| *no = 1);
    memory
}

/// Calls `set` with every input of a state that differs from [`initial_memory`], and whether it holds. O(facts + state).
pub(super) fn set_inputs(program: &Program, state: &State, set: &mut dyn FnMut(usize, bool)) {
    let mut known = state.facts.iter().peekable();
    for (index, fact) in (0..).zip(&program.facts) {
        let value = known.next_if(|(fact, _)| *fact == index).map(|(_, value)| *value);
        let Some(value) = value.or(fact.absent) else { continue };
        for (offset, input) in (0_u32..).zip(fact.input..fact.input + fact.inputs()) {
            set(input, fact.holds(offset, value));
        }
    }
    let first_inline = |privilege: &Privilege| privilege.input + privilege.inputs() - privilege.inputs_per_grant();
    set_inline_inputs(program, &state.inline, &first_inline, set);
    for grant in &state.own {
        if let Some(privilege) = program.privileges.at(grant.privilege) {
            set_grant_inputs(privilege, privilege.input, grant.value, set);
        }
    }
    for role in state.roles.iter().filter_map(|role| program.roles.at(*role)) {
        set(role.input, true);
    }
}

/// Calls `set` with every input that inline roles set to yes. `first` returns the first input for inline roles of a privilege.
/// O(grants × log grants).
pub(crate) fn set_inline_inputs(
    program: &Program,
    inline: &[Vec<Grant>],
    first: &dyn Fn(&Privilege) -> usize,
    set: &mut dyn FnMut(usize, bool),
) {
    // Of several numbers only the maximum counts.
    let is_number = |privilege: &Privilege| privilege.kind == PrivilegeKind::Number;
    let grants = inline.iter().flatten().map(|grant| (grant.privilege, grant.value));
    let grants = grants.filter(|(index, _)| program.privileges.at(*index).is_some_and(|it| !is_number(it)));
    for (index, value) in grants.chain(inline_numbers(program, inline)) {
        if let Some(privilege) = program.privileges.at(index) {
            set_grant_inputs(privilege, first(privilege), value, set);
        }
    }
}

/// Calls `set` with every input, counted from `first`, that one grant sets to yes.
pub(crate) fn set_grant_inputs(privilege: &Privilege, first: usize, value: u32, set: &mut dyn FnMut(usize, bool)) {
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

/// The maximum number that inline roles grant, by number privilege, sorted by privilege. O(grants × log grants).
pub(crate) fn inline_numbers(program: &Program, inline: &[Vec<Grant>]) -> Vec<(u32, u32)> {
    let is_number =
        |grant: &&Grant| program.privileges.at(grant.privilege).is_some_and(|it| it.kind == PrivilegeKind::Number);
    let numbers = inline.iter().flatten().filter(is_number).map(|grant| (grant.privilege, grant.value));
    let mut numbers: Vec<(u32, u32)> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            earlier.1 = later.1;
        }
        same
    });
    numbers
}

/// All grants of held and possibly held roles and of the subject, with their provenance. `held` returns whether a role is held.
/// O(roles + grants).
pub(super) fn grants_with_givers(
    program: &Program,
    state: &State,
    held: &dyn Fn(&Role) -> Verdict,
) -> Vec<(Grant, Giver)> {
    let mut all = Vec::new();
    let mut add = |grants: &[Grant], giver: Giver| all.extend(grants.iter().map(|grant| (*grant, giver)));
    add(&state.own, Giver::Own);
    for (index, grants) in state.inline.iter().enumerate() {
        add(grants, Giver::Inline(index));
    }
    for (index, role) in program.roles.iter().enumerate() {
        match held(role) {
            Verdict::Yes => add(&role.grants, Giver::Role(index)),
            Verdict::Unknown => add(&role.grants, Giver::Possible(index)),
            Verdict::No => {}
        }
    }
    all
}
