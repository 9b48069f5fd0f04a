//! Rows: subjects as bytes of one width, for keeping and sending many of them.
//!
//! Evidence. Who asks about a whole organisation has its people at hand again and again, in another thread or on another
//! day; reading a hundred thousand objects takes longer than deciding for them.
//!
//! Decision. Every fact, privilege and role of the policy has its place, in policy order, whether it is held or not; so a
//! row is found by its number, and a block of rows can be read side by side. Fields are numbers, lowest bit first:
//!
//! ```text
//!   ┌────────┬─────────────────────────────┬────────────────────────────────────┬──────────────┬─────┐
//!   │ person │ facts                       │ own grants                         │ listed roles │ 0…  │
//!   │ 1 bit  │ 0 unknown, else its index+1 │ flag 1 · level its rank · choice 0 │ 1 bit each   │     │
//!   │        │ number: 1 bit and 32        │ or index+1 · set 1 bit each option │              │     │
//!   │        │                             │ number: 1 bit and 32               │              │     │
//!   └────────┴─────────────────────────────┴────────────────────────────────────┴──────────────┴─────┘
//! ```
//!
//! A field that is not a number takes as many bits as its highest value has. A row of zeros is nobody: it is refused.
//! The layout is a hash of ids, kinds, levels and options; rows of another layout are refused.

use crate::model::{FactKind, PrivilegeKind};
use crate::pack::{Fact, Grant, Policy, Privilege, Program};
use crate::session::Session;
use crate::session::State;
use crate::session::{SubjectError, SubjectFault};
use crate::util::to_u32;
use sha2::{Digest, Sha256};

/// The inline roles of the people who have some, by row, ascending.
pub(crate) type Inline = Vec<(usize, Vec<Vec<Grant>>)>;

const NUMBER: u32 = 32;

impl Policy {
    /// What the bits of a row mean, as 16 hexadecimal digits: equal layouts have equal rows. O(program).
    pub fn row_layout(&self) -> String {
        let program = self.program();
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update(to_u32(text.len()).to_le_bytes());
            hash.update(text);
        };
        add(&program.id);
        for fact in &program.facts {
            [fact.id.as_str(), fact.kind.name()].into_iter().for_each(&mut add);
            fact.options.iter().for_each(|option| add(option));
            add("");
        }
        for privilege in &program.privileges {
            [privilege.id.as_str(), privilege.kind.name()].into_iter().for_each(&mut add);
            privilege.values.iter().for_each(|value| add(value));
            add("");
        }
        program.roles.ids().for_each(add);
        format!("{:016x}", u64::from_be_bytes(hash.finalize().first_chunk().copied().unwrap_or_default()))
    }

    /// The bytes of a row. O(facts + privileges).
    pub fn row_width(&self) -> usize {
        let program = self.program();
        let facts = program.facts.iter().map(|fact| fact_width(fact) as usize);
        let privileges = program.privileges.iter().map(|privilege| privilege_width(privilege) as usize);
        (1 + facts.chain(privileges).sum::<usize>() + program.roles.len()).div_ceil(8)
    }

    /// Writes a row. O(program).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`] for a subject with an inline role, which has no place in a row.
    pub fn write_row(&self, state: &State) -> Result<Vec<u8>, SubjectError> {
        if !state.inline.is_empty() {
            let message = "an inline role has no place in a packed row".into();
            let help = "declare the role in the policy, or grant what it gives to the subject itself".into();
            return Err(SubjectError::new(SubjectFault::InvalidSubject, "roles", message, help));
        }
        Ok(self.row(state))
    }

    /// The row of a state, without its inline roles.
    pub(crate) fn row(&self, state: &State) -> Vec<u8> {
        let mut bits = Bits { bytes: vec![0; self.row_width()], at: 0 };
        bits.push(1, 1);
        for (index, fact) in self.program().facts.iter().enumerate() {
            bits.optional(state.fact(index), fact_width(fact), fact.kind == FactKind::Number);
        }
        let mut own = state.own.chunk_by(|one, other| one.privilege == other.privilege).peekable();
        for (index, privilege) in (0_u32..).zip(&self.program().privileges) {
            let here = own.next_if(|grants| grants.first().is_some_and(|grant| grant.privilege == index));
            let mut mine = here.unwrap_or_default().iter().map(|grant| grant.value);
            match privilege.kind {
                PrivilegeKind::Flag | PrivilegeKind::Level => {
                    bits.push(mine.next().unwrap_or(0), privilege_width(privilege));
                }
                PrivilegeKind::Choice => bits.optional(mine.next(), privilege_width(privilege), false),
                PrivilegeKind::Number => bits.optional(mine.next(), privilege_width(privilege), true),
                PrivilegeKind::Set => {
                    let held: Vec<u32> = mine.collect();
                    (0_u32..)
                        .zip(&privilege.values)
                        .for_each(|(option, _)| bits.push(held.contains(&option).into(), 1));
                }
            }
        }
        (0_u32..).zip(&self.program().roles).for_each(|(role, _)| bits.push(state.roles.contains(&role).into(), 1));
        bits.bytes
    }

    /// Resolves the subject of a row. O(program).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`] for bytes that are nobody's row, and what a subject's roles can be refused for.
    pub fn read_row(&self, row: &[u8]) -> Result<Session<'_>, SubjectError> {
        Session::resolve(self.program(), self.state_of_row(row)?)
    }

    /// The subject of a row. O(program).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`] for bytes that are nobody's row.
    pub fn state_of_row(&self, row: &[u8]) -> Result<State, SubjectError> {
        let state = (row.len() == self.row_width()).then(|| read(self.program(), &mut Bits { bytes: row, at: 0 }));
        state.flatten().ok_or_else(invalid_row)
    }
}

