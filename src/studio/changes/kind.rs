//! The kind of a reviewed change, where it does not follow from the difference.

use crate::document::ChangeKind;
use crate::session::{SubjectError, SubjectFault};
use crate::util::suggest::{did_you_mean, one_of};

/// The kind of a reviewed change, where it does not follow from the difference between before and after.
///
/// # Examples
/// ```
/// use privet::{ReviewKind, ReviewOptions, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let manager = Subject { grants: vec![("can-manage-account".into(), Value::Flag(true))], ..Subject::default() };
/// let actor = studio.policy().session(&manager)?;
/// let empty = Subject::default();
/// let options = ReviewOptions { kind: Some(ReviewKind::Create), ..ReviewOptions::default() };
/// let review = studio.review(&actor, &empty, &empty, options)?;
/// assert_eq!(review.broken[0].label, "A new user needs at least one account");
/// assert_eq!(ReviewKind::named("create")?, ReviewKind::Create);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewKind {
    /// A new subject. All of its grants and roles are new: rules on grants and roles read the empty subject as
    /// `before`. Rules on `create` read `before` as passed: the subject that is copied, if there is one.
    Create,
    /// A subject is deleted: `after` is empty.
    Delete,
    /// A role is redefined: `before` and `after` hold the grants of the role.
    RoleDefinition,
}

impl ReviewKind {
    const ALL: [Self; 3] = [Self::Create, Self::Delete, Self::RoleDefinition];

    /// The kind with this name, as in `changeRules`.
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`] for any other word: the other kinds follow from the difference.
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
