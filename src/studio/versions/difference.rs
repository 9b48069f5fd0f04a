//! A difference between two versions of a policy.

use crate::session::Subject;
use serde::Serialize;

/// A decision that differs for some subject, or a declaration that differs.
///
/// # Examples
/// ```
/// use privet::{Studio, Value};
///
/// let before = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let text = privet::policies::DOTDIGITAL.replace(r#""requires": "programs""#, r#""requires": "programs or sender""#);
/// let found = before.compare(&Studio::compile(&text, false)?).changed.remove(0);
/// assert_eq!((found.id.as_str(), found.before.as_str(), found.after.as_str()), ("programs.access", "denied", "allowed"));
/// assert_eq!(found.witness.unwrap_or_default().grants, [("sender".into(), Value::Flag(true))]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Difference {
    /// The operation, the privilege with the changed requirement, the role, or what has the changed label.
    pub id: String,
    /// The kind of the difference.
    pub kind: DifferenceKind,
    /// The obligation, if the condition under which it is owed, or its label, has changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub obligation: Option<String>,
    /// The level or option with the changed requirement or label.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub level: Option<String>,
    /// The smallest subject for which the versions differ, in the ids of the later version. It has ids that exist in
    /// only one version only if there is no other witness; with an id that exists only in the earlier version, it uses
    /// the ids of that version. If the versions give different known answers to some subject, it is such a one. Absent for a
    /// difference of declarations.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional, type = "Subject<S>"))]
    pub witness: Option<Subject>,
    /// The facts that the witness assumes to have some value.
    #[cfg_attr(feature = "schema", ts(type = "readonly FactId<S>[]"))]
    pub assumes: Vec<String>,
    /// With a witness: the decision of the earlier version for it; of a requirement, whether the grant has an effect; of an
    /// obligation, whether the operation is allowed; of a role, whether its `when` holds, as `allowed` or `denied`. Without one, what
    /// the earlier version declares: a label; menu items, the parent of a menu item, or verbs, as ids with `, ` between them; `true` or
    /// `false` for `restricts`; the grants of a role, as `desk: north, export`; values, as `number, 0 to 10` or
    /// `level: view, edit`.
    pub before: String,
    /// The same of the later version.
    pub after: String,
    /// Of an obligation: `true` if only the later version owes it, `false` if only the earlier version does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub owed: Option<bool>,
}

impl Difference {
    pub(super) fn new(id: &str, kind: DifferenceKind) -> Self {
        Self {
            id: id.into(),
            kind,
            obligation: None,
            level: None,
            witness: None,
            assumes: Vec::new(),
            before: String::new(),
            after: String::new(),
            owed: None,
        }
    }
}

/// The kind of a difference.
///
/// # Examples
/// ```
/// use privet::{DifferenceKind, Studio};
///
/// let before = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let text = privet::policies::DOTDIGITAL.replace(r#""requires": "analytics", "granted"#, r#""granted"#);
/// let changed = before.compare(&Studio::compile(&text, false)?).changed;
/// let found: Vec<_> = changed.iter().map(|it| (it.id.as_str(), it.kind)).collect();
/// let (requires, operation) = (DifferenceKind::Requires, DifferenceKind::Operation);
/// assert_eq!(found, [("reporting-drill-down", requires), ("reports.drill-down", operation)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum DifferenceKind {
    /// The decision on an operation.
    Operation,
    /// The condition under which a grant has an effect.
    Requires,
    /// The condition under which an obligation is owed.
    Obligation,
    /// The menu items of an operation, or the parent of a menu item.
    Menu,
    /// The verbs of an operation.
    Verbs,
    /// Whether an operation stands for a restriction.
    Restricts,
    /// The condition under which a role is held, or what it grants: unless that changes decisions only
    /// where the role joins with inline roles, which those operations tell.
    Role,
    /// A label.
    Label,
    /// The values that a fact or privilege may have: its kind, the order of its levels, or the range of a number.
    Values,
}
