//! Ids: what names a thing in a policy.

use super::limits;

/// Words of the requirement language, which no id may be.
pub const KEYWORDS: [&str; 10] = ["and", "or", "not", "in", "is", "set", "allowed", "true", "false", "undecided"];

/// Prefixes by which a change rule says whose value it reads; no id begins with one.
pub const ROLES_OF_A_RULE: [&str; 3] = ["actor.", "before.", "after."];

/// What every object of JavaScript has: as an id it would be found in maps that do not hold it.
pub const INHERITED: [&str; 1] = ["constructor"];

/// Why a text is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnId {
    /// It does not match `[a-z0-9]+([-.:][a-z0-9]+)*`.
    Grammar,
    /// It is longer than [`limits::ID_BYTES`].
    Length,
    /// It is one of [`KEYWORDS`].
    Keyword,
    /// It begins with one of [`ROLES_OF_A_RULE`].
    Prefix,
    /// It is one of [`INHERITED`].
    Inherited,
}

/// Whether `text` is an id: `[a-z0-9]+([-.:][a-z0-9]+)*`, at most 128 bytes, no keyword, no change-rule prefix,
/// nothing that objects inherit.
///
/// # Errors
/// The first reason why it is none. O(length).
pub fn check(text: &str) -> Result<(), NotAnId> {
    if text.len() > limits::ID_BYTES {
        Err(NotAnId::Length)
    } else if !is_joined(text) {
        Err(NotAnId::Grammar)
    } else if KEYWORDS.contains(&text) {
        Err(NotAnId::Keyword)
    } else if ROLES_OF_A_RULE.iter().any(|prefix| text.starts_with(prefix)) {
        Err(NotAnId::Prefix)
    } else if INHERITED.contains(&text) {
        Err(NotAnId::Inherited)
    } else {
        Ok(())
    }
}

/// Whether it matches `[a-z0-9]+([-.:][a-z0-9]+)*`: what joins stands between two that are joined.
fn is_joined(text: &str) -> bool {
    let mut joins = true;
    text.bytes().all(|byte| {
        let joined = std::mem::replace(&mut joins, matches!(byte, b'-' | b'.' | b':'));
        if joins { !joined } else { byte.is_ascii_lowercase() || byte.is_ascii_digit() }
    }) && !joins
}
