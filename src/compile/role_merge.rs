//! What is granted, as instructions: the subject's own grants, those of inline roles, and those of the policy's roles.
//!
//! Flags are or-ed, levels take the highest, sets unite. A choice or number takes the subject's own value, else what the
//! roles give: a choice the one option that they agree on, a number the greatest. A role of which it is unknown whether
//! it is held counts both ways, as unknowns do: what is granted is known only where both agree.

use crate::model::{Comparison, PrivilegeKind};
use crate::pack::{Builder, Privilege, Slot};

/// What the policy's roles give of one privilege: the values, ascending, and where it is decided whether some role that
/// gives this value is held. O(grants), as is all that follows from it.
pub(super) struct RoleValues(Vec<(u32, Slot)>);

impl RoleValues {
    /// Gathers `(value, where it is decided whether the role is held)` of each grant.
    pub(super) fn new(builder: &mut Builder, mut grants: Vec<(u32, Slot)>) -> Self {
        grants.sort();
        let mut values: Vec<(u32, Slot)> = Vec::new();
        for (value, held) in grants {
            match values.last_mut() {
                Some((known, slot)) if *known == value => *slot = builder.or(*slot, held),
                _ => values.push((value, held)),
            }
        }
        Self(values)
    }

    /// Whether exactly this value is given.
    fn exactly(&self, value: u32) -> Slot {
        let place = self.0.binary_search_by(|(known, _)| known.cmp(&value)).ok();
        place.and_then(|place| self.0.get(place)).map_or(Slot::NO, |(_, slot)| *slot)
    }

    /// The values, and whether one or a greater one is given.
    fn or_from(&self, builder: &mut Builder) -> Vec<(u32, Slot)> {
        let mut any = Slot::NO;
        let mut up: Vec<(u32, Slot)> = self
            .0
            .iter()
            .rev()
            .map(|(value, slot)| {
                any = builder.or(any, *slot);
                (*value, any)
            })
            .collect();
        up.reverse();
        up
    }

    /// The values, and whether one or a smaller one is given.
    fn or_up_to(&self, builder: &mut Builder) -> Vec<(u32, Slot)> {
        let mut any = Slot::NO;
        self.0
            .iter()
            .map(|(value, slot)| {
                any = builder.or(any, *slot);
                (*value, any)
            })
            .collect()
    }
}

/// Whether so much or more is given, of what [`RoleValues::or_from`] found.
fn at_least(up: &[(u32, Slot)], bound: u32) -> Slot {
    up.get(up.partition_point(|(value, _)| *value < bound)).map_or(Slot::NO, |(_, slot)| *slot)
}

/// Whether less is given, of what [`RoleValues::or_up_to`] found.
fn below(down: &[(u32, Slot)], bound: u32) -> Slot {
    let count = down.partition_point(|(value, _)| *value < bound);
    count.checked_sub(1).and_then(|last| down.get(last)).map_or(Slot::NO, |(_, slot)| *slot)
}

/// Decides what is granted of a privilege.
pub(super) fn join(builder: &mut Builder, privilege: &mut Privilege, values: &RoleValues) {
    let first = privilege.input;
    let input = |place: usize| Slot::at(first + place).unwrap_or(Slot::NO);
    let places = privilege.places();
    match privilege.kind {
        PrivilegeKind::Flag => privilege.granted = vec![builder.or(input(0), values.exactly(1))],
        PrivilegeKind::Level => {
            let up = values.or_from(builder);
            let ranks = (1..).zip(0..places);
            privilege.granted = ranks.map(|(rank, place)| builder.or(input(place), at_least(&up, rank))).collect();
        }
        PrivilegeKind::Set => {
            let options = (0..).zip(0..places);
            privilege.granted =
                options.map(|(option, place)| builder.or(input(place), values.exactly(option))).collect();
        }
        PrivilegeKind::Choice => {
            let own = builder.any((0..places).map(input));
            let roles = (0..).zip(places..);
            let roles: Vec<Slot> =
                roles.take(places).map(|(option, place)| builder.or(input(place), values.exactly(option))).collect();
            let (alone, clash) = one_of(builder, &roles);
            let unless_own = |builder: &mut Builder, slot| builder.and(!own, slot);
            let options = alone.into_iter().zip(0..).map(|(alone, place)| {
                let alone = unless_own(builder, alone);
                builder.or(input(place), alone)
            });
            privilege.granted = options.collect();
            privilege.clash = builder.and(!own, clash);
        }
        PrivilegeKind::Number => number(builder, privilege, values),
    }
}

