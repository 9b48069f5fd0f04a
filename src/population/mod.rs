//! Populations: many subjects evaluated at once, stored as packed rows, 64 to a machine word.

mod evaluator;
mod field;
mod packed_row;
mod population;
mod query;
mod row_circuit;
mod rows;
#[cfg(all(feature = "wasm", target_arch = "wasm32"))]
mod wire;

pub use population::{BitMatrix, Population, PopulationPreview, Who};
pub use rows::RowError;
#[cfg(all(feature = "wasm", target_arch = "wasm32"))]
pub(crate) use {
    query::{CompiledQuery, Query},
    rows::PackedSubjects,
};
