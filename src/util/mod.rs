//! Helpers that know nothing of policies.

pub mod suggest;

/// A length or index as the 32 bits that packs, tokens and WebAssembly use; `u32::MAX` where it does not fit, which no
/// document within [`limits`](crate::model::limits) reaches.
pub fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
