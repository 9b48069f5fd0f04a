//! The least to change: for an operation to be allowed or denied, for a near miss, for a step of a guide, and the least that
//! somebody needs at all.

pub(super) mod advice;
pub(super) mod candidates;
pub(super) mod change;
pub(super) mod fix;
pub(super) mod forced;
pub(super) mod guide;
pub(super) mod least;
pub(super) mod near;
pub(super) mod options;
pub(super) mod reduce;
