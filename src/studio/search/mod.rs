//! The search space of changes: the domains of the ids, the cone of influence of a query, and the cheapest changes
//! after which a requirement holds.

pub(super) mod cone;
pub(super) mod domains;
pub(super) mod notation;
pub(super) mod solve;
pub(super) mod space;
