//! The state of a studio WebAssembly instance.

use super::handles::Handles;
use crate::population::CompiledQuery;
use crate::studio::Studio;
use wasm_bindgen::prelude::*;

/// The studio: its open policies and compiled queries.
#[wasm_bindgen]
#[derive(Default)]
pub struct StudioEngine {
    pub(super) studios: Handles<Studio>,
    pub(super) queries: QueryCache,
}

#[wasm_bindgen]
impl StudioEngine {
    /// A studio without open policies.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }
}

/// The last compiled query, without and with inputs for inline roles. JavaScript evaluates a query in blocks, so consecutive
/// calls have the same query.
#[derive(Default)]
pub(super) struct QueryCache(pub(super) [Option<CachedQuery>; 2]);

pub(super) struct CachedQuery {
    pub(super) handle: u32,
    pub(super) text: String,
    pub(super) query: CompiledQuery,
}
