//! The wire format between the studio module and JavaScript: subjects and answers as words.

use super::inline;
use super::query::{CompiledQuery, Query};
use super::rows::PackedSubjects;
use crate::pack::{Policy, Program};
use crate::session::SubjectError;
use crate::util::to_u32;

impl<'p> PackedSubjects<'p> {
    /// The rows that a query refuses, with their errors. For a change: the rows to which it cannot be applied.
    pub(crate) fn refused(&self, policy: &Policy, query: &Query) -> Vec<(usize, SubjectError)> {
        let compiled = self.compile(policy, query);
        let lists = self.evaluate(policy, &compiled, &mut [], 0);
        let change = if let Query::Change(change) = query { Some(change) } else { None };
        self.errors(policy, &compiled, &lists, change).into_iter().map(|error| (error.row, error.error)).collect()
    }

    /// The answer to a query as words: the number of refused subjects, then all bit planes, or for each list that is not empty
    /// its index, its length and its rows.
    pub(crate) fn evaluate_to_words(&self, policy: &Policy, query: &CompiledQuery, as_planes: bool) -> Vec<u32> {
        let stride = if as_planes { self.size().div_ceil(32) } else { 0 };
        let mut words = vec![0; 1 + query.planes.len() * stride];
        let lists = self.evaluate(policy, query, words.get_mut(1..).unwrap_or_default(), stride);
        let (reasons, lists) = lists.split_at_checked(query.reasons.len()).unwrap_or_default();
        words.first_mut().into_iter().for_each(|refused| *refused = to_u32(reasons.iter().map(Vec::len).sum()));
        add_lists(&mut words, lists);
        words
    }

    /// The subjects as words: the bytes of the rows, padded to a whole number of words, then the [inline roles](super::inline).
    pub(crate) fn words(&self, program: &Program) -> Vec<u32> {
        let bytes =
            self.rows.chunks(4).map(|bytes| bytes.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte)));
        bytes.chain(inline::words(program, &self.inline)).collect()
    }
}

/// Appends, for each list that is not empty, its index, its length and its rows.
pub(crate) fn add_lists(words: &mut Vec<u32>, lists: &[Vec<usize>]) {
    for (index, list) in lists.iter().enumerate().filter(|(_, list)| !list.is_empty()) {
        words.extend([to_u32(index), to_u32(list.len())]);
        words.extend(list.iter().map(|row| to_u32(*row)));
    }
}
