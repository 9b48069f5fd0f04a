//! RowCircuit: what a packed row says, as instructions over its bits, so that as many people are read at once as a word has bits.
//!
//! Evidence. Deciding for 64 people at once takes two word operations an instruction; reading their rows one by one took
//! many times as long, and so did asking of each of them whether a change can be made.
//!
//! Decision. The bits of a row are inputs, and what they say is built of the instruction that decides: which option a field
//! names, how a number compares, whether the row is one at all. The program's instructions are built again on top of that.
//! So is a change that is made to everybody: what it assigns is constant. Whatever no longer depends on anything is folded
//! away, and what is the same before and after a change stands there once.

use super::field::{Field, Optional};
use crate::session::inputs::{fill_grant, fill_inline, inline_numbers};

use super::packed_row::{fact_width, privilege_width};
use crate::model::{FactKind, PrivilegeKind};
use crate::pack::{Builder, Fact, Grant, Privilege, Program, Role, Slot};
use crate::session::{Assignments, undoes};

/// The slot of a row's first bit: behind the constants.
pub(crate) const FIRST: usize = 2;

/// Instructions under construction. Their inputs are the bits of a packed row; behind them what inline roles give, which
/// has no place in a row, in the order of the program's inputs, and then whether they give so much or more of a number as
/// [`Privilege::given`] lists.
pub(crate) struct RowCircuit<'p> {
    program: &'p Program,
    /// What is built.
    pub(crate) builder: Builder,
    /// Bytes of a row.
    width: usize,
    /// The first input for inline roles; `None` where nobody has one.
    inline: Option<usize>,
}

/// Where everything is decided about the people of rows.
pub(crate) struct Outputs {
    /// By slot of the program.
    slots: Vec<Slot>,
    /// Why a person may be refused: the first reason that holds is the one that is told.
    pub(crate) reasons: Vec<Reason>,
}

/// A reason to refuse people.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reason {
    /// Where it is decided whether it holds.
    pub(crate) slot: Slot,
    /// Whether everybody of whom it is the first is told the same.
    pub(crate) is_same: bool,
}

impl Outputs {
    /// Where a slot of the program is decided.
    pub(crate) fn at(&self, slot: Slot) -> Slot {
        let here = self.slots.get(slot.index()).copied().unwrap_or(Slot::UNKNOWN);
        if slot.negated() { !here } else { here }
    }

    fn refuse(&mut self, slot: Slot, is_same: bool) {
        self.reasons.push(Reason { slot, is_same });
    }

    /// Refuses as nobody whom a field says so of.
    fn misread(&mut self, builder: &mut Builder, slot: Slot) {
        if let Some(nobody) = self.reasons.first_mut() {
            nobody.slot = builder.or(nobody.slot, slot);
        }
    }
}

impl<'p> RowCircuit<'p> {
    /// Nothing built yet, for rows of `width` bytes, which may be filled up to `bits`. `inline`: somebody has an inline role.
    pub(crate) fn new(program: &'p Program, width: usize, bits: usize, inline: bool) -> Self {
        let rows = FIRST + bits;
        let more = if inline { program.inputs() + numbers_before(program, usize::MAX) } else { 0 };
        Self { program, builder: Builder::new(rows + more), width, inline: inline.then_some(rows) }
    }

    /// The first input for inline roles.
    pub(crate) fn first_inline(&self) -> Option<usize> {
        self.inline
    }

