//! Tokens: the grants and listed roles of a subject as a short string that is safe in URLs, headers and cookies.
//!
//! ```text
//!   ┌────────────┬─────────────────────────────────────────────────┬──────────────┐
//!   │ layout     │ own? own … roles? roles … inline? inline … 0…   │ CRC-32       │  six bits per letter, in the alphabet
//!   │ 12 letters │ bits, highest first                             │ 6 letters    │  of base64url
//!   └────────────┴─────────────────────────────────────────────────┴──────────────┘
//! ```
//!
//! Fields are short because headers and cookies are limited to about 4 KB: own grants of Contact have 134 bits, plus up to 37
//! for each number that is set. Listed roles are stored by their position, so that a role that loses a grant loses it for
//! issued tokens too. The CRC detects damage but does not authenticate a token; only a signature does. Each subject has one
//! token, and each token one subject.

use super::block::Block;
use super::crc32::update;
use super::program::{Engine, FACTS, PAIR, kind};

/// The letters of the layout, and of the checksum.
const LAYOUT: u32 = 12;
const CHECKSUM: u32 = 6;
/// Bits of a letter.
const BITS: u32 = 6;
/// The letter of each 6-bit value.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The state of reading or writing, in words of the answer. Letters are 6-bit values, one in a word.
///
/// The number of bits before the next one, the position of the first letter, and 1 while writing.
const BIT: u32 = 0;
const FIRST: u32 = 4;
const IS_WRITING: u32 = 8;
/// While writing: the position of the next pair, and the one behind the last.
const NEXT: u32 = 12;
const END: u32 = 16;
/// While reading: the position behind the last pair that was found.
const FOUND: u32 = 20;
/// Whether everything that was read is valid: 1 or 0.
const IS_VALID: u32 = 24;

/// Why a string is not a token of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// It is not a token, or is damaged.
    Invalid,
    /// It belongs to a policy with another layout.
    Stale,
}

impl<B: Block> Engine<B> {
    /// The greatest number of letters of a token. O(privileges).
    pub fn token_letters(self) -> u32 {
        let mut bits = 3 + self.entries();
        for index in self.get(FACTS)..self.first_role() {
            let privilege = self.entry(index);
            bits += 2 * (38 + privilege.values());
        }
        LAYOUT + bits / BITS + 1 + CHECKSUM
    }

    /// A word of the state.
    fn state(self, word: u32) -> u32 {
        self.load(self.0.answer() + word)
    }

    fn set_state(self, word: u32, value: u32) {
        self.set(self.0.answer() + word, value);
    }

    /// Codes the lowest `width` bits of `value`, the highest first: writes and returns them, or reads and returns them, so that both
    /// directions share one definition of the format. A letter that is written must be 0 before; behind the last letter that is
    /// read there are zeros.
    fn code(self, value: u32, width: u32) -> u32 {
        let mut coded = 0;
        let mut left = width;
        while left > 0 {
            left -= 1;
            let bit = self.state(BIT);
            self.set_state(BIT, bit + 1);
            let at = self.state(FIRST) + bit / BITS * 4;
            let shift = BITS - 1 - bit % BITS;
            if self.state(IS_WRITING) == 1 {
                self.set(at, self.load(at) | (value >> left & 1) << shift);
            }
            coded = coded << 1 | self.load(at) >> shift & 1;
        }
        coded
    }

    /// Codes a number: whether it is above 0; if so, in 5 bits, the number of its digits after the highest; then these digits.
    fn code_number(self, number: u32) -> u32 {
        if self.code((number > 0).into(), 1) == 0 {
            return 0;
        }
        let rest = self.code(31_u32.wrapping_sub(number.leading_zeros()), 5);
        1 << rest | self.code(number, rest)
    }

    /// Adds a pair that was coded, while reading.
    fn found(self, index: u32, value: u32) {
        if self.state(IS_WRITING) == 0 {
            let at = self.state(FOUND);
            self.set(at, index);
            self.set(at + 4, value);
            self.set_state(FOUND, at + PAIR);
            self.require(self.entry(index).accepts(value));
        }
    }

    /// Notes whether what was read is valid.
    fn require(self, is_valid: bool) {
        self.set_state(IS_VALID, self.state(IS_VALID) & u32::from(is_valid));
    }

    /// Codes a section: one bit, whether it has pairs of the entries from `first` to `end`, and if so these.
    fn code_section(self, first: u32, end: u32) {
        let start = self.state(BIT);
        let is_writing = self.state(IS_WRITING) == 1;
        if self.code(0, 1) == 0 && !is_writing {
            return;
        }
        let mut has_pairs = false;
        for index in first..end {
            has_pairs |= self.code_entry(index);
        }
        self.require(has_pairs);
        if is_writing {
            // An empty section has written only zeros.
            let after = if has_pairs { self.state(BIT) } else { start + 1 };
            self.set_state(BIT, start);
            self.code(has_pairs.into(), 1);
            self.set_state(BIT, after);
        }
    }

