//! Populations: many subjects decided against one policy, kept as packed rows and as bits.
//!
//! Evidence. Planes for every query take several times the memory of the people themselves.
//!
//! Decision. Who is allowed what is kept: a bit a person and operation. Every other query is
//! decided anew from the rows when it is asked, for as many people at a time as a word has bits, which takes less time than
//! looking through their planes one by one took.

use super::query::Query;
use super::rows::{PackedSubjects, RowError};

use crate::model::Delta;
use crate::pack::{Operation, Policy, Table};
use crate::session::{Change, Subject, SubjectError};
use std::borrow::Cow;

/// Many subjects decided against one policy. A person is a row, from 0, in the order in which they were given.
#[derive(Clone, Debug)]
pub struct Population<'p> {
    policy: &'p Policy,
    people: PackedSubjects<'p>,
    /// Words of a plane.
    stride: usize,
    /// Bit planes: who is refused, then who is allowed each operation.
    planes: Vec<u32>,
    errors: Vec<RowError>,
}

/// Who it is true of: an id, or an operation and its obligation, and the rows, ascending, of which there is at least one.
pub type Who<T> = (T, Vec<usize>);

/// What a change does that is made to everybody; what nobody gains or loses is in no list. Everything in policy order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PopulationPreview<'p> {
    /// Operations that become allowed (`added`) and no longer are, without those that stand for a restriction.
    pub operations: Delta<Who<&'p str>>,
    /// Menu items that become shown, and that were and no longer are.
    pub menu: Delta<Who<&'p str>>,
    /// Obligations that become owed, and that no longer are.
    pub obligations: Delta<Who<(&'p str, &'p str)>>,
    /// Privileges of which a grant becomes dormant, in whole or in part, and of which it no longer is.
    pub dormant: Delta<Who<&'p str>>,
    /// Who is in none of the lists: the people that could not be resolved, and those to whom the change cannot be made.
    pub errors: Vec<RowError>,
}

/// Who is allowed what. Column `c` is the words from `c * stride`; person `p` is bit `p % 32`, the lowest being 0, of its
/// word `p / 32`. Bits beyond the last person are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitMatrix<'a> {
    /// How many people.
    pub rows: usize,
    /// How many operations, in policy order.
    pub columns: usize,
    /// Words of a column.
    pub stride: usize,
    /// The bits.
    pub words: &'a [u32],
}

impl BitMatrix<'_> {
    /// Whether the bit is set; there is none beyond the last person or column.
    pub fn get(&self, person: usize, column: usize) -> bool {
        let word = (person < self.rows && column < self.columns).then(|| column * self.stride + person / 32);
        word.and_then(|word| self.words.get(word)).is_some_and(|word| word >> (person % 32) & 1 == 1)
    }
}

impl Policy {
    /// Evaluates many subjects. A subject that cannot be resolved is among the errors, with no decision. It stores a packed
    /// row for each subject and a bit for each operation. O(subjects × program / 64 + subjects).
    pub fn population(&self, people: &[Subject]) -> Population<'_> {
        let states = people.iter().map(|person| self.state(person));
        let (people, errors) = PackedSubjects::pack(self, states);
        Population::new(self, people, errors)
    }

    /// Evaluates the subjects of packed rows, which must be whole rows of this policy's [`Policy::row_layout`]. A row that
    /// cannot be resolved is among the errors. O(subjects × program / 64).
    pub fn population_of_rows<'a>(&'a self, rows: impl Into<Cow<'a, [u8]>>) -> Population<'a> {
        Population::new(self, PackedSubjects::of_rows(self, rows.into()), Vec::new())
    }
}

impl<'p> Population<'p> {
    /// `errors` are of people who are nobody's rows.
    fn new(policy: &'p Policy, people: PackedSubjects<'p>, errors: Vec<RowError>) -> Self {
        let stride = people.size().div_ceil(32);
        let mut planes = vec![0; (1 + policy.program().operations.len()) * stride];
        let (refused, allowed) = planes.split_at_mut(stride);
        let query = people.compile(policy, &Query::Allowed);
        let mut lists = people.evaluate(policy, &query, allowed, stride);
        for row in lists.iter().flatten() {
            refused.get_mut(row / 32).into_iter().for_each(|word| *word |= 1 << (row % 32));
        }
        let is_known = |row: &usize| errors.binary_search_by_key(row, |error| error.row).is_ok();
        for list in &mut lists {
            list.retain(|row| !is_known(row));
        }
        let more = people.errors(policy, &query, &lists, None);
        let errors = merged(errors, more);
        Self { policy, people, stride, planes, errors }
    }

