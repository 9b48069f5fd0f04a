//! The subjects of a population: packed rows and, separately, inline roles, which a row cannot contain.

use super::block::BLOCK_ROWS;
use super::evaluator::Evaluator;
use super::inline::{self, InlineRoles};
use super::packed_row::invalid_row;
use super::query::{CompiledQuery, Query};
use crate::pack::Policy;
use crate::session::{Assignments, Session, State, SubjectError};
use crate::util::sort;
use std::borrow::Cow;

/// The error of one subject of a population.
///
/// # Examples
/// ```
/// use privet::{Policy, RowError, Subject, SubjectFault, Value};
///
/// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
/// let grants = vec![("sendr".into(), Value::Flag(true))];
/// let staff = policy.population(&[Subject::default(), Subject { grants, ..Subject::default() }]);
/// let [RowError { row, error }] = staff.errors() else { return Err("one error".into()) };
/// assert_eq!((*row, error.fault(), error.help()), (1, SubjectFault::UnknownId, "did you mean `sender`?"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The row of the subject, from 0.
    pub row: usize,
    /// The error.
    pub error: SubjectError,
}

/// Subjects as bytes, to store or to send: [`Population::pack`](super::Population::pack) writes them, and
/// [`Policy::population_of_rows`] reads them.
///
/// # Examples
/// ```
/// use privet::{Policy, RoleRef, Subject, Value};
///
/// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
/// let night = RoleRef::Inline(vec![("sender".into(), Value::Flag(true))]);
/// let packed = policy.population(&[Subject::default(), Subject { roles: vec![night], ..Subject::default() }]).pack();
/// assert_eq!(packed.rows.len(), 2 * policy.row_width());
/// assert_eq!(policy.population_of_rows(&packed)?.who_can("campaigns.send")?, [1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackedRows {
    /// The rows, [`Policy::row_width`] bytes each.
    pub rows: Vec<u8>,
    /// The inline roles of those subjects who have some, as words that only this version of the policy reads; empty if nobody has.
    pub inline: Vec<u32>,
}

/// Packed rows and inline roles.
#[derive(Clone, Debug)]
pub(crate) struct PackedSubjects<'p> {
    /// Bytes of a row.
    width: usize,
    /// A whole number of rows.
    pub(super) rows: Cow<'p, [u8]>,
    pub(super) inline: InlineRoles,
}

/// The number of rows that one [`Evaluator`] evaluates: a whole number of blocks.
const CHUNK_ROWS: usize = 32 * BLOCK_ROWS;

impl<'p> PackedSubjects<'p> {
    /// The subjects of packed rows. An incomplete last row is replaced by zeros, so that it is refused.
    pub(crate) fn of_rows(policy: &Policy, mut rows: Cow<'p, [u8]>) -> Self {
        let width = policy.row_width();
        let incomplete = rows.len() % width;
        if incomplete != 0 {
            let rows = rows.to_mut();
            rows.truncate(rows.len() - incomplete);
            rows.resize(rows.len() + width, 0);
        }
        Self { width, rows, inline: InlineRoles::new() }
    }

    /// Packs states. An error gets a row of zeros, which is refused. O(states × program).
    pub(crate) fn pack(
        policy: &Policy,
        states: impl ExactSizeIterator<Item = Result<State, SubjectError>>,
    ) -> (Self, Vec<RowError>) {
        let mut subjects = Self::of_rows(policy, Cow::Borrowed(&[]));
        let mut rows = Vec::with_capacity(states.len() * subjects.width);
        let mut errors = Vec::new();
        for (row, state) in states.enumerate() {
            match state {
                Ok(state) => {
                    rows.extend(policy.row(&state));
                    subjects.inline.extend(Some((row, state.inline)).filter(|(_, roles)| !roles.is_empty()));
                }
                Err(error) => {
                    rows.resize(rows.len() + subjects.width, 0);
                    errors.push(RowError { row, error });
                }
            }
        }
        subjects.rows = rows.into();
        (subjects, errors)
    }

    /// The number of subjects.
    pub(crate) fn size(&self) -> usize {
        self.rows.len() / self.width
    }

    /// The subjects of rows and of [inline roles](super::inline). `None` if the inline roles are invalid.
    pub(crate) fn read(policy: &Policy, rows: &'p [u8], inline: &[u32]) -> Option<Self> {
        let mut subjects = Self::of_rows(policy, rows.into());
        subjects.inline = inline::read(policy.program(), subjects.size(), inline)?;
        Some(subjects)
    }

