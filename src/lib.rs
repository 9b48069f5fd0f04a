//! Privet decides, from a person's privileges, what they may see and do in a product's menus and screens, and says why.
//!
//! A policy document is checked and compiled into a [`Policy`]. Evaluating a [`Subject`] against it yields a [`Session`] with
//! all decisions. A [`Population`] evaluates many subjects at once. A [`Studio`] explains decisions and proposes changes.
//!
//! ```
//! use privet::{Policy, Subject};
//!
//! let policy = Policy::compile(privet::policies::CONTACT)?;
//! let session = policy.session(&Subject::default())?;
//! assert!(!session.can("calls.flows.define")?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//!
//! | feature | adds | dependencies |
//! |---|---|---|
//! | none (`default-features = false`) | [`Policy::open`], [`Session`], [`Population`], tokens: all that a server needs to decide | `serde`, `serde_json`, `sha2`, `hashbrown`, `strsim`, `base64ct`, `bitflags` |
//! | `studio` (default) | checking, compiling and [`Studio`] | `jsonc-parser`, `litemap` |
//! | `schema` (default) | the JSON Schema of the document, TypeScript types of the answers | `schemars`, `ts-rs` |
//! | `parallel` | evaluation of a [`Population`] on all cores | `rayon` |
//! | `wasm` | the exports of the WebAssembly modules | `wasm-bindgen`, `js-sys`, `serde-wasm-bindgen` |
//! | `host` | the exports of `host.wasm`, the module for hosts in other languages | none |
//!
//! # Modules
//!
//! Data flows from top to bottom. `model` and `util` share their types and helpers with all modules; any other module imports
//! only modules above it, and no files import each other in a cycle (`tests/it/architecture.rs` checks this).
//!
//! | module | contents |
//! |---|---|
//! | `model` | ids, kinds, values, three-valued verdicts, limits |
//! | `util` | suggestions for unknown ids, lists of ids in messages, conversions |
//! | `engine` | the evaluator of programs and the checksum |
//! | `pack` | the compiled program and its binary form |
//! | `session` | subjects, changes, their evaluation, decisions, tokens |
//! | `population` | packed rows of many subjects, evaluated 64 at a time |
//! | `source` | the parser of JSON with comments: text to nodes with positions |
//! | `diagnostic` | diagnostics of a document |
//! | `document` | the typed document and the requirement language |
//! | `index` | where the ids of a document stand, for editors |
//! | `bdd` | binary decision diagrams |
//! | `check` | the checks of a document; they return a checked document |
//! | `compile` | the compiler: a checked document to a program |
//! | `studio` | explanations, fixes, impact, comparison of versions, previews and reviews of changes |
//! | `wasm` | the exports to JavaScript |
//! | `host` | the exports of `host.wasm` |
//! | `policies` | three complete policies |

#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod util;
#[doc(hidden)]
pub mod engine;
#[doc(hidden)]
pub mod pack;
#[doc(hidden)]
pub mod session;
#[doc(hidden)]
pub mod population;
pub mod policies;
#[cfg(feature = "studio")]
#[doc(hidden)]
pub mod source;
#[cfg(feature = "studio")]
#[doc(hidden)]
pub mod diagnostic;
#[cfg(feature = "studio")]
#[doc(hidden)]
pub mod document;
#[cfg(feature = "studio")]
#[doc(hidden)]
pub mod index;
#[cfg(feature = "studio")]
#[doc(hidden)]
pub mod bdd;
#[cfg(feature = "studio")]
#[doc(hidden)]
pub mod check;
#[cfg(feature = "studio")]
#[doc(hidden)]
pub mod compile;
#[cfg(feature = "studio")]
#[doc(hidden)]
pub mod studio;
#[cfg(all(feature = "wasm", target_arch = "wasm32"))]
mod wasm;
#[cfg(all(feature = "host", target_arch = "wasm32"))]
mod host;

pub use model::{Delta, Value, Verbs, Verdict, limits};
pub use pack::{PackError, PackFault, Policy};
pub use population::{BitMatrix, Matches, PackedRows, Population, PopulationPreview, RowError};
pub use session::{
    Amendment, Change, Decision, GrantGiver, Holding, MenuNode, Provenance, RoleRef, Session, Subject, SubjectError,
    SubjectFault,
};

#[cfg(feature = "studio")]
pub use check::{check, check_files};
#[cfg(feature = "studio")]
pub use diagnostic::{Code, Diagnostic, Related, Report, Severity, render, render_files};
#[cfg(feature = "schema")]
pub use document::schema;
#[cfg(feature = "studio")]
pub use document::{
    ExpectedWord, GrantedThrough, RequirementWord, RequirementWords, Source, WordRole, requirement_words,
};
#[cfg(feature = "studio")]
pub use index::{DocumentIndex, IndexedSymbol, SymbolDeclaration, SymbolKind, SymbolPlace, index, index_files};
#[cfg(feature = "studio")]
pub use source::Location;
#[cfg(feature = "studio")]
pub use studio::messages;
#[cfg(feature = "studio")]
pub use studio::{
    Actors, Arguments, BrokenRule, Difference, DifferenceKind, DormantGrant, Explanation, FactStep, Fix, FixOptions,
    FixResult, FixStep, Goal, GrantStep, GuideStep, Impact, Labels, LeastPrivilege, LeastPrivilegeBy,
    LeastPrivilegeOptions, MenuChanges, Messages, Missing, NearMiss, NearestRoles, NodeKind, Owed, PeopleGiver,
    PolicyDescription, PolicyDifference, Preview, Reason, Residual, Review, ReviewKind, ReviewOptions, RoleStep,
    StepState, Studio, Target, TestNode, Through,
};

#[cfg(all(doctest, feature = "studio"))]
#[doc = include_str!("../docs/rust.md")]
struct Readme;
