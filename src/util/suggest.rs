//! Suggestions for unknown ids, and lists of ids in messages.

use super::messages::message;
use crate::model::limits;
use strsim::osa_distance;

/// The bound of a search, in pairs of letters. The npm package has the same, so that messages are the same.
const MOST_CELLS: usize = 1 << 23;

/// The candidate with the smallest edit distance to `wrong` (insert, delete, replace, swap neighbours), if the distance is at
/// most a third of the longer string: then it is probably a typing error. Ties go to the first candidate.
/// O(candidates × length²), up to a bound: the candidates after it are not compared.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_of(wrong, &mut candidates.into_iter(), &mut SearchBudget::default())
}

/// The work that several searches may take together, in pairs of letters.
#[derive(Clone, Copy, Debug)]
pub struct SearchBudget(usize);

impl Default for SearchBudget {
    fn default() -> Self {
        Self(MOST_CELLS)
    }
}

fn nearest_of<'a>(
    wrong: &str,
    candidates: &mut dyn Iterator<Item = &'a str>,
    budget: &mut SearchBudget,
) -> Option<&'a str> {
    let length = wrong.chars().count();
    if length > limits::ID_BYTES {
        return None; // not a typing error; the search would take quadratic time
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let other = candidate.chars().count();
        let bound = best.map_or(length.max(other) / 3 + 1, |(distance, _)| distance);
        if length.abs_diff(other) < bound {
            let Some(left) = budget.0.checked_sub(length * other) else {
                budget.0 = 0;
                break;
            };
            budget.0 = left;
            let distance = osa_distance(wrong, candidate);
            if distance < bound {
                best = Some((distance, candidate));
            }
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The help for an unknown id: a question that names the [`nearest`] candidate, if there is one.
pub fn did_you_mean<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    did_you_mean_within(wrong, candidates, &mut SearchBudget::default())
}

/// [`did_you_mean`], by a search that shares a budget with others.
pub fn did_you_mean_within<'a>(
    wrong: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    budget: &mut SearchBudget,
) -> Option<String> {
    question(nearest_of(wrong, &mut candidates.into_iter(), budget))
}

fn question(nearest: Option<&str>) -> Option<String> {
    nearest.map(|near| message!(did_you_mean, near))
}

/// Formats ids as `` `a`, `b` or `c` ``.
pub fn one_of<'a>(ids: impl ExactSizeIterator<Item = &'a str>) -> String {
    list(ids.len(), &mut { ids }, " or ")
}

/// Formats ids as `` `a`, `b` and `c` ``.
pub fn all_of<'a>(ids: impl ExactSizeIterator<Item = &'a str>) -> String {
    list(ids.len(), &mut { ids }, " and ")
}

fn list(count: usize, ids: &mut dyn Iterator<Item = &str>, last: &str) -> String {
    let mut text = String::new();
    for (index, id) in ids.enumerate() {
        if index > 0 {
            text += if index + 1 == count { last } else { ", " };
        }
        text += &format!("`{id}`");
    }
    text
}
