//! Tokens: the grants of a subject as a short string that is safe in URLs, headers and cookies.
//!
//! ```text
//!   ┌─────────────────┬──────────────────────────────┬──────────────┐
//!   │ version, layout │ own? own … roles? roles … 0… │ CRC-32       │  six bits per letter, in the alphabet of base64url
//!   │ 12 letters      │ bits, highest first          │ 6 letters    │
//!   └─────────────────┴──────────────────────────────┴──────────────┘
//! ```
//!
//! A token has two sections: the subject's own grants, and the join of its listed and inline roles. A section is one bit,
//! whether it has grants, followed by a field for each privilege in policy order if it has:
//!
//! | kind | field |
//! |---|---|
//! | flag | 1 bit |
//! | level | its rank, 0 for no grant; as many bits as the highest rank needs |
//! | choice | the index of its option + 1, 0 for no grant |
//! | set | 1 bit per option |
//! | number | 1 bit, whether it is set; 1 bit, whether it is above 0; 5 bits, the number of digits after the highest; these digits |
//!
//! Fields are short because headers and cookies are limited to about 4 KB: a section of Contact has 134 bits, plus up to 37 for
//! each number that is set.
//!
//! Roles are joined so that a token does not disclose their ids and stays valid when a role is renamed. Roles that are held through their `when`
//! are left out, since [`Policy::restore`] takes the facts. The layout is a hash of the declarations of privileges
//! ([`Program::layout`]): changed labels and requirements do not invalidate tokens.
//!
//! The CRC covers all preceding letters. It detects damage but does not authenticate a token; only a signature does. The
//! encoding is canonical: encoding a decoded token yields the same string.

use super::error::{SubjectError, SubjectFault};
use super::evaluate::Session;
use super::lookup;
use super::state::{State, grants_of};
use crate::engine::crc32;
use crate::model::{PrivilegeKind, Value};
use crate::pack::{Grant, Policy, Privilege, Program};

/// Letters of the checksum.
const CHECKSUM_LETTERS: usize = 6;
/// Bits of a letter.
const LETTER_BITS: usize = 6;
/// The letter of each 6-bit value.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Bits of the number of binary digits after the highest.
const DIGITS_BITS: u32 = 5;

impl Session<'_> {
    /// Encodes the subject's own grants and the join of its listed and inline roles as a token.
    /// O(program + grants × log grants).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let grants = vec![("sender".into(), Value::Flag(true))];
    /// let token = policy.session(&Subject { grants, ..Subject::default() })?.token();
    /// assert!(token.len() < 40);
    /// assert_eq!(policy.restore(&token, &[])?.token(), token);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn token(&self) -> String {
        encode(self.program, &self.state.own, &joined_role_grants(self.program, &self.state))
    }
}

/// Encodes own grants and joined grants of roles as a token.
fn encode(program: &Program, own: &[Grant], roles: &[Grant]) -> String {
    let mut bits = Bits(Vec::new());
    write_section(&mut bits, program, own);
    write_section(&mut bits, program, roles);
    let text = program.layout_text() + &letters(&bits.0);
    let checksum = checksum(&text);
    text + &checksum
}

/// Encodes bits as letters, the highest bit first. The last letter is padded with zeros.
fn letters(bits: &[bool]) -> String {
    let letter = |bits: &[bool]| {
        let value = bits.iter().zip((0..LETTER_BITS).rev()).fold(0, |value, (bit, at)| value | usize::from(*bit) << at);
        LETTERS.get(value).copied().map_or('A', char::from)
    };
    bits.chunks(LETTER_BITS).map(letter).collect()
}

/// The checksum of a text, as letters.
fn checksum(text: &str) -> String {
    let crc = u64::from(crc32(text.as_bytes()));
    letters(&(0..CHECKSUM_LETTERS * LETTER_BITS).rev().map(|at| crc >> at & 1 == 1).collect::<Vec<_>>())
}

impl Policy {
    /// Evaluates the subject of a token with its current facts. Its roles are restored as one inline role. O(program).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidToken`] if the string is not a token or is damaged, [`SubjectFault::StaleToken`] if it belongs to
    /// a policy with another layout, and as [`Policy::session`] for the facts.
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, SubjectFault, Value};
    ///
    /// let policy = Policy::compile(privet::policies::VICIDIAL)?;
    /// let grants = vec![("modify-email-accounts".into(), Value::Flag(true))];
    /// let token = policy.session(&Subject { grants, ..Subject::default() })?.token();
    /// let facts = [("email-allowed".into(), Value::Flag(true))];
    /// assert!(policy.restore(&token, &facts)?.can("email-accounts.open")?);
    /// assert_eq!(policy.restore("forged", &facts).unwrap_err().fault(), SubjectFault::InvalidToken);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn restore(&self, token: &str, facts: &[(String, Value)]) -> Result<Session<'_>, SubjectError> {
        let program = self.program();
        let invalid = || {
            let help = "request a new one".into();
            SubjectError::new(SubjectFault::InvalidToken, "", "not a Privet token".into(), help)
        };
        let split = token.len().checked_sub(CHECKSUM_LETTERS).and_then(|end| token.split_at_checked(end));
        let (text, found) = split.ok_or_else(invalid)?;
        if checksum(text) != found {
            return Err(invalid());
        }
        let Some(packed) = text.strip_prefix(&program.layout_text()) else {
            let message = "token belongs to another version of the policy".into();
            let help = "issue a new one".into();
            return Err(SubjectError::new(SubjectFault::StaleToken, "", message, help));
        };
        let value = |letter: u8| LETTERS.iter().position(|known| *known == letter);
        let values: Option<Vec<usize>> = packed.bytes().map(value).collect();
        let values = values.ok_or_else(invalid)?;
        let mut bits = values.iter().flat_map(|value| (0..LETTER_BITS).rev().map(move |at| value >> at & 1 == 1));
        let own = read_section(&mut bits, program).ok_or_else(invalid)?;
        let roles = read_section(&mut bits, program).ok_or_else(invalid)?;
        if encode(program, &own, &roles) != token {
            return Err(invalid());
        }
        let inline = if roles.is_empty() { Vec::new() } else { vec![roles] };
        Session::evaluate(
            program,
            State { facts: lookup::known_facts(program, facts)?, own, roles: Vec::new(), inline },
        )
    }
}

