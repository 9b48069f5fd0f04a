//! Tokens as strings of '0' and '1', by the section Token of `docs/format.md`.

use super::lookup::{Refusal, refused};
use super::pack::crc32;
use super::{Model, rank};
use privet::document::Privilege;
use privet::model::{PrivilegeKind, Value};
use privet::session::{RoleRef, Subject};
use sha2::{Digest, Sha256};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A number in this many binary digits.
fn binary(number: u64, width: usize) -> String {
    (0..width).rev().map(|digit| if number >> digit & 1 == 1 { '1' } else { '0' }).collect()
}

fn number(bits: &str) -> u32 {
    bits.bytes().fold(0, |number, bit| 2 * number + u32::from(bit == b'1'))
}

/// As many bits as a number needs.
fn needs(number: usize) -> usize {
    format!("{number:b}").len()
}

/// Bits as letters. There is a multiple of six bits.
pub(crate) fn letters(bits: &str) -> String {
    bits.as_bytes()
        .chunks(6)
        .map(|six| char::from(LETTERS[number(core::str::from_utf8(six).expect("ASCII")) as usize]))
        .collect()
}

/// Letters as bits.
pub(crate) fn bits(letters: &str) -> Option<String> {
    let place = |letter: u8| LETTERS.iter().position(|known| *known == letter);
    letters.bytes().map(|letter| Some(binary(place(letter)? as u64, 6))).collect()
}

/// Letters with the checksum behind them.
pub(crate) fn with_checksum(text: &str) -> String {
    format!("{text}{}", letters(&binary(crc32(text.as_bytes()).into(), 36)))
}

/// Reads bits from a string, and zeros behind its end.
struct Reader<'b>(std::str::Chars<'b>);

impl Reader<'_> {
    fn take(&mut self, width: usize) -> String {
        (0..width).map(|_| self.0.next().unwrap_or('0')).collect()
    }

    fn number(&mut self, width: usize) -> u32 {
        number(&self.take(width))
    }
}

fn field(privilege: &Privilege, value: Option<&Value>) -> String {
    let values = privilege.values();
    match (privilege.kind, value) {
        (PrivilegeKind::Flag, value) => binary(u64::from(value.is_some()), 1),
        (PrivilegeKind::Level, Some(Value::Text(level))) => binary(rank(privilege, level) as u64, needs(values.len())),
        (PrivilegeKind::Choice, Some(Value::Text(option))) => {
            let index = values.iter().position(|known| known == option).expect("an option");
            binary(index as u64 + 1, needs(values.len()))
        }
        (PrivilegeKind::Level | PrivilegeKind::Choice, _) => binary(0, needs(values.len())),
        (PrivilegeKind::Set, Some(Value::List(options))) => {
            let has = |value: &String| options.contains(&Value::Text(value.clone()));
            values.iter().map(|value| if has(value) { '1' } else { '0' }).collect()
        }
        (PrivilegeKind::Set, _) => binary(0, values.len()),
        (PrivilegeKind::Number, Some(Value::Number(0))) => "10".into(),
        (PrivilegeKind::Number, Some(Value::Number(number))) => {
            let digits = format!("{number:b}");
            format!("11{}{}", binary(digits.len() as u64 - 1, 5), &digits[1..])
        }
        (PrivilegeKind::Number, _) => "0".into(),
    }
}

/// Reads a field: a value, nothing, or bits that are not a value of the privilege.
fn read_field(privilege: &Privilege, bits: &mut Reader) -> Result<Option<Value>, ()> {
    let values = privilege.values();
    let text = |index: u32| values.get(index as usize).cloned().map(Value::Text).ok_or(());
    match privilege.kind {
        PrivilegeKind::Flag => Ok((bits.number(1) == 1).then_some(Value::Flag(true))),
        PrivilegeKind::Level | PrivilegeKind::Choice => match bits.number(needs(values.len())) {
            0 => Ok(None),
            number => text(number - 1).map(Some),
        },
        PrivilegeKind::Set => {
            let chosen = values.into_iter().filter(|_| bits.number(1) == 1).map(Value::Text);
            let chosen: Vec<Value> = chosen.collect();
            Ok((!chosen.is_empty()).then_some(Value::List(chosen)))
        }
        PrivilegeKind::Number => {
            if bits.number(1) == 0 {
                return Ok(None);
            }
            let number = if bits.number(1) == 0 {
                0
            } else {
                let digits = bits.number(5) as usize;
                number(&format!("1{}", bits.take(digits)))
            };
            let range = privilege.min.unwrap_or(0)..=privilege.max.unwrap_or(u32::MAX);
            if range.contains(&number) { Ok(Some(Value::Number(number))) } else { Err(()) }
        }
    }
}

/// A section: one bit, whether it is not empty, and if so its fields.
fn section(fields: &str) -> String {
    if fields.contains('1') { format!("1{fields}") } else { "0".into() }
}

