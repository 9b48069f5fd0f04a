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
use super::program::{Engine, FACTS, FIRST_GRANT, INPUTS, PAIR, kind};

/// The letters of the layout, and of the checksum.
const LAYOUT: u32 = 12;
const CHECKSUM: u32 = 6;
/// Bits of a letter.
const BITS: u32 = 6;
/// What reading returns for a string that is no token, and for one of another layout. Positions are greater.
const INVALID: u32 = 0;
const STALE: u32 = 1;
/// The letter of each 6-bit value.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Why a string is not a token of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// It is not a token, or is damaged.
    Invalid,
    /// It belongs to a policy with another layout.
    Stale,
}

/// Bits of letters. Letters are 6-bit values, one in a word.
#[derive(Debug)]
struct Bits<B> {
    block: B,
    /// The position of the first letter.
    first: u32,
    /// The number of bits before the next one.
    at: u32,
    /// 1 while reading, 0 while writing.
    is_reading: u32,
}

impl<B: Block> Bits<B> {
    /// Codes the lowest `width` bits of `value`, the highest first, so that both directions share one definition of the format: sets
    /// those that are 1 and returns all. While reading `value` is 0.
    fn code(&mut self, value: u32, width: u32) -> u32 {
        let mut coded = 0;
        let mut left = width;
        while left > 0 {
            left -= 1;
            let at = self.first + self.at / BITS * 4;
            let shift = BITS - 1 - self.at % BITS;
            self.at += 1;
            let before = self.block.load(at) * (self.is_reading | u32::from(shift < BITS - 1));
            let letter = before | (value >> left & 1) << shift;
            self.block.set(at, letter);
            coded = coded << 1 | letter >> shift & 1;
        }
        coded
    }
}

/// The letter of a 6-bit value.
fn letter(value: u32) -> u8 {
    LETTERS.get(value as usize % 64).copied().unwrap_or_default()
}

impl<B: Block> Engine<B> {
    /// How many words behind the arguments are used at most: for the letters of a token that is written, or for the pairs of one that is
    /// read. A token has up to 20 letters, and two fields for each privilege, one for each role. A field has at most as many bits as
    /// its privilege or role has inputs, but that of a number, which has two inputs or more, has up to 38. A field has at most as
    /// many pairs, of two words, as there are inputs.
    pub fn token_room(self) -> u32 {
        8 * (self.get(INPUTS) - self.get(FIRST_GRANT)) + 32
    }

    /// Writes the token of the subject of the arguments behind the pairs, a letter in each word, and returns how many. There must
    /// be [`Self::token_room`]. O(program + pairs).
    pub fn write_token(self, own: u32, inline: u32) -> u32 {
        self.token(own, inline, 0)
    }

    /// Reads the token of `letters` letters, one in each word of the arguments; they are overwritten. Behind them it writes the pairs
    /// of the token: own grants and listed roles, then the join of inline roles, each sorted. Returns the position between the
    /// two, and the position behind all. There must be room as for writing. O(letters + program).
    ///
    /// # Errors
    /// [`TokenFault`].
    pub fn read_token(self, letters: u32) -> Result<[u32; 2], TokenFault> {
        if letters == 0 {
            return Err(TokenFault::Invalid);
        }
        match self.token(0, 0, letters) {
            INVALID => Err(TokenFault::Invalid),
            STALE => Err(TokenFault::Stale),
            inline => Ok([inline, self.load(self.0.answer())]),
        }
    }

