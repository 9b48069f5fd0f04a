//! The types of reasons: the tests that determine a decision, for sentences.

use serde::Serialize;

/// A test that determines the decision.
///
/// # Examples
/// ```
/// use privet::{Studio, Subject};
///
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
/// let session = studio.policy().session(&Subject::default())?;
/// let args = studio.explain(&session, "email-accounts.open")?.args;
/// assert_eq!((args.reasons[0].code, args.reasons[0].id.as_str()), ("not-granted", "modify-email-accounts"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Reason {
    /// The stable code: `granted`, `not-granted`, `dormant`, `on`, `off`, `too-low`, `too-high`, `value`,
    /// `other-value`, `set`, `not-set`, `included`, `not-included`, `allowed`, `denied`, `met`,
    /// `not-met` or `unknown`.
    pub code: &'static str,
    /// The id of the fact, privilege or operation.
    pub id: String,
    /// Its label.
    pub label: String,
    /// In change rules: whose value is tested (`actor`, `before` or `after`), if it is not that of the subject after the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional, type = "'actor' | 'before' | 'after'"))]
    pub whose: Option<&'static str>,
    /// The needed value, in labels.
    pub needed: String,
    /// The held value, in labels; empty if there is none.
    pub held: String,
    /// If the test is an alternative of an `or`: the number of that `or`. Of the reasons with the same number, fixing one is
    /// enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub alternative: Option<usize>,
    /// The place where the fact is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub place: Option<String>,
    /// The roles that give the value, if the subject does not give it itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<Through>>"))]
    pub through: Vec<Through>,
    /// Of a dormant grant, in words: what has no effect, and why. If the test would fail with its effect, too: only why it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub because: Option<String>,
    /// What the sentence is about.
    #[serde(skip)]
    pub(super) subject: Subject,
    /// Of a dormant grant: how many alternatives would give it its effect, if each of them alone would; else 0.
    #[serde(skip)]
    pub(super) alternatives: usize,
    /// The least (`true`) or greatest value that passes the test, if there is one.
    #[serde(skip)]
    pub(super) bound: Option<(bool, u32)>,
}

/// What a sentence about a test is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    Flag,
    Switch,
    Set,
    /// Whether a number is set.
    Presence,
    Operation,
    Condition,
    Value,
}

/// A role that gives a value.
///
/// # Examples
/// ```
/// use privet::{RoleRef, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
/// let roles = vec![RoleRef::Inline(vec![("modify-email-accounts".into(), Value::Flag(true))])];
/// let facts = vec![("email-allowed".into(), Value::Flag(true))];
/// let session = studio.policy().session(&Subject { roles, facts, ..Subject::default() })?;
/// let args = studio.explain(&session, "email-accounts.open")?.args;
/// assert_eq!(args.reasons[0].through[0].label, "inline role 1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Through {
    /// The label of the role; of an inline role, its number from 1 in words.
    pub label: String,
    /// Of a role that is not listed: why its `when` holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<Reason>>"))]
    pub reasons: Vec<Reason>,
}
