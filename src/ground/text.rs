//! Text without the formatting machinery of the standard library, which is larger than all that the core says with it.

use alloc::string::String;
use alloc::vec::Vec;

/// A number in decimal digits. O(digits).
pub fn decimal(number: u32) -> String {
    let mut text = if number > 9 { decimal(number / 10) } else { String::new() };
    text.extend(char::from_digit(number % 10, 10));
    text
}

/// Whether a text has a control character, or one of these bytes. O(length), eight bytes at a time.
pub fn has_control_or<const N: usize>(text: &[u8], others: [u8; N]) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // Has bits where some byte is below the bound, and nowhere else.
    let below = |word: u64, bound: u64| word.wrapping_sub(ONES * bound) & !word & (ONES << 7);
    let mut found = 0;
    for bytes in text.chunks(8) {
        let spaces = ONES * u64::from(b' ');
        let word = match bytes.first_chunk() {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => bytes.iter().fold(spaces, |word, byte| word << 8 | u64::from(*byte)),
        };
        found |= below(word, u64::from(b' '));
        for other in others {
            found |= below(word ^ (ONES * u64::from(other)), 1);
        }
    }
    found != 0
}

/// Writes a text as JSON has it: in quotes, with escapes where it needs them. O(length).
pub fn quote(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    if has_control_or(text.as_bytes(), [b'"', b'\\']) {
        text.bytes().for_each(|byte| escape(out, byte));
    } else {
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
}

fn escape(out: &mut Vec<u8>, byte: u8) {
    let short = match byte {
        b'"' | b'\\' => byte,
        8 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        12 => b'f',
        b'\r' => b'r',
        0..b' ' => {
            let digit = b"0123456789abcdef".get(usize::from(byte & 15)).copied().unwrap_or_default();
            return out.extend([b'\\', b'u', b'0', b'0', b'0' + (byte >> 4), digit]);
        }
        plain => return out.push(plain),
    };
    out.extend([b'\\', short]);
}
