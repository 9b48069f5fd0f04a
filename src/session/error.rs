//! What can be wrong with a subject, a change or a question.

use crate::model::validate::InvalidValue;
use std::fmt;

/// Which kind of mistake it is. Each has a stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubjectFault {
    /// An id that the policy does not have.
    UnknownId,
    /// A value that the privilege does not take.
    InvalidGrant,
    /// A value that the fact does not take.
    InvalidFact,
    /// Something that has not the shape of a subject or change.
    InvalidSubject,
    /// Something that is no set of options for fixes.
    InvalidOptions,
    /// Two roles that are surely held give a choice different options.
    ConflictingChoice,
    /// A change that a listed or inline role undoes.
    HeldByRole,
    /// A change that a role undoes which a fact assumes.
    HeldByFact,
    /// Text that is no token, or was damaged.
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
            Self::ConflictingChoice => "conflicting-choice",
            Self::HeldByRole => "held-by-role",
            Self::HeldByFact => "held-by-fact",
            Self::InvalidToken => "invalid-token",
            Self::StaleToken => "stale-token",
        }
    }
}

/// A subject, change or question that cannot be answered. Nothing was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectError(Box<Told>);

/// One word in every result that may be an error, instead of ten that each `?` moves.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    fault: SubjectFault,
    id: String,
    message: String,
    help: String,
}

impl SubjectError {
    pub(crate) fn new(fault: SubjectFault, id: &str, message: String, help: String) -> Self {
        Self(Box::new(Told { fault, id: id.into(), message, help }))
    }

    /// A value that does not fit.
    pub(crate) fn misfit(fault: SubjectFault, id: &str, misfit: InvalidValue) -> Self {
        Self::new(fault, id, misfit.message, misfit.help)
    }

    /// What is wrong, where, and what to do.
    pub(crate) fn text(&self) -> String {
        format!("{}; {}", self.message(), self.help())
    }

    /// Which kind of mistake it is.
    pub fn fault(&self) -> SubjectFault {
        self.0.fault
    }

    /// The id that it is about; empty when it is about the shape of the whole.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// What is wrong and where.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about it.
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
