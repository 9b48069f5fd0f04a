//! The pack: a policy as bytes.
//!
//! Evidence. A front end needs the program and its ids at once (Contact: a few kilobytes, of which two thirds are
//! ids and labels); explanations, editors and auditors need the whole document, later and elsewhere. A pack is read
//! far more often than written, in workers that start cold, and a damaged or doctored one must never decide.
//!
//! Decision. Two sections, so that the second can be left out or stay unread: *core*, a [`Program`] in base-128
//! numbers and length-prefixed text, and *studio*, the canonical document itself (compact JSON of the typed
//! document: no second encoding to keep in step, and text that compresses well). The fingerprint is the SHA-256 of
//! the canonical document, comments and layout left out; it is in the header, so that core alone can name its policy.
//! The digest is the SHA-256 of everything before it; equal digests are equal policies, so instances cache by it.
//!
//! ```text
//!   0        4     5          9            13               45        45+c          45+c+s          77+c+s
//!   ┌────────┬─────┬──────────┬────────────┬────────────────┬─────────┬─────────────┬───────────────┐
//!   │ "PRVT" │ v=1 │ c: u32le │ s: u32le   │ fingerprint    │ core    │ studio      │ digest        │
//!   │ 4 B    │ 1 B │ 4 B      │ 4 B        │ 32 B           │ c B     │ s B, may be │ 32 B, SHA-256 │
//!   │        │     │          │            │                │         │ empty       │ of all before │
//!   └────────┴─────┴──────────┴────────────┴────────────────┴─────────┴─────────────┴───────────────┘
//! ```
//!
//! Within the core section a number is 1–5 bytes (7 bits each, least first, the top bit says that more follow, no
//! spare zero digit), an instruction three of them: the connective, then each operand's slot with its lowest bit
//! saying "negated". Operands always lie before the instruction, so a pack cannot loop.

use super::{Program, section};
use crate::ground::{limits, text::decimal};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 4] = b"PRVT";
const VERSION: u8 = 1;
const HEADER: usize = 45;
const DIGEST: usize = 32;

/// A policy that decides: its program and the pack that it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    program: Program,
    pack: Vec<u8>,
    /// Where the core section ends in `pack`.
    core_end: usize,
}

/// Why bytes are no pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PackFault {
    /// They do not begin as a pack does.
    NotAPack,
    /// The pack has a format version that this build does not read.
    UnsupportedVersion,
    /// The pack is shorter or longer than its header says, or over the size limit.
    WrongLength,
    /// The bytes are not those that were written.
    DigestMismatch,
    /// A section says something impossible.
    Malformed,
    /// The pack has no studio section, so it decides but cannot be described or explained.
    NoStudioSection,
    /// The sections do not belong together.
    SectionsDisagree,
}

/// Bytes that are no pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackError {
    fault: PackFault,
    at: usize,
}

impl PackError {
    /// The refusal with this reason, at this byte.
    pub(crate) const fn new(fault: PackFault, at: usize) -> Self {
        Self { fault, at }
    }

    /// Why the bytes were refused.
    pub const fn fault(&self) -> PackFault {
        self.fault
    }

    /// Where it showed, in bytes from the start of the pack.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// The stable code of every refused pack.
    pub const CODE: &'static str = "invalid-pack";
}

