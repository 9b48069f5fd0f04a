//! The ground that everything stands on: truth, ids, kinds, verbs, limits. It imports nothing of the crate.

pub mod fit;
pub mod ids;
#[cfg(feature = "studio")]
pub mod json;
pub mod kinds;
pub(crate) mod known;
pub mod limits;
pub mod map;
pub mod quick;
pub mod size;
pub mod sort;
pub mod suggest;
pub mod text;
pub mod truth;
pub mod value;
pub mod verbs;

#[cfg(feature = "studio")]
pub use json::Json;
pub use kinds::{FactKind, PrivilegeKind};
pub use map::{Map, Set};
pub use size::size;
pub use sort::Gather;
pub use truth::Verdict;
pub use value::Value;
pub use verbs::Verbs;
