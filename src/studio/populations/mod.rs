//! Many people at once: kept as packed rows, asked 64 a word.

pub(super) mod machine;
pub(super) mod people;
pub(super) mod population;
pub(super) mod question;
#[cfg(all(feature = "wasm", target_arch = "wasm32"))]
pub(super) mod told;
