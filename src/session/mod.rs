//! Sessions: a subject resolved against a policy, every decision at once.
//!
//! [`Subject`] → names looked up ([`State`]) → inputs filled → [`decide`](crate::decide) → [`Session`].

mod error;
mod fill;
mod inputs;
mod intern;
mod read;
mod resolve;
mod rows;
mod state;
mod subject;
mod token;

pub use error::{SubjectError, SubjectFault};
pub use fill::Giver;
pub use intern::Assignments;
pub use read::{Decision, Holding, MenuNode};
pub use resolve::Session;
pub use state::State;
pub use subject::{Change, RoleRef, Subject};
