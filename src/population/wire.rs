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

    /// The answer to [`Query::Allowed`]: its bit planes, and a list of one number, that of the refused subjects.
    pub(crate) fn decide(&self, policy: &Policy, query: &CompiledQuery) -> (Vec<u32>, Vec<u32>) {
        let stride = self.size().div_ceil(32);
        let mut planes = vec![0; query.planes.len() * stride];
        let lists = self.evaluate(policy, query, &mut planes, stride);
        (planes, vec![refused(&lists)])
    }

    /// The answer to a query as words: the number of refused subjects, then for each list that is not empty its index, its length and
    /// its rows.
    pub(crate) fn evaluate_to_words(&self, policy: &Policy, query: &CompiledQuery) -> Vec<u32> {
        let lists = self.evaluate(policy, query, &mut [], 0);
        let (reasons, lists) = lists.split_at_checked(query.reasons.len()).unwrap_or_default();
        let mut words = vec![refused(reasons)];
        add_lists(&mut words, lists);
        words
    }

    /// Whether a subject has an inline role.
    pub(crate) fn has_inline(&self) -> bool {
        !self.inline.is_empty()
    }

    /// The subjects as words: the bytes of the rows, padded to a whole number of words, then the [inline roles](super::inline).
    pub(crate) fn words(&self, program: &Program) -> Vec<u32> {
        let bytes =
            self.rows.chunks(4).map(|bytes| bytes.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte)));
        bytes.chain(inline::words(program, &self.inline)).collect()
    }
}

/// The number of subjects in the lists of the reasons to refuse them.
fn refused(lists: &[Vec<usize>]) -> u32 {
    to_u32(lists.iter().map(Vec::len).sum())
}

/// Appends, for each list that is not empty, its index, its length and its rows.
pub(crate) fn add_lists(words: &mut Vec<u32>, lists: &[Vec<usize>]) {
    for (index, list) in lists.iter().enumerate().filter(|(_, list)| !list.is_empty()) {
        words.extend([to_u32(index), to_u32(list.len())]);
        words.extend(list.iter().map(|row| to_u32(*row)));
    }
}
