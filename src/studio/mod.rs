//! The studio: everything that may be asked of a policy and its sessions. Read-only views: asking changes nothing.

mod changes;
mod everybody;
mod fixes;
mod populations;
mod somebody;
mod why;

pub use changes::preview::{Changed, Items, Owed, Preview};
pub use changes::review::{BrokenRule, Kind, Review};
pub use everybody::compare::{Difference, DifferenceKind, PolicyDifference};
pub use everybody::impact::{Impact, Target};
pub use fixes::change::{FixStep, StepKind};
pub use fixes::fix::{Fix, FixResult};
pub use fixes::guide::{Actors, GuideStep, StepState};
pub use fixes::least::{LeastPrivilege, NEAREST, NearestRoles};
pub use fixes::options::{FixOptions, Goal};
#[cfg(all(feature = "wasm", target_arch = "wasm32"))]
pub(crate) use populations::people::People;
pub use populations::population::{BitMatrix, Population, PopulationPreview, RowError, Who};
#[cfg(all(feature = "wasm", target_arch = "wasm32"))]
pub(crate) use populations::question::{Asked, Question};
pub use why::describe::describe;
pub use why::explain::{DormantGrant, Explanation, Missing, NearMiss, NodeKind, TestNode};

use crate::check::{Checked, check, checked};
use crate::diagnostic::Report;
use crate::program::{PackError, PackFault, Policy};

/// A policy together with the document behind it: what can be described and explained.
#[derive(Clone, Debug)]
pub struct Studio {
    policy: Policy,
    checked: Checked,
}

impl Policy {
    /// Checks and compiles a policy document: JSON with comments.
    ///
    /// # Errors
    /// [`Report`] with everything that was found, when an error is among it. O(document), save for the proof that `absent`
    /// values open nothing, which has a limit. Warnings are [`check`]'s to give.
    pub fn compile(document: &str) -> Result<Self, Report> {
        Studio::compile(document, true).map(|studio| studio.policy)
    }
}

impl Studio {
    /// Checks and compiles a policy document. `spans` says whether the text is what the user wrote, so that places in
    /// it mean something.
    ///
    /// # Errors
    /// [`Report`] with everything that [`check`] finds, when an error is among it. As costly as [`Policy::compile`]; only
    /// for a report are the checker's other exact questions asked, each of which has a limit.
    pub fn compile(document: &str, spans: bool) -> Result<Self, Report> {
        let checked = checked(document).ok_or_else(|| Report { diagnostics: check(document, spans) })?;
        Ok(Self::from_checked(checked))
    }

    fn from_checked(checked: Checked) -> Self {
        Self { policy: Policy::from_checked(&checked), checked }
    }

    /// Opens a pack by the document in it, and proves that the rest of it is what that document compiles to.
    ///
    /// # Errors
    /// [`PackError`] for bytes that are no pack; [`PackFault::NoStudioSection`] for a stripped one,
    /// [`PackFault::SectionsDisagree`] where a byte is not as compiling writes it. O(document).
    pub fn open_pack(pack: &[u8]) -> Result<Self, PackError> {
        let document = Policy::document_of(pack)?;
        if document.is_empty() {
            return Err(PackError::new(PackFault::NoStudioSection, 0));
        }
        let text = core::str::from_utf8(document).ok();
        let studio = text.and_then(checked).map(Self::from_checked);
        let same = studio.filter(|studio| studio.policy.pack() == pack);
        same.ok_or(PackError::new(PackFault::SectionsDisagree, 0))
    }

    /// Opens the studio section of a policy, as [`Studio::open_pack`] does.
    ///
    /// # Errors
    /// As of [`Studio::open_pack`].
    pub fn open(policy: &Policy) -> Result<Self, PackError> {
        Self::open_pack(policy.pack())
    }

    /// What decides.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The document behind it.
    pub const fn checked(&self) -> &Checked {
        &self.checked
    }
}
