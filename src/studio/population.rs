//! Populations: many subjects resolved against one policy, kept as bits and words.
//!
//! Every question has a plane: a bit a person, the first lowest. A question about everybody is a few word operations on a
//! plane or two, and the answer the rows of the people whose bits are set.

use super::Studio;
use super::planes::{Planes, REFUSED, count, rows};
use super::preview::Changed;
use crate::ground::sort::sort_by_key;
use crate::program::{Operation, Policy, Table};
use crate::session::{Assignments, Change, Session, State, Subject, SubjectError};
use alloc::vec::Vec;

/// Many subjects resolved against one policy. A person is a row, from 0, in the order in which they were given.
#[derive(Clone, Debug)]
pub struct Population<'p> {
    policy: &'p Policy,
    people: States,
    planes: Planes<'p>,
    errors: Vec<RowError>,
}

/// A person that could not be resolved, or to whom a change cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The row, from 0.
    pub row: usize,
    /// What is wrong.
    pub error: SubjectError,
}

/// Who it is true of: an id, or an operation and its obligation, and the rows, ascending, of which there is at least one.
pub type Who<T> = (T, Vec<usize>);

/// What a change does that is made to everybody; what nobody gains or loses is in no list. Everything in policy order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PopulationPreview<'p> {
    /// Operations that become allowed (`added`) and no longer are, without those that stand for a restriction.
    pub operations: Changed<Who<&'p str>>,
    /// Menu items that become shown, and that were and no longer are.
    pub menu: Changed<Who<&'p str>>,
    /// Obligations that become owed, and that no longer are.
    pub obligations: Changed<Who<(&'p str, &'p str)>>,
    /// Privileges of which a grant becomes dormant, in whole or in part, and of which it no longer is.
    pub dormant: Changed<Who<&'p str>>,
    /// Who is in none of the lists: the people that could not be resolved, and those to whom the change cannot be made.
    pub errors: Vec<RowError>,
}

/// Who is allowed what. Column `c` is the words from `c * stride`; person `p` is bit `p % 32`, the lowest being 0, of its
/// word `p / 32`. Bits beyond the last person are 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitMatrix {
    /// How many people.
    pub rows: usize,
    /// How many operations, in policy order.
    pub columns: usize,
    /// Words of a column.
    pub stride: usize,
    /// The bits.
    pub words: Vec<u32>,
}

impl BitMatrix {
    /// Whether the bit is set; there is none beyond the last person or column.
    pub fn get(&self, person: usize, column: usize) -> bool {
        let word = (person < self.rows && column < self.columns).then(|| column * self.stride + person / 32);
        word.and_then(|word| self.words.get(word)).is_some_and(|word| word >> (person % 32) & 1 == 1)
    }
}

impl Studio {
    /// Resolves many subjects. One that is refused is among the errors: nothing is decided for it. O(people × program);
    /// two bits a person and operation are kept, one a privilege, menu item and obligation, and the subject in words.
    pub fn population(&self, people: &[Subject]) -> Population<'_> {
        self.gather(people.iter().map(|person| self.policy().session(person)))
    }

    /// Resolves the people of packed rows, which must be whole rows of this policy's [`Policy::row_layout`]. One that is
    /// refused is among the errors. O(people × program).
    pub fn population_of_rows(&self, rows: &[u8]) -> Population<'_> {
        self.gather(rows.chunks(self.policy().row_width()).map(|row| self.policy().read_row(row)))
    }

    /// The population of people that are resolved, or refused, one after the other.
    pub fn gather<'p>(
        &'p self,
        people: impl ExactSizeIterator<Item = Result<Session<'p>, SubjectError>>,
    ) -> Population<'p> {
        let mut population = Population::new(self.policy(), people.len());
        people.enumerate().for_each(|(row, person)| population.add(row, person));
        population
    }

    /// Packs the states that [`Population::words`] ends with, as [`Population::pack`] does; `None` where the words are not
    /// such states.
    ///
    /// # Errors
    /// As of [`Population::pack`].
    pub fn pack_states(&self, states: &[u32]) -> Result<Option<Vec<u8>>, SubjectError> {
        States::from_words(states).map(|people| people.pack(self.policy())).transpose()
    }

    /// The population of the states that [`Population::words`] ends with, after a change.
    ///
    /// # Errors
    /// Where the change fits nobody; `None` where the words are not such states.
    pub fn population_with(&self, states: &[u32], change: &Change) -> Result<Option<Population<'_>>, SubjectError> {
        let change = self.policy().look_up(change)?;
        let people = States::from_words(states);
        Ok(people.and_then(|people| people.resolve(self.policy(), &change)))
    }
}

