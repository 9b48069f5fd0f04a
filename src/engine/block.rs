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
