//! What a change does, and whether it is permitted.

pub(super) mod changed;
pub(super) mod preview;
pub(super) mod review;
