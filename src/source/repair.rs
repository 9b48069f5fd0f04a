//! Makes JSON of a text that is being written: what fits stays where it is, the rest becomes blank. So the nodes that can be read of
//! a document with syntax errors have their positions in the text.

/// What a list or object takes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Key,
    Colon,
    Value,
    /// A comma, or its end.
    Comma,
}

/// A list or object that has not ended.
struct Open {
    is_object: bool,
    expect: Expect,
    /// Where the key begins that has no value yet.
    key: usize,
}

struct Repair<'a> {
    bytes: &'a [u8],
    /// Blanks, into which the tokens that fit are copied.
    out: Vec<u8>,
    open: Vec<Open>,
    is_done: bool,
}

/// A text of JSON with the lists, objects, keys and values of `text` that can be read, each at its place. Missing commas and ends are
/// written into blanks; at the end of the text it may be longer. O(length × nesting).
pub fn repaired(text: &str) -> String {
    let bytes = text.as_bytes();
    let blank = |byte: &u8| if matches!(byte, b'\n' | b'\r') { *byte } else { b' ' };
    let mut repair = Repair { bytes, out: bytes.iter().map(blank).collect(), open: Vec::new(), is_done: false };
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'"' => repair.string(at),
            b'/' => end_of_comment(text, at),
            b'{' | b'[' => repair.begin(at, *byte == b'{'),
            b'}' | b']' => repair.end(at, *byte == b'}'),
            b',' => repair.comma(at),
            b':' => repair.colon(at),
            byte if byte.is_ascii_alphanumeric() || *byte == b'-' => repair.literal(text, at),
            _ => at + 1,
        };
    }
    if !repair.is_done {
        repair.out.extend(b"{}");
    }
    while !repair.open.is_empty() {
        repair.drop_key(repair.out.len());
        let is_object = repair.open.pop().is_some_and(|open| open.is_object);
        repair.out.push(if is_object { b'}' } else { b']' });
    }
    String::from_utf8(repair.out).unwrap_or_default()
}

