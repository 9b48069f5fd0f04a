//! All integration tests, as one binary. `cases` also runs as WebAssembly, in Node.js and in a browser.
//!
//! | module | what it tests |
//! |---|---|
//! | `cases` | `tests/cases/*.json`, which the npm package runs too |
//! | `enumeration` | the built-in policies for all assignments of what each operation reads: fixes, menus, provenance, dormant grants, tokens |
//! | `second_opinion`, `random_policies`, `compare`, `fixes`, `impact` | answers against an independent interpreter and brute force (`model`) |
//! | `conformance` | `conformance/5`, which hosts of other languages run too, against the model and the library |
//! | `diagnostics`, `schema`, `typescript` | golden files |
//! | `files` | documents that include files |
//! | `populations`, `population_shapes`, `review`, `tokens` | packed rows, change rules, tokens |
//! | `index` | places of ids, texts that are being written |
//! | `messages` | other catalogues of messages, the German sentences (`tests/german.json`, which the npm package runs too), labels |
//! | `fuzz`, `corpora` | the targets of `make fuzz`, with their corpora and with what was found |
//! | `hostile_cases` | `tests/bounds.json`: the slowest documents that a search has found, and the limits in which they end |
//! | `robustness`, `bounds`, `engine` | hostile and large input: no panic, bounded work, no position outside of a program |
//! | `states` | encoded states |
//! | `reasons` | the reasons section of packs, against `tests/reasons.json` |
//! | `core_answers`, `checksum` | the engine as the host of `core.wasm` calls it, against sessions; CRC-32 against its definition |
//! | `examples` | `examples/*.rs` |
//! | `architecture` | imports, lengths of files |
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking"
)]

mod cases;

#[cfg(not(target_arch = "wasm32"))]
mod architecture;
#[cfg(not(target_arch = "wasm32"))]
mod bounds;
#[cfg(not(target_arch = "wasm32"))]
mod checksum;
#[cfg(not(target_arch = "wasm32"))]
mod compare;
#[cfg(not(target_arch = "wasm32"))]
mod conformance;
#[cfg(not(target_arch = "wasm32"))]
mod core_answers;
#[cfg(not(target_arch = "wasm32"))]
mod corpora;
#[cfg(not(target_arch = "wasm32"))]
mod diagnostics;
#[cfg(not(target_arch = "wasm32"))]
mod engine;
#[cfg(not(target_arch = "wasm32"))]
mod enumeration;
#[cfg(not(target_arch = "wasm32"))]
mod examples;
#[cfg(not(target_arch = "wasm32"))]
mod files;
#[cfg(not(target_arch = "wasm32"))]
mod fuzz;
#[cfg(not(target_arch = "wasm32"))]
mod hostile;
#[cfg(not(target_arch = "wasm32"))]
mod hostile_cases;
#[cfg(not(target_arch = "wasm32"))]
mod fixes;
#[cfg(not(target_arch = "wasm32"))]
mod impact;
#[cfg(not(target_arch = "wasm32"))]
mod index;
#[cfg(not(target_arch = "wasm32"))]
mod messages;
#[cfg(not(target_arch = "wasm32"))]
mod model;
#[cfg(not(target_arch = "wasm32"))]
mod population_shapes;
#[cfg(not(target_arch = "wasm32"))]
mod populations;
#[cfg(not(target_arch = "wasm32"))]
mod random_policies;
#[cfg(not(target_arch = "wasm32"))]
mod reasons;
#[cfg(not(target_arch = "wasm32"))]
mod residual;
#[cfg(not(target_arch = "wasm32"))]
mod review;
#[cfg(not(target_arch = "wasm32"))]
mod robustness;
#[cfg(not(target_arch = "wasm32"))]
mod schema;
#[cfg(not(target_arch = "wasm32"))]
mod second_opinion;
#[cfg(not(target_arch = "wasm32"))]
mod states;
#[cfg(not(target_arch = "wasm32"))]
mod support;
#[cfg(not(target_arch = "wasm32"))]
mod tokens;
#[cfg(not(target_arch = "wasm32"))]
mod typescript;
