//! Documents that are made to be slow, and every question about them: what `scripts/trust/bounds.sh` searches, and what `tests/bounds.json`
//! keeps of it. A question ends with an answer or with the limit that stops it, whose code the cases have.

pub(crate) mod documents;
mod packs;
pub(crate) mod questions;
