//! Sessions: subjects evaluated against a policy.
//!
//! [`Subject`] → `lookup` → [`State`] → [`engine`](crate::engine) → [`Session`].

mod conflicts;
mod error;
mod evaluate;
mod givers;
mod lookup;
mod provenance;
mod read;
mod record;
mod state;
mod subject;
mod token;

pub use error::{SubjectError, SubjectFault};
#[cfg(feature = "host")]
pub(crate) use evaluate::DetachedSession;
pub use evaluate::Session;
pub(crate) use evaluate::role_overrides;
pub use givers::Giver;
#[cfg(feature = "host")]
pub(crate) use lookup::unknown as unknown_id;
pub use provenance::{GrantGiver, Provenance};
pub use read::{Decision, Holding, MenuNode};
#[cfg(feature = "studio")]
pub(crate) use state::grants_of;
pub use state::{Assignments, State};
pub use subject::{Amendment, Change, RoleRef, Subject};
