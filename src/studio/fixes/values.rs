//! The values among which fixes choose: of those that no test distinguishes one, the nearest to the present value; and how far
//! apart two values are.

use crate::check::Part;
use crate::model::{Comparison, FactKind, PrivilegeKind};
use crate::studio::search::space::Domain;
use crate::util::{collect_set, sort};
use std::collections::BTreeSet;

/// The distance between two values of a fact: steps of levels and numbers; all options are equally far apart.
pub(super) fn distance_of_fact(kind: FactKind, present: Option<u32>, value: Option<u32>) -> u64 {
    match kind {
        FactKind::Choice | FactKind::Switch => 1,
        _ => u64::from(present.unwrap_or(0).abs_diff(value.unwrap_or(0))),
    }
}

/// The distance between two values of a privilege: steps of levels and numbers; all options are equally far apart.
pub(super) fn distance(kind: PrivilegeKind, min: u32, present: Option<u32>, value: Option<u32>) -> u64 {
    match (kind, present, value) {
        (PrivilegeKind::Level, ..) => u64::from(present.unwrap_or(0).abs_diff(value.unwrap_or(0))),
        (PrivilegeKind::Number, Some(present), Some(value)) => u64::from(present.abs_diff(value)),
        (PrivilegeKind::Number, None, Some(value)) => u64::from(value.saturating_sub(min)),
        (PrivilegeKind::Number, _, None) => 1 << 32,
        _ => 1,
    }
}

/// The domain of the values other than the present own one, sorted so that the nearest comes last.
pub(super) fn nearest_last(
    mut values: Vec<Option<u32>>,
    present: Option<u32>,
    distance: &dyn Fn(Option<u32>) -> u64,
) -> Option<Domain> {
    values.retain(|value| *value != present);
    sort::sort_by_key(&mut values, |value| std::cmp::Reverse((distance(*value), *value)));
    (!values.is_empty()).then_some(Domain::OneOf(values))
}

/// For each range of ranks that no test distinguishes, the rank that is nearest to the present one.
pub(super) fn levels(parts: &BTreeSet<Part>, present: u32) -> Vec<Option<u32>> {
    let rank = |part: &Part| if let Part::Value(level) = part { u32::try_from(level + 1).ok() } else { None };
    let bounds: Vec<u32> = parts.iter().filter_map(rank).collect();
    nearest(&bounds, present, (0, u32::MAX)).into_iter().map(|rank| (rank > 0).then_some(rank)).collect()
}

/// For each range of numbers that no comparison distinguishes, the number that is nearest to the present one.
pub(super) fn numbers(comparisons: &[Comparison], present: Option<u32>, (min, max): (u32, u32)) -> Vec<u32> {
    let bounds = comparisons.iter().flat_map(|comparison| match *comparison {
        Comparison::AtLeast(bound) | Comparison::Below(bound) => [Some(bound), None],
        Comparison::Equal(number) => [Some(number), number.checked_add(1)],
    });
    let bounds = collect_set(bounds.flatten().filter(|bound| *bound > min && *bound <= max));
    nearest(&bounds.into_iter().collect::<Vec<_>>(), present.unwrap_or(min), (min, max))
}

/// For each range between two bounds, the number in it that is nearest to the present one.
fn nearest(bounds: &[u32], present: u32, (min, max): (u32, u32)) -> Vec<u32> {
    let starts = [min].into_iter().chain(bounds.iter().copied());
    let ends = bounds.iter().map(|bound| bound - 1).chain([max]);
    starts.zip(ends).map(|(start, end)| present.clamp(start, end)).collect()
}

/// The options that tests name, and the first of all other options.
pub(super) fn options(parts: &BTreeSet<Part>, count: usize) -> Vec<Option<u32>> {
    let read = |option: &usize| parts.contains(&Part::Value(*option));
    let other = (0..count).find(|option| !read(option));
    let options = (0..count).filter(read).chain(other);
    options.filter_map(|option| u32::try_from(option).ok()).map(Some).collect()
}
