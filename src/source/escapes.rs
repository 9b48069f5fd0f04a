//! Positions in string literals: where a part of a string's value stands in its text, which may have escapes.

use std::ops::Range;

/// The byte range in a literal, without its quotes, of a byte range of its value. O(length).
pub fn range_in_literal(literal: &str, part: &Range<usize>) -> Range<usize> {
    if !literal.contains('\\') {
        return part.clone();
    }
    let (mut raw, mut value) = (0, 0);
    let (mut start, mut end) = (None, literal.len());
    while let Some(rest) = literal.get(raw..).filter(|rest| !rest.is_empty()) {
        if value >= part.start && start.is_none() {
            start = Some(raw);
        }
        if value >= part.end {
            end = raw;
            break;
        }
        let (written, read) = unit(rest);
        raw += written;
        value += read;
    }
    start.unwrap_or(end)..end
}

/// The bytes of the first character of a literal: as written, and in the value.
fn unit(rest: &str) -> (usize, usize) {
    let Some(escape) = rest.strip_prefix('\\') else {
        let bytes = rest.chars().next().map_or(1, char::len_utf8);
        return (bytes, bytes);
    };
    match code_unit(rest) {
        None => (1 + escape.chars().next().map_or(0, char::len_utf8), 1),
        Some(high) if (0xd800..0xdc00).contains(&high) && rest.get(6..).and_then(code_unit).is_some() => (12, 4),
        Some(unit) => (6, char::from_u32(unit).map_or(3, char::len_utf8)),
    }
}

/// The code unit of an escape such as `\u00e9` at the start of a text.
fn code_unit(text: &str) -> Option<u32> {
    u32::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}
