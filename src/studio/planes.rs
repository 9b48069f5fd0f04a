//! Bit planes of a population: one for each question, in it one bit for each person.

use super::preview::dormant;
use crate::ground::Verdict;
use crate::program::{Program, Slot};
use crate::session::Session;
use alloc::vec::Vec;

/// The plane of the people who were refused.
pub(super) const REFUSED: usize = 0;

/// Planes of bits, one a person, and where those of each kind begin.
#[derive(Clone, Debug)]
pub(super) struct Planes<'p> {
    program: &'p Program,
    pub(super) allowed: usize,
    pub(super) denied: usize,
    pub(super) owed: usize,
    pub(super) shown: usize,
    pub(super) dormant: usize,
    /// Words of a plane.
    pub(super) stride: usize,
    pub(super) words: Vec<u32>,
}

impl<'p> Planes<'p> {
    pub(super) fn new(program: &'p Program, size: usize) -> Self {
        let allowed = REFUSED + 1;
        let denied = allowed + program.operations.len();
        let owed = denied + program.operations.len();
        let shown = owed + program.operations.iter().map(|operation| operation.obligations.len()).sum::<usize>();
        let dormant = shown + program.menu.len();
        let stride = size.div_ceil(32);
        let words = alloc::vec![0; (dormant + program.privileges.len()) * stride];
        Self { program, allowed, denied, owed, shown, dormant, stride, words }
    }

    pub(super) fn at(&self, plane: usize) -> &[u32] {
        self.words.get(plane * self.stride..(plane + 1) * self.stride).unwrap_or_default()
    }

    pub(super) fn set(&mut self, plane: usize, person: usize) {
        if let Some(word) = self.words.get_mut(plane * self.stride + person / 32) {
            *word |= 1 << (person % 32);
        }
    }

    /// Adds a person.
    pub(super) fn add(&mut self, row: usize, person: &Session) {
        let program = self.program;
        let is = |slot: Slot| person.verdict(slot);
        let mut owed = self.owed;
        for (index, operation) in program.operations.iter().enumerate() {
            let decided = is(operation.decision);
            self.put(self.allowed + index, row, decided == Verdict::Yes);
            self.put(self.denied + index, row, decided == Verdict::No);
            for obligation in &operation.obligations {
                self.put(owed, row, decided == Verdict::Yes && is(obligation.owed) != Verdict::No);
                owed += 1;
            }
        }
        for (item, plane) in program.menu.iter().zip(self.shown..) {
            self.put(plane, row, is(item.state) == Verdict::Yes);
        }
        for (privilege, plane) in program.privileges.iter().zip(self.dormant..) {
            self.put(plane, row, dormant(person, privilege).is_some());
        }
    }

    fn put(&mut self, plane: usize, person: usize, bit: bool) {
        if bit {
            self.set(plane, person);
        }
    }
}

/// How many bits are set.
pub(super) fn count(plane: &[u32]) -> usize {
    plane.iter().map(|word| word.count_ones() as usize).sum()
}

/// The rows of the bits that are set.
pub(super) fn rows(plane: impl Iterator<Item = u32>) -> Vec<usize> {
    let of =
        |(place, word): (usize, u32)| (0..32).filter(move |bit| word >> bit & 1 == 1).map(move |bit| place * 32 + bit);
    plane.enumerate().flat_map(of).collect()
}
