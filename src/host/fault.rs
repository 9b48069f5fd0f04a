//! The errors of calls.

use crate::pack::PackError;
use crate::session::SubjectError;

/// An error as hosts get it.
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) id: String,
    pub(super) message: String,
}

impl Fault {
    /// An error of the call itself: a handle, a length or a text that is none.
    pub(super) fn call(message: &str) -> Self {
        Self { code: "invalid-call", id: String::new(), message: message.into() }
    }

    /// The error for a handle that is closed or was never given.
    pub(super) fn handle(what: &str) -> Self {
        Self::call(&["not an open ", what, "; it was closed, or never opened"].concat())
    }
}

impl From<SubjectError> for Fault {
    fn from(error: SubjectError) -> Self {
        Self { code: error.fault().code(), id: error.id().into(), message: error.text() }
    }
}

impl From<PackError> for Fault {
    fn from(error: PackError) -> Self {
        Self { code: PackError::CODE, id: String::new(), message: error.text() }
    }
}
