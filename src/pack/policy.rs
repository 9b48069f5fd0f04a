//! The pack: the binary form of a policy.
//!
//! ```text
//!   0        4     5    9    13   17   21        21+n      21+n+p    …         …          n-4
//!   ┌────────┬─────┬────┬────┬────┬────┬─────────┬─────────┬─────────┬──────────┬──────────┐
//!   │ "PRVT" │ v=5 │ n  │ p  │ r  │ d  │ names   │ program │ reasons │ document │ CRC-32   │
//!   │ 4 B    │ 1 B │ 4  │ 4  │ 4  │ 4  │ n B     │ p B     │ r B     │ d B      │ 4 B      │
//!   └────────┴─────┴────┴────┴────┴────┴─────────┴─────────┴─────────┴──────────┴──────────┘
//! ```
//!
//! `docs/format.md` defines the sections. They can be read independently:
//!
//! - *names* is JSON, since callers need strings: ids and labels.
//! - *program* is what the engine evaluates in place, without decoding.
//! - *reasons* is what `privet/why` needs beside decisions. A studio writes it, and opening a pack does not read it. It may be empty.
//! - *document* is the canonical document, as compact JSON. Explanations and editors need it; deciding does not. It may be empty.
//!   It is most of the pack (Contact: 81 of 112 kB), so a front end can leave it out.
//!
//! The fingerprint, the SHA-256 of the canonical document, is part of the names, so a pack without its document still
//! identifies its policy. The checksum detects damage: every change within 32 consecutive bits, and almost every other. It does not
//! prove where a pack comes from; only a signature can.
//!
//! The operands of an instruction precede it, so evaluation always terminates. The encoding is canonical: encoding an opened
//! pack again yields the same bytes.

use super::Program;
use super::names::Names;
use crate::engine::crc32;
use crate::util::messages::message;
use crate::util::to_u32;
use std::fmt;

/// The magic number and the format version.
const MAGIC: &[u8; 5] = b"PRVT\x05";
/// Bytes of the header.
const HEADER: usize = 21;
/// Bytes of the checksum.
const CHECKSUM: usize = 4;

/// A compiled policy: its program and its pack.
///
/// # Examples
/// ```
/// use privet::{Policy, Subject};
///
/// let pack = Policy::compile(privet::policies::CONTACT)?.pack().to_vec(); // when the product is built
/// let policy = Policy::open(&pack)?; // on the server
/// assert_eq!((policy.id(), policy.title(), policy.version()), ("contact", "Contact privileges", "1.0.0"));
/// let session = policy.session(&Subject::default())?;
/// assert!(!session.can("calls.flows.define")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    program: Program,
    pack: Vec<u8>,
    /// The offset of the document in `pack`.
    document_start: usize,
}

/// Why bytes are not a valid pack.
///
/// # Examples
/// ```
/// use privet::{PackFault, Policy};
///
/// let policy = Policy::compile(privet::policies::CONTACT)?;
/// let cut_short = policy.pack().get(..1000).unwrap_or_default();
/// let fault = |pack| Policy::open(pack).err().map(|error| error.fault());
/// assert_eq!(fault(cut_short), Some(PackFault::Damaged));
/// assert_eq!(fault(b"{}"), Some(PackFault::NotAPack));
/// assert_eq!(fault(policy.pack()), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PackFault {
    /// The bytes do not begin with the magic number and format version of this release.
    NotAPack,
    /// The checksum does not match.
    Damaged,
    /// The checksum matches, but a section is invalid.
    Malformed,
    /// The pack has no document. It can decide, but not describe or explain.
    NoDocument,
    /// The sections do not belong to the same policy.
    SectionsDisagree,
}

/// The error for bytes that are not a valid pack.
///
/// # Examples
/// ```
/// use privet::{PackError, PackFault, Policy};
///
/// let error = Policy::open(b"not a pack").unwrap_err();
/// assert_eq!((error.fault(), error.at()), (PackFault::NotAPack, 0));
/// assert_eq!(error.to_string(), "not a pack of this release at byte 0; compile the policy again");
/// assert_eq!(PackError::CODE, "invalid-pack");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackError {
    fault: PackFault,
    at: usize,
}