    /// Builds everything that is decided about the people of rows, after a change if there is one. O(program), times the
    /// bits of a field for what is read of it.
    pub(crate) fn people(&mut self, change: Option<&Assignments>) -> Outputs {
        let mut people = Outputs { slots: vec![Slot::YES, Slot::UNKNOWN], reasons: Vec::new() };
        let mut rest = Field::new(FIRST, 8 * self.width);
        let somebody = self.builder.any(rest.take(1).bits());
        people.refuse(!somebody, true);
        for (index, fact) in (0..).zip(&self.program.facts) {
            let assigned = change.and_then(|change| find(&change.facts, index));
            self.fact(&mut people, fact, rest.take(fact_width(fact)), assigned);
        }
        for (index, privilege) in (0..).zip(&self.program.privileges) {
            let assigned = change.and_then(|change| find(&change.set, index));
            let field = rest.take(privilege_width(privilege));
            self.privilege(&mut people, privilege, field, assigned.map(Vec::as_slice));
        }
        for (index, _) in (0..).zip(&self.program.roles) {
            let listed = self.builder.any(rest.take(1).bits());
            let is = |list: &dyn Fn(&Assignments) -> bool| change.is_some_and(list);
            let added = is(&|change| change.add.contains(&index));
            let removed = is(&|change| change.remove.contains(&index));
            people.slots.push(match (added, removed) {
                (true, _) => Slot::YES,
                (_, true) => Slot::NO,
                _ => listed,
            });
        }
        let padding = self.builder.any(rest.bits());
        people.misread(&mut self.builder, padding);
        for step in &self.program.instructions {
            let slot = self.builder.and(people.at(step.left), people.at(step.right));
            people.slots.push(slot);
        }
        for choice in self.program.choices() {
            people.refuse(people.at(choice.clash), false);
        }
        if let Some(change) = change {
            self.undone(&mut people, change);
        }
        people
    }

    /// Whether inline roles give so much of a number, or more, as is the `place`th of what the policy's roles give.
    pub(crate) fn inline_number(&self, privilege: &Privilege, place: usize) -> Slot {
        self.inline_slot(self.program.inputs() + numbers_before(self.program, privilege.input) + place)
    }

    fn inline_slot(&self, place: usize) -> Slot {
        self.inline.and_then(|first| Slot::at(first + place)).unwrap_or(Slot::NO)
    }

    fn fact(&mut self, people: &mut Outputs, fact: &Fact, field: Field, assigned: Option<&Option<u32>>) {
        let builder = &mut self.builder;
        let value = Optional::new(builder, field, fact.kind == FactKind::Number);
        let fits = value.fits(builder, 0, fact.last());
        people.misread(builder, !fits);
        for place in (0_u32..).zip(0..fact.inputs()).map(|(place, _)| place) {
            let constant = |value| constant(fact.holds(place, value));
            let absent = fact.absent.map_or(Slot::UNKNOWN, constant);
            let slot = assigned.map_or_else(
                || {
                    let holds = match (fact.kind, fact.comparisons.get(place as usize)) {
                        (FactKind::Switch, _) => value.is(builder, 1),
                        (FactKind::Choice, _) => value.is(builder, place.into()),
                        (FactKind::Number, comparison) => {
                            comparison.map_or(Slot::NO, |comparison| value.passes(builder, *comparison))
                        }
                    };
                    let absent = builder.and(!value.set, absent);
                    builder.or(holds, absent)
                },
                |assigned| assigned.map_or(absent, constant),
            );
            people.slots.push(slot);
        }
    }

    fn privilege(&mut self, people: &mut Outputs, privilege: &Privilege, field: Field, assigned: Option<&[Grant]>) {
        let mut own = self.own(people, privilege, field);
        if let Some(grants) = assigned {
            own.fill(Slot::NO);
            for grant in grants {
                fill_grant(privilege, 0, grant.value, &mut |place, _| {
                    own.get_mut(place).into_iter().for_each(|slot| *slot = Slot::YES);
                });
            }
        }
        let first = first_inline(privilege);
        let inline: Vec<Slot> = (first..first + own.len()).map(|place| self.inline_slot(place)).collect();
        if first == privilege.input {
            people.slots.extend(own.into_iter().zip(inline).map(|(own, inline)| self.builder.or(own, inline)));
        } else {
            people.slots.extend(own.into_iter().chain(inline));
        }
    }

