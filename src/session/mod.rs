//! Sessions: a subject resolved against a policy, every decision at once.
//!
//! [`Subject`] → names looked up ([`State`]) → inputs filled → [`decide`](crate::engine) → [`Session`].

mod error;
mod evaluate;
pub(crate) mod inputs;
mod lookup;
mod read;
mod record;
mod state;
mod subject;
mod token;

pub use error::{SubjectError, SubjectFault};
pub use evaluate::Session;
pub(crate) use evaluate::undoes;
pub use inputs::Giver;
pub use read::{Decision, Holding, MenuNode};
pub(crate) use state::grants_of;
pub use state::{Assignments, State};
pub use subject::{Change, RoleRef, Subject};
