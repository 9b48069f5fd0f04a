//! The options of a search for the least privilege.

use super::options::FixOptions;
use crate::model::Value;
use crate::session::{SubjectError, SubjectFault};

/// What the least privilege has the least of.
///
/// # Examples
/// ```
/// use privet::{LeastPrivilegeBy, LeastPrivilegeOptions};
///
/// let options = LeastPrivilegeOptions::from_value(serde_json::from_str(r#"{ "by": "cost", "limit": 1 }"#)?)?;
/// assert_eq!((options.by, options.fixes.limit), (LeastPrivilegeBy::Cost, Some(1)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LeastPrivilegeBy {
    /// It opens the fewest other operations; of these changes, those of least cost are returned.
    #[default]
    Excess,
    /// It has the least cost.
    Cost,
}

/// The options of a search for the least privilege.
///
/// # Examples
/// ```
/// use privet::{LeastPrivilegeBy, LeastPrivilegeOptions};
///
/// assert_eq!(LeastPrivilegeOptions::default().by, LeastPrivilegeBy::Excess);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeastPrivilegeOptions {
    /// What is least.
    pub by: LeastPrivilegeBy,
    /// The options that it shares with fixes. `to` must be [`Goal::Allowed`](crate::Goal::Allowed).
    pub fixes: FixOptions,
}

impl LeastPrivilegeOptions {
    /// Reads `{ by?, costs?, frozen?, through?, limit? }`.
    ///
    /// # Errors
    /// [`SubjectFault::InvalidOptions`] if the value does not have this shape. Ids are looked up later.
    pub fn from_value(mut value: Value) -> Result<Self, SubjectError> {
        let mut by = LeastPrivilegeBy::default();
        if let Value::Map(entries) = &mut value
            && let Some(index) = entries.iter().position(|(key, _)| key == "by")
        {
            by = match entries.remove(index).1 {
                Value::Null => by,
                Value::Text(word) if word == "excess" => LeastPrivilegeBy::Excess,
                Value::Text(word) if word == "cost" => LeastPrivilegeBy::Cost,
                other => {
                    let message = format!("option `by` is `{}`", other.shown());
                    let help = "give `excess` or `cost`".into();
                    return Err(SubjectError::new(SubjectFault::InvalidOptions, "by", message, help));
                }
            };
        }
        Ok(Self { by, fixes: FixOptions::from_value(&value)? })
    }
}
