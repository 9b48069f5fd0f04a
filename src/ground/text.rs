//! Text without the formatting machinery of the standard library, which is larger than all that the core says with it.

use alloc::string::String;

/// A number in decimal digits. O(digits).
pub fn decimal(number: u32) -> String {
    let mut text = if number > 9 { decimal(number / 10) } else { String::new() };
    text.extend(char::from_digit(number % 10, 10));
    text
}
