//! What holds for everybody that there may be: what a privilege means, and how two versions of a policy differ.

pub(super) mod apart;
pub(super) mod compare;
pub(super) mod impact;
pub(super) mod shared;
pub(super) mod touched;
