//! Helpers of several tests.

pub(crate) mod golden;
pub(crate) mod policies;
pub(crate) mod random;
pub(crate) mod rows;
