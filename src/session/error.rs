//! The error for invalid subjects, changes and queries.

use crate::model::validate::InvalidValue;
use std::fmt;

/// The kind of a [`SubjectError`]. Each has a stable code.
///
/// # Examples
/// ```
/// use privet::{Policy, Subject, SubjectFault};
///
/// let policy = Policy::compile(privet::policies::CONTACT)?;
/// let session = policy.session(&Subject::default())?;
/// let fault = session.can("calls.flow.define").unwrap_err().fault();
/// assert_eq!((fault, fault.code()), (SubjectFault::UnknownId, "unknown-id"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubjectFault {
    /// An id that the policy does not declare.
    UnknownId,
    /// An invalid value for a privilege.
    InvalidGrant,
    /// An invalid value for a fact.
    InvalidFact,
    /// A value that does not have the shape of a subject or change.
    InvalidSubject,
    /// Invalid options of a query.
    InvalidOptions,
    /// A grant or role that ends, where the time is not given.
    TimeMissing,
    /// Two held roles grant different options of a choice.
    ConflictingChoice,
    /// A change without effect, since a listed or inline role grants what it removes.
    HeldByRole,
    /// A change without effect, since a role that is held through its `when` grants what it removes.
    HeldByFact,
    /// A string that is not a token, or is damaged.
    InvalidToken,
    /// A token of a policy with another layout.
    StaleToken,
}

impl SubjectFault {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownId => "unknown-id",
            Self::InvalidGrant => "invalid-grant",
            Self::InvalidFact => "invalid-fact",
            Self::InvalidSubject => "invalid-subject",
            Self::InvalidOptions => "invalid-options",
            Self::TimeMissing => "time-missing",
            Self::ConflictingChoice => "conflicting-choice",
            Self::HeldByRole => "held-by-role",
            Self::HeldByFact => "held-by-fact",
            Self::InvalidToken => "invalid-token",
            Self::StaleToken => "stale-token",
        }
    }
}

/// An invalid subject, change or query. Nothing was evaluated.
///
/// # Examples
/// ```
/// use privet::{Policy, Subject, Value};
///
/// let policy = Policy::compile(privet::policies::VICIDIAL)?;
/// let facts = vec![("emial-allowed".into(), Value::Flag(true))];
/// let error = policy.session(&Subject { facts, ..Subject::default() }).unwrap_err();
/// assert_eq!(error.id(), "emial-allowed");
/// assert_eq!(error.message(), "unknown fact `emial-allowed` in `facts`");
/// assert_eq!(error.help(), "did you mean `email-allowed`?");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectError(Box<Fields>);

/// The fields of a [`SubjectError`], boxed to keep `Result` small.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fields {
    fault: SubjectFault,
    id: String,
    message: String,
    help: String,
}

impl SubjectError {
    pub(crate) fn new(fault: SubjectFault, id: &str, message: String, help: String) -> Self {
        Self(Box::new(Fields { fault, id: id.into(), message, help }))
    }

    /// The error with a text that says what is wrong and what to do: see [`message`](crate::util::messages).
    pub(crate) fn say(fault: SubjectFault, id: &str, (message, help): (String, String)) -> Self {
        Self::new(fault, id, message, help)
    }

    /// The error for an invalid value of the privilege or fact `id`.
    pub(crate) fn invalid_value(fault: SubjectFault, id: &str, invalid: InvalidValue) -> Self {
        Self::new(fault, id, invalid.message, invalid.help)
    }

    /// The message and the help.
    pub(crate) fn text(&self) -> String {
        format!("{}; {}", self.message(), self.help())
    }

    /// The kind of the error.
    pub fn fault(&self) -> SubjectFault {
        self.0.fault
    }

    /// The id or key that is wrong; empty if the error is not about a single one.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// What is wrong and where.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do.
    pub fn help(&self) -> &str {
        &self.0.help
    }
}

impl fmt::Display for SubjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl std::error::Error for SubjectError {}
