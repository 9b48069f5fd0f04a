//! The join of grants, as instructions: the subject's own grants, those of inline roles and those of the policy's
//! roles.
//!
//! Flags are or-ed, levels take the highest, sets are united. A choice or number takes the subject's own value, else
//! the value of the roles: for a choice the only option that they grant, for a number the greatest. If it is unknown
//! whether a role is held, the result is known only where it is the same with and without the role.

use crate::model::{Comparison, PrivilegeKind};
use crate::pack::{Builder, Privilege, Slot};
use crate::util::sort;

/// The values that the policy's roles grant of one privilege, ascending and distinct. The slot of a value is whether a
/// role that grants it is held. All operations are at most O(values).
pub(super) struct RoleValues(Vec<(u32, Slot)>);

impl RoleValues {
    /// Collects the grants `(value, slot of whether the role is held)`. O(grants × log grants).
    pub(super) fn new(builder: &mut Builder, mut grants: Vec<(u32, Slot)>) -> Self {
        sort::sort(&mut grants);
        let mut values: Vec<(u32, Slot)> = Vec::new();
        for (value, held) in grants {
            match values.last_mut() {
                Some((known, slot)) if *known == value => *slot = builder.or(*slot, held),
                _ => values.push((value, held)),
            }
        }
        Self(values)
    }

    /// Whether a role grants exactly this value.
    fn exactly(&self, value: u32) -> Slot {
        let place = self.0.binary_search_by(|(known, _)| known.cmp(&value)).ok();
        place.and_then(|place| self.0.get(place)).map_or(Slot::NO, |(_, slot)| *slot)
    }

    /// For each value, whether a role grants it or a greater one.
    fn or_from(&self, builder: &mut Builder) -> Vec<(u32, Slot)> {
        let mut any = Slot::NO;
        let mut suffixes: Vec<(u32, Slot)> = self
            .0
            .iter()
            .rev()
            .map(|(value, slot)| {
                any = builder.or(any, *slot);
                (*value, any)
            })
            .collect();
        suffixes.reverse();
        suffixes
    }

