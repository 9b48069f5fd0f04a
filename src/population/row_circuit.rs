//! The bit-sliced form of a program: instructions over the bits of a packed row. A word of the memory has one bit per subject,
//! so one pass evaluates as many subjects as a word has bits.
//!
//! The circuit first decodes the fields of the row: options, ranks, comparisons, and whether the row is valid. Then it repeats
//! the program's instructions on the decoded inputs. The values that a change assigns are the same for all subjects, so they are
//! constants; constant folding and hash-consing remove what no longer depends on the row, and share what a change does not
//! affect. Decoding each row and applying the change to it, one by one, took many times as long as this circuit.

use super::field::{Field, OptionalField};
use super::packed_row::{fact_width, privilege_width};
use crate::model::{FactKind, PrivilegeKind};
use crate::pack::{Builder, CONSTANTS, Fact, Grant, Privilege, Program, Role, Slot};
use crate::session::{Assignments, role_overrides};
use crate::util::sort;
use crate::util::to_u32;

/// The slot of the first bit of a row.
pub(crate) const FIRST_BIT: usize = CONSTANTS;

/// A circuit under construction. Its inputs are the bits of a packed row. If a subject has inline roles, these inputs follow:
/// one for each input of the program, in the same order, and one for each entry of [`Privilege::role_numbers`]: whether inline roles
/// grant at least that number.
pub(crate) struct RowCircuit<'p> {
    program: &'p Program,
    /// The instructions.
    pub(crate) builder: Builder,
    /// Bytes of a row.
    width: usize,
    /// The first input for inline roles; `None` if no subject has one.
    inline: Option<usize>,
}

/// The slots of the circuit that correspond to the slots of the program, and the reasons to refuse a subject.
pub(crate) struct Outputs {
    /// By slot of the program.
    slots: Vec<Slot>,
    /// The reasons, by priority: a subject's error is that of the first reason that applies. The first is an invalid row.
    pub(crate) reasons: Vec<Reason>,
}

/// A reason to refuse subjects.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reason {
    /// Whether the reason applies.
    pub(crate) slot: Slot,
    /// Whether all subjects for which it is the first reason get the same error.
    pub(crate) has_same_error: bool,
}

impl Outputs {
    /// The slot of the circuit for a slot of the program.
    pub(crate) fn slot(&self, slot: Slot) -> Slot {
        let found = self.slots.get(slot.index()).copied().unwrap_or(Slot::UNKNOWN);
        if slot.negated() { !found } else { found }
    }

    /// Refuses the subjects for which `slot` is yes.
    fn refuse(&mut self, slot: Slot, has_same_error: bool) {
        self.reasons.push(Reason { slot, has_same_error });
    }

    /// Refuses the subjects for which `slot` is yes, since their row is invalid.
    fn refuse_row(&mut self, builder: &mut Builder, slot: Slot) {
        if let Some(invalid_row) = self.reasons.first_mut() {
            invalid_row.slot = builder.or(invalid_row.slot, slot);
        }
    }
}

impl<'p> RowCircuit<'p> {
    /// An empty circuit for rows of `width` bytes. `has_inline`: whether a subject has an inline role.
    pub(crate) fn new(program: &'p Program, width: usize, has_inline: bool) -> Self {
        let row_end = FIRST_BIT + 8 * width;
        let inline = if has_inline { program.inputs() + numbers_before(program, usize::MAX) } else { 0 };
        Self { program, builder: Builder::new(row_end + inline), width, inline: has_inline.then_some(row_end) }
    }

    /// The first input for inline roles.
    pub(crate) fn first_inline(&self) -> Option<usize> {
        self.inline
    }

