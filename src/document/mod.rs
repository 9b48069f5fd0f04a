//! The typed policy document and the requirement language.
//!
//! Nodes are read into the types with every fault reported. Ids are checked here for their grammar only; `check`
//! resolves them.

mod change_rule;
mod list;
mod read;
mod requirement;
#[cfg(feature = "schema")]
mod schema;
mod sources;
mod types;
mod values;

pub use change_rule::{ChangeKind, ChangeRule, Within};
pub use list::{List, Map};
pub use requirement::{
    ExpectedWord, Expression, ExpressionKind, Op, RawTest, Requirement, RequirementError, RequirementWord,
    RequirementWords, Word, WordRole, requirement_words,
};
#[cfg(feature = "schema")]
pub use schema::schema;
pub use sources::Source;
pub use types::{
    Allow, Choice, Condition, Document, Fact, FactScope, GrantedThrough, Guide, Level, MenuItem, Obligation, Operation,
    Privilege, Role, Step, Verb,
};
pub use values::{Id, Meta};

use crate::diagnostic::Findings;
use crate::source::{Node, ROOT};

impl Document {
    /// Reads a document and reports every fault to `findings`. `None` if a required key cannot be read.
    pub fn read(root: Node, findings: &mut Findings) -> Option<Self> {
        let document = <Self as read::FromNode>::read(root, ROOT, findings)?;
        Some(Self { schema: None, include: List::default(), ..document })
    }

    /// The canonical form: compact JSON, keys in the order of the format, default values omitted. Equal documents have
    /// equal bytes, and the canonical form of a document is a document that means the same.
    pub fn canonical(&self) -> Vec<u8> {
        // The keys of a document are strings, so its serialization cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }
}
