//! The kind of a reviewed change, where the difference alone does not say it.

use crate::document::ChangeKind;
use crate::session::{SubjectError, SubjectFault};
use crate::util::suggest::{did_you_mean, one_of};

/// What kind of change it is, where before and after do not say so themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewKind {
    /// Somebody new. All that the new one has is given: rules on grants and roles read nobody as `before`. Rules on
    /// creating read the one that is copied, if `before` is somebody.
    Create,
    /// Somebody less: after it there is nobody.
    Delete,
    /// Before and after hold what a role grants before and after.
    RoleDefinition,
}

impl ReviewKind {
    const ALL: [Self; 3] = [Self::Create, Self::Delete, Self::RoleDefinition];

    /// The kind that a word names, as in `changeRules`.
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`] for any other word: the other kinds follow from what differs.
    pub fn named(word: &str) -> Result<Self, SubjectError> {
        let words = || Self::ALL.iter().map(|kind| kind.of_rules().as_str());
        Self::ALL.into_iter().find(|kind| kind.of_rules().as_str() == word).ok_or_else(|| {
            let help = did_you_mean(word, words()).unwrap_or_else(|| format!("it is {}, or left out", one_of(words())));
            SubjectError::new(SubjectFault::InvalidSubject, "kind", format!("`{word}` is no kind of change"), help)
        })
    }

    pub(super) const fn of_rules(self) -> ChangeKind {
        match self {
            Self::Create => ChangeKind::Create,
            Self::Delete => ChangeKind::Delete,
            Self::RoleDefinition => ChangeKind::RoleDefinition,
        }
    }
}