    /// How many people, those that could not be resolved among them.
    pub fn size(&self) -> usize {
        self.people.size()
    }

    /// Those that could not be resolved: they are in no list and no count.
    pub fn errors(&self) -> &[RowError] {
        &self.errors
    }

    /// Who is allowed an operation. O(people).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    pub fn who_can(&self, operation: &str) -> Result<Vec<usize>, SubjectError> {
        Ok(rows(self.allowed(self.operation(operation)?).iter().copied()))
    }

    /// For whom an operation is undecided. Decided anew: O(people × what the operation rests on / 64).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    pub fn undecided(&self, operation: &str) -> Result<Vec<usize>, SubjectError> {
        let query = Query::Undecided(self.operation(operation)?);
        Ok(self.lists(&query).pop().unwrap_or_default())
    }

    /// How many are allowed an operation. O(people / 32).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    pub fn count(&self, operation: &str) -> Result<usize, SubjectError> {
        Ok(count(self.allowed(self.operation(operation)?)))
    }

    /// How many are allowed each operation, in policy order. O(operations × people / 32).
    pub fn counts(&self) -> Vec<usize> {
        (0..self.policy.program().operations.len()).map(|operation| count(self.allowed(operation))).collect()
    }

    /// Who is allowed what. O(1).
    pub fn matrix(&self) -> BitMatrix<'_> {
        let words = self.planes.get(self.stride..).unwrap_or_default();
        BitMatrix { rows: self.size(), columns: self.policy.program().operations.len(), stride: self.stride, words }
    }

    /// Whose grants are dormant, in whole or in part, by privilege in policy order; where nobody's is, it is left out.
    /// Decided anew: O(people × program / 64).
    pub fn dormant(&self) -> Vec<Who<&'p str>> {
        somebody(self.policy.program().privileges.ids().zip(self.lists(&Query::Dormant)))
    }

    /// What a change would do that is made to everybody. O(people × program / 64); as little of the program as the change
    /// makes a difference to.
    ///
    /// # Errors
    /// Where the change fits nobody: an id that the policy lacks, or a value that does not fit. Where it cannot be made to
    /// one person, that is among the preview's errors.
    pub fn preview(&self, change: &Change) -> Result<PopulationPreview<'p>, SubjectError> {
        let query = Query::Change(self.policy.look_up(change)?);
        let compiled = self.people.compile(self.policy, &query);
        let mut lists = self.people.evaluate(self.policy, &compiled, &mut [], 0);
        let mut answer = lists.split_off(compiled.reasons.len()).into_iter();
        let Query::Change(change) = &query else { return Ok(PopulationPreview::default()) };
        let refused = self.people.errors(self.policy, &compiled, &lists, Some(change));
        let program = self.policy.program();
        let operations = program.operations.iter();
        let owed = operations.flat_map(|it| it.obligations.iter().map(|owed| (it.id.as_str(), owed.id.as_str())));
        Ok(PopulationPreview {
            operations: changed(program.operations.ids(), &mut answer),
            obligations: changed(owed, &mut answer),
            menu: changed(program.menu.ids(), &mut answer),
            dormant: changed(program.privileges.ids(), &mut answer),
            errors: merged(self.errors.clone(), refused),
        })
    }

    /// Which people are allowed more (`added`) or less in another population of the same people, by operation, without
    /// those that stand for a restriction. The other may be of another version of the policy: operations are the same
    /// when their ids are, and one that a policy lacks is allowed to nobody. Who is refused in one of the two is in no
    /// list, only among its errors. `None` for a population of another size. O(operations × people / 32 + answer).
    pub fn differences<'a>(&'a self, other: &'a Population) -> Option<Delta<Who<&'a str>>> {
        if self.size() != other.size() {
            return None;
        }
        let mut found = Delta::default();
        let (here, there) = (&self.policy.program().operations, &other.policy.program().operations);
        let added = there.iter().filter(|operation| here.find(&operation.id).is_none());
        for operation in here.iter().chain(added) {
            let restricts = |operations: &Table<Operation>| {
                operations.find(&operation.id).and_then(|at| operations.get(at)).is_some_and(|it| it.restricts)
            };
            if restricts(here) || restricts(there) {
                continue;
            }
            let nobody = vec![0; self.stride];
            let was = here.find(&operation.id).map_or(nobody.as_slice(), |index| self.allowed(index));
            let is = there.find(&operation.id).map_or(nobody.as_slice(), |index| other.allowed(index));
            self.tell_apart(other, (was, is), operation.id.as_str(), &mut found);
        }
        Some(found)
    }

    /// The people as packed rows, for [`Studio::population_of_rows`]; of one that was refused, a row that is refused.
    /// O(people).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`](crate::session::SubjectFault::InvalidSubject) where somebody has an inline role.
    pub fn pack(&self) -> Result<Vec<u8>, SubjectError> {
        self.people.rows(self.policy, self.errors.iter().map(|error| error.row))
    }

    /// Who has a bit in only one of two planes, and was refused in neither.
    fn tell_apart<T: Copy>(&self, after: &Population, (was, is): (&[u32], &[u32]), what: T, found: &mut Delta<Who<T>>) {
        let known = || self.plane(0).iter().zip(after.plane(0)).map(|(a, b)| !(a | b));
        let only = |a: &[u32], b: &[u32]| rows(a.iter().zip(b).zip(known()).map(|((a, b), known)| a & !b & known));
        found.added.extend(Some((what, only(is, was))).filter(|(_, people)| !people.is_empty()));
        found.removed.extend(Some((what, only(was, is))).filter(|(_, people)| !people.is_empty()));
    }

    /// The answer to a query, decided anew.
    fn lists(&self, query: &Query) -> Vec<Vec<usize>> {
        let compiled = self.people.compile(self.policy, query);
        self.people.evaluate(self.policy, &compiled, &mut [], 0).split_off(compiled.reasons.len())
    }

    fn plane(&self, plane: usize) -> &[u32] {
        self.planes.get(plane * self.stride..(plane + 1) * self.stride).unwrap_or_default()
    }

    fn allowed(&self, operation: usize) -> &[u32] {
        self.plane(1 + operation)
    }

    fn operation(&self, id: &str) -> Result<usize, SubjectError> {
        self.policy.program().operations.find(id).ok_or_else(|| self.policy.unknown("operation", id))
    }
}

