//! The layout of a policy: what the bits of its tokens rest on.

use super::Program;
use crate::model::PrivilegeKind;
use crate::util::to_u32;
use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

/// The version of the token format.
const VERSION: u8 = 1;
const HASH: usize = 8;

impl Program {
    /// What every token of the policy begins with: the version of the format, and a hash of ids, kinds, levels, options and
    /// ranges of the privileges: a number that is no longer taken would be damage otherwise. O(privileges).
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

    /// [`Program::layout`] as tokens write it: their first twelve characters. O(privileges).
    pub fn layout_text(&self) -> String {
        Base64UrlUnpadded::encode_string(&self.layout())
    }
}
