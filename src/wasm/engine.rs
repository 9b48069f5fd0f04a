//! The state of a studio WebAssembly instance.

use super::convert::{from_json, subject_error};
use super::handles::Handles;
use crate::population::CompiledQuery;
use crate::studio::{GiverQuery, Givers, Labels, Messages, Studio};
use wasm_bindgen::prelude::*;

/// The studio: its open policies and compiled queries, and how it words answers.
#[wasm_bindgen]
pub struct StudioEngine {
    pub(super) messages: Messages,
    pub(super) labels: Labels,
    pub(super) studios: Handles<Studio>,
    pub(super) queries: QueryCache,
    pub(super) givers: Option<CachedGivers>,
}

#[wasm_bindgen]
impl StudioEngine {
    /// A studio without open policies. `messages` and `labels` are JSON, `{}` for those of the policies in English.
    ///
    /// # Errors
    /// `invalid-options`.
    #[wasm_bindgen(constructor)]
    pub fn new(messages: &str, labels: &str) -> Result<Self, JsValue> {
        Ok(Self {
            messages: Messages::from_value(from_json(messages)?).map_err(subject_error)?,
            labels: Labels::from_value(from_json(labels)?).map_err(subject_error)?,
            studios: Handles::default(),
            queries: QueryCache::default(),
            givers: None,
        })
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

/// The givers of the last query for them.
pub(super) struct CachedGivers {
    pub(super) handle: u32,
    pub(super) query: GiverQuery,
    pub(super) givers: Givers,
}
