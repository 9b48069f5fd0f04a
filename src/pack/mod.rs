//! The compiled program of a policy, and the pack: its binary form.

mod builder;
mod decode;
#[cfg(feature = "studio")]
mod encode;
mod menu;
mod names;
mod policy;
mod program;
mod slot;
mod table;
mod token_layout;

pub(crate) use builder::Builder;
pub(crate) use menu::MenuIndex;
pub use policy::{PackError, PackFault, Policy};
pub(crate) use program::CONSTANTS;
pub use program::{Fact, Grant, MenuItem, Named, Obligation, Operation, Privilege, Program, Role, are_grants};
pub use slot::{Instruction, Slot};
pub use table::{Entry, Ids, Table};
