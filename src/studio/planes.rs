//! Bit planes of a population: one for each question, in it one bit for each person.

use super::preview::dormant;
use crate::ground::Verdict;
use crate::program::Program;
use crate::session::Session;
use alloc::vec::Vec;

/// The plane of the people who were refused.
pub(super) const REFUSED: usize = 0;

/// Planes of bits, one a person, and where those of each kind begin.
#[derive(Clone, Debug)]
pub(super) struct Planes {
    pub(super) allowed: usize,
    pub(super) denied: usize,
    pub(super) owed: usize,
    pub(super) shown: usize,
    pub(super) dormant: usize,
    /// Words of a plane.
    pub(super) stride: usize,
    pub(super) words: Vec<u32>,
}

impl Planes {
    pub(super) fn new(program: &Program, size: usize) -> Self {
        let allowed = REFUSED + 1;
        let denied = allowed + program.operations.len();
        let owed = denied + program.operations.len();
        let shown = owed + program.operations.iter().map(|operation| operation.obligations.len()).sum::<usize>();
        let dormant = shown + program.menu.len();
        let stride = size.div_ceil(32);
        let words = alloc::vec![0; (dormant + program.privileges.len()) * stride];
        Self { allowed, denied, owed, shown, dormant, stride, words }
    }

    pub(super) fn at(&self, plane: usize) -> &[u32] {
        self.words.get(plane * self.stride..(plane + 1) * self.stride).unwrap_or_default()
    }

    pub(super) fn set(&mut self, plane: usize, person: usize) {
        if let Some(word) = self.words.get_mut(plane * self.stride + person / 32) {
            *word |= 1 << (person % 32);
        }
    }

    pub(super) fn record(&mut self, person: usize, session: &Session) {
        let mut owed = self.owed;
        for (index, operation) in session.program().operations.iter().enumerate() {
            let verdict = session.verdict(operation.decision);
            match verdict {
                Verdict::Yes => self.set(self.allowed + index, person),
                Verdict::No => self.set(self.denied + index, person),
                Verdict::Unknown => {}
            }
            for obligation in &operation.obligations {
                if verdict == Verdict::Yes && session.verdict(obligation.owed) != Verdict::No {
                    self.set(owed, person);
                }
                owed += 1;
            }
        }
        for (item, plane) in session.program().menu.iter().zip(self.shown..) {
            if session.verdict(item.state) == Verdict::Yes {
                self.set(plane, person);
            }
        }
        for (privilege, plane) in session.program().privileges.iter().zip(self.dormant..) {
            if dormant(session, privilege).is_some() {
                self.set(plane, person);
            }
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
