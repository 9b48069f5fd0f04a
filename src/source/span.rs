//! Places in a text.

use alloc::vec::Vec;
use core::cell::Cell;

/// A range of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A range of bytes, and where a person finds its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
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

/// Where the lines of a text begin.
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// The place that was found last, and its column: the next on its line is counted from there.
    last: Cell<(usize, usize)>,
}

impl<'a> Lines<'a> {
    /// Finds the lines. O(text).
    pub fn new(text: &'a str) -> Self {
        let after = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: [0].into_iter().chain(after).collect(), last: Cell::new((0, 1)) }
    }

    /// Finds line and column. O(log lines), and the distance to the place before on the line.
    pub fn locate(&self, Span { start, end }: Span) -> Location {
        let line = self.starts.partition_point(|first| *first <= start);
        let first = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let (known, column) = match self.last.get() {
            (known, column) if (first..=start).contains(&known) => (known, column),
            _ => (first, 1),
        };
        let column = column + self.text.get(known..start).map_or(0, |before| before.chars().count());
        self.last.set((start, column));
        Location { start, end, line, column }
    }
}
