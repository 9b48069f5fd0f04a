//! PackedSubjects as a population keeps them: a packed row each, and beside them the inline roles, which have no place in a row.

use super::evaluator::{Evaluator, PEOPLE};
use super::query::{CompiledQuery, Query};

use super::packed_row::{Inline, invalid_row};
use crate::pack::Policy;
use crate::session::{Assignments, Session, State, SubjectError};
use std::borrow::Cow;

/// A person that could not be resolved, or to whom a change cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The row, from 0.
    pub row: usize,
    /// What is wrong.
    pub error: SubjectError,
}

/// Packed rows and inline roles.
#[derive(Clone, Debug)]
pub(crate) struct PackedSubjects<'p> {
    width: usize,
    pub(super) rows: Cow<'p, [u8]>,
    pub(super) inline: Inline,
}

/// PackedSubjects that are decided for by one machine, one after the other: a whole number of words.
const SHARE: usize = 64 * PEOPLE;

impl<'p> PackedSubjects<'p> {
    /// PackedSubjects of packed rows. A last one that is cut short is nobody.
    pub(crate) fn of_rows(policy: &Policy, mut rows: Cow<'p, [u8]>) -> Self {
        let width = policy.row_width();
        let cut = rows.len() % width;
        if cut != 0 {
            let rows = rows.to_mut();
            rows.truncate(rows.len() - cut);
            rows.resize(rows.len() + width, 0);
        }
        Self { width, rows, inline: Inline::new() }
    }

    /// Packs states. One that is refused is an error, and has a row of zeros, which is nobody's.
    pub(crate) fn pack(
        policy: &Policy,
        states: impl ExactSizeIterator<Item = Result<State, SubjectError>>,
    ) -> (Self, Vec<RowError>) {
        let mut people = Self::of_rows(policy, Cow::Borrowed(&[]));
        let mut rows = Vec::with_capacity(states.len() * people.width);
        let mut errors = Vec::new();
        for (row, state) in states.enumerate() {
            match state {
                Ok(state) => {
                    rows.extend(policy.row(&state));
                    people.inline.extend(Some((row, state.inline)).filter(|(_, roles)| !roles.is_empty()));
                }
                Err(error) => {
                    rows.resize(rows.len() + people.width, 0);
                    errors.push(RowError { row, error });
                }
            }
        }
        people.rows = rows.into();
        (people, errors)
    }

    /// How many there are.
    pub(crate) fn size(&self) -> usize {
        self.rows.len() / self.width
    }

    /// The rows, those of `refused` as zeros.
    ///
    /// # Errors
    /// Where somebody else has an inline role.
    pub(crate) fn rows(&self, policy: &Policy, refused: impl Iterator<Item = usize>) -> Result<Vec<u8>, SubjectError> {
        let mut rows = self.rows.to_vec();
        let refused: Vec<usize> = refused.collect();
        if let Some((_, inline)) = self.inline.iter().find(|(row, _)| refused.binary_search(row).is_err()) {
            return policy.write_row(&State { inline: inline.clone(), ..State::default() });
        }
        for row in refused {
            rows.get_mut(row * self.width..(row + 1) * self.width).unwrap_or_default().fill(0);
        }
        Ok(rows)
    }

    /// Answers a query that was linked for these people, or for people of whom some have inline roles: by plane, those of
    /// the reasons first, the rows that are in it, ascending. Where there are `planes`, of so many words each, the answer's
    /// bits go there and into no list.
    pub(crate) fn evaluate(
        &self,
        policy: &Policy,
        query: &CompiledQuery,
        planes: &mut [u32],
        stride: usize,
    ) -> Vec<Vec<usize>> {
        let mut words: Vec<Vec<&mut [u32]>> = self.shares().map(|_| Vec::new()).collect();
        for plane in planes.chunks_mut(stride.max(1)) {
            words.iter_mut().zip(plane.chunks_mut(SHARE / 32)).for_each(|(share, words)| share.push(words));
        }
        let reasons = query.reasons.len();
        let run = |((first, rows), mut planes): ((usize, &[u8]), Vec<&mut [u32]>)| {
            let mut lists = vec![Vec::new(); reasons + query.planes.len()];
            let mut tell = |plane: usize, row: usize, bits: u64| {
                let words = plane.checked_sub(reasons).and_then(|plane| planes.get_mut(plane));
                if let Some(words) = words {
                    let words = words.get_mut((row - first) / 32..).unwrap_or_default();
                    for (word, half) in words.iter_mut().zip(bits.to_le_bytes().as_chunks().0) {
                        *word = u32::from_le_bytes(*half);
                    }
                } else if let Some(list) = lists.get_mut(plane) {
                    list.extend((0..64).filter(|bit| bits >> bit & 1 == 1).map(|bit| row + bit));
                }
            };
            Evaluator::new(policy.program(), query).evaluate(rows, first, &self.inline, &mut tell);
            lists
        };
        let mut all = vec![Vec::new(); reasons + query.planes.len()];
        for share in for_all(self.shares().zip(words).collect(), run) {
            all.iter_mut().zip(share).for_each(|(all, list)| all.extend(list));
        }
        all
    }

    /// Links a query for these people.
    pub(crate) fn compile(&self, policy: &Policy, query: &Query) -> CompiledQuery {
        CompiledQuery::new(policy, query, !self.inline.is_empty())
    }

    /// The errors of those who are in the first lists of an answer, those of the reasons. They are told what the first of
    /// them is, where all are told the same.
    pub(crate) fn errors(
        &self,
        policy: &Policy,
        query: &CompiledQuery,
        lists: &[Vec<usize>],
        change: Option<&Assignments>,
    ) -> Vec<RowError> {
        let mut errors = Vec::new();
        for (list, (_, is_same)) in lists.iter().zip(&query.reasons) {
            let mut known: Option<SubjectError> = None;
            for &row in list {
                let error = known.take().filter(|_| *is_same).unwrap_or_else(|| self.refusal(policy, row, change));
                known = Some(error.clone());
                errors.push(RowError { row, error });
            }
        }
        errors.sort_by_key(|error| error.row);
        errors
    }

    /// Why a person is refused, or a change to it.
    fn refusal(&self, policy: &Policy, row: usize, change: Option<&Assignments>) -> SubjectError {
        let resolved = policy.state_of_row(self.row(row)).and_then(|mut state| {
            let inline = self.inline.iter().find(|(known, _)| *known == row);
            state.inline = inline.map(|(_, roles)| roles.clone()).unwrap_or_default();
            match change {
                Some(change) => Session::changed(policy.program(), &state, change),
                None => Session::resolve(policy.program(), state),
            }
        });
        resolved.err().unwrap_or_else(invalid_row)
    }

    fn row(&self, row: usize) -> &[u8] {
        self.rows.get(row * self.width..(row + 1) * self.width).unwrap_or_default()
    }

    /// Rows by share, each with the row of the first.
    fn shares(&self) -> impl Iterator<Item = (usize, &[u8])> {
        (0..).step_by(SHARE).zip(self.rows.chunks(SHARE * self.width))
    }
}

/// Does the same for all shares, on every core.
#[cfg(feature = "parallel")]
fn for_all<T: Send, R: Send>(shares: Vec<T>, run: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    use rayon::prelude::*;
    shares.into_par_iter().map(run).collect()
}

/// Does the same for all shares, one after the other.
#[cfg(not(feature = "parallel"))]
fn for_all<T, R>(shares: Vec<T>, run: impl Fn(T) -> R) -> Vec<R> {
    shares.into_iter().map(run).collect()
}
