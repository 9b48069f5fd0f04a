//! Why an operation is decided as it is: the decision's own tree, what each test needs and what is held, and that in words.

pub(super) mod chain;
pub(super) mod describe;
pub(super) mod explain;
pub(super) mod explainer;
pub(super) mod reading;
pub(super) mod sentence;
pub(super) mod written;