impl<'p> Population<'p> {
    fn new(policy: &'p Policy, size: usize) -> Self {
        let people = States { words: Vec::new(), ends: Vec::with_capacity(size) };
        Self { policy, people, planes: Planes::new(policy.program(), size), errors: Vec::new() }
    }

    /// Adds the next person.
    fn add(&mut self, row: usize, person: Result<Session, SubjectError>) {
        match person {
            Ok(person) => {
                self.people.words.extend(person.state().words());
                self.planes.add(row, &person);
            }
            Err(error) => {
                self.planes.set(REFUSED, row);
                self.errors.push(RowError { row, error });
            }
        }
        self.people.ends.push(self.people.words.len());
    }

    /// How many people, those that could not be resolved among them.
    pub fn size(&self) -> usize {
        self.people.ends.len()
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

    /// For whom an operation is undecided. O(people).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    pub fn undecided(&self, operation: &str) -> Result<Vec<usize>, SubjectError> {
        let index = self.operation(operation)?;
        let denied = self.planes.at(self.planes.denied + index).iter();
        let known = self.allowed(index).iter().zip(denied).map(|(allowed, denied)| allowed | denied);
        let of = |word: usize| self.size().saturating_sub(word * 32);
        let existing = (0..).map(|word| if of(word) < 32 { (1 << of(word)) - 1 } else { u32::MAX });
        let refused = self.planes.at(REFUSED).iter();
        Ok(rows(known.zip(refused).zip(existing).map(|((known, refused), existing)| existing & !known & !refused)))
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

    /// Who is allowed what. O(operations × people / 32).
    pub fn matrix(&self) -> BitMatrix {
        let columns = self.policy.program().operations.len();
        let words = (0..columns).flat_map(|operation| self.allowed(operation)).copied().collect();
        BitMatrix { rows: self.size(), columns, stride: self.planes.stride, words }
    }

    /// Whose grants are dormant, in whole or in part, by privilege in policy order; where nobody's is, it is left out.
    /// O(privileges × people / 32 + answer).
    pub fn dormant(&self) -> Vec<Who<&'p str>> {
        let privileges = self.policy.program().privileges.ids().zip(self.planes.dormant..);
        let who = privileges.map(|(id, plane)| (id, rows(self.planes.at(plane).iter().copied())));
        who.filter(|(_, people)| !people.is_empty()).collect()
    }

