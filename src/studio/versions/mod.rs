//! Compares two versions of a policy: the decisions that differ, each with a subject that shows it.

mod alignment;
mod changed_steps;
pub(super) mod compare;
mod declared;
pub(super) mod difference;
mod item;
mod roles;
mod witness;