impl PackError {
    /// What is wrong, where, and what to do.
    pub(crate) fn text(&self) -> String {
        let (what, help) = match self.fault {
            PackFault::NotAPack => ("not a Privet pack", "pass the bytes that `compile` returned"),
            PackFault::UnsupportedVersion => ("unsupported pack version", "compile the policy again with this release"),
            PackFault::WrongLength => {
                ("pack is cut short, has bytes to spare or is too large", "load it again, as binary data")
            }
            PackFault::DigestMismatch => ("pack is damaged: its digest does not match", "load or compile it again"),
            PackFault::Malformed => ("malformed pack", "compile the policy again"),
            PackFault::NoStudioSection => ("pack has no studio section", "use the pack as `compile` returned it"),
            PackFault::SectionsDisagree => ("sections of the pack disagree", "compile the policy again"),
        };
        let at = u32::try_from(self.at).map_or_else(|_| String::new(), decimal);
        [what, " at byte ", &at, "; ", help].concat()
    }
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl core::error::Error for PackError {}

impl Policy {
    /// Opens a pack. O(length).
    ///
    /// # Errors
    /// [`PackError`] unless the bytes are whole and the program in them is sound. Who wrote them they cannot say.
    pub fn open(pack: &[u8]) -> Result<Self, PackError> {
        let fail = |fault, at| Err(PackError::new(fault, at));
        if !pack.starts_with(MAGIC) {
            return fail(PackFault::NotAPack, 0);
        }
        if pack.get(4) != Some(&VERSION) {
            return fail(PackFault::UnsupportedVersion, 4);
        }
        let size = |at: usize| {
            let bytes = pack.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
            bytes.map(|bytes| u32::from_le_bytes(bytes) as usize)
        };
        let (Some(core), Some(studio)) = (size(5), size(9)) else {
            return fail(PackFault::WrongLength, pack.len());
        };
        let length = [core, studio, DIGEST].into_iter().try_fold(HEADER, usize::checked_add);
        if length != Some(pack.len()) || pack.len() > limits::PACK_BYTES {
            return fail(PackFault::WrongLength, pack.len());
        }
        let body_end = pack.len() - DIGEST;
        let (Some(body), Some(section)) = (pack.get(..body_end), pack.get(HEADER..HEADER + core)) else {
            return fail(PackFault::WrongLength, pack.len());
        };
        if pack.get(body_end..) != Some(Sha256::digest(body).as_slice()) {
            return fail(PackFault::DigestMismatch, body_end);
        }
        let core_end = HEADER + core;
        match section::decode(section) {
            Ok(program) => Ok(Self { program, pack: pack.into(), core_end }),
            Err(left) => fail(PackFault::Malformed, core_end - left),
        }
    }

    /// Packs a program and the canonical document that it was compiled from.
    #[cfg(feature = "studio")]
    pub(super) fn pack_up(program: Program, canonical: &[u8]) -> Self {
        let core = section::encode(&program);
        let size = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        let mut pack = Vec::with_capacity(HEADER + core.len() + canonical.len() + DIGEST);
        pack.extend_from_slice(MAGIC);
        pack.push(VERSION);
        pack.extend_from_slice(&size(core.len()));
        pack.extend_from_slice(&size(canonical.len()));
        pack.extend_from_slice(&Sha256::digest(canonical));
        pack.extend_from_slice(&core);
        pack.extend_from_slice(canonical);
        pack.extend_from_slice(&Sha256::digest(&pack));
        Self { program, core_end: HEADER + core.len(), pack }
    }

    /// What decides.
    pub const fn program(&self) -> &Program {
        &self.program
    }

    /// The pack, byte for byte as it was opened or compiled.
    pub fn pack(&self) -> &[u8] {
        &self.pack
    }

    /// The SHA-256 of the pack: two policies with one digest are the same policy.
    pub fn digest(&self) -> &[u8] {
        self.pack.split_last_chunk::<DIGEST>().map_or(&[], |(_, digest)| digest)
    }

    /// The SHA-256 of the canonical document, in hexadecimal: 64 characters. It does not depend on comments, white
    /// space or the order of keys.
    pub fn fingerprint(&self) -> String {
        let nibble = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('?');
        let bytes = self.pack.get(HEADER - DIGEST..HEADER).unwrap_or_default();
        bytes.iter().flat_map(|byte| [nibble(byte >> 4), nibble(byte & 15)]).collect()
    }

    /// The studio section: the canonical document, or nothing where the pack was stripped.
    pub fn studio_section(&self) -> &[u8] {
        self.pack.get(self.core_end..self.pack.len() - DIGEST).unwrap_or_default()
    }
}
