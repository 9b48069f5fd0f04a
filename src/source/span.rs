//! Places in a text.

/// A range of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A range of bytes, and where a person finds its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
        let (mut marks, mut far) = (Vec::new(), 0);
        // Of a character only the first byte counts.
        for (start, byte) in text.bytes().enumerate().filter(|(_, byte)| byte & 0xc0 != 0x80) {
            if here.column == 1 || start >= far {
                far = start + STRIDE;
                marks.push(Location { start, ..here });
            }
            here.column += 1;
            if byte == b'\n' {
                (here.line, here.column) = (here.line + 1, 1);
            }
        }
        marks.push(Location { start: text.len(), ..here });
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
