//! The reader and writer of `host.wasm`. It accepts what `serde_json` accepts, and nothing else. Numbers are compared exactly, and one
//! that is no whole number is shown as it is written.

use crate::model::Value;

/// Data of the product, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data(pub(crate) String);

/// How deep arrays and objects may be nested.
const DEPTH: u32 = 127;

/// Reads a value. `None` if the text is not JSON.
pub(crate) fn read(text: &[u8]) -> Option<Value> {
    let mut reader = Reader { text, depth: DEPTH };
    let value = reader.value()?;
    reader.skip_space();
    reader.text.is_empty().then_some(value)
}

/// Reads data of the product. `None` if the text is not JSON.
pub(crate) fn read_data(text: &str) -> Option<Data> {
    read(text.as_bytes()).map(|_| Data(text.into()))
}

/// Writes a value.
pub(crate) fn write(value: &Value) -> String {
    let mut text = String::new();
    write_to(&mut text, value);
    text
}

/// Appends a string as JSON.
pub(crate) fn write_text(to: &mut String, text: &str) {
    to.push('"');
    for letter in text.chars() {
        let escaped = match letter {
            '"' => '"',
            '\\' => '\\',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\u{8}' => 'b',
            '\u{c}' => 'f',
            '\0'..' ' => {
                to.push_str("\\u00");
                let code = letter as u32;
                [code >> 4, code & 15]
                    .iter()
                    .filter_map(|digit| char::from_digit(*digit, 16))
                    .for_each(|it| to.push(it));
                continue;
            }
            plain => {
                to.push(plain);
                continue;
            }
        };
        to.push('\\');
        to.push(escaped);
    }
    to.push('"');
}

fn write_to(to: &mut String, value: &Value) {
    match value {
        Value::Text(text) | Value::Other(text) => write_text(to, text),
        Value::List(items) => {
            to.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    to.push(',');
                }
                write_to(to, item);
            }
            to.push(']');
        }
        Value::Map(entries) => {
            to.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    to.push(',');
                }
                write_text(to, key);
                to.push(':');
                write_to(to, value);
            }
            to.push('}');
        }
        plain => to.push_str(&plain.shown()),
    }
}

/// The text that is left.
struct Reader<'a> {
    text: &'a [u8],
    depth: u32,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.text.split_first()?;
        self.text = rest;
        Some(*first)
    }

    /// Skips a byte if it is next.
    fn skip(&mut self, byte: u8) -> bool {
        let is_next = self.text.first() == Some(&byte);
        if is_next {
            self.next();
        }
        is_next
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.text.first() {
            self.next();
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        self.text = self.text.strip_prefix(word.as_bytes())?;
        Some(value)
    }

    fn value(&mut self) -> Option<Value> {
        self.skip_space();
        match self.text.first()? {
            b'n' => self.word("null", Value::Null),
            b't' => self.word("true", Value::Flag(true)),
            b'f' => self.word("false", Value::Flag(false)),
            b'"' => self.string().map(Value::Text),
            b'[' | b'{' => {
                self.depth = self.depth.checked_sub(1)?;
                let value = if self.skip(b'[') { self.list() } else { self.map() };
                self.depth += 1;
                value
            }
            _ => self.number(),
        }
    }

    /// Whether the list that began has another item; `None` if what follows is neither an item nor the end.
    fn has_item(&mut self, is_first: bool, end: u8) -> Option<bool> {
        self.skip_space();
        if self.skip(end) {
            return Some(false);
        }
        (is_first || self.skip(b',')).then_some(true)
    }

    fn list(&mut self) -> Option<Value> {
        let mut items = Vec::new();
        while self.has_item(items.is_empty(), b']')? {
            items.push(self.value()?);
        }
        Some(Value::List(items))
    }

    fn map(&mut self) -> Option<Value> {
        self.next();
        let mut entries = Vec::new();
        while self.has_item(entries.is_empty(), b'}')? {
            self.skip_space();
            let key = self.string()?;
            self.skip_space();
            if !self.skip(b':') {
                return None;
            }
            entries.push((key, self.value()?));
        }
        Some(Value::Map(entries))
    }

    fn string(&mut self) -> Option<String> {
        if !self.skip(b'"') {
            return None;
        }
        let mut bytes = Vec::new();
        loop {
            match self.next()? {
                b'"' => return String::from_utf8(bytes).ok(),
                b'\\' => {
                    let letter = self.escaped()?;
                    bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                }
                0..b' ' => return None,
                plain => bytes.push(plain),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            plain @ (b'"' | b'\\' | b'/') => plain.into(),
            b'u' => {
                let unit = self.unit()?;
                if !(0xD800..0xDC00).contains(&unit) {
                    return char::from_u32(unit);
                }
                if !(self.skip(b'\\') && self.skip(b'u')) {
                    return None;
                }
                let low = self.unit()?.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
                char::from_u32(0x1_0000 + ((unit - 0xD800) << 10 | low))?
            }
            _ => return None,
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| Some(unit << 4 | char::from(self.next()?).to_digit(16)?))
    }

    /// The digits that follow: at least one.
    fn digits(&mut self, to: &mut Vec<u8>) -> Option<()> {
        let before = to.len();
        while let Some(digit @ b'0'..=b'9') = self.text.first() {
            to.push(*digit);
            self.next();
        }
        (to.len() > before).then_some(())
    }

    fn number(&mut self) -> Option<Value> {
        let all = self.text;
        let is_negative = self.skip(b'-');
        let mut digits = Vec::new();
        self.digits(&mut digits)?;
        if digits.len() > 1 && digits.first() == Some(&b'0') {
            return None;
        }
        let whole = digits.len();
        if self.skip(b'.') {
            self.digits(&mut digits)?;
        }
        let mut exponent = 0_i64;
        if self.skip(b'e') || self.skip(b'E') {
            let is_below = self.skip(b'-') || {
                self.skip(b'+');
                false
            };
            let mut power = Vec::new();
            self.digits(&mut power)?;
            let power = power.iter().fold(0_i64, |power, digit| (power * 10 + i64::from(digit - b'0')).min(1 << 40));
            exponent = if is_below { -power } else { power };
        }
        let shown = all.get(..all.len() - self.text.len())?;
        let point = exponent.checked_add(i64::try_from(whole).ok()?)?;
        let number = whole_number(&digits, point).filter(|number| !is_negative || *number == 0);
        let shown = std::str::from_utf8(shown).ok()?;
        Some(number.map_or_else(|| Value::Other(shown.into()), Value::Number))
    }
}

/// The number of these digits with the point behind the first `point` of them, if it is a whole number of 32 bits.
fn whole_number(digits: &[u8], point: i64) -> Option<u32> {
    let last = digits.iter().rposition(|digit| *digit != b'0');
    let Some(last) = last else { return Some(0) };
    let first = digits.iter().position(|digit| *digit != b'0')?;
    if i64::try_from(last).ok()? >= point || point - i64::try_from(first).ok()? > 10 {
        return None;
    }
    let number = (first..usize::try_from(point).ok()?)
        .fold(0, |number: u64, place| number * 10 + digits.get(place).map_or(0, |digit| u64::from(digit - b'0')));
    u32::try_from(number).ok()
}
