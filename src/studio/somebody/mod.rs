//! What somebody may become: everything that they may be given, what of it a question reads, and the cheapest of it after
//! which something holds.

pub(super) mod cone;
pub(super) mod everything;
pub(super) mod solve;
pub(super) mod space;
