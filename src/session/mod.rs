//! Sessions: a subject resolved against a policy, every decision at once.
//!
//! [`Subject`] → names looked up ([`State`]) → roles joined into input planes → [`decide`](crate::decide) → [`Session`].

mod error;
mod inputs;
mod intern;
mod join;
mod read;
mod resolve;
#[cfg(feature = "studio")]
mod rows;
mod state;
mod subject;
mod token;

pub use error::{SubjectError, SubjectFault};
pub use intern::Assignments;
pub use join::Giver;
pub use read::{Decision, Holding, MenuNode};
pub use resolve::{Prepared, Session};
pub use state::State;
pub use subject::{Change, RoleRef, Subject};
