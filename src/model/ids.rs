//! The grammar of ids.

use super::limits;

/// The reserved words of the requirement language. No id may equal one.
pub const KEYWORDS: [&str; 10] = ["and", "or", "not", "in", "is", "set", "allowed", "true", "false", "undecided"];

/// The prefixes that select a subject in a change rule. No id may begin with one.
pub const SUBJECT_PREFIXES: [&str; 3] = ["actor.", "before.", "after."];

/// Properties that every JavaScript object inherits. As an id, such a name would be found in objects that do not contain it.
pub const OBJECT_PROPERTIES: [&str; 7] =
    ["constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf"];

/// Keys of grants and roles that carry more than a value. No privilege has such a name, so that an object of grants is never
/// read as one of them.
pub const GRANT_KEYS: [&str; 5] = ["role", "name", "grants", "value", "until"];

/// The id in lower case, with `-` for every separator: ids that people easily confuse have the same key. O(length).
pub fn confusion_key(id: &str) -> String {
    id.bytes().map(|byte| if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase().into() } else { '-' }).collect()
}

/// Why a string is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdFault {
    /// It does not match `[A-Za-z0-9]+([-._:][A-Za-z0-9]+)*`.
    Grammar,
    /// It is longer than [`limits::ID_BYTES`].
    Length,
    /// It is one of [`KEYWORDS`].
    Keyword,
    /// It begins with one of [`SUBJECT_PREFIXES`].
    Prefix,
    /// It is one of [`OBJECT_PROPERTIES`].
    Inherited,
}

/// Checks that `text` is an id: it matches `[A-Za-z0-9]+([-._:][A-Za-z0-9]+)*`, has at most [`limits::ID_BYTES`] bytes, and is
/// neither reserved nor inherited by JavaScript objects. O(length).
///
/// # Errors
/// The first rule that `text` violates.
pub fn check(text: &str) -> Result<(), IdFault> {
    if text.len() > limits::ID_BYTES {
        Err(IdFault::Length)
    } else if !matches_grammar(text) {
        Err(IdFault::Grammar)
    } else if KEYWORDS.contains(&text) {
        Err(IdFault::Keyword)
    } else if SUBJECT_PREFIXES.iter().any(|prefix| text.starts_with(prefix)) {
        Err(IdFault::Prefix)
    } else if OBJECT_PROPERTIES.contains(&text) {
        Err(IdFault::Inherited)
    } else {
        Ok(())
    }
}

/// Whether `text` matches the grammar of ids and has at most [`limits::ID_BYTES`] bytes: what packs require. O(length).
pub fn is_well_formed(text: &str) -> bool {
    text.len() <= limits::ID_BYTES && matches_grammar(text)
}

/// Whether `text` matches `[A-Za-z0-9]+([-._:][A-Za-z0-9]+)*`: every separator is between two letters or digits.
fn matches_grammar(text: &str) -> bool {
    let mut is_separator = true;
    text.bytes().all(|byte| {
        let follows_separator = std::mem::replace(&mut is_separator, matches!(byte, b'-' | b'.' | b'_' | b':'));
        if is_separator { !follows_separator } else { byte.is_ascii_alphanumeric() }
    }) && !is_separator
}
