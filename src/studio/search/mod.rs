//! The search space of changes: what a subject may be given, the part of it that a question reads, and the cheapest changes
//! after which a requirement holds.

pub(super) mod cone;
pub(super) mod domains;
pub(super) mod solve;
pub(super) mod space;