    /// The rows and inline roles, with zeros for the rows in `refused` (ascending), and without their inline roles.
    pub(crate) fn packed(&self, policy: &Policy, refused: impl Iterator<Item = usize>) -> PackedRows {
        let mut rows = self.rows.to_vec();
        let refused: Vec<usize> = refused.collect();
        for row in &refused {
            rows.get_mut(row * self.width..(row + 1) * self.width).unwrap_or_default().fill(0);
        }
        let is_taken = |(row, _): &&(usize, _)| refused.binary_search(row).is_err();
        let inline = self.inline.iter().filter(is_taken).cloned().collect();
        PackedRows { rows, inline: inline::words(policy.program(), &inline) }
    }

    /// Evaluates a query that was compiled for these subjects, or for subjects with inline roles. Returns a list of rows,
    /// ascending, for each plane: first those of the reasons, then those of the answer. If `planes` is not empty, the planes of
    /// the answer are written to it as bits instead, `stride` words each. O(rows × instructions / 64).
    pub(crate) fn evaluate(
        &self,
        policy: &Policy,
        query: &CompiledQuery,
        planes: &mut [u32],
        stride: usize,
    ) -> Vec<Vec<usize>> {
        // The part of each plane that belongs to each chunk of rows.
        let mut chunk_planes: Vec<Vec<&mut [u32]>> = self.chunks().map(|_| Vec::new()).collect();
        for plane in planes.chunks_mut(stride.max(1)) {
            let parts = plane.chunks_mut(CHUNK_ROWS / 32);
            chunk_planes.iter_mut().zip(parts).for_each(|(planes, part)| planes.push(part));
        }
        let count = query.reasons.len() + query.planes.len();
        let run = |((first, rows), mut planes): ((usize, &[u8]), Vec<&mut [u32]>)| {
            let mut lists = vec![Vec::new(); count];
            Evaluator::new(policy.program(), query).evaluate(rows, first, &self.inline, &mut planes, &mut lists);
            lists
        };
        let mut all = vec![Vec::new(); count];
        for lists in map_chunks(self.chunks().zip(chunk_planes).collect(), run) {
            all.iter_mut().zip(lists).for_each(|(all, list)| all.extend(list));
        }
        all
    }

    /// Compiles a query for these subjects.
    pub(crate) fn compile(&self, policy: &Policy, query: &Query) -> CompiledQuery {
        CompiledQuery::new(policy, query, !self.inline.is_empty())
    }

    /// The errors of refused subjects, by row. `lists` starts with the lists of the reasons. A subject is evaluated again to get
    /// its error, but only one of those that get the same error.
    pub(crate) fn errors(
        &self,
        policy: &Policy,
        query: &CompiledQuery,
        lists: &[Vec<usize>],
        change: Option<&Assignments>,
    ) -> Vec<RowError> {
        let mut errors = Vec::new();
        for (list, (_, has_same_error)) in lists.iter().zip(&query.reasons) {
            let mut previous: Option<SubjectError> = None;
            for &row in list {
                let shared = previous.take().filter(|_| *has_same_error);
                let error = shared.unwrap_or_else(|| self.error(policy, row, change));
                previous = Some(error.clone());
                errors.push(RowError { row, error });
            }
        }
        sort::sort_by_key(&mut errors, |error| error.row);
        errors
    }

    /// The error of one subject, or of a change to it.
    fn error(&self, policy: &Policy, row: usize, change: Option<&Assignments>) -> SubjectError {
        let session = self.state(policy, row).and_then(|state| match change {
            Some(change) => Session::evaluate_changed(policy.program(), &state, change),
            None => Session::evaluate(policy.program(), state),
        });
        session.err().unwrap_or_else(invalid_row)
    }

    /// One subject. O(program).
    pub(crate) fn state(&self, policy: &Policy, row: usize) -> Result<State, SubjectError> {
        let mut state = policy.state_of_row(self.row(row))?;
        let inline = self.inline.binary_search_by_key(&row, |(row, _)| *row).ok().and_then(|at| self.inline.get(at));
        state.inline = inline.map(|(_, roles)| roles.clone()).unwrap_or_default();
        Ok(state)
    }

    fn row(&self, row: usize) -> &[u8] {
        self.rows.get(row * self.width..(row + 1) * self.width).unwrap_or_default()
    }

    /// The rows in chunks of [`CHUNK_ROWS`], each with the number of its first row.
    fn chunks(&self) -> impl Iterator<Item = (usize, &[u8])> {
        (0..).step_by(CHUNK_ROWS).zip(self.rows.chunks(CHUNK_ROWS * self.width))
    }
}

/// Maps chunks on all cores.
#[cfg(feature = "parallel")]
fn map_chunks<T: Send, R: Send>(chunks: Vec<T>, run: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    use rayon::prelude::*;
    chunks.into_par_iter().map(run).collect()
}

/// Maps chunks sequentially.
#[cfg(not(feature = "parallel"))]
fn map_chunks<T, R>(chunks: Vec<T>, run: impl Fn(T) -> R) -> Vec<R> {
    chunks.into_iter().map(run).collect()
}