    /// The inputs of the subject's own grant.
    fn own(&mut self, people: &mut Outputs, privilege: &Privilege, field: Field) -> Vec<Slot> {
        let builder = &mut self.builder;
        let kind = privilege.kind;
        if matches!(kind, PrivilegeKind::Flag | PrivilegeKind::Set) {
            return field.bits().collect();
        }
        let value = Optional::new(builder, field, kind == PrivilegeKind::Number);
        let parts = (0_u64..).zip(0..privilege.parts()).map(|(part, _)| part);
        let mut own: Vec<Slot> = match kind {
            PrivilegeKind::Level => parts.map(|part| value.at_least(builder, part)).collect(),
            PrivilegeKind::Choice => parts.map(|part| value.is(builder, part)).collect(),
            _ => vec![value.set],
        };
        let last = u32::try_from(privilege.values.len()).map_or(u32::MAX, |count| count.saturating_sub(1));
        let (min, max) = if kind == PrivilegeKind::Number { (privilege.min, privilege.max) } else { (0, last) };
        let fits = value.fits(builder, min, max);
        people.misread(builder, !fits);
        own.extend(privilege.comparisons.iter().map(|comparison| value.passes(builder, *comparison)));
        own
    }

    /// Refuses whom roles still give what the change takes away, in the order of what a session is told: a role is named that
    /// facts assume though the change removes it; else of the roles that undo an assignment the last that is listed; else an
    /// inline one; else the last that facts assume.
    fn undone(&mut self, people: &mut Outputs, change: &Assignments) {
        for role in change.remove.iter().filter_map(|role| self.program.roles.at(*role)) {
            people.refuse(people.at(role.held), true);
        }
        let undoes_something = |role: &&Role| {
            role.grants.iter().any(|grant| {
                let privilege = self.program.privileges.at(grant.privilege);
                let assigned = find(&change.set, grant.privilege);
                privilege.zip(assigned).is_some_and(|(privilege, assigned)| undoes(privilege, grant.value, assigned))
            })
        };
        let roles: Vec<&Role> = self.program.roles.iter().rev().filter(undoes_something).collect();
        for role in &roles {
            let listed = Slot::at(role.input).map_or(Slot::NO, |listed| people.at(listed));
            people.refuse(self.builder.and(people.at(role.held), listed), true);
        }
        for (index, assigned) in &change.set {
            let Some(privilege) = self.program.privileges.at(*index) else { continue };
            let first = first_inline(privilege);
            let from = u32::from(privilege.kind == PrivilegeKind::Level); // ranks count from 1
            for (_, place) in
                (from..).zip(first..first + privilege.parts()).filter(|(value, _)| undoes(privilege, *value, assigned))
            {
                people.refuse(self.inline_slot(place), false);
            }
        }
        for role in roles {
            people.refuse(people.at(role.held), true);
        }
    }
}

/// Says which inputs for inline roles hold of these, counted from the first.
pub(crate) fn set_inline_inputs(program: &Program, inline: &[Vec<Grant>], set: &mut dyn FnMut(usize)) {
    fill_inline(program, inline, &first_inline, &mut |input, _| set(input));
    for (index, number) in inline_numbers(program, inline) {
        let Some(privilege) = program.privileges.at(index) else { continue };
        let first = program.inputs() + numbers_before(program, privilege.input);
        let reached = privilege.given.iter().take_while(|(value, _)| *value <= number);
        reached.zip(first..).for_each(|(_, input)| set(input));
    }
}

/// The first input of the program that inline roles fill.
fn first_inline(privilege: &Privilege) -> usize {
    privilege.input + privilege.inputs() - privilege.places()
}

/// How many numbers the policy's roles give of the privileges before this input.
fn numbers_before(program: &Program, input: usize) -> usize {
    let before = program.privileges.iter().take_while(|privilege| privilege.input < input);
    before.map(|privilege| privilege.given.len()).sum()
}

fn constant(holds: bool) -> Slot {
    if holds { Slot::YES } else { Slot::NO }
}

fn find<T>(assigned: &[(u32, T)], index: u32) -> Option<&T> {
    let place = assigned.binary_search_by_key(&index, |(known, _)| *known).ok()?;
    assigned.get(place).map(|(_, value)| value)
}
