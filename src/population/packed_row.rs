//! Packed rows: subjects as bytes of fixed width, for storing and sending many of them. Converting objects to rows takes longer
//! than evaluating the rows, so an application packs its subjects once.
//!
//! A row has one field for each fact, privilege and role, in policy order. The width is fixed, so a row is found by its number
//! and many rows can be read at once. Fields are unsigned integers, lowest bit first:
//!
//! ```text
//!   ┌───────┬─────────────────────────────┬──────────────────────────────────────┬──────────────┬─────┐
//!   │ valid │ facts                       │ own grants                           │ listed roles │ 0…  │
//!   │ 1 bit │ 0 unknown, else value + 1   │ flag 1 · level rank · choice 0 or    │ 1 bit each   │     │
//!   │       │ number: 1 + 32 bits         │ index + 1 · set 1 bit per option     │              │     │
//!   │       │                             │ number: 1 + 32 bits                  │              │     │
//!   └───────┴─────────────────────────────┴──────────────────────────────────────┴──────────────┴─────┘
//! ```
//!
//! The value of a switch is 0 or 1, that of a choice the index of its option. A field that is not a number has as many bits as
//! its highest value needs. A number is preceded by a bit that says whether it is set. A row of zeros is invalid. Inline roles
//! are not part of a row, since few subjects have them and their number varies: [`PackedRows::inline`] lists them by row.
//!
//! [`Policy::row_layout`] is a hash of the declarations that determine the layout. Compare it before reading stored rows.

use crate::model::{FactKind, PrivilegeKind};
use crate::pack::{Fact, Grant, Policy, Privilege, Program};
use crate::session::{Session, State, SubjectError, SubjectFault};
use crate::util::to_u32;
use sha2::{Digest, Sha256};

/// Bits of the digits of a number.
const NUMBER_BITS: u32 = 32;

impl Policy {
    /// A hash of the row layout, as 16 hexadecimal digits. Policies with the same layout can read each other's rows. O(program).
    ///
    /// # Examples
    /// ```
    /// use privet::Policy;
    ///
    /// let stored = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let relabelled = Policy::compile(&privet::policies::DOTDIGITAL.replace("Sender", "Campaign sender"))?;
    /// assert_eq!(relabelled.row_layout(), stored.row_layout());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
            fact.values.iter().for_each(|option| add(option));
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

    /// The number of bytes of a row. O(facts + privileges).
    pub fn row_width(&self) -> usize {
        let program = self.program();
        let facts = program.facts.iter().map(|fact| fact_width(fact) as usize);
        let privileges = program.privileges.iter().map(|privilege| privilege_width(privilege) as usize);
        (1 + facts.chain(privileges).sum::<usize>() + program.roles.len()).div_ceil(8)
    }

    /// The row of a state, without its inline roles. O(program).
    #[doc(hidden)]
    pub fn row(&self, state: &State) -> Vec<u8> {
        let mut bits = Bits { bytes: vec![0; self.row_width()], at: 0 };
        bits.push(1, 1);
        for (index, fact) in self.program().facts.iter().enumerate() {
            bits.push_optional(state.fact(index), fact_width(fact), fact.kind == FactKind::Number);
        }
        let mut own = state.own.chunk_by(|a, b| a.privilege == b.privilege).peekable();
        for (index, privilege) in (0_u32..).zip(&self.program().privileges) {
            let here = own.next_if(|grants| grants.first().is_some_and(|grant| grant.privilege == index));
            let mut values = here.unwrap_or_default().iter().map(|grant| grant.value);
            match privilege.kind {
                PrivilegeKind::Flag | PrivilegeKind::Level => {
                    bits.push(values.next().unwrap_or(0), privilege_width(privilege));
                }
                PrivilegeKind::Choice => bits.push_optional(values.next(), privilege_width(privilege), false),
                PrivilegeKind::Number => bits.push_optional(values.next(), privilege_width(privilege), true),
                PrivilegeKind::Set => {
                    let held: Vec<u32> = values.collect();
                    (0_u32..)
                        .zip(&privilege.values)
                        .for_each(|(option, _)| bits.push(held.contains(&option).into(), 1));
                }
            }
        }
        (0_u32..).zip(&self.program().roles).for_each(|(role, _)| bits.push(state.roles.contains(&role).into(), 1));
        bits.bytes
    }

