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
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        let Some((plain, escaped)) = rest.split_at_checked(at) else { break };
        *out += plain;
        let mut letters = escaped.chars();
        letters.next().into_iter().for_each(|letter| escape(out, letter));
        rest = letters.as_str();
    }
    *out += rest;
    out.push('"');
}

fn escape(out: &mut String, letter: char) {
    out.push('\\');
    let letter = match letter {
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{c}' => 'f',
        '\r' => 'r',
        control if control < ' ' => {
            *out += "u00";
            let code = u32::from(letter);
            out.extend(char::from_digit(code >> 4, 16));
            char::from_digit(code & 15, 16).unwrap_or('0')
        }
        plain => plain,
    };
    out.push(letter);
}