    /// Builds the instructions of the program, after a change if there is one. O(program × bits of a field).
    pub(crate) fn build(&mut self, change: Option<&Assignments>) -> Outputs {
        let mut outputs = Outputs { slots: vec![Slot::YES, Slot::UNKNOWN], reasons: Vec::new() };
        let mut rest = Field::new(FIRST_BIT, 8 * self.width);
        let is_valid = self.builder.any(rest.take(1).bits());
        outputs.refuse(!is_valid, true);
        for (index, fact) in (0..).zip(&self.program.facts) {
            let assigned = change.and_then(|change| find(&change.facts, index));
            self.add_fact(&mut outputs, fact, rest.take(fact_width(fact)), assigned);
        }
        for (index, privilege) in (0..).zip(&self.program.privileges) {
            let assigned = change.and_then(|change| find(&change.set, index));
            let field = rest.take(privilege_width(privilege));
            let entry = to_u32(self.program.facts.len()) + index;
            self.add_privilege(&mut outputs, (entry, privilege), field, assigned.map(Vec::as_slice));
        }
        for (index, _) in (0..).zip(&self.program.roles) {
            let listed = self.builder.any(rest.take(1).bits());
            let is_added = change.is_some_and(|change| change.add.contains(&index));
            let is_removed = change.is_some_and(|change| change.remove.contains(&index));
            outputs.slots.push(match (is_added, is_removed) {
                (true, _) => Slot::YES,
                (_, true) => Slot::NO,
                _ => listed,
            });
        }
        let padding = self.builder.any(rest.bits());
        outputs.refuse_row(&mut self.builder, padding);
        for instruction in &self.program.instructions {
            let slot = self.builder.and(outputs.slot(instruction.left), outputs.slot(instruction.right));
            outputs.slots.push(slot);
        }
        for choice in self.program.choices() {
            outputs.refuse(outputs.slot(choice.conflict), false);
        }
        if let Some(change) = change {
            self.refuse_overridden(&mut outputs, change);
        }
        outputs
    }

    /// The input for inline roles at `offset`; no if no subject has one.
    fn inline_slot(&self, offset: usize) -> Slot {
        self.inline.and_then(|first| Slot::at(first + offset)).unwrap_or(Slot::NO)
    }

    /// Adds the inputs of a fact.
    fn add_fact(&mut self, outputs: &mut Outputs, fact: &Fact, field: Field, assigned: Option<&Option<u32>>) {
        let builder = &mut self.builder;
        let value = OptionalField::new(builder, field, fact.kind == FactKind::Number);
        let mut is_valid = value.is_valid(builder, 0, fact.max_value());
        if fact.kind == FactKind::Level {
            let has_no_rank = value.equals(builder, 0);
            is_valid = builder.and(is_valid, !has_no_rank);
        }
        outputs.refuse_row(builder, !is_valid);
        for input in (0_u32..).zip(0..fact.inputs()).map(|(input, _)| input) {
            let constant = |value| constant(fact.holds(input, value));
            let absent = fact.absent.map_or(Slot::UNKNOWN, constant);
            let slot = assigned.map_or_else(
                || {
                    let holds = match (fact.kind, fact.comparisons.get(input as usize)) {
                        (FactKind::Switch, _) => value.equals(builder, 1),
                        (FactKind::Choice, _) => value.equals(builder, input.into()),
                        (FactKind::Level, _) => value.at_least(builder, u64::from(input) + 1),
                        (FactKind::Number, comparison) => {
                            comparison.map_or(Slot::NO, |comparison| value.compares(builder, *comparison))
                        }
                    };
                    let absent = builder.and(!value.is_set, absent);
                    builder.or(holds, absent)
                },
                |assigned| assigned.map_or(absent, constant),
            );
            outputs.slots.push(slot);
        }
    }

    /// Adds the inputs of a privilege, which is the entry at index `entry`.
    fn add_privilege(
        &mut self,
        outputs: &mut Outputs,
        (entry, privilege): (u32, &Privilege),
        field: Field,
        assigned: Option<&[Grant]>,
    ) {
        let mut own = self.own_grant(outputs, privilege, field);
        if let Some(grants) = assigned {
            own.fill(Slot::NO);
            for grant in grants {
                self.program.engine().satisfied(entry, grant.value, &mut |input| {
                    own.get_mut(input as usize).into_iter().for_each(|slot| *slot = Slot::YES);
                });
            }
        }
        let first = first_inline(privilege);
        let inline: Vec<Slot> = (first..first + own.len()).map(|offset| self.inline_slot(offset)).collect();
        if first == privilege.input {
            outputs.slots.extend(own.into_iter().zip(inline).map(|(own, inline)| self.builder.or(own, inline)));
        } else {
            outputs.slots.extend(own.into_iter().chain(inline));
        }
    }

    /// The inputs of the subject's own grant.
    fn own_grant(&mut self, outputs: &mut Outputs, privilege: &Privilege, field: Field) -> Vec<Slot> {
        let builder = &mut self.builder;
        let kind = privilege.kind;
        if matches!(kind, PrivilegeKind::Flag | PrivilegeKind::Set) {
            return field.bits().collect();
        }
        let value = OptionalField::new(builder, field, kind == PrivilegeKind::Number);
        let parts = (0_u64..).zip(0..privilege.parts()).map(|(part, _)| part);
        let mut own: Vec<Slot> = match kind {
            PrivilegeKind::Level => parts.map(|part| value.at_least(builder, part)).collect(),
            PrivilegeKind::Choice => parts.map(|part| value.equals(builder, part)).collect(),
            _ => vec![value.is_set],
        };
        let last = u32::try_from(privilege.values.len()).map_or(u32::MAX, |count| count.saturating_sub(1));
        let (min, max) = if kind == PrivilegeKind::Number { (privilege.min, privilege.max) } else { (0, last) };
        let is_valid = value.is_valid(builder, min, max);
        outputs.refuse_row(builder, !is_valid);
        own.extend(privilege.comparisons.iter().map(|comparison| value.compares(builder, *comparison)));
        own
    }

