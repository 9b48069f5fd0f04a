//! The answers of a population: their types, and how they are read from bit planes and lists of rows.

use super::rows::RowError;
use crate::model::Delta;

/// A key (an id, or an operation and its obligation) with its rows, ascending and at least one.
///
/// # Examples
/// ```
/// use privet::{Matches, Policy, Subject, Value};
///
/// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
/// let grants = vec![("can-approve-campaigns".into(), Value::Flag(true))];
/// let staff = policy.population(&[Subject::default(), Subject { grants, ..Subject::default() }]);
/// let dormant: Vec<Matches<&str>> = staff.dormant();
/// assert_eq!(dormant, [("can-approve-campaigns", vec![1])]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type Matches<T> = (T, Vec<usize>);

/// The effects of a change to all subjects, in policy order. Keys without affected subjects are left out.
///
/// # Examples
/// ```
/// use privet::{Change, Policy, PopulationPreview, Subject, Value};
///
/// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
/// let staff = policy.population(&[Subject::default(), Subject::default()]);
/// let change = Change { set: vec![("sender".into(), Value::Flag(true))], ..Change::default() };
/// let PopulationPreview { operations, menu, obligations, .. } = staff.preview(&change)?;
/// assert_eq!(operations.added, [("campaigns.send", vec![0, 1])]);
/// assert_eq!(menu.added, [("campaigns", vec![0, 1]), ("campaigns.send", vec![0, 1])]);
/// assert_eq!(obligations.added, [(("campaigns.send", "awaits-approval"), vec![0, 1])]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PopulationPreview<'p> {
    /// Operations that become allowed (`added`) or are no longer allowed (`removed`), without those that restrict.
    pub operations: Delta<Matches<&'p str>>,
    /// Menu items that become shown or are no longer shown.
    pub menu: Delta<Matches<&'p str>>,
    /// Obligations that become owed or are no longer owed.
    pub obligations: Delta<Matches<(&'p str, &'p str)>>,
    /// Privileges whose grant becomes dormant, in whole or in part, or is no longer dormant.
    pub dormant: Delta<Matches<&'p str>>,
    /// The errors of subjects that are invalid or to which the change cannot be applied. They are in none of the lists.
    pub errors: Vec<RowError>,
}

/// The decisions of a population: whether each operation (column) is allowed to each subject (row). Column `c` is `stride`
/// words from `c * stride`; row `r` is bit `r % 32` of its word `r / 32`, where bit 0 is the lowest. Bits after the last row are
/// 0.
///
/// # Examples
/// ```
/// use privet::{Policy, Subject, Value};
///
/// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
/// let grants = vec![("sender".into(), Value::Flag(true))];
/// let staff = policy.population(&[Subject::default(), Subject { grants, ..Subject::default() }]);
/// let matrix = staff.matrix();
/// let send = policy.operations().position(|id| id == "campaigns.send").unwrap_or_default();
/// assert_eq!([matrix.get(0, send), matrix.get(1, send)], [false, true]);
/// assert_eq!((matrix.rows, matrix.columns), (2, policy.operations().count()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitMatrix<'a> {
    /// The number of subjects.
    pub rows: usize,
    /// The number of operations, which are in policy order.
    pub columns: usize,
    /// Words of a column.
    pub stride: usize,
    /// The bits.
    pub words: &'a [u32],
}

impl BitMatrix<'_> {
    /// Whether the bit is set; `false` outside the matrix.
    pub fn get(&self, row: usize, column: usize) -> bool {
        let word = (row < self.rows && column < self.columns).then(|| column * self.stride + row / 32);
        word.and_then(|word| self.words.get(word)).is_some_and(|word| word >> (row % 32) & 1 == 1)
    }
}

/// The keys that have rows.
pub(crate) fn non_empty<T>(lists: impl Iterator<Item = Matches<T>>) -> Vec<Matches<T>> {
    lists.filter(|(_, rows)| !rows.is_empty()).collect()
}

/// Reads two lists for each key: the added and the removed rows.
pub(super) fn read_delta<T: Copy>(
    keys: impl Iterator<Item = T>,
    lists: &mut impl Iterator<Item = Vec<usize>>,
) -> Delta<Matches<T>> {
    let mut delta = Delta::default();
    for key in keys {
        let mut next = || (key, lists.next().unwrap_or_default());
        delta.added.push(next());
        delta.removed.push(next());
    }
    Delta { added: non_empty(delta.added.into_iter()), removed: non_empty(delta.removed.into_iter()) }
}

/// The number of bits that are set.
pub(super) fn count(plane: &[u32]) -> usize {
    plane.iter().map(|word| word.count_ones() as usize).sum()
}

/// The rows of the bits that are set, ascending.
pub(super) fn rows(plane: impl Iterator<Item = u32>) -> Vec<usize> {
    let rows_of_word =
        |(index, word): (usize, u32)| (0..32).filter(move |bit| word >> bit & 1 == 1).map(move |bit| index * 32 + bit);
    plane.enumerate().flat_map(rows_of_word).collect()
}
