//! Bit planes of a population: one for each question, in it one bit for each person. People are decided side by side, as
//! many at a time as a word has bits.

use crate::decide;
use crate::ground::Lanes;
use crate::program::{Privilege, Program};
use crate::session::Prepared;
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
    batch: Batch,
}

/// People who are not decided yet: those of one word.
#[derive(Clone, Debug)]
struct Batch {
    word: usize,
    /// Whose lanes are filled.
    present: u32,
    slots: Vec<Lanes>,
    /// By privilege: of whom it is not known which number is granted.
    undecided: Vec<u32>,
}

impl Batch {
    fn new(program: &Program, word: usize) -> Self {
        let slots = alloc::vec![Lanes { yes: 0, no: 0 }; program.slots()];
        Self { word, present: 0, slots, undecided: alloc::vec![0; program.privileges.len()] }
    }
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
        let batch = Batch::new(program, 0);
        Self { program, allowed, denied, owed, shown, dormant, stride, words, batch }
    }

    pub(super) fn at(&self, plane: usize) -> &[u32] {
        self.words.get(plane * self.stride..(plane + 1) * self.stride).unwrap_or_default()
    }

    pub(super) fn set(&mut self, plane: usize, person: usize) {
        if let Some(word) = self.words.get_mut(plane * self.stride + person / 32) {
            *word |= 1 << (person % 32);
        }
    }

    /// Adds a person; rows come in order.
    pub(super) fn add(&mut self, row: usize, person: &Prepared) {
        if row / 32 != self.batch.word {
            self.decide();
            self.batch = Batch::new(self.program, row / 32);
        }
        let bit = row % 32;
        self.batch.present |= 1 << bit;
        for (lanes, input) in self.batch.slots.iter_mut().zip(person.inputs()) {
            lanes.yes |= (input.yes & 1) << bit;
            lanes.no |= (input.no & 1) << bit;
        }
        for privilege in person.undecided_numbers() {
            if let Some(undecided) = self.batch.undecided.get_mut(privilege) {
                *undecided |= 1 << bit;
            }
        }
    }

    /// Decides for those who were added last.
    pub(super) fn decide(&mut self) {
        let program = self.program;
        let late = program.instructions.get(program.early..).unwrap_or_default();
        decide::run(late, program.inputs() + program.early, &mut self.batch.slots);
        let mut owed = self.owed;
        for (index, operation) in program.operations.iter().enumerate() {
            let decided = decide::read(&self.batch.slots, operation.decision);
            self.put(self.allowed + index, decided.yes);
            self.put(self.denied + index, decided.no);
            for obligation in &operation.obligations {
                self.put(owed, decided.yes & !decide::read(&self.batch.slots, obligation.owed).no);
                owed += 1;
            }
        }
        for (item, plane) in program.menu.iter().zip(self.shown..) {
            self.put(plane, decide::read(&self.batch.slots, item.state).yes);
        }
        for ((index, privilege), plane) in program.privileges.iter().enumerate().zip(self.dormant..) {
            self.put(plane, self.batch.dormant(index, privilege));
        }
    }

    /// Bits of the people of the batch.
    fn put(&mut self, plane: usize, bits: u32) {
        if let Some(word) = self.words.get_mut(plane * self.stride + self.batch.word) {
            *word = bits & self.batch.present;
        }
    }
}

impl Batch {
    /// Whose grant is dormant: known to the last part, as is its effect, and with a part that has none.
    fn dormant(&self, index: usize, privilege: &Privilege) -> u32 {
        let mut known = !self.undecided.get(index).copied().unwrap_or(0);
        let mut idle = 0;
        for (part, effective) in privilege.effective.iter().enumerate() {
            let unknown = Lanes { yes: 0, no: 0 };
            let granted = self.slots.get(privilege.input + part).copied().unwrap_or(unknown);
            let effective = decide::read(&self.slots, *effective);
            known &= (granted.yes | granted.no) & (effective.yes | effective.no);
            idle |= granted.yes & effective.no;
        }
        known & idle
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