    /// Evaluates the subject of a row, without inline roles. O(program).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`] if the row is invalid; [`SubjectFault::ConflictingChoice`].
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let owner = Subject { facts: vec![("owner".into(), Value::Flag(true))], ..Subject::default() };
    /// let packed = policy.population(&[Subject::default(), owner]).pack();
    /// let second = packed.rows.chunks(policy.row_width()).nth(1).unwrap_or_default();
    /// assert!(policy.read_row(second)?.can("campaigns.approve")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_row(&self, row: &[u8]) -> Result<Session<'_>, SubjectError> {
        Session::evaluate(self.program(), self.state_of_row(row)?)
    }

    /// The subject of a row. O(program).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`] if the row is invalid.
    #[doc(hidden)]
    pub fn state_of_row(&self, row: &[u8]) -> Result<State, SubjectError> {
        let state = (row.len() == self.row_width()).then(|| read_row(self.program(), &mut Bits { bytes: row, at: 0 }));
        state.flatten().ok_or_else(invalid_row)
    }
}

/// The error for an invalid row.
pub(crate) fn invalid_row() -> SubjectError {
    let help = "pack the subject again, with this version of the policy".into();
    SubjectError::new(SubjectFault::InvalidSubject, "", "not a packed row of this policy".into(), help)
}

/// Reads a row. `None` if a field or the padding is invalid.
fn read_row(program: &Program, bits: &mut Bits<&[u8]>) -> Option<State> {
    if bits.take(1)? == 0 {
        return None;
    }
    let mut state = State::default();
    for (index, fact) in (0_u32..).zip(&program.facts) {
        for value in bits.take_optional(fact_width(fact), fact.kind == FactKind::Number)? {
            fact.accepts(value).then(|| state.facts.push((index, value)))?;
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
        let takes = values.iter().all(|value| privilege.accepts(*value));
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

/// The number of bits of a fact's field.
pub(super) fn fact_width(fact: &Fact) -> u32 {
    match fact.kind {
        FactKind::Switch => width_of(2),
        FactKind::Choice => width_of(fact.values.len()),
        FactKind::Level => width_of(fact.values.len() + 1),
        FactKind::Number => 1 + NUMBER_BITS,
    }
}

/// The number of bits of a privilege's field.
pub(super) fn privilege_width(privilege: &Privilege) -> u32 {
    match privilege.kind {
        PrivilegeKind::Flag => 1,
        PrivilegeKind::Level | PrivilegeKind::Choice => width_of(privilege.values.len()),
        PrivilegeKind::Set => to_u32(privilege.values.len()),
        PrivilegeKind::Number => 1 + NUMBER_BITS,
    }
}

/// The number of bits of a field with values from 0 to `highest`.
fn width_of(highest: usize) -> u32 {
    usize::BITS - highest.leading_zeros()
}

/// A cursor over the bits of bytes, the lowest bit of the first byte first.
struct Bits<B> {
    bytes: B,
    /// The position of the next bit.
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

    /// Appends an optional value: a number as one bit and its digits, any other value as 0 or the value + 1.
    fn push_optional(&mut self, value: Option<u32>, width: u32, is_number: bool) {
        if is_number {
            self.push(value.is_some().into(), 1);
            self.push(value.unwrap_or(0), NUMBER_BITS);
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

    /// Reads what [`Bits::push_optional`] writes, as a list of at most one value. `None` at the end of the bytes, or if a number
    /// that is not set has digits.
    fn take_optional(&mut self, width: u32, is_number: bool) -> Option<Vec<u32>> {
        let value = if is_number {
            match (self.take(1)?, self.take(NUMBER_BITS)?) {
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
