//! What a change does, and whether it may be made.

pub(super) mod changed;
pub(super) mod preview;
pub(super) mod review;
