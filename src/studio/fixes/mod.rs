//! Smallest changes: fixes, near misses, least privilege, and the fixes for steps of a guide.

pub(super) mod candidates;
pub(super) mod change;
pub(super) mod find;
pub(super) mod fix;
pub(super) mod goal;
pub(super) mod grants;
pub(super) mod guide;
pub(super) mod least;
pub(super) mod least_options;
pub(super) mod narrowest;
pub(super) mod near_misses;
pub(super) mod necessary;
pub(super) mod options;
pub(super) mod reduce;
pub(super) mod sentences;
pub(super) mod smallest;
pub(super) mod sufficient;
pub(super) mod values;
pub(super) mod verification;
