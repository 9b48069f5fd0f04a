//! Privet decides, from a person's privileges, what they may see and do in a product's menus and screens, and says why.
//!
//! The modules. A module may use those above it; only compiling, in `program`, looks down: at `check`.
//!
//! | module | what it does |
//! |---|---|
//! | [`crc`] | the checksum of packs and tokens |
//! | [`ground`] | truth, ids, kinds, verbs, limits |
//! | [`program`] | what decides, and the pack that carries it |
//! | [`decide`] | runs a program on words |
//! | [`session`] | a subject fills the inputs of a program, then every decision at once |
//! | `source` | text becomes nodes that know where they stand |
//! | `diagnostic` | what is wrong with a document, where, and what to do |
//! | `document` | the typed policy document and its requirement language |
//! | `logic` | decision diagrams: exact questions go to one place |
//! | `check` | the passes over a document; yields a checked one |
//! | `studio` | everything that may be asked of a policy: why, what if, the least to grant; read-only views |
//! | `wasm` | the exports to JavaScript |
//! | `policies` | three real systems |
//!
//! Without the feature `studio` there are [`crc`] and [`decide`] alone, and `no_std`: all that a front end or edge worker loads as
//! WebAssembly. What it decides is looked up, filled in and read by whoever calls it: [`session`] here, the package's
//! TypeScript there.
#![no_std]

#[cfg(feature = "studio")]
extern crate alloc;
#[cfg(feature = "studio")]
extern crate std;

pub mod crc;
pub mod decide;
#[cfg(feature = "studio")]
pub mod ground;
#[cfg(feature = "studio")]
pub mod program;
#[cfg(feature = "studio")]
pub mod session;
#[cfg(feature = "studio")]
pub mod source;
#[cfg(feature = "studio")]
pub mod diagnostic;
#[cfg(feature = "studio")]
pub mod document;
#[cfg(feature = "studio")]
pub mod logic;
#[cfg(feature = "studio")]
pub mod check;
#[cfg(feature = "studio")]
pub mod studio;
#[cfg(feature = "studio")]
pub mod policies;
#[cfg(all(feature = "wasm", target_arch = "wasm32"))]
mod wasm;

#[cfg(all(doctest, feature = "studio"))]
#[doc = include_str!("../README.md")]
struct Readme;