impl Repair<'_> {
    fn copy(&mut self, start: usize, end: usize) {
        if let (Some(to), Some(from)) = (self.out.get_mut(start..end), self.bytes.get(start..end)) {
            to.copy_from_slice(from);
        }
    }

    /// Writes a text over the blanks and commas before a place, and returns whether there are enough.
    fn insert(&mut self, at: usize, text: &[u8]) -> bool {
        let Some(start) = at.checked_sub(text.len()) else { return false };
        match self
            .out
            .get_mut(start..at)
            .filter(|gap| gap.iter().all(|byte| byte.is_ascii_whitespace() || *byte == b','))
        {
            Some(gap) => {
                gap.copy_from_slice(text);
                true
            }
            None => false,
        }
    }

    /// Removes the key that has no value, if there is one.
    fn drop_key(&mut self, at: usize) {
        let Some(open) = self.open.last_mut() else { return };
        if open.is_object && matches!(open.expect, Expect::Colon | Expect::Value) {
            if let Some(key) = self.out.get_mut(open.key..at) {
                key.fill(b' ');
            }
            open.expect = Expect::Key;
        }
    }

    fn expect(&mut self, expect: Expect) {
        match self.open.last_mut() {
            Some(open) => open.expect = expect,
            None => self.is_done = true,
        }
    }

    /// Whether a value can begin here; a missing comma is written.
    fn takes_value(&mut self, at: usize) -> bool {
        match self.open.last() {
            None => !self.is_done,
            Some(open) if open.expect == Expect::Comma && !open.is_object => self.insert(at, b","),
            Some(open) => open.expect == Expect::Value,
        }
    }

    /// A string: a key, or a value. One without an end ends with its line.
    fn string(&mut self, at: usize) -> usize {
        let mut end = at + 1;
        let mut is_escaped = false;
        let is_closed = loop {
            match self.bytes.get(end) {
                None | Some(b'\n' | b'\r') => break false,
                Some(b'"') if !is_escaped => break true,
                Some(byte) => is_escaped = *byte == b'\\' && !is_escaped,
            }
            end += 1;
        };
        let after = if is_closed { end + 1 } else { end };
        let rest = self.bytes.get(after..).unwrap_or_default();
        let is_key = rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':');
        let in_object = self.open.last().is_some_and(|open| open.is_object);
        if in_object && (is_key || self.open.last().is_some_and(|open| open.expect != Expect::Value)) {
            self.drop_key(at);
            let has_comma = self.open.last().is_some_and(|open| open.expect == Expect::Key) || self.insert(at, b",");
            if !has_comma {
                return after;
            }
            self.copy_string(at, end, is_closed);
            if let Some(open) = self.open.last_mut() {
                (open.expect, open.key) = (Expect::Colon, at);
            }
        } else if self.takes_value(at) {
            self.copy_string(at, end, is_closed);
            self.expect(Expect::Comma);
        }
        after
    }

    /// Copies a string up to its closing quote; one without it gets it in place of the line break. Escapes that JSON does not have
    /// become other letters.
    fn copy_string(&mut self, start: usize, end: usize, is_closed: bool) {
        self.copy(start, end);
        match self.out.get_mut(end) {
            Some(quote) => *quote = b'"',
            None => self.out.push(b'"'),
        }
        let mut at = start + 1;
        while at < end {
            let step = match (self.bytes.get(at), self.bytes.get(at + 1)) {
                (Some(b'\\'), Some(b'u')) => {
                    let digits = self.bytes.get(at + 2..(at + 6).min(end)).unwrap_or_default();
                    if digits.len() == 4 && digits.iter().all(u8::is_ascii_hexdigit) { 6 } else { 0 }
                }
                (Some(b'\\'), Some(letter)) if at + 1 < end || is_closed => {
                    usize::from(b"\"\\/bfnrt".contains(letter)) * 2
                }
                (Some(b'\\'), _) => 0,
                _ => 1,
            };
            if let Some(backslash) = self.out.get_mut(at).filter(|_| step == 0) {
                *backslash = b'?';
            }
            at += step.max(1);
        }
    }

    fn literal(&mut self, text: &str, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
        let end = at + length;
        let word = text.get(at..end).unwrap_or_default();
        let is_value =
            matches!(word, "true" | "false" | "null") || serde_json::from_str::<serde_json::Number>(word).is_ok();
        if is_value && self.takes_value(at) {
            self.copy(at, end);
            self.expect(Expect::Comma);
        }
        end
    }

    fn begin(&mut self, at: usize, is_object: bool) -> usize {
        let mut fits = self.takes_value(at);
        let in_object = self.open.last().is_some_and(|open| open.is_object);
        let above = self.open.len().checked_sub(2).and_then(|above| self.open.get(above));
        if !fits && is_object && in_object && above.is_some_and(|above| !above.is_object) {
            // The next entry of a list, where the end of the one before is missing
            self.drop_key(at);
            fits = self.insert(at, b"},");
            if fits {
                self.open.pop();
            }
        }
        if !fits {
            return self.skip(at);
        }
        self.copy(at, at + 1);
        self.expect(Expect::Comma);
        let expect = if is_object { Expect::Key } else { Expect::Value };
        self.open.push(Open { is_object, expect, key: at });
        at + 1
    }

    /// The end of a list or object that fits nowhere.
    fn skip(&self, at: usize) -> usize {
        let (mut end, mut depth, mut in_string) = (at, 0_usize, false);
        while let Some(byte) = self.bytes.get(end) {
            match byte {
                b'\\' if in_string => end += 1,
                b'"' => in_string = !in_string,
                b'\n' => in_string = false,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => depth -= 1,
                _ => {}
            }
            end += 1;
            if depth == 0 {
                break;
            }
        }
        end
    }

    fn end(&mut self, at: usize, is_object: bool) -> usize {
        let Some(missing) = self.open.iter().rev().position(|open| open.is_object == is_object) else { return at + 1 };
        self.drop_key(at);
        let ends = self.open.iter().rev().take(missing).map(|open| if open.is_object { b'}' } else { b']' });
        let ends: Vec<u8> = ends.collect();
        if self.insert(at, &ends) {
            self.open.truncate(self.open.len().saturating_sub(missing + 1));
            self.copy(at, at + 1);
            self.expect(Expect::Comma);
        }
        at + 1
    }

    fn comma(&mut self, at: usize) -> usize {
        self.drop_key(at);
        if let Some(open) = self.open.last_mut().filter(|open| open.expect == Expect::Comma) {
            open.expect = if open.is_object { Expect::Key } else { Expect::Value };
            self.copy(at, at + 1);
        }
        at + 1
    }

    fn colon(&mut self, at: usize) -> usize {
        if let Some(open) = self.open.last_mut().filter(|open| open.expect == Expect::Colon) {
            open.expect = Expect::Value;
            self.copy(at, at + 1);
        }
        at + 1
    }
}

/// Where a comment that may begin here ends.
fn end_of_comment(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let length = if rest.starts_with("//") {
        rest.find('\n')
    } else if let Some(comment) = rest.strip_prefix("/*") {
        comment.find("*/").map(|end| end + 4)
    } else {
        Some(1)
    };
    at + length.unwrap_or(rest.len())
}