/// The join of listed and inline roles. A choice for which they grant different options is left out: the subject of a session
/// then has its own option, which takes precedence.
fn joined_role_grants(program: &Program, state: &State) -> Vec<Grant> {
    let listed = state.roles.iter().filter_map(|role| program.roles.at(*role)).map(|role| &role.grants);
    let mut all: Vec<Grant> = listed.chain(&state.inline).flatten().copied().collect();
    all.sort();
    let mut joined = Vec::new();
    for (index, privilege) in (0_u32..).zip(&program.privileges) {
        let mut values: Vec<u32> = grants_of(&all, index).iter().map(|grant| grant.value).collect();
        match privilege.kind {
            PrivilegeKind::Set => {
                let options = (0_u32..).zip(&privilege.values).map(|(option, _)| option);
                values = options.filter(|option| values.contains(option)).collect();
            }
            PrivilegeKind::Choice if values.windows(2).any(|pair| matches!(pair, [a, b] if a != b)) => values.clear(),
            _ => values = values.into_iter().max().into_iter().collect(),
        }
        joined.extend(values.into_iter().map(|value| Grant { privilege: index, value }));
    }
    joined
}

fn write_section(bits: &mut Bits, program: &Program, grants: &[Grant]) {
    bits.0.push(!grants.is_empty());
    for (index, privilege) in (0_u32..).zip(&program.privileges).filter(|_| !grants.is_empty()) {
        let values = || grants_of(grants, index).iter().map(|grant| grant.value);
        match privilege.kind {
            PrivilegeKind::Flag => bits.0.push(values().next().is_some()),
            PrivilegeKind::Level => bits.push(values().next().unwrap_or(0), width(privilege)),
            PrivilegeKind::Choice => bits.push(values().next().map_or(0, |option| option + 1), width(privilege)),
            PrivilegeKind::Set => {
                let options = (0_u32..).zip(&privilege.values);
                bits.0.extend(options.map(|(option, _)| values().any(|value| value == option)));
            }
            PrivilegeKind::Number => bits.push_number(values().next()),
        }
    }
}

/// Reads the grants of a section. `None` if a value is invalid.
fn read_section(bits: &mut impl Iterator<Item = bool>, program: &Program) -> Option<Vec<Grant>> {
    let mut grants = Vec::new();
    if !bits.next()? {
        return Some(grants);
    }
    for (index, privilege) in (0_u32..).zip(&program.privileges) {
        let mut grant = |value| grants.push(Grant { privilege: index, value });
        match privilege.kind {
            PrivilegeKind::Flag => bits.next()?.then(|| grant(1)),
            PrivilegeKind::Level => Some(read_bits(bits, width(privilege))?).filter(|rank| *rank > 0).map(&mut grant),
            PrivilegeKind::Choice => read_bits(bits, width(privilege))?.checked_sub(1).map(&mut grant),
            PrivilegeKind::Set => {
                for (option, _) in (0_u32..).zip(&privilege.values) {
                    bits.next()?.then(|| grant(option));
                }
                None
            }
            PrivilegeKind::Number => if bits.next()? { Some(read_number(bits)?) } else { None }.map(&mut grant),
        };
    }
    let takes = |grant: &Grant| program.privileges.at(grant.privilege).is_some_and(|it| it.accepts(grant.value));
    (!grants.is_empty() && grants.iter().all(takes)).then_some(grants)
}

/// The number of bits of a level or choice: enough for all values and for no grant.
fn width(privilege: &Privilege) -> u32 {
    usize::BITS - privilege.values.len().leading_zeros()
}

/// Bits under construction.
struct Bits(Vec<bool>);

impl Bits {
    /// Appends the lowest `width` bits of `value`, the highest first.
    fn push(&mut self, value: u32, width: u32) {
        self.0.extend((0..width).rev().map(|at| value >> at & 1 == 1));
    }

    fn push_number(&mut self, number: Option<u32>) {
        self.0.push(number.is_some());
        if let Some(number) = number {
            let digits = u32::BITS - number.leading_zeros();
            self.0.push(digits > 0);
            if let Some(rest) = digits.checked_sub(1) {
                self.push(rest, DIGITS_BITS);
                self.push(number, rest);
            }
        }
    }
}

/// Reads `width` bits, the highest first.
fn read_bits(bits: &mut impl Iterator<Item = bool>, width: u32) -> Option<u32> {
    (0..width).try_fold(0, |value, _| Some(value << 1 | u32::from(bits.next()?)))
}

/// Reads the rest of a number, after the bit that says that it is set.
fn read_number(bits: &mut impl Iterator<Item = bool>) -> Option<u32> {
    if !bits.next()? {
        return Some(0);
    }
    let rest = read_bits(bits, DIGITS_BITS)?;
    Some(1 << rest | read_bits(bits, rest)?)
}