/// The errors of two, by row.
fn merged(mut errors: Vec<RowError>, more: Vec<RowError>) -> Vec<RowError> {
    errors.extend(more);
    errors.sort_by_key(|error| error.row);
    errors
}

/// Whose lists are not empty.
fn somebody<T>(lists: impl Iterator<Item = Who<T>>) -> Vec<Who<T>> {
    lists.filter(|(_, people)| !people.is_empty()).collect()
}

/// Takes two lists of each: who has it afterwards and had it not, and the reverse.
fn changed<T: Copy>(what: impl Iterator<Item = T>, lists: &mut impl Iterator<Item = Vec<usize>>) -> Delta<Who<T>> {
    let mut changed = Delta::default();
    for what in what {
        let mut next = || (what, lists.next().unwrap_or_default());
        changed.added.push(next());
        changed.removed.push(next());
    }
    Delta { added: somebody(changed.added.into_iter()), removed: somebody(changed.removed.into_iter()) }
}

/// How many bits are set.
fn count(plane: &[u32]) -> usize {
    plane.iter().map(|word| word.count_ones() as usize).sum()
}

/// The rows of the bits that are set.
fn rows(plane: impl Iterator<Item = u32>) -> Vec<usize> {
    let of =
        |(place, word): (usize, u32)| (0..32).filter(move |bit| word >> bit & 1 == 1).map(move |bit| place * 32 + bit);
    plane.enumerate().flat_map(of).collect()
}
