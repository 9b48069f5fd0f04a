#![doc = include_str!("../README.md")]

mod guard;
mod kept;
mod layer;
mod problem;

pub use guard::{Claims, Guard, HookError, InvalidOptions};
pub use layer::{Require, RequireLayer};
pub use problem::{Problem, Refusal};
