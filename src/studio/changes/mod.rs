//! The effects of a change, and whether the change rules permit it.

mod opening;
mod summary;
pub(super) mod kind;
pub(super) mod preview;
pub(super) mod review;
