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
//!   ┌─────────┬───────────────┬──────────────────────────────┬──────────────┐
//!   │ version │ layout        │ own? own … roles? roles … 0… │ CRC-32       │  in base64url, without padding
//!   │ 1 B     │ 8 B           │ bits, highest first          │ 4 B, LE      │
//!   └─────────┴───────────────┴──────────────────────────────┴──────────────┘
//! ```
//!
//! The layout is a hash of ids, kinds, levels, options and ranges: a changed label or requirement logs nobody out. The CRC
//! catches damage; only what signs the token proves where it comes from.

use super::error::{SubjectError, SubjectFault};
use super::intern;
use super::resolve::Session;
use super::state::State;
use crate::ground::{PrivilegeKind, Value, crc::crc};
use crate::program::{Grant, Policy, Privilege, Program};
use alloc::string::String;
use alloc::vec::Vec;
use base64ct::{Base64UrlUnpadded, Encoding};

const HEADER: usize = 9;
const CRC: usize = 4;
/// Bits that a number takes at most, and letters of a token that hold no grants, rounded up. Two sections of six bits a letter
/// are a third of a letter a bit.
const NUMBER: usize = 38;
const LONGEST_REST: usize = 24;
/// Letters that are decoded whatever the policy: a longer token may be of another one, and is stale then, not damaged.
const ALWAYS_READ: usize = 8192;
/// Bits that say how many digits of a number follow its highest.
const WIDTH: u32 = 5;

impl Session<'_> {
    /// The subject's grants as a token: its own, and the join of the roles that are listed for it. O(privileges).
    pub fn token(&self) -> String {
        let mut bits = Bits(Vec::new());
        section(&mut bits, self.program, &self.state.own);
        section(&mut bits, self.program, &joined(self.program, &self.state));
        let mut bytes = Vec::with_capacity(HEADER + bits.0.len() / 8 + 1 + CRC);
        bytes.extend(self.program.layout());
        bytes.extend(
            bits.0
                .chunks(8)
                .map(|bits| bits.iter().zip((0..8).rev()).fold(0, |byte, (bit, at)| byte | u8::from(*bit) << at)),
        );
        bytes.extend(crc(&bytes).to_le_bytes());
        Base64UrlUnpadded::encode_string(&bytes)
    }
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
            let help = "ask for a new one; it may have been cut or changed on its way".into();
            SubjectError::new(SubjectFault::InvalidToken, "", "not a token of Privet".into(), help)
        };
        // What is longer than a header, and than any token of the policy, is not even decoded.
        let bits: usize = program.privileges.iter().map(|privilege| privilege.values.len().max(NUMBER)).sum();
        if token.len() > ALWAYS_READ.max(LONGEST_REST + bits / 2) {
            return Err(invalid());
        }
        let bytes = Base64UrlUnpadded::decode_vec(token).map_err(|_| invalid())?;
        let (body, sum) = bytes.split_last_chunk::<CRC>().ok_or_else(invalid)?;
        let (header, packed) = body.split_at_checked(HEADER).ok_or_else(invalid)?;
        let layout = program.layout();
        if header.first() != layout.first() || crc(body).to_le_bytes() != *sum {
            return Err(invalid());
        }
        if header != layout {
            let message = "token belongs to another version of the policy".into();
            let help = "issue a new one, or keep the policy that it was issued for open".into();
            return Err(SubjectError::new(SubjectFault::StaleToken, "", message, help));
        }
        let mut bits = packed.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1 == 1));
        let own = read_section(&mut bits, program).ok_or_else(invalid)?;
        let roles = read_section(&mut bits, program).ok_or_else(invalid)?;
        let spare: Vec<bool> = bits.collect();
        if spare.len() >= 8 || spare.contains(&true) {
            return Err(invalid());
        }
        let inline = if roles.is_empty() { Vec::new() } else { alloc::vec![roles] };
        Session::resolve(program, State { facts: intern::known_facts(program, facts)?, own, roles: Vec::new(), inline })
    }
}

/// What the listed and inline roles give together. A choice that they give different options is left out: such a subject
/// has an option of its own, which alone counts.
fn joined(program: &Program, state: &State) -> Vec<Grant> {
    let listed = state.roles.iter().filter_map(|role| program.roles.at(*role)).map(|role| &role.grants);
    let all: Vec<&Grant> = listed.chain(&state.inline).flatten().collect();
    let mut joined = Vec::new();
    for (index, privilege) in (0_u32..).zip(&program.privileges) {
        let mut values: Vec<u32> =
            all.iter().filter(|grant| grant.privilege == index).map(|grant| grant.value).collect();
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
        let start = grants.partition_point(|grant| grant.privilege < index);
        let mine = || grants.iter().skip(start).take_while(|grant| grant.privilege == index).map(|grant| grant.value);
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
