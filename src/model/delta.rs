//! The difference between two lists.

/// The items that a change adds and removes, each in policy order.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Delta<T> {
    /// The items that exist only after the change.
    pub added: Vec<T>,
    /// The items that exist only before the change.
    pub removed: Vec<T>,
}

impl<T> Default for Delta<T> {
    fn default() -> Self {
        Self { added: Vec::new(), removed: Vec::new() }
    }
}