impl Model<'_> {
    /// The layout as letters.
    pub(crate) fn layout(&self) -> String {
        let mut texts = vec![self.document.id.to_string()];
        for privilege in self.document.privileges.iter() {
            texts.push(privilege.id.to_string());
            texts.push(kind_name(privilege.kind).into());
            texts.extend(privilege.values());
            if privilege.kind == PrivilegeKind::Number {
                texts.push(format!("{}-{}", privilege.min.unwrap_or(0), privilege.max.unwrap_or(u32::MAX)));
            }
            texts.push(String::new());
        }
        texts.push(String::new());
        texts.extend(self.document.roles.iter().map(|role| role.id.to_string()));
        let mut hash = Sha256::new();
        for text in texts {
            hash.update(u32::try_from(text.len()).expect("a short text").to_le_bytes());
            hash.update(text);
        }
        let bytes: Vec<u8> = [2].into_iter().chain(hash.finalize().into_iter().take(8)).collect();
        letters(&bytes.iter().map(|byte| binary((*byte).into(), 8)).collect::<String>())
    }

    /// The letters of the sections, without layout and checksum.
    fn sections(&self, subject: &Subject) -> String {
        let grants = |value: &dyn Fn(&Privilege) -> Option<Value>| {
            let fields = self.document.privileges.iter().map(|privilege| field(privilege, value(privilege).as_ref()));
            section(&fields.collect::<String>())
        };
        let own = grants(&|privilege| given(&subject.grants, &privilege.id).cloned());
        let listed = |id: &str| subject.roles.contains(&RoleRef::Known(id.into()));
        let roles = self.document.roles.iter().map(|role| if listed(&role.id) { '1' } else { '0' });
        let roles = section(&roles.collect::<String>());
        let inline = grants(&|privilege| joined(privilege, subject));
        let mut bits = own + &roles + &inline;
        while !bits.len().is_multiple_of(6) {
            bits.push('0');
        }
        letters(&bits)
    }

    pub(crate) fn write_token(&self, subject: &Subject) -> String {
        with_checksum(&(self.layout() + &self.sections(subject)))
    }

    /// Tokens in which the field of a level or choice has a number above that of its last value, each with the reason: among
    /// own grants, and in the join of inline roles.
    pub(crate) fn overflowing_tokens(&self) -> Vec<(String, String)> {
        let mut tokens = Vec::new();
        for privilege in self.document.privileges.iter() {
            let above = privilege.values().len() + 1;
            let is_named = matches!(privilege.kind, PrivilegeKind::Level | PrivilegeKind::Choice);
            if !is_named || needs(above) > needs(above - 1) {
                continue;
            }
            let fields = self.document.privileges.iter().map(|other| {
                if other.id == privilege.id { binary(above as u64, needs(above)) } else { field(other, None) }
            });
            let grants = section(&fields.collect::<String>());
            for (place, mut bits) in [("own grants", format!("{grants}00")), ("inline roles", format!("00{grants}"))] {
                while !bits.len().is_multiple_of(6) {
                    bits.push('0');
                }
                let token = with_checksum(&(self.layout() + &letters(&bits)));
                tokens.push((format!("`{}` has no such value, in the {place}", privilege.id), token));
            }
        }
        tokens
    }

    /// The subject of a token, without facts.
    pub(crate) fn read_token(&self, token: &str) -> Result<Subject, Refusal> {
        let bits = if token.is_ascii() && token.len() >= 18 { bits(token) } else { None };
        if bits.is_none() || with_checksum(&token[..token.len() - 6]) != token {
            return refused("invalid-token", "");
        }
        if token[..12] != self.layout() {
            return refused("stale-token", "");
        }
        let sections = &token[12..token.len() - 6];
        match self.read_sections(&self::bits(sections).expect("letters")) {
            Ok(subject) if self.sections(&subject) == sections => Ok(subject),
            _ => refused("invalid-token", ""),
        }
    }

    fn read_sections(&self, bits: &str) -> Result<Subject, ()> {
        let mut bits = Reader(bits.chars());
        let mut subject = Subject { grants: self.read_grant_section(&mut bits)?, ..Subject::default() };
        if bits.number(1) == 1 {
            for role in self.document.roles.iter() {
                if bits.number(1) == 1 {
                    subject.roles.push(RoleRef::Known(role.id.to_string()));
                }
            }
        }
        let inline = self.read_grant_section(&mut bits)?;
        if !inline.is_empty() {
            subject.roles.push(RoleRef::Inline(inline));
        }
        Ok(subject)
    }

    fn read_grant_section(&self, bits: &mut Reader) -> Result<Vec<(String, Value)>, ()> {
        let mut grants = Vec::new();
        if bits.number(1) == 1 {
            for privilege in self.document.privileges.iter() {
                if let Some(value) = read_field(privilege, bits)? {
                    grants.push((privilege.id.to_string(), value));
                }
            }
        }
        Ok(grants)
    }
}

/// The name of a kind as in the table of entries.
fn kind_name(kind: PrivilegeKind) -> &'static str {
    match kind {
        PrivilegeKind::Flag => "flag",
        PrivilegeKind::Level => "level",
        PrivilegeKind::Set => "set",
        PrivilegeKind::Choice => "choice",
        PrivilegeKind::Number => "number",
    }
}

pub(crate) fn given<'v>(entries: &'v [(String, Value)], id: &str) -> Option<&'v Value> {
    entries.iter().find(|(known, _)| known == id).map(|(_, value)| value)
}

/// The join of the inline roles: of a number and a level the largest, of a set all options; nothing for a choice of which
/// they grant different options.
fn joined(privilege: &Privilege, subject: &Subject) -> Option<Value> {
    let inline = subject.roles.iter().filter_map(|role| given(role.inline_grants()?, &privilege.id).cloned());
    let mut joined: Option<Value> = None;
    for value in inline {
        joined = Some(match (privilege.kind, joined, value) {
            (_, None, value) => value,
            (PrivilegeKind::Number, Some(Value::Number(a)), Value::Number(b)) => Value::Number(a.max(b)),
            (PrivilegeKind::Level, Some(Value::Text(a)), Value::Text(b)) => {
                Value::Text(if rank(privilege, &a) < rank(privilege, &b) { b } else { a })
            }
            (PrivilegeKind::Set, Some(Value::List(a)), Value::List(b)) => Value::List([a, b].concat()),
            (PrivilegeKind::Choice, Some(a), b) if a != b => return None,
            (_, Some(a), _) => a,
        });
    }
    joined
}
