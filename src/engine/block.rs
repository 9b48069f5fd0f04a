//! Blocks: the words that the engine works on.
//!
//! ```text
//!   ┌─────────┬──────────────────┬────────┬───────────┐
//!   │ program │ memory of slots  │ answer │ arguments │
//!   │         │ 2 words per slot │        │ the rest  │
//!   └─────────┴──────────────────┴────────┴───────────┘
//! ```
//!
//! The caller writes arguments, calls, and reads the answer before the next call. The arguments of a subject are two lists of
//! pairs, one after the other: known facts, own grants and listed roles, then the grants of all inline roles. A pair is an entry
//! and one of its encoded values. Both lists are sorted by entry, then value.

use core::cell::Cell;

/// Words. A *position* is the number of bytes before a word. The engine uses only positions that exist: those of a program that
/// was validated, and those of memory, answer and arguments, for which the caller has made room.
pub trait Block: Copy {
    /// The word of the program at a position.
    fn get(self, at: u32) -> u32;
    /// The word behind the program at a position.
    fn load(self, at: u32) -> u32;
    /// Replaces the word behind the program at a position.
    fn set(self, at: u32, word: u32);
    /// The position of the answer.
    fn answer(self) -> u32;
    /// The position of the arguments.
    fn arguments(self) -> u32;
}

/// A program, and the words behind it.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    program: &'a [u32],
    rest: &'a [Cell<u32>],
    answer: u32,
    arguments: u32,
}

impl<'a> Words<'a> {
    /// The words of a program alone.
    pub const fn program(program: &'a [u32]) -> Self {
        Self { program, rest: &[], answer: 0, arguments: 0 }
    }

    /// A program with words behind it, divided at two positions.
    pub fn new(program: &'a [u32], rest: &'a mut [u32], [answer, arguments]: [u32; 2]) -> Self {
        Self { program, rest: Cell::from_mut(rest).as_slice_of_cells(), answer, arguments }
    }

    fn cell(self, at: u32) -> Option<&'a Cell<u32>> {
        let cell = (at as usize / 4).checked_sub(self.program.len()).and_then(|at| self.rest.get(at));
        debug_assert!(cell.is_some(), "position {at} of {} + {} words", self.program.len(), self.rest.len());
        cell
    }
}

/// A program, the words behind it as an earlier call left them, and an answer beside them: a question that writes nothing but a
/// short answer needs no copy of the rest.
#[derive(Clone, Copy, Debug)]
pub struct Evaluated<'a> {
    program: &'a [u32],
    rest: &'a [u32],
    answer: &'a [Cell<u32>],
    places: [u32; 2],
}

impl<'a> Evaluated<'a> {
    /// A program with words behind it, and an answer that takes the place of the first words of theirs.
    pub fn new(program: &'a [u32], rest: &'a [u32], answer: &'a mut [u32], places: [u32; 2]) -> Self {
        Self { program, rest, answer: Cell::from_mut(answer).as_slice_of_cells(), places }
    }

    fn answered(self, at: u32) -> Option<&'a Cell<u32>> {
        let [answer, _] = self.places;
        self.answer.get(at.checked_sub(answer)? as usize / 4)
    }
}

impl Block for Evaluated<'_> {
    fn get(self, at: u32) -> u32 {
        Words::program(self.program).get(at)
    }

    fn load(self, at: u32) -> u32 {
        let behind = (at as usize / 4).checked_sub(self.program.len());
        let word = || behind.and_then(|at| self.rest.get(at)).copied();
        self.answered(at).map(Cell::get).or_else(word).unwrap_or_default()
    }

    fn set(self, at: u32, word: u32) {
        let place = self.answered(at);
        debug_assert!(place.is_some(), "position {at} of an answer of {} words", self.answer.len());
        if let Some(place) = place {
            place.set(word);
        }
    }

    fn answer(self) -> u32 {
        let [answer, _] = self.places;
        answer
    }

    fn arguments(self) -> u32 {
        let [_, arguments] = self.places;
        arguments
    }
}

impl Block for Words<'_> {
    fn get(self, at: u32) -> u32 {
        let word = self.program.get(at as usize / 4);
        debug_assert!(word.is_some(), "position {at} of a program of {} words", self.program.len());
        word.copied().unwrap_or_default()
    }

    fn load(self, at: u32) -> u32 {
        self.cell(at).map_or(0, Cell::get)
    }

    fn set(self, at: u32, word: u32) {
        if let Some(cell) = self.cell(at) {
            cell.set(word);
        }
    }

    fn answer(self) -> u32 {
        self.answer
    }

    fn arguments(self) -> u32 {
        self.arguments
    }
}
