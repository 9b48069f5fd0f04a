//! What a change adds and removes.

/// Two lists: what is there afterwards and was not before, and the reverse. Each keeps policy order.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Delta<T> {
    /// What is there afterwards and was not before.
    pub added: Vec<T>,
    /// What was there before and is not afterwards.
    pub removed: Vec<T>,
}

impl<T> Default for Delta<T> {
    fn default() -> Self {
        Self { added: Vec::new(), removed: Vec::new() }
    }
}