    /// Writes the token of the subject of the arguments behind the pairs, if `letters` is 0, and returns the number of its letters. Else
    /// reads a token of so many letters, which are the arguments, and writes its pairs behind it. Returns the position between own
    /// and inline pairs, or `INVALID` or `STALE`; the first word of the answer is then the position behind all pairs.
    #[expect(clippy::too_many_lines, reason = "reading and writing share every step, so the two stand as one")]
    pub fn token(self, own: u32, inline: u32, letters: u32) -> u32 {
        // As numbers, to multiply with
        let is_writing = u32::from(letters == 0);
        let is_reading = 1 - is_writing;
        if letters > 0 && letters < LAYOUT + CHECKSUM {
            return INVALID;
        }
        let mut next = self.0.arguments();
        // The pairs that were coded. While writing they replace those of the subject, which are at least as many.
        let mut found = next + 4 * letters;
        let mut end = next + PAIR * own;
        let first = end + PAIR * inline;
        let mut is_valid = true;
        let mut is_stale = false;
        let mut is_intact = true;
        // While reading: letters become their 6-bit values.
        let mut at = first;
        while at < first + 4 * letters {
            let mut value = 0;
            while value < 64 && u32::from(letter(value)) != self.load(at) {
                value += 1;
            }
            is_intact &= value < 64;
            self.set(at, value);
            at += 4;
        }
        let mut bits = Bits { block: self.0, first, at: 0, is_reading };
        for byte in 0..9 {
            is_stale |= bits.code(self.layout(byte) * is_writing, 8) != self.layout(byte);
        }
        // Own grants, listed roles, the join of inline roles: one bit, whether there are pairs, and if so a field for each entry.
        let mut inline_at = 0;
        for section in 0..3 {
            let [mut index, behind] =
                if section == 1 { [self.first_role(), self.entries()] } else { [self.get(FACTS), self.first_role()] };
            if section == 2 {
                inline_at = found;
                next = end;
                end = first;
            }
            let start = bits.at;
            if bits.code(0, 1) + is_writing == 0 {
                continue;
            }
            let before = found;
            while index < behind {
                let entry = self.entry(index);
                let kind = entry.kind();
                while next < end && self.load(next) < index {
                    next += PAIR;
                }
                // The pairs of this entry
                let mut after = next;
                while after < end && self.load(after) == index {
                    after += PAIR;
                }
                let is_set = kind == kind::SET;
                let is_number = kind == kind::NUMBER;
                let is_choice = kind == kind::CHOICE;
                // One field, or one for each option of a set
                let mut option = 0;
                loop {
                    let start = next;
                    while next < after && (!is_set || self.load(next + 4) == option) {
                        next += PAIR;
                    }
                    let mut has_value = next > start;
                    let mut value = 0;
                    if has_value {
                        value = self.load(next - 4);
                        // Roles that grant different options grant none.
                        has_value = !is_choice || self.load(start + 4) == value;
                    }
                    // A number and an option of a set have a bit for whether it is there; the fields of other kinds have 0 for no grant.
                    let (given, width) = if is_set || is_number {
                        (1, 1)
                    } else {
                        (value.wrapping_add(is_choice.into()), u32::BITS - entry.values().leading_zeros())
                    };
                    let field = bits.code(given * u32::from(has_value), width);
                    if field > 0 {
                        value = if is_number {
                            Self::number_field(&mut bits, value)
                        } else if is_set {
                            option
                        } else {
                            field - u32::from(is_choice)
                        };
                        is_valid &= entry.accepts(value);
                        self.set(found, index);
                        self.set(found + 4, value);
                        found += PAIR;
                    }
                    option += 1;
                    if !is_set || option == entry.values() {
                        break;
                    }
                }
                index += 1;
            }
            // An empty section is one bit.
            if found == before {
                is_valid = false;
                bits.at = start + 1;
            } else {
                at = first + start / BITS * 4;
                self.set(at, self.load(at) | 1 << (BITS - 1 - start % BITS));
            }
        }
        // Zeros up to the end of a letter
        while bits.at % BITS > 0 {
            is_valid &= bits.code(0, 1) == 0;
        }
        if letters > 0 {
            let content = BITS * (letters - CHECKSUM);
            is_valid &= bits.at == content;
            bits.at = content;
        }
        let mut crc = !0;
        at = first;
        while at < first + bits.at / BITS * 4 {
            crc = update(crc, letter(self.load(at)));
            at += 4;
        }
        is_intact &= bits.code(0, 4) == 0;
        is_intact &= bits.code(!crc * is_writing, 32) == !crc;
        self.set(self.0.answer(), found);
        // While writing: 6-bit values become their letters.
        if letters == 0 {
            let count = bits.at / BITS;
            at = first;
            while at < first + 4 * count {
                self.set(at, letter(self.load(at)).into());
                at += 4;
            }
            return count;
        }
        if !is_intact || !(is_stale || is_valid) {
            INVALID
        } else if is_stale {
            STALE
        } else {
            inline_at
        }
    }

    /// Codes a number: whether it is above 0; if so, in 5 bits, the number of its digits after the highest; then these digits.
    fn number_field(bits: &mut Bits<B>, number: u32) -> u32 {
        if bits.code((number > 0).into(), 1) == 0 {
            return 0;
        }
        let rest = bits.code((number | 1).ilog2(), 5);
        (1 << rest) | bits.code(number, rest)
    }
}
