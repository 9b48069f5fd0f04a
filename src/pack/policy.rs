//! The pack: a policy as bytes.
//!
//! Evidence. A front end needs the program and its ids at once (Contact: 33 of 114 kB, of which the words are a fourteenth);
//! explanations, editors and auditors need the whole document, later and elsewhere. A pack is read far more often than
//! written, in workers that start cold, and a damaged one must never decide.
//!
//! Decision. Three sections, each of which can be used as it lies: the *outline*, everything that has a name, as JSON text,
//! since every reader has a parser for that; the *words* of the program, which an engine runs on without decoding them; and
//! *studio*, the canonical document itself (compact JSON of the typed document: no second encoding to keep in step, and text
//! that compresses well), which may be left out. The fingerprint, the SHA-256 of the canonical document without comments and
//! layout, is in the outline, so that core alone can name its policy. The checksum finds damage: surely every change within 32
//! bits in a row. Who wrote a pack only a signature can say, so a digest would promise too much.
//!
//! ```text
//!   0        4     5         9         13        13+o      13+o+w    n-4
//!   ┌────────┬─────┬─────────┬─────────┬─────────┬─────────┬─────────┬──────────┐
//!   │ "PRVT" │ v=4 │ o       │ w       │ outline │ words   │ studio  │ CRC-32   │
//!   │ 4 B    │ 1 B │ 4 B     │ 4 B     │ o B     │ w B     │ the rest│ 4 B      │
//!   └────────┴─────┴─────────┴─────────┴─────────┴─────────┴─────────┴──────────┘
//! ```
//!
//! Numbers are little endian. Operands always lie before the instruction, so a pack cannot loop. A pack has one form: what an
//! open pack would be written as is what was opened.

use super::Program;
use crate::engine::crc32;
use crate::util::to_u32;
use std::fmt;

/// What every pack of this format begins with.
const MAGIC: &[u8; 5] = b"PRVT\x04";
const HEADER: usize = 13;
const CHECKSUM: usize = 4;

/// A policy that decides: its program and the pack that it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    program: Program,
    pack: Vec<u8>,
    /// Where the studio section begins in `pack`.
    studio: usize,
}

/// Why bytes are no pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PackFault {
    /// They do not begin as a pack of this release does.
    NotAPack,
    /// The bytes are not those that were written.
    Damaged,
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
            PackFault::NotAPack => ("not a pack of this release", "compile the policy again"),
            PackFault::Damaged => ("pack is damaged or cut short", "load or compile it again"),
            PackFault::Malformed => ("malformed pack", "compile the policy again"),
            PackFault::NoStudioSection => ("pack has no studio section", "use the pack as `compile` returned it"),
            PackFault::SectionsDisagree => ("sections of the pack disagree", "compile the policy again"),
        };
        let at = u32::try_from(self.at).map_or_else(|_| String::new(), |at| at.to_string());
        format!("{what} at byte {at}; {help}")
    }
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl std::error::Error for PackError {}

impl Policy {
    /// Opens a pack. O(length).
    ///
    /// # Errors
    /// [`PackError`] unless the bytes are whole and the program in them is sound. Who wrote them they cannot say.
    pub fn open(pack: &[u8]) -> Result<Self, PackError> {
        let fail = |fault, at| Err(PackError::new(fault, at));
        let [outline, words, document] = sections(pack)?;
        let Some(mut program) = Program::from_metadata(outline) else {
            return fail(PackFault::Malformed, HEADER);
        };
        if program.take_words(words).is_none() || !program.slots_exist() || program.words() != words {
            return fail(PackFault::Malformed, HEADER + outline.len());
        }
        // A pack has one form: whatever else the outline says follows from the program.
        if program.metadata() != outline {
            return fail(PackFault::Malformed, HEADER);
        }
        Ok(Self { program, pack: pack.into(), studio: pack.len() - CHECKSUM - document.len() })
    }

    /// Packs a program and the canonical document that it was compiled from.
    pub(crate) fn pack_up(program: Program, canonical: &[u8]) -> Self {
        let (outline, words) = (program.metadata(), program.words());
        let mut pack = Vec::with_capacity(HEADER + outline.len() + words.len() + canonical.len() + CHECKSUM);
        pack.extend_from_slice(MAGIC);
        for section in [&outline, &words] {
            pack.extend(to_u32(section.len()).to_le_bytes());
        }
        pack.extend_from_slice(&outline);
        pack.extend_from_slice(&words);
        let studio = pack.len();
        pack.extend_from_slice(canonical);
        pack.extend(crc32(&pack).to_le_bytes());
        Self { program, pack, studio }
    }

    /// The canonical document of a pack that is whole; nothing where the pack was stripped. O(length).
    ///
    /// # Errors
    /// [`PackError`] for bytes that are no pack. What the other sections say is not looked at.
    pub fn document_of(pack: &[u8]) -> Result<&[u8], PackError> {
        sections(pack).map(|[_, _, document]| document)
    }

    /// What decides.
    pub const fn program(&self) -> &Program {
        &self.program
    }

    /// The pack, byte for byte as it was opened or compiled.
    pub fn pack(&self) -> &[u8] {
        &self.pack
    }

    /// The SHA-256 of the canonical document, in hexadecimal: 64 characters. It does not depend on comments, white
    /// space or the order of keys.
    pub fn fingerprint(&self) -> &str {
        &self.program.fingerprint
    }

    /// The studio section: the canonical document, or nothing where the pack was stripped.
    pub fn studio_section(&self) -> &[u8] {
        self.pack.get(self.studio..self.pack.len() - CHECKSUM).unwrap_or_default()
    }
}

/// The outline, the words and the document of a pack that is whole.
fn sections(pack: &[u8]) -> Result<[&[u8]; 3], PackError> {
    if !pack.starts_with(MAGIC) {
        return Err(PackError::new(PackFault::NotAPack, 0));
    }
    let whole = pack.split_last_chunk().filter(|(body, sum)| crc32(body) == u32::from_le_bytes(**sum));
    let Some((body, _)) = whole else {
        return Err(PackError::new(PackFault::Damaged, pack.len()));
    };
    let split = || {
        let (sizes, rest) = body.get(MAGIC.len()..)?.split_first_chunk::<8>()?;
        let [outline, words] = sizes.as_chunks().0 else { return None };
        let (outline, rest) = rest.split_at_checked(u32::from_le_bytes(*outline) as usize)?;
        let (words, document) = rest.split_at_checked(u32::from_le_bytes(*words) as usize)?;
        Some([outline, words, document])
    };
    split().ok_or(PackError::new(PackFault::Malformed, MAGIC.len()))
}