/// The error for bytes that are nobody's row.
pub(crate) fn invalid_row() -> SubjectError {
    let help = "write it again, with the same version of the policy".into();
    SubjectError::new(SubjectFault::InvalidSubject, "", "not the packed row of a person".into(), help)
}

fn read(program: &Program, bits: &mut Bits<&[u8]>) -> Option<State> {
    if bits.take(1)? == 0 {
        return None;
    }
    let mut state = State::default();
    for (index, fact) in (0_u32..).zip(&program.facts) {
        for value in bits.take_optional(fact_width(fact), fact.kind == FactKind::Number)? {
            fact.takes(value).then(|| state.facts.push((index, value)))?;
        }
    }
    for (index, privilege) in (0_u32..).zip(&program.privileges) {
        let width = privilege_width(privilege);
        let values: Vec<u32> = match privilege.kind {
            PrivilegeKind::Flag | PrivilegeKind::Level => {
                Some(bits.take(width)?).filter(|&rank| rank > 0).into_iter().collect()
            }
            PrivilegeKind::Choice => bits.take_optional(width, false)?,
            PrivilegeKind::Number => bits.take_optional(width, true)?,
            PrivilegeKind::Set => {
                let options: Option<Vec<u32>> = (0..width).map(|_| bits.take(1)).collect();
                (0..).zip(options?).filter(|(_, held)| *held == 1).map(|(option, _)| option).collect()
            }
        };
        let takes = values.iter().all(|value| privilege.takes(*value));
        takes.then(|| state.own.extend(values.into_iter().map(|value| Grant { privilege: index, value })))?;
    }
    for (role, _) in (0_u32..).zip(&program.roles) {
        if bits.take(1)? == 1 {
            state.roles.push(role);
        }
    }
    let rest = bits.bytes.len() * 8 - bits.at;
    let padding = (0..rest).map(|_| bits.take(1)).all(|bit| bit == Some(0));
    padding.then_some(state)
}

pub(super) fn fact_width(fact: &Fact) -> u32 {
    match fact.kind {
        FactKind::Switch => digits(2),
        FactKind::Choice => digits(fact.options.len()),
        FactKind::Number => 1 + NUMBER,
    }
}

pub(super) fn privilege_width(privilege: &Privilege) -> u32 {
    match privilege.kind {
        PrivilegeKind::Flag => 1,
        PrivilegeKind::Level | PrivilegeKind::Choice => digits(privilege.values.len()),
        PrivilegeKind::Set => to_u32(privilege.values.len()),
        PrivilegeKind::Number => 1 + NUMBER,
    }
}

/// How many bits the values from 0 to `highest` take.
fn digits(highest: usize) -> u32 {
    usize::BITS - highest.leading_zeros()
}

/// Bits of bytes, the lowest of the first byte first, and how many are behind.
struct Bits<B> {
    bytes: B,
    at: usize,
}

impl Bits<Vec<u8>> {
    fn push(&mut self, value: u32, width: u32) {
        for bit in 0..width {
            if let Some(byte) = self.bytes.get_mut(self.at / 8) {
                *byte |= u8::from(value >> bit & 1 == 1) << (self.at % 8);
            }
            self.at += 1;
        }
    }

    /// A number: whether there is one, and its digits. An index: 0 for none, else one more.
    fn optional(&mut self, value: Option<u32>, width: u32, number: bool) {
        if number {
            self.push(value.is_some().into(), 1);
            self.push(value.unwrap_or(0), NUMBER);
        } else {
            self.push(value.map_or(0, |index| index + 1), width);
        }
    }
}

impl Bits<&[u8]> {
    fn take(&mut self, width: u32) -> Option<u32> {
        let mut value = 0;
        for bit in 0..width {
            value |= u32::from(self.bytes.get(self.at / 8)? >> (self.at % 8) & 1) << bit;
            self.at += 1;
        }
        Some(value)
    }

    /// The one value or none that [`Bits::optional`] wrote; a number that is not set has no digits.
    fn take_optional(&mut self, width: u32, number: bool) -> Option<Vec<u32>> {
        let value = if number {
            match (self.take(1)?, self.take(NUMBER)?) {
                (0, 0) => None,
                (0, _) => return None,
                (_, value) => Some(value),
            }
        } else {
            self.take(width)?.checked_sub(1)
        };
        Some(value.into_iter().collect())
    }
}
