//! What a change does, and whether it is permitted.

mod changed;
pub(super) mod kind;
pub(super) mod preview;
pub(super) mod review;
