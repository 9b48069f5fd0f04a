//! The token layout of a policy: a hash of the declarations that determine the meaning of a token's bits.

use super::Program;
use base64ct::{Base64UrlUnpadded, Encoding};

/// The version of the token format.
#[cfg(feature = "studio")]
const VERSION: u8 = 2;
/// Bytes of the hash: a prefix of a SHA-256.
#[cfg(feature = "studio")]
const HASH: usize = 8;

impl Program {
    /// The version of the token format, then a hash of the policy's id, of the privileges' ids, kinds, levels, options and
    /// ranges, and of the roles' ids. Ranges are included, so that a token with a number that is no longer allowed is
    /// reported as stale, not as invalid. The grants of roles are not: an issued token follows them. O(privileges + roles).
    #[cfg(feature = "studio")]
    pub(super) fn compute_layout(&self) -> [u8; 1 + HASH] {
        use crate::model::PrivilegeKind;
        use crate::util::to_u32;
        use sha2::{Digest, Sha256};

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
        add("");
        self.roles.iter().for_each(|role| add(&role.id));
        let mut layout = [VERSION; 1 + HASH];
        for (byte, hashed) in layout.iter_mut().skip(1).zip(hash.finalize()) {
            *byte = hashed;
        }
        layout
    }

    /// The layout in base64url: the first twelve characters of a token.
    pub fn layout_text(&self) -> String {
        Base64UrlUnpadded::encode_string(&self.layout)
    }
}
