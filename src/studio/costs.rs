//! The costs that are not in documents: fixes, and reasons of alternatives, compare by them.

/// The cost of a fact. It is high because an administrator cannot grant a fact: someone else has to switch it.
pub(super) const FACT: u32 = 100;