    /// Refuses the subjects whose roles override the change. The order of the reasons is that in which [`Session::with`] selects
    /// its error: a role that the change removes but whose `when` holds; the last listed role that overrides an assignment; an inline
    /// role; the last role whose `when` holds.
    ///
    /// [`Session::with`]: crate::session::Session::with
    fn refuse_overridden(&mut self, outputs: &mut Outputs, change: &Assignments) {
        for role in change.remove.iter().filter_map(|role| self.program.roles.at(*role)) {
            outputs.refuse(outputs.slot(role.held), true);
        }
        let overrides_any = |role: &&Role| {
            role.grants.iter().any(|grant| {
                let privilege = self.program.privileges.at(grant.privilege);
                let assigned = find(&change.set, grant.privilege);
                privilege.zip(assigned).is_some_and(|(it, assigned)| role_overrides(it, grant.value, assigned))
            })
        };
        let roles: Vec<&Role> = self.program.roles.iter().rev().filter(overrides_any).collect();
        for role in &roles {
            let listed = Slot::at(role.input).map_or(Slot::NO, |listed| outputs.slot(listed));
            outputs.refuse(self.builder.and(outputs.slot(role.held), listed), true);
        }
        for (index, assigned) in &change.set {
            let Some(privilege) = self.program.privileges.at(*index) else { continue };
            let first = first_inline(privilege);
            let lowest = u32::from(privilege.kind == PrivilegeKind::Level); // ranks count from 1
            let values = (lowest..).zip(first..first + privilege.parts());
            for (_, offset) in values.filter(|(value, _)| role_overrides(privilege, *value, assigned)) {
                outputs.refuse(self.inline_slot(offset), false);
            }
        }
        for role in roles {
            outputs.refuse(outputs.slot(role.held), true);
        }
    }
}

/// Calls `set` with every input for inline roles that these roles set to yes, counted from the first such input.
pub(crate) fn set_inline_role_bits(program: &Program, inline: &[Vec<Grant>], set: &mut dyn FnMut(usize)) {
    let mut grants: Vec<Grant> = inline.iter().flatten().copied().collect();
    sort::sort(&mut grants);
    let first_privilege = to_u32(program.facts.len());
    for (position, grant) in grants.iter().enumerate() {
        let Some(privilege) = program.privileges.at(grant.privilege) else { continue };
        // Of several numbers only the last counts, which is the largest.
        let is_last = grants.get(position + 1).is_none_or(|next| next.privilege != grant.privilege);
        if privilege.kind == PrivilegeKind::Number && !is_last {
            continue;
        }
        let first = first_inline(privilege);
        let mut set_input = |input: u32| set(first + input as usize);
        program.engine().satisfied(first_privilege + grant.privilege, grant.value, &mut set_input);
        let value = grant.value;
        let first = program.inputs() + numbers_before(program, privilege.input);
        let reached = privilege.role_numbers.iter().take_while(|(number, _)| *number <= value);
        reached.zip(first..).for_each(|(_, input)| set(input));
    }
}

/// The program's first input of a privilege for inline roles: that of the second group, if the privilege has two.
fn first_inline(privilege: &Privilege) -> usize {
    privilege.input + privilege.inputs() - privilege.inputs_per_grant()
}

/// The number of entries of [`Privilege::role_numbers`] in the privileges whose first input is below `input`.
fn numbers_before(program: &Program, input: usize) -> usize {
    let before = program.privileges.iter().take_while(|privilege| privilege.input < input);
    before.map(|privilege| privilege.role_numbers.len()).sum()
}

fn constant(holds: bool) -> Slot {
    if holds { Slot::YES } else { Slot::NO }
}

/// The value that is assigned to the entry at `index`.
fn find<T>(assigned: &[(u32, T)], index: u32) -> Option<&T> {
    let position = assigned.binary_search_by_key(&index, |(entry, _)| *entry).ok()?;
    assigned.get(position).map(|(_, value)| value)
}
