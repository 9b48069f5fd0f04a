//! Byte ranges of a text, and their lines and columns.

/// A byte range, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
}

/// A byte range, end exclusive, with the line and column of its start.
///
/// # Examples
/// ```
/// use privet::Location;
///
/// let text = r#"{ "format": 1, "id": "shop!", "title": "Shop", "version": "1" }"#;
/// let span = privet::check(text, true)[0].span;
/// assert_eq!(span, Some(Location { start: 21, end: 28, line: 1, column: 22 }));
/// assert_eq!(text.get(21..28), Some(r#""shop!""#));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Location {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
    /// The line of the start, from 1.
    pub line: usize,
    /// The column of the start in characters (Unicode scalar values), from 1.
    pub column: usize,
}

impl From<jsonc_parser::common::Range> for Span {
    fn from(range: jsonc_parser::common::Range) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// The least distance in bytes between two checkpoints on one line.
const STRIDE: usize = 1 << 10;

/// An index of the lines of a text. It has a checkpoint at the start of each line and every `STRIDE` bytes along a
/// long line, so that locating a span is fast even if the whole document is one line.
pub struct Lines<'a> {
    text: &'a str,
    checkpoints: Vec<Location>,
}

impl<'a> Lines<'a> {
    /// Builds the index. O(text).
    pub fn new(text: &'a str) -> Self {
        let mut here = Location { start: 0, end: 0, line: 1, column: 1 };
        let (mut checkpoints, mut next) = (Vec::new(), 0);
        // Columns count characters: the continuation bytes of UTF-8 are skipped.
        for (start, byte) in text.bytes().enumerate().filter(|(_, byte)| byte & 0xc0 != 0x80) {
            if here.column == 1 || start >= next {
                next = start + STRIDE;
                checkpoints.push(Location { start, ..here });
            }
            here.column += 1;
            if byte == b'\n' {
                (here.line, here.column) = (here.line + 1, 1);
            }
        }
        checkpoints.push(Location { start: text.len(), ..here });
        Self { text, checkpoints }
    }

    /// The line and column of the start of a span. O(log checkpoints), since the distance to a checkpoint is bounded.
    pub fn locate(&self, Span { start, end }: Span) -> Location {
        let after = self.checkpoints.partition_point(|checkpoint| checkpoint.start <= start);
        let checkpoint = self.checkpoints.get(after.saturating_sub(1)).copied().unwrap_or_default();
        let column =
            checkpoint.column + self.text.get(checkpoint.start..start).map_or(0, |between| between.chars().count());
        Location { start, end, line: checkpoint.line, column }
    }
}
