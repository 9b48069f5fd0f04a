//! Suggestions for unknown ids, and lists of ids in messages.

use crate::model::limits;

/// The candidate with the smallest edit distance to `wrong` (insert, delete, replace, swap neighbours), if the distance is at
/// most a third of the longer string: then it is probably a typing error. Ties go to the first candidate.
/// O(candidates × length²).
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_of(wrong, &mut candidates.into_iter())
}

fn nearest_of<'a>(wrong: &str, candidates: &mut dyn Iterator<Item = &'a str>) -> Option<&'a str> {
    let wrong: Vec<char> = wrong.chars().collect();
    if wrong.len() > limits::ID_BYTES {
        return None; // not a typing error; the search would take quadratic time
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.chars().collect();
        let longer = wrong.len().max(letters.len());
        let bound = best.map_or(longer / 3 + 1, |(distance, _)| distance);
        if wrong.len().abs_diff(letters.len()) < bound {
            let distance = distance(&wrong, &letters);
            if distance < bound {
                best = Some((distance, candidate));
            }
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The help for an unknown id: a question that names the [`nearest`] candidate, if there is one.
pub fn did_you_mean<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    question(nearest_of(wrong, &mut candidates.into_iter()))
}

fn question(nearest: Option<&str>) -> Option<String> {
    nearest.map(|near| format!("did you mean `{near}`?"))
}

/// The optimal string alignment distance: a swap of neighbours counts as one edit. O(a × b).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous_x = '\0';
    for (row, &x) in a.iter().enumerate() {
        let mut current = Vec::with_capacity(last.len());
        current.push(row + 1);
        let mut previous_y = '\0';
        for (column, &y) in b.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX - 1);
            let replaced = at(&last, column) + usize::from(x != y);
            let mut fewest = replaced.min(at(&last, column + 1) + 1).min(at(&current, column) + 1);
            if row > 0 && column > 0 && x == previous_y && previous_x == y {
                fewest = fewest.min(at(&before_last, column - 1) + 1);
            }
            current.push(fewest);
            previous_y = y;
        }
        before_last = last;
        last = current;
        previous_x = x;
    }
    last.last().copied().unwrap_or(0)
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
