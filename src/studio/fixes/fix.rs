//! Fixes: changes of least cost after which an operation is allowed, or denied.

use super::change::FixStep;
use crate::session::Change;
use crate::studio::changes::preview::Preview;
use serde::Serialize;

/// A change of least cost that reaches the decision.
///
/// # Examples
/// ```
/// use privet::{FixOptions, Studio, Subject};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let session = studio.policy().session(&Subject::default())?;
/// let fix = studio.fixes(&session, "programs.access", &FixOptions::default())?.fixes.remove(0);
/// assert_eq!((fix.cost, fix.sentence.as_str()), (1, "Grant Programs."));
/// assert_eq!(fix.side_effects.menu.shown, ["programs"]);
/// assert!(session.with(&fix.change)?.can("programs.access")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Fix {
    /// The change. The session accepts it.
    #[cfg_attr(feature = "schema", ts(type = "Change<S>"))]
    pub change: Change,
    /// The sum over the assigned ids: a privilege costs its `cost`, a fact 100, a role the sum over the privileges that
    /// it adds or removes.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub cost: u64,
    /// The assignments of the change.
    pub steps: Vec<FixStep>,
    /// The operations that become allowed besides those asked for, in policy order, without those that restrict.
    #[cfg_attr(feature = "schema", ts(type = "readonly OperationId<S>[]"))]
    pub opens: Vec<String>,
    /// The operations that are no longer allowed besides those asked for, in policy order, without those that restrict.
    #[cfg_attr(feature = "schema", ts(type = "readonly OperationId<S>[]"))]
    pub closes: Vec<String>,
    /// All effects of the change, the intended one included.
    #[serde(rename = "sideEffects")]
    pub side_effects: Preview,
    /// The steps in English, and what else the change opens; to deny an operation, what else it closes.
    pub sentence: String,
}

/// The fixes of least cost.
///
/// # Examples
/// ```
/// use privet::{FixOptions, Studio, Subject};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let session = studio.policy().session(&Subject::default())?;
/// let result = studio.fixes(&session, "programs.access", &FixOptions::default())?;
/// assert!(result.complete && result.minimal && result.fixes.len() == 1);
///
/// let frozen = vec!["programs".into(), "owner".into()];
/// let result = studio.fixes(&session, "programs.access", &FixOptions { frozen, ..FixOptions::default() })?;
/// assert_eq!((result.fixes.len(), result.blocked_by), (0, vec!["programs".to_owned()]));
/// assert_eq!(result.sentence.as_deref(), Some("Programs must change, and is frozen."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FixResult {
    /// The fixes, each verified by evaluating the changed session. Those that open the fewest other operations come first
    /// (to deny an operation: close the fewest), then those of ids and values that come first in the policy.
    pub fixes: Vec<Fix>,
    /// Whether all fixes of least cost are included.
    pub complete: bool,
    /// Whether it is proved that there is no fix of lower cost.
    pub minimal: bool,
    /// The limit that stopped the search, if one did.
    #[serde(rename = "stoppedBy", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional, type = "string"))]
    pub stopped_by: Option<&'static str>,
    /// If there is no fix: the ids that would have to change and may not. They are frozen, or privileges that are granted
    /// only through roles, where no role grants enough.
    #[serde(rename = "blockedBy")]
    #[cfg_attr(feature = "schema", ts(type = "readonly (PrivilegeId<S> | FactId<S> | RoleId<S>)[]"))]
    pub blocked_by: Vec<String>,
    /// If there is no fix: why, in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub sentence: Option<String>,
}

impl FixResult {
    pub(super) const fn empty() -> Self {
        Self {
            fixes: Vec::new(),
            complete: true,
            minimal: true,
            stopped_by: None,
            blocked_by: Vec::new(),
            sentence: None,
        }
    }

    pub(super) const fn mark_stopped(&mut self, bound: &'static str) {
        self.complete = false;
        self.minimal = false;
        self.stopped_by = Some(bound);
    }
}