    /// Codes the field of an entry: the join of its grants. Of a choice with different options it has none. Returns whether there is one.
    fn code_entry(self, index: u32) -> bool {
        let entry = self.entry(index);
        let kind = entry.kind();
        let mut next = self.state(NEXT);
        while next < self.state(END) && self.load(next) < index {
            next += PAIR;
        }
        let mut end = next;
        while end < self.state(END) && self.load(end) == index {
            end += PAIR;
        }
        self.set_state(NEXT, end);
        let mut has_pairs = false;
        if kind == kind::SET {
            for option in 0..entry.values() {
                let start = next;
                while next < end && self.load(next + 4) == option {
                    next += PAIR;
                }
                if self.code((next > start).into(), 1) == 1 {
                    self.found(index, option);
                    has_pairs = true;
                }
            }
            return has_pairs;
        }
        let mut value = 0;
        if next < end {
            value = self.load(end - 4);
            // Different options.
            if kind == kind::CHOICE && self.load(next + 4) != value {
                end = next;
            }
        }
        let is_choice = u32::from(kind == kind::CHOICE);
        let has_value = u32::from(next < end);
        // A number has a bit for whether it is set; the fields of other kinds have 0 for no grant.
        let width = if kind == kind::NUMBER { 1 } else { u32::BITS - entry.values().leading_zeros() };
        let given = if kind == kind::NUMBER { has_value } else { value.wrapping_add(is_choice) * has_value };
        let field = self.code(given, width);
        if field > 0 {
            let value = if kind == kind::NUMBER { self.code_number(value) } else { field - is_choice };
            self.found(index, value);
        }
        field > 0
    }

    /// Codes the sections of a token: own grants, listed roles, the join of inline roles. `inline` and `end` are where the pairs of
    /// inline roles begin and end. Returns the position behind the pairs of own grants and roles that were found.
    fn code_sections(self, inline: u32, end: u32) -> u32 {
        self.set_state(END, inline);
        self.code_section(self.get(FACTS), self.first_role());
        self.code_section(self.first_role(), self.entries());
        let found = self.state(FOUND);
        self.set_state(NEXT, inline);
        self.set_state(END, end);
        self.code_section(self.get(FACTS), self.first_role());
        while !self.state(BIT).is_multiple_of(BITS) {
            self.require(self.code(0, 1) == 0);
        }
        found
    }

    /// Writes the token of the subject of the arguments behind the pairs, a letter in each word, and returns how many. There must
    /// be room for [`Self::token_letters`]. O(program + pairs).
    pub fn write_token(self, own: u32, inline: u32) -> u32 {
        let inline_at = self.0.arguments() + PAIR * own;
        let first = inline_at + PAIR * inline;
        let mut at = first + 4 * self.token_letters();
        while at > first {
            at -= 4;
            self.set(at, 0);
        }
        self.set_state(BIT, 0);
        self.set_state(FIRST, first);
        self.set_state(IS_WRITING, 1);
        self.set_state(NEXT, self.0.arguments());
        for byte in 0..9 {
            self.code(self.layout(byte), 8);
        }
        self.code_sections(inline_at, first);
        let end = first + self.state(BIT) / BITS * 4;
        let mut crc = !0;
        while at < end + 4 * CHECKSUM {
            if at == end {
                self.code(0, 4);
                self.code(!crc, 32);
            }
            let letter = LETTERS.get(self.load(at) as usize).copied().unwrap_or_default();
            self.set(at, letter.into());
            crc = update(crc, letter);
            at += 4;
        }
        (at - first) / 4
    }

    /// Reads the token of `letters` letters, one in each word of the arguments; they are overwritten. Behind them it writes the pairs
    /// of the token: own grants and listed roles, then the join of inline roles, each sorted. Returns the position between the
    /// two, and the position behind all. There must be room for the pairs: at most one for each bit, of two words. O(letters + program).
    ///
    /// # Errors
    /// [`TokenFault`].
    pub fn read_token(self, letters: u32) -> Result<[u32; 2], TokenFault> {
        let first = self.0.arguments();
        if letters < LAYOUT + CHECKSUM {
            return Err(TokenFault::Invalid);
        }
        let behind = first + 4 * letters;
        let end = behind - 4 * CHECKSUM;
        self.set_state(IS_WRITING, 0);
        self.set_state(IS_VALID, 1);
        self.set_state(FOUND, behind);
        self.set_state(NEXT, 0);
        let mut crc = !0;
        let mut at = first;
        while at < behind {
            let letter = self.load(at);
            if at < end {
                crc = update(crc, letter.to_le_bytes()[0]);
            }
            let mut value = 0;
            while value < 64 && LETTERS.get(value as usize).copied().map(u32::from) != Some(letter) {
                value += 1;
            }
            self.require(value < 64);
            self.set(at, value);
            at += 4;
        }
        self.set_state(FIRST, end);
        self.set_state(BIT, 0);
        self.require(self.code(0, 4) == 0);
        self.require(self.code(0, 32) == !crc);
        if self.state(IS_VALID) == 0 {
            return Err(TokenFault::Invalid);
        }
        // Behind the last letter there are zeros.
        while at > end {
            at -= 4;
            self.set(at, 0);
        }
        self.set_state(FIRST, first);
        self.set_state(BIT, 0);
        for byte in 0..9 {
            if self.code(0, 8) != self.layout(byte) {
                return Err(TokenFault::Stale);
            }
        }
        let inline = self.code_sections(0, 0);
        self.require(self.state(BIT) == BITS * (letters - CHECKSUM));
        if self.state(IS_VALID) == 0 {
            return Err(TokenFault::Invalid);
        }
        Ok([inline, self.state(FOUND)])
    }
}
