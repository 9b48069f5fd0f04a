#![doc = include_str!("../README.md")]

mod claims;
mod guard;
mod kept;
mod layer;
mod problem;

pub use claims::Claims;
pub use guard::{Guard, HookError, InvalidOptions};
pub use layer::{Require, RequireLayer};
pub use problem::{Problem, Refusal};
