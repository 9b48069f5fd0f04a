//! The token layout of a policy: a hash of the declarations that determine the meaning of a token's bits.

use super::Program;
use crate::model::PrivilegeKind;
use crate::util::to_u32;
use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

/// The version of the token format.
const VERSION: u8 = 1;
/// Bytes of the hash: a prefix of a SHA-256.
const HASH: usize = 8;

impl Program {
    /// The prefix of all tokens of the policy: the version of the format, then a hash of the policy's id and of the privileges'
    /// ids, kinds, levels, options and ranges. Ranges are included, so that a token with a number that is no longer allowed is
    /// reported as stale, not as invalid. O(privileges).
    pub fn layout(&self) -> [u8; 1 + HASH] {
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update(to_u32(text.len()).to_le_bytes());
            hash.update(text);
        };
        add(&self.id);
        for privilege in &self.privileges {
            add(&privilege.id);
            add(privilege.kind.name());
            privilege.values.iter().for_each(|value| add(value));
            if privilege.kind == PrivilegeKind::Number {
                add(&format!("{}-{}", privilege.min, privilege.max));
            }
            add("");
        }
        let mut layout = [VERSION; 1 + HASH];
        for (byte, hashed) in layout.iter_mut().skip(1).zip(hash.finalize()) {
            *byte = hashed;
        }
        layout
    }

    /// [`Program::layout`] in base64url: the first twelve characters of a token. O(privileges).
    pub fn layout_text(&self) -> String {
        Base64UrlUnpadded::encode_string(&self.layout())
    }
}
