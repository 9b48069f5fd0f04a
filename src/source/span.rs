//! Places in a text.

use alloc::vec::Vec;

/// A range of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A range of bytes, and where a person finds its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Location {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The line of the first byte, from 1.
    pub line: usize,
    /// The column of the first byte in characters, from 1.
    pub column: usize,
}

impl From<jsonc_parser::common::Range> for Span {
    fn from(range: jsonc_parser::common::Range) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// Bytes of a line between two marks.
const STRIDE: usize = 1 << 10;

/// Where the lines of a text are: a mark at the start of each, and more along a line that is long, so that a document
/// in one line is no slower to point into.
pub struct Lines<'a> {
    text: &'a str,
    marks: Vec<Location>,
}

impl<'a> Lines<'a> {
    /// Finds the lines. O(text).
    pub fn new(text: &'a str) -> Self {
        let mut here = Location { start: 0, end: 0, line: 1, column: 1 };
        let mut marks = alloc::vec![here];
        for (at, character) in text.char_indices() {
            here.start = at + character.len_utf8();
            here.column += 1;
            if character == '\n' {
                (here.line, here.column) = (here.line + 1, 1);
            }
            let far = marks.last().is_some_and(|mark| here.start - mark.start >= STRIDE);
            if far || here.column == 1 {
                marks.push(here);
            }
        }
        Self { text, marks }
    }

    /// Finds line and column. O(log text).
    pub fn locate(&self, Span { start, end }: Span) -> Location {
        let after = self.marks.partition_point(|mark| mark.start <= start);
        let mark = self.marks.get(after.saturating_sub(1)).copied().unwrap_or_default();
        let column = mark.column + self.text.get(mark.start..start).map_or(0, |between| between.chars().count());
        Location { start, end, line: mark.line, column }
    }
}
