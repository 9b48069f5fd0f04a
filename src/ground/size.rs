//! Lengths and places as the numbers of packs, words and answers.

/// A length or place in 32 bits, which no document exceeds: its limits are far below.
pub fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