    /// For each value, whether a role grants it or a smaller one.
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

/// Whether a role grants `bound` or more; `or_from` is the result of [`RoleValues::or_from`].
fn at_least(or_from: &[(u32, Slot)], bound: u32) -> Slot {
    or_from.get(or_from.partition_point(|(value, _)| *value < bound)).map_or(Slot::NO, |(_, slot)| *slot)
}

/// Whether a role grants less than `bound`; `or_up_to` is the result of [`RoleValues::or_up_to`].
fn below(or_up_to: &[(u32, Slot)], bound: u32) -> Slot {
    let count = or_up_to.partition_point(|(value, _)| *value < bound);
    count.checked_sub(1).and_then(|last| or_up_to.get(last)).map_or(Slot::NO, |(_, slot)| *slot)
}

/// Builds the instructions for the granted parts of a privilege, and for the conflict of a choice.
pub(super) fn join(builder: &mut Builder, privilege: &mut Privilege, values: &RoleValues) {
    let first = privilege.input;
    let input = |place: usize| Slot::at(first + place).unwrap_or(Slot::NO);
    let places = privilege.inputs_per_grant();
    match privilege.kind {
        PrivilegeKind::Flag => privilege.granted = vec![builder.or(input(0), values.exactly(1))],
        PrivilegeKind::Level => {
            let or_from = values.or_from(builder);
            let ranks = (1..).zip(0..places);
            privilege.granted = ranks.map(|(rank, place)| builder.or(input(place), at_least(&or_from, rank))).collect();
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
            let (only_options, conflict) = exactly_one(builder, &roles);
            let unless_own = |builder: &mut Builder, slot| builder.and(!own, slot);
            let options = only_options.into_iter().zip(0..).map(|(only_option, place)| {
                let only_option = unless_own(builder, only_option);
                builder.or(input(place), only_option)
            });
            privilege.granted = options.collect();
            privilege.conflict = builder.and(!own, conflict);
        }
        PrivilegeKind::Number => number(builder, privilege, values),
    }
}

/// For the options of a choice that roles grant: whether each is the only one, and whether two are granted (a conflict).
/// If each of two options may be granted, but it is not known that both are, it is unknown which of them the subject has, so
/// both are unknown: *or unknown* turns a *no* into *unknown* in that case.
fn exactly_one(builder: &mut Builder, granted_options: &[Slot]) -> (Vec<Slot>, Slot) {
    let (mut conflict, mut before) = (Slot::NO, Slot::NO);
    let mut only_options = Vec::with_capacity(granted_options.len());
    for option in granted_options {
        let both = builder.and(before, *option);
        conflict = builder.or(conflict, both);
        only_options.push(before);
        before = builder.or(before, *option);
    }
    let mut after = Slot::NO;
    for (option, others) in granted_options.iter().zip(&mut only_options).rev() {
        let other = builder.or(*others, after);
        after = builder.or(after, *option);
        let no_other = builder.or(!other, Slot::UNKNOWN);
        *others = builder.and(*option, no_other);
    }
    (only_options, conflict)
}

/// Builds the instructions for a number: whether it is set, and its comparisons. A comparison holds for the greatest
/// number if a role grants a number for which it holds, and none grants a greater number for which it does not.
fn number(builder: &mut Builder, privilege: &mut Privilege, values: &RoleValues) {
    let (or_from, or_up_to) = (values.or_from(builder), values.or_up_to(builder));
    let places = privilege.inputs_per_grant();
    let input = |place: usize| Slot::at(privilege.input + place).unwrap_or(Slot::NO);
    let inline = |place: usize| input(places + place);
    let (own_is_set, inline_is_set) = (input(0), inline(0));
    let place = |comparison| privilege.comparisons.iter().position(|known| *known == comparison);
    let mut granted = Vec::with_capacity(places);
    let any = builder.or(inline_is_set, at_least(&or_from, 0));
    granted.push(builder.or(own_is_set, any));
    for (comparison, at) in privilege.comparisons.iter().zip(1..) {
        let roles = match *comparison {
            Comparison::AtLeast(bound) => builder.or(inline(at), at_least(&or_from, bound)),
            Comparison::Below(bound) => {
                let low = builder.or(inline(at), below(&or_up_to, bound));
                let inline_is_high = builder.and(inline_is_set, !inline(at));
                let high = builder.or(inline_is_high, at_least(&or_from, bound));
                builder.and(low, !high)
            }
            Comparison::Equal(number) => {
                let equal = builder.or(inline(at), values.exactly(number));
                let high = number.checked_add(1).map_or(Slot::NO, |next| {
                    let inline = place(Comparison::AtLeast(next)).map_or(Slot::NO, |place| inline(place + 1));
                    builder.or(inline, at_least(&or_from, next))
                });
                builder.and(equal, !high)
            }
        };
        let roles = builder.and(!own_is_set, roles);
        granted.push(builder.or(input(at), roles));
    }
    privilege.granted = granted;
    privilege.role_numbers = or_from;
}

/// The comparisons that the program needs for those in requirements, sorted and distinct. `= n` also needs `>= n + 1`:
/// the greatest of the granted numbers counts, so it is `n` only if none is greater.
pub(super) fn comparisons(made: impl Iterator<Item = Comparison>) -> Vec<Comparison> {
    let mut all: Vec<Comparison> = made.collect();
    let above = |comparison: &Comparison| match *comparison {
        Comparison::Equal(number) => number.checked_add(1).map(Comparison::AtLeast),
        Comparison::AtLeast(_) | Comparison::Below(_) => None,
    };
    let above: Vec<Comparison> = all.iter().filter_map(above).collect();
    all.extend(above);
    sort::sort(&mut all);
    all.dedup();
    all
}
