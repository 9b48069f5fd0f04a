//! Text without the formatting machinery of the standard library, which is larger than all that the core says with it.

use alloc::string::String;
use alloc::vec::Vec;

/// A number in decimal digits. O(digits).
pub fn decimal(number: u32) -> String {
    let mut text = if number > 9 { decimal(number / 10) } else { String::new() };
    text.extend(char::from_digit(number % 10, 10));
    text
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// Has bits where one of eight bytes is below a bound of at most 128, and none where none is.
const fn below(word: u64, bound: u8) -> u64 {
    word.wrapping_sub(ONES * bound as u64) & !word & (ONES << 7)
}

/// Whether `hits` has bits for some eight bytes of a text, the last of them filled up with spaces. O(length).
fn any(text: &[u8], hits: impl Fn(u64) -> u64) -> bool {
    let (words, rest) = text.as_chunks();
    let last = rest.iter().fold(ONES * u64::from(b' '), |word, byte| word << 8 | u64::from(*byte));
    words.iter().fold(hits(last), |found, word| found | hits(u64::from_le_bytes(*word))) != 0
}

/// Whether a text has a control character. O(length).
pub fn has_control(text: &[u8]) -> bool {
    any(text, |word| below(word, b' '))
}

/// Writes a text as JSON has it: in quotes, with escapes where it needs them. O(length).
pub fn quote(out: &mut Vec<u8>, text: &str) {
    const QUOTES: u64 = ONES * b'"' as u64;
    const ESCAPES: u64 = ONES * b'\\' as u64;
    out.push(b'"');
    if any(text.as_bytes(), |word| below(word, b' ') | below(word ^ QUOTES, 1) | below(word ^ ESCAPES, 1)) {
        text.bytes().for_each(|byte| escape(out, byte));
    } else {
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
}

/// What needs escapes is ASCII; a byte of anything else is its own.
fn escape(out: &mut Vec<u8>, byte: u8) {
    let short = match byte {
        b'"' | b'\\' => byte,
        8 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        12 => b'f',
        b'\r' => b'r',
        0..b' ' => {
            let low = byte & 15;
            let digit = if low > 9 { b'a' - 10 + low } else { b'0' + low };
            return out.extend_from_slice(&[b'\\', b'u', b'0', b'0', b'0' + (byte >> 4), digit]);
        }
        plain => return out.push(plain),
    };
    out.extend_from_slice(&[b'\\', short]);
}