    /// What a change would do that is made to everybody. O(people × program).
    ///
    /// # Errors
    /// Where the change fits nobody: an id that the policy lacks, or a value that does not fit. Where it cannot be made to
    /// one person, that is among the preview's errors.
    pub fn preview(&self, change: &Change) -> Result<PopulationPreview<'p>, SubjectError> {
        let change = self.policy.look_up(change)?;
        let after = self.people.resolve(self.policy, &change);
        let mut preview = after.as_ref().map_or_else(PopulationPreview::default, |after| self.difference(after));
        preview.errors = self.errors.iter().cloned().chain(after.into_iter().flat_map(|after| after.errors)).collect();
        sort_by_key(&mut preview.errors, |error| error.row);
        Ok(preview)
    }

    /// Which people are allowed more (`added`) or less in another population of the same people, by operation, without
    /// those that stand for a restriction. The other may be of another version of the policy: operations are the same
    /// when their ids are, and one that a policy lacks is allowed to nobody. Who is refused in one of the two is in no
    /// list, only among its errors. `None` for a population of another size. O(operations × people / 32 + answer).
    pub fn differences<'a>(&'a self, other: &'a Population) -> Option<Changed<Who<&'a str>>> {
        if self.size() != other.size() {
            return None;
        }
        let mut found = Changed::default();
        let (here, there) = (&self.policy.program().operations, &other.policy.program().operations);
        let added = there.iter().filter(|operation| here.find(&operation.id).is_none());
        for operation in here.iter().chain(added) {
            let restricts = |operations: &Table<Operation>| {
                operations.find(&operation.id).and_then(|at| operations.get(at)).is_some_and(|it| it.restricts)
            };
            if restricts(here) || restricts(there) {
                continue;
            }
            let nobody = alloc::vec![0; self.planes.stride];
            let was = here.find(&operation.id).map_or(nobody.as_slice(), |index| self.allowed(index));
            let is = there.find(&operation.id).map_or(nobody.as_slice(), |index| other.allowed(index));
            self.tell_apart(other, (was, is), operation.id.as_str(), &mut found);
        }
        Some(found)
    }

    /// The planes, then the states: of each person how many words, and those; none of one that was refused. The planes
    /// are: refused; operations allowed; operations denied; obligations owed; menu items shown; privileges dormant.
    pub fn words(&self) -> Vec<u32> {
        let mut words = self.planes.words.clone();
        for state in self.people.iter() {
            words.push(u32::try_from(state.len()).unwrap_or(u32::MAX));
            words.extend(state);
        }
        words
    }

    /// The people as packed rows, for [`Studio::population_of_rows`]; of one that was refused, a row that is refused.
    /// O(people × program).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`](crate::session::SubjectFault::InvalidSubject) where somebody has an inline role.
    pub fn pack(&self) -> Result<Vec<u8>, SubjectError> {
        self.people.pack(self.policy)
    }

    fn difference(&self, after: &Self) -> PopulationPreview<'p> {
        let mut preview = PopulationPreview::default();
        let program = self.policy.program();
        let planes = |first: usize, index: usize| (self.planes.at(first + index), after.planes.at(first + index));
        let mut owed = 0;
        for (index, operation) in program.operations.iter().enumerate() {
            if !operation.restricts {
                let allowed = planes(self.planes.allowed, index);
                self.tell_apart(after, allowed, operation.id.as_str(), &mut preview.operations);
            }
            for obligation in &operation.obligations {
                let what = (operation.id.as_str(), obligation.id.as_str());
                self.tell_apart(after, planes(self.planes.owed, owed), what, &mut preview.obligations);
                owed += 1;
            }
        }
        for (index, item) in program.menu.ids().enumerate() {
            self.tell_apart(after, planes(self.planes.shown, index), item, &mut preview.menu);
        }
        for (index, privilege) in program.privileges.ids().enumerate() {
            self.tell_apart(after, planes(self.planes.dormant, index), privilege, &mut preview.dormant);
        }
        preview
    }

    /// Who has a bit in only one of two planes, and was refused in neither.
    fn tell_apart<T: Copy>(
        &self,
        after: &Population,
        (was, is): (&[u32], &[u32]),
        what: T,
        found: &mut Changed<Who<T>>,
    ) {
        let known = || self.planes.at(REFUSED).iter().zip(after.planes.at(REFUSED)).map(|(a, b)| !(a | b));
        let only = |a: &[u32], b: &[u32]| rows(a.iter().zip(b).zip(known()).map(|((a, b), known)| a & !b & known));
        found.added.extend(Some((what, only(is, was))).filter(|(_, people)| !people.is_empty()));
        found.removed.extend(Some((what, only(was, is))).filter(|(_, people)| !people.is_empty()));
    }

    fn allowed(&self, operation: usize) -> &[u32] {
        self.planes.at(self.planes.allowed + operation)
    }

    fn operation(&self, id: &str) -> Result<usize, SubjectError> {
        self.policy.program().operations.find(id).ok_or_else(|| self.policy.unknown("operation", id))
    }
}

/// The people's states as words, one after the other, and where each ends.
#[derive(Clone, Debug)]
struct States {
    words: Vec<u32>,
    ends: Vec<usize>,
}

impl States {
    fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.words.get(start..*end).unwrap_or_default())
    }

    /// Reads what [`Population::words`] wrote behind the planes.
    fn from_words(mut words: &[u32]) -> Option<Self> {
        let mut states = Self { words: Vec::new(), ends: Vec::new() };
        while let Some((length, rest)) = words.split_first() {
            let (state, rest) = rest.split_at_checked(*length as usize)?;
            states.words.extend(state);
            states.ends.push(states.words.len());
            words = rest;
        }
        Some(states)
    }

    fn pack(&self, policy: &Policy) -> Result<Vec<u8>, SubjectError> {
        let mut rows = Vec::with_capacity(self.ends.len() * policy.row_width());
        for words in self.iter() {
            match State::from_words(policy.program(), words) {
                Some(state) => rows.extend(policy.write_row(&state)?),
                None => rows.resize(rows.len() + policy.row_width(), 0),
            }
        }
        Ok(rows)
    }

    /// Everybody after a change; who was refused before stays out and is no error of the change. `None` where the words
    /// are not states of this policy.
    fn resolve<'p>(&self, policy: &'p Policy, change: &Assignments) -> Option<Population<'p>> {
        let mut after = Population::new(policy, self.ends.len());
        for (row, words) in self.iter().enumerate() {
            if words.is_empty() {
                after.planes.set(REFUSED, row);
                after.people.ends.push(after.people.words.len());
            } else {
                let state = State::from_words(policy.program(), words)?;
                after.add(row, Session::changed(policy.program(), &state, change));
            }
        }
        Some(after)
    }
}
