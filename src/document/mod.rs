//! The policy document, typed: what it may say, read from nodes with every fault reported, and the requirement
//! language. What its ids refer to is the checker's business.

mod list;
mod read;
mod requirement;
#[cfg(feature = "schema")]
mod schema;
mod types;
mod values;

pub use list::{List, Map};
pub use requirement::{Expression, ExpressionKind, Op, RawTest, Requirement, RequirementError, Word};
#[cfg(feature = "schema")]
pub use schema::schema;
pub use types::{
    Allow, ChangeKind, ChangeRule, Choice, Document, Fact, GrantedThrough, Guide, Level, MenuItem, Obligation,
    Operation, Privilege, Role, Source, Step, Verb, Within,
};
pub use values::Id;

use crate::diagnostic::Findings;
use crate::source::{Node, ROOT};

impl Document {
    /// Reads a document. `None` when it lacks what every document must have; all faults are in `findings`.
    pub fn read(root: Node, findings: &mut Findings) -> Option<Self> {
        let document = <Self as read::Read>::read(root, ROOT, findings)?;
        Some(Self { schema: None, ..document })
    }

    /// The canonical form: compact JSON, keys in the order of the format, defaults left out. Equal documents have
    /// equal bytes, and the canonical form of a document is a document that means the same.
    pub fn canonical(&self) -> Vec<u8> {
        // The keys of a document are strings, so its serialization cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }
}