impl PackError {
    /// The stable code of this error.
    pub const CODE: &'static str = "invalid-pack";

    /// An error at byte `at` of the pack.
    pub(crate) const fn new(fault: PackFault, at: usize) -> Self {
        Self { fault, at }
    }

    /// Why the bytes are not a valid pack.
    pub const fn fault(&self) -> PackFault {
        self.fault
    }

    /// The offset at which the fault was detected, in bytes.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// The message: what is wrong, where, and what to do.
    pub(crate) fn text(&self) -> String {
        let (what, help) = match self.fault {
            PackFault::NotAPack => message!(foreign_pack, self.at),
            PackFault::Damaged => message!(damaged_pack, self.at),
            PackFault::Malformed => message!(malformed_pack, self.at),
            PackFault::NoDocument => message!(no_document, self.at),
            PackFault::SectionsDisagree => message!(sections_disagree, self.at),
        };
        format!("{what}; {help}")
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
    /// [`PackError`] if the checksum does not match or the program is invalid. The origin of the pack is not verified.
    ///
    /// # Examples
    /// ```
    /// use privet::Policy;
    ///
    /// let compiled = Policy::compile(privet::policies::VICIDIAL)?;
    /// let pack: Vec<u8> = compiled.pack().to_vec();
    /// assert_eq!(Policy::open(&pack)?, compiled);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(pack: &[u8]) -> Result<Self, PackError> {
        let [names, words, _, document] = sections(pack)?;
        let malformed = |at: usize| PackError::new(PackFault::Malformed, at);
        let (chunks, rest) = words.as_chunks();
        let words: Vec<u32> = chunks.iter().map(|word| u32::from_le_bytes(*word)).collect();
        if !rest.is_empty() {
            return Err(malformed(HEADER + names.len()));
        }
        let program = Names::read(names).and_then(|names| Program::new(&names, &words)).ok_or(malformed(HEADER))?;
        Ok(Self { program, pack: pack.into(), document_start: pack.len() - CHECKSUM - document.len() })
    }

    /// The policy without its pack, which only explanations and the studio need.
    #[cfg(feature = "host")]
    pub(crate) fn without_pack(mut self) -> Self {
        self.pack = Vec::new();
        self
    }

    /// Encodes a program and the canonical document from which it was compiled. O(program + document).
    #[cfg(feature = "studio")]
    pub(crate) fn from_program(program: Program, canonical: &[u8]) -> Self {
        let names = Names::of(&program).to_json();
        let words: Vec<u8> = program.words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let pack = joined([&names, &words, &[], canonical]);
        let document_start = pack.len() - CHECKSUM - canonical.len();
        Self { program, pack, document_start }
    }

    /// The pack with other reasons. O(length).
    #[cfg(feature = "studio")]
    pub(crate) fn pack_with_reasons(&self, reasons: &[u8]) -> Vec<u8> {
        let [names, words, _, document] = sections(&self.pack).unwrap_or_default();
        joined([names, words, reasons, document])
    }

    /// Whether a pack has the same sections as this one, whatever its reasons are.
    #[cfg(feature = "studio")]
    pub(crate) fn is_but_for_reasons(&self, pack: &[u8]) -> bool {
        let but = |pack| sections(pack).map(|[names, words, _, document]| [names, words, document]);
        but(pack).is_ok_and(|other| but(&self.pack) == Ok(other))
    }

    /// The same policy with the bytes of another pack of it.
    #[cfg(feature = "studio")]
    pub(crate) fn with_pack(self, pack: &[u8]) -> Self {
        let document = self.pack.len() - self.document_start;
        Self { pack: pack.into(), document_start: pack.len() - document, ..self }
    }

