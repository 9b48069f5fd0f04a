//! The types that all other modules share: ids, kinds, values, verdicts, verbs and limits. Imports only `util`.

pub mod comparison;
pub mod delta;
pub mod ids;
pub mod json;
pub mod kinds;
pub mod limits;
pub mod validate;
pub mod value;
pub mod verbs;
pub mod verdict;

pub use comparison::Comparison;
pub use delta::Delta;
pub use kinds::{FactKind, PrivilegeKind};
pub use value::Value;
pub use verbs::Verbs;
pub use verdict::Verdict;
