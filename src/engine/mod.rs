//! The engine: the evaluator of programs and the checksum of packs and tokens. It does not allocate and cannot fail.

mod crc32;
mod eval;

pub use crc32::crc32;
#[cfg(all(feature = "wasm", not(feature = "studio"), target_arch = "wasm32"))]
pub(crate) use crc32::update;
pub use eval::{eval, read};
