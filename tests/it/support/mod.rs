//! What the tests share.

pub(crate) mod suites;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod golden;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod random;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod rows;
