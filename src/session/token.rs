//! Tokens: a subject's grants as a short string that is safe in URLs, headers and cookies.
//!
//! Evidence. Contact has 88 privileges: 42 flags, 41 levels of at most 4 states, 3 sets of 2–3 options, 2 numbers; its people hold
//! nearly everything through roles. A header or cookie shares 4 KB with everything else.
//!
//! Decision. One bit says whether the subject has own grants, one whether it has roles; behind each, every privilege in
//! policy order takes as many bits as it has states (a number: one for "set", five for its width, then its digits). That
//! is 17 bytes for all of Contact, whatever is held. Roles are joined first, so that no role's name leaks and a role may
//! be renamed; roles that facts assume are left out, since facts come with [`Policy::restore`].
//!
//! ```text
//!   ┌─────────────────┬──────────────────────────────┬──────────────┐
//!   │ version, layout │ own? own … roles? roles … 0… │ CRC-32       │  six bits a letter, in the alphabet of base64url
//!   │ 12 letters      │ bits, highest first          │ 6 letters    │
//!   └─────────────────┴──────────────────────────────┴──────────────┘
//! ```
//!
//! The layout is a hash of ids, kinds, levels, options and ranges: a changed label or requirement logs nobody out. The CRC is
//! that of the letters before it; it catches damage, and only what signs the token proves where it comes from. A token has one
//! form: what it is read as is written as the same text.

use super::error::{SubjectError, SubjectFault};
use super::evaluate::Session;
use super::lookup;
use super::state::{State, grants_of};
use crate::engine::crc32;
use crate::model::{PrivilegeKind, Value};
use crate::pack::{Grant, Policy, Privilege, Program};

/// Letters of the checksum.
const SEAL: usize = 6;
/// Bits of a letter, and the letters.
const LETTER: usize = 6;
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Bits that say how many digits of a number follow its highest.
const WIDTH: u32 = 5;

impl Session<'_> {
    /// The subject's grants as a token: its own, and the join of the roles that are listed for it. O(privileges).
    pub fn token(&self) -> String {
        sealed(self.program, &self.state.own, &joined(self.program, &self.state))
    }
}

/// The token of own grants and those that roles give together.
fn sealed(program: &Program, own: &[Grant], roles: &[Grant]) -> String {
    let mut bits = Bits(Vec::new());
    section(&mut bits, program, own);
    section(&mut bits, program, roles);
    let text = program.layout_text() + &letters(&bits.0);
    let seal = seal(&text);
    text + &seal
}

/// The letters of bits, highest first.
fn letters(bits: &[bool]) -> String {
    let letter = |bits: &[bool]| {
        let place = bits.iter().zip((0..LETTER).rev()).fold(0, |place, (bit, at)| place | usize::from(*bit) << at);
        LETTERS.get(place).copied().map_or('A', char::from)
    };
    bits.chunks(LETTER).map(letter).collect()
}

/// The checksum that stands behind a text.
fn seal(text: &str) -> String {
    let crc = u64::from(crc32(text.as_bytes()));
    letters(&(0..SEAL * LETTER).rev().map(|at| crc >> at & 1 == 1).collect::<Vec<_>>())
}

impl Policy {
    /// The session of a token, with what is known of the subject now. Listed roles come back as one inline role. O(program).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidToken`] for text that is no token or was damaged, [`SubjectFault::StaleToken`] for one of a
    /// policy with another layout, and what a subject's facts can be refused for.
    pub fn restore(&self, token: &str, facts: &[(String, Value)]) -> Result<Session<'_>, SubjectError> {
        let program = self.program();
        let invalid = || {
            let help = "ask for a new one".into();
            SubjectError::new(SubjectFault::InvalidToken, "", "not a token of Privet".into(), help)
        };
        let split = token.len().checked_sub(SEAL).and_then(|end| token.split_at_checked(end));
        let (text, sum) = split.ok_or_else(invalid)?;
        if seal(text) != sum {
            return Err(invalid());
        }
        let Some(packed) = text.strip_prefix(&program.layout_text()) else {
            let message = "token belongs to another version of the policy".into();
            let help = "issue a new one".into();
            return Err(SubjectError::new(SubjectFault::StaleToken, "", message, help));
        };
        let letter = |letter: u8| LETTERS.iter().position(|known| *known == letter);
        let letters: Option<Vec<usize>> = packed.bytes().map(letter).collect();
        let letters = letters.ok_or_else(invalid)?;
        let mut bits = letters.iter().flat_map(|letter| (0..LETTER).rev().map(move |at| letter >> at & 1 == 1));
        let own = read_section(&mut bits, program).ok_or_else(invalid)?;
        let roles = read_section(&mut bits, program).ok_or_else(invalid)?;
        if sealed(program, &own, &roles) != token {
            return Err(invalid());
        }
        let inline = if roles.is_empty() { Vec::new() } else { vec![roles] };
        Session::resolve(program, State { facts: lookup::known_facts(program, facts)?, own, roles: Vec::new(), inline })
    }
}

