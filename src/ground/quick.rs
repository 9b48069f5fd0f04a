//! Texts that compare quickly.

/// A text behind a hash of it: two that differ nearly always differ in their hashes, so that few are compared letter by
/// letter. The order is the same everywhere, but none that means anything. However hashes fall, an ordered list of such texts
/// is searched in O(log n).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quick<'a> {
    hash: u64,
    text: &'a str,
}

impl<'a> Quick<'a> {
    /// The text, with its hash. O(length), eight bytes at a time.
    pub fn of(text: &'a str) -> Self {
        let (words, rest) = text.as_bytes().as_chunks();
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(byte, rest)| *byte = *rest);
        let hash = words.iter().chain([&last]).fold(0_u64, |hash, word| {
            (hash.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        });
        Self { hash, text }
    }

    /// The text.
    pub const fn text(self) -> &'a str {
        self.text
    }

    /// The hash.
    pub const fn hash(self) -> u64 {
        self.hash
    }
}
