//! Text without the formatting machinery of the standard library, which is larger than all that the core says with it.

use alloc::string::String;

/// A number in decimal digits. O(digits).
pub fn decimal(number: u32) -> String {
    let mut text = if number > 9 { decimal(number / 10) } else { String::new() };
    text.extend(char::from_digit(number % 10, 10));
    text
}

/// Writes a text as JSON has it: in quotes, with escapes where it needs them. O(length).
pub fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        let escaped = match letter {
            '"' | '\\' => letter,
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{c}' => 'f',
            '\r' => 'r',
            control if control < ' ' => 'u',
            plain => {
                out.push(plain);
                continue;
            }
        };
        out.push('\\');
        out.push(escaped);
        if escaped == 'u' {
            *out += "00";
            let code = u32::from(letter);
            out.extend([code >> 4, code & 15].into_iter().filter_map(|digit| char::from_digit(digit, 16)));
        }
    }
    out.push('"');
}