/// Of options that roles give: each where it is the only one, and whether two are given. Who is given two and not surely
/// both has one of them, but it is not known which: both are unknown then, and what unknown tests of another can never
/// become *no*.
fn one_of(builder: &mut Builder, given: &[Slot]) -> (Vec<Slot>, Slot) {
    let (mut clash, mut before) = (Slot::NO, Slot::NO);
    let mut alone = Vec::with_capacity(given.len());
    for option in given {
        let both = builder.and(before, *option);
        clash = builder.or(clash, both);
        alone.push(before);
        before = builder.or(before, *option);
    }
    let mut after = Slot::NO;
    for (option, others) in given.iter().zip(&mut alone).rev() {
        let other = builder.or(*others, after);
        after = builder.or(after, *option);
        let no_other = builder.or(!other, Slot::UNKNOWN);
        *others = builder.and(*option, no_other);
    }
    (alone, clash)
}

/// A comparison holds of the number that is the greatest: somebody gives one of which it holds, and nobody a greater one
/// of which it does not.
fn number(builder: &mut Builder, privilege: &mut Privilege, values: &RoleValues) {
    let (up, down) = (values.or_from(builder), values.or_up_to(builder));
    let places = privilege.places();
    let input = |place: usize| Slot::at(privilege.input + place).unwrap_or(Slot::NO);
    let inline = |place: usize| input(places + place);
    let (own_is_set, inline_is_set) = (input(0), inline(0));
    let place = |comparison| privilege.comparisons.iter().position(|known| *known == comparison);
    let mut granted = Vec::with_capacity(places);
    let any = builder.or(inline_is_set, at_least(&up, 0));
    granted.push(builder.or(own_is_set, any));
    for (comparison, at) in privilege.comparisons.iter().zip(1..) {
        let roles = match *comparison {
            Comparison::AtLeast(bound) => builder.or(inline(at), at_least(&up, bound)),
            Comparison::Below(bound) => {
                let low = builder.or(inline(at), below(&down, bound));
                let inline_is_high = builder.and(inline_is_set, !inline(at));
                let high = builder.or(inline_is_high, at_least(&up, bound));
                builder.and(low, !high)
            }
            Comparison::Equal(number) => {
                let equal = builder.or(inline(at), values.exactly(number));
                let high = number.checked_add(1).map_or(Slot::NO, |next| {
                    let inline = place(Comparison::AtLeast(next)).map_or(Slot::NO, |place| inline(place + 1));
                    builder.or(inline, at_least(&up, next))
                });
                builder.and(equal, !high)
            }
        };
        let roles = builder.and(!own_is_set, roles);
        granted.push(builder.or(input(at), roles));
    }
    privilege.granted = granted;
    privilege.given = up;
}

/// The comparisons that a program makes with a number of which requirements make these: whether one equals a number also
/// takes whether it is greater, since the greatest counts. Sorted.
pub(super) fn comparisons(made: impl Iterator<Item = Comparison>) -> Vec<Comparison> {
    let mut all: Vec<Comparison> = made.collect();
    let above = |comparison: &Comparison| match *comparison {
        Comparison::Equal(number) => number.checked_add(1).map(Comparison::AtLeast),
        Comparison::AtLeast(_) | Comparison::Below(_) => None,
    };
    let above: Vec<Comparison> = all.iter().filter_map(above).collect();
    all.extend(above);
    all.sort();
    all.dedup();
    all
}