/// What the listed and inline roles give together. A choice that they give different options is left out: such a subject
/// has an option of its own, which alone counts.
fn joined(program: &Program, state: &State) -> Vec<Grant> {
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

fn section(bits: &mut Bits, program: &Program, grants: &[Grant]) {
    bits.0.push(!grants.is_empty());
    for (index, privilege) in (0_u32..).zip(&program.privileges).filter(|_| !grants.is_empty()) {
        let mine = || grants_of(grants, index).iter().map(|grant| grant.value);
        match privilege.kind {
            PrivilegeKind::Flag => bits.0.push(mine().next().is_some()),
            PrivilegeKind::Level => bits.push(mine().next().unwrap_or(0), width(privilege)),
            PrivilegeKind::Choice => bits.push(mine().next().map_or(0, |option| option + 1), width(privilege)),
            PrivilegeKind::Set => {
                let options = (0_u32..).zip(&privilege.values);
                bits.0.extend(options.map(|(option, _)| mine().any(|value| value == option)));
            }
            PrivilegeKind::Number => bits.number(mine().next()),
        }
    }
}

fn read_section(bits: &mut impl Iterator<Item = bool>, program: &Program) -> Option<Vec<Grant>> {
    let mut grants = Vec::new();
    if !bits.next()? {
        return Some(grants);
    }
    for (index, privilege) in (0_u32..).zip(&program.privileges) {
        let mut grant = |value| grants.push(Grant { privilege: index, value });
        match privilege.kind {
            PrivilegeKind::Flag => bits.next()?.then(|| grant(1)),
            PrivilegeKind::Level => Some(take(bits, width(privilege))?).filter(|rank| *rank > 0).map(&mut grant),
            PrivilegeKind::Choice => take(bits, width(privilege))?.checked_sub(1).map(&mut grant),
            PrivilegeKind::Set => {
                for (option, _) in (0_u32..).zip(&privilege.values) {
                    bits.next()?.then(|| grant(option));
                }
                None
            }
            PrivilegeKind::Number => if bits.next()? { Some(take_number(bits)?) } else { None }.map(&mut grant),
        };
    }
    let takes = |grant: &Grant| program.privileges.at(grant.privilege).is_some_and(|it| it.takes(grant.value));
    (!grants.is_empty() && grants.iter().all(takes)).then_some(grants)
}

/// How many bits a level or choice takes: enough for its values and none.
fn width(privilege: &Privilege) -> u32 {
    usize::BITS - privilege.values.len().leading_zeros()
}

/// Bits under construction.
struct Bits(Vec<bool>);

impl Bits {
    fn push(&mut self, value: u32, width: u32) {
        self.0.extend((0..width).rev().map(|at| value >> at & 1 == 1));
    }

    /// Whether it is set, how many digits follow the highest, and those.
    fn number(&mut self, number: Option<u32>) {
        self.0.push(number.is_some());
        if let Some(number) = number {
            let digits = u32::BITS - number.leading_zeros();
            self.0.push(digits > 0);
            if let Some(rest) = digits.checked_sub(1) {
                self.push(rest, WIDTH);
                self.push(number, rest);
            }
        }
    }
}

fn take(bits: &mut impl Iterator<Item = bool>, width: u32) -> Option<u32> {
    (0..width).try_fold(0, |value, _| Some(value << 1 | u32::from(bits.next()?)))
}

/// A number that is set.
fn take_number(bits: &mut impl Iterator<Item = bool>) -> Option<u32> {
    if !bits.next()? {
        return Some(0);
    }
    let rest = take(bits, WIDTH)?;
    Some(1 << rest | take(bits, rest)?)
}