    /// The pack without what only explains: its document and reasons. It decides the same, and has the same fingerprint and layout of
    /// tokens. O(length).
    ///
    /// # Errors
    /// [`PackError`] if the checksum or the header is invalid. The sections are not validated.
    ///
    /// # Examples
    /// ```
    /// use privet::Policy;
    ///
    /// let policy = Policy::compile(privet::policies::CONTACT)?;
    /// let stripped = Policy::strip(policy.pack())?;
    /// assert!(stripped.len() * 3 < policy.pack().len());
    /// assert_eq!(Policy::open(&stripped)?.fingerprint(), policy.fingerprint());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn strip(pack: &[u8]) -> Result<Vec<u8>, PackError> {
        let [names, program, _, _] = sections(pack)?;
        Ok(joined([names, program, &[], &[]]))
    }

    /// The document section of a pack: the canonical document, or empty if the pack was stripped. O(length).
    ///
    /// # Errors
    /// [`PackError`] if the checksum or the header is invalid. The other sections are not validated.
    ///
    /// # Examples
    /// ```
    /// use privet::Policy;
    ///
    /// let policy = Policy::compile(r#"{ "format": 1, "id": "shop", "title": "Shop", "version": "1" } // a comment"#)?;
    /// let document = Policy::read_document(policy.pack())?;
    /// assert_eq!(document, policy.document_section());
    /// assert_eq!(serde_json::from_slice::<serde_json::Value>(document)?["title"], "Shop");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_document(pack: &[u8]) -> Result<&[u8], PackError> {
        sections(pack).map(|[_, _, _, document]| document)
    }

    /// The program.
    #[doc(hidden)]
    pub const fn program(&self) -> &Program {
        &self.program
    }

    /// The id of the policy.
    pub fn id(&self) -> &str {
        &self.program.id
    }

    /// The title of the policy, for people.
    pub fn title(&self) -> &str {
        &self.program.title
    }

    /// The version of the policy, for people.
    pub fn version(&self) -> &str {
        &self.program.version
    }

    /// The ids of the operations, in policy order.
    ///
    /// # Examples
    /// ```
    /// use privet::Policy;
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let reports: Vec<&str> = policy.operations().filter(|id| id.starts_with("reports.")).collect();
    /// assert_eq!(reports, ["reports.drill-down"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.program.operations.ids()
    }

    /// The pack that was opened or compiled.
    pub fn pack(&self) -> &[u8] {
        &self.pack
    }

    /// The SHA-256 of the canonical document, as 64 hexadecimal digits. It does not depend on comments, white space or the
    /// order of keys.
    ///
    /// # Examples
    /// ```
    /// use privet::Policy;
    ///
    /// let shop = Policy::compile(r#"{ "format": 1, "id": "shop", "title": "Shop", "version": "1" }"#)?;
    /// let same = Policy::compile(r#"{ "id": "shop", "format": 1, "version": "1", "title": "Shop" } // a comment"#)?;
    /// assert_eq!(shop.fingerprint(), same.fingerprint());
    /// assert_eq!(shop.fingerprint().len(), 64);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fingerprint(&self) -> &str {
        &self.program.fingerprint
    }

    /// The document section: the canonical document, or empty if the pack was stripped.
    pub fn document_section(&self) -> &[u8] {
        self.pack.get(self.document_start..self.pack.len().saturating_sub(CHECKSUM)).unwrap_or_default()
    }
}

/// The pack with these sections: names, program, reasons and document.
fn joined(sections: [&[u8]; 4]) -> Vec<u8> {
    let mut pack = Vec::with_capacity(HEADER + sections.iter().map(|section| section.len()).sum::<usize>() + CHECKSUM);
    pack.extend_from_slice(MAGIC);
    for section in sections {
        pack.extend(to_u32(section.len()).to_le_bytes());
    }
    pack.extend(sections.into_iter().flatten());
    pack.extend(crc32(&pack).to_le_bytes());
    pack
}

/// Verifies lengths and checksum and splits a pack into names, program, reasons and document.
fn sections(pack: &[u8]) -> Result<[&[u8]; 4], PackError> {
    if !pack.starts_with(MAGIC) {
        return Err(PackError::new(PackFault::NotAPack, 0));
    }
    let split = || {
        let (lengths, mut rest) = pack.get(MAGIC.len()..)?.split_first_chunk::<16>()?;
        let mut sections = [&[][..]; 4];
        for (section, length) in sections.iter_mut().zip(lengths.as_chunks().0) {
            (*section, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        }
        let body = pack.get(..pack.len() - CHECKSUM)?;
        (rest == crc32(body).to_le_bytes()).then_some(sections)
    };
    split().ok_or(PackError::new(PackFault::Damaged, pack.len()))
}
