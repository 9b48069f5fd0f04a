//! Populations: many subjects, stored as packed rows and evaluated with bit-sliced instructions, 64 subjects per machine word.

mod answers;
mod block;
mod decisions;
mod differences;
mod evaluator;
mod field;
mod gates;
mod inline;
mod packed_row;
mod query;
mod row_circuit;
mod rows;
#[cfg(all(feature = "wasm", feature = "studio", target_arch = "wasm32"))]
mod wire;

#[cfg(feature = "studio")]
pub(crate) use answers::non_empty;
pub use answers::{BitMatrix, Matches, PopulationPreview};
pub use decisions::Population;
pub use rows::{PackedRows, RowError};
#[cfg(all(feature = "wasm", feature = "studio", target_arch = "wasm32"))]
pub(crate) use {
    query::{CompiledQuery, Query},
    rows::PackedSubjects,
    wire::add_lists,
};
