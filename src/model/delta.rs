//! The difference between two lists.

/// The items that a change adds and removes, each in policy order.
///
/// # Examples
/// ```
/// use privet::{Change, Delta, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let session = studio.policy().session(&Subject::default())?;
/// let change = Change { set: vec![("sender".into(), Value::Flag(true))], ..Change::default() };
/// let Delta { added, removed } = studio.preview(&session, &change)?.obligations;
/// assert_eq!(added[0].obligation, "awaits-approval");
/// assert!(removed.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
