//! Sessions: a subject resolved against a policy, every decision at once.
//!
//! [`Subject`] → names looked up ([`State`]) → inputs filled → [`decide`](crate::decide) → [`Session`].

mod error;
#[cfg(feature = "studio")]
mod field;
mod fill;
mod inputs;
mod intern;
#[cfg(feature = "studio")]
mod lanes;
mod read;
mod resolve;
mod rows;
mod state;
mod subject;
mod token;

pub use error::{SubjectError, SubjectFault};
pub use fill::Giver;
pub use intern::Assignments;
#[cfg(feature = "studio")]
pub(crate) use lanes::{FIRST, Lanes, People, fill_lane};
pub use read::{Decision, Holding, MenuNode};
pub use resolve::Session;
#[cfg(feature = "studio")]
pub(crate) use rows::nobody;
pub use state::State;
#[cfg(feature = "studio")]
pub(crate) use state::grants_of;
pub use subject::{Change, RoleRef, Subject};
