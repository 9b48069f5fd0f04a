//! Labels that a caller gives instead of those of the document, for another language.

use crate::check::Checked;
use crate::document::Document;
use crate::model::Value;
use crate::session::{SubjectError, SubjectFault};
use crate::util::sort;
use crate::util::suggest::{did_you_mean, one_of};

/// The kinds of labels.
const KINDS: [&str; 13] = [
    "facts",
    "conditions",
    "privileges",
    "roles",
    "menu",
    "operations",
    "verbs",
    "obligations",
    "guides",
    "changeRules",
    "places",
    "units",
    "values",
];

/// Labels of a policy in another language, by kind and id: `facts`, `conditions`, `privileges`, `roles`, `menu`, `operations`,
/// `verbs`, `obligations`, `guides` (their steps as `guide/step`), `changeRules`; `places` and `units`: where a fact is set, and the
/// unit of a number privilege; `values`: by fact or privilege, then by level or option.
///
/// # Examples
/// ```
/// use privet::{Labels, Studio, Subject};
///
/// let labels = Labels::from_json(
///     r#"{ "privileges": { "user-level": "Benutzerstufe" }, "values": { "user-level": { "8": "Stufe 8" } } }"#,
/// )?;
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?.with_labels(&labels)?;
/// let session = studio.policy().session(&Subject::default())?;
/// let why = studio.explain(&session, "admin.enter")?;
/// assert!(why.sentence.ends_with(": denied, because Benutzerstufe is not granted (Stufe 8 or above is needed)."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(Vec<(String, String)>); // texts by `kind/id` or `kind/id/value`

impl Labels {
    /// Reads labels: an object of objects. O(text).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidOptions`] for an unknown kind, and anything but a text as a label. Ids are checked by
    /// [`Studio::with_labels`](crate::Studio::with_labels).
    ///
    /// # Examples
    /// ```
    /// use privet::Labels;
    ///
    /// let error = Labels::from_json(r#"{ "privilege": {} }"#).unwrap_err();
    /// assert_eq!(error.to_string(), "unknown kind `privilege` in `labels`; did you mean `privileges`?");
    /// ```
    pub fn from_json(json: &str) -> Result<Self, SubjectError> {
        Self::from_value(serde_json::from_str(json).unwrap_or(Value::Null))
    }

    /// Reads labels from a value, as [`Labels::from_json`] does.
    ///
    /// # Errors
    /// As [`Labels::from_json`].
    #[doc(hidden)]
    pub fn from_value(labels: Value) -> Result<Self, SubjectError> {
        let mut texts = Vec::new();
        collect("", labels, &mut texts)?;
        sort::sort(&mut texts);
        Ok(Self(texts))
    }

    /// Replaces labels of a checked document. O(document × log of the number of labels).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidOptions`] for an id that the document does not declare; an earlier id of `renamed` is accepted.
    pub(super) fn apply(&self, checked: &mut Checked) -> Result<(), SubjectError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut texts = self.0.clone();
        for (path, _) in &mut texts {
            let mut parts: Vec<&str> = path.splitn(3, '/').collect();
            if let Some(id) = parts.get_mut(1) {
                *id = checked.renamed().get(*id).map_or(*id, String::as_str);
            }
            *path = parts.join("/");
        }
        sort::sort(&mut texts);
        let mut used = vec![false; texts.len()];
        each_label(checked.document_mut(), &mut |kind, id, value, label| {
            let path = path(kind, id, value);
            if let Ok(found) = texts.binary_search_by(|(known, _)| known.as_str().cmp(&path))
                && let (Some((_, text)), Some(used)) = (texts.get(found), used.get_mut(found))
            {
                label.clone_from(text);
                *used = true;
            }
        });
        let unused = texts.iter().zip(&used).find(|(_, used)| !**used);
        let Some((kind, id)) = unused.and_then(|((path, _), _)| path.split_once('/')) else { return Ok(()) };
        let mut known = Vec::new();
        each_label(checked.document_mut(), &mut |of, id, value, _| {
            if of == kind {
                known.push(path("", id, value));
            }
        });
        let help = did_you_mean(id, known.iter().map(|path| path.trim_start_matches('/')));
        let help = help.unwrap_or_else(|| "leave it out: the policy does not have it".into());
        Err(invalid(id, format!("unknown id `{id}` in `labels.{kind}`"), help))
    }
}

/// Collects texts by their paths.
fn collect(at: &str, labels: Value, texts: &mut Vec<(String, String)>) -> Result<(), SubjectError> {
    match labels {
        Value::Map(entries) => {
            for (key, entry) in entries {
                if at.is_empty() && !KINDS.contains(&&*key) {
                    let help =
                        did_you_mean(&key, KINDS).unwrap_or_else(|| format!("use {}", one_of(KINDS.into_iter())));
                    return Err(invalid(&key, format!("unknown kind `{key}` in `labels`"), help));
                }
                let path = if at.is_empty() { key } else { format!("{at}/{key}") };
                collect(&path, entry, texts)?;
            }
        }
        Value::Text(text) if at.contains('/') && !text.is_empty() => texts.push((at.into(), text)),
        other => {
            let place = if at.is_empty() { "labels" } else { at };
            let help = "pass texts by kind and id".into();
            return Err(invalid(place, format!("label `{place}` is `{}`", other.shown()), help));
        }
    }
    Ok(())
}

/// Calls `visit` with the kind, id and value of each label of a document, and the label.
fn each_label(document: &mut Document, visit: &mut dyn FnMut(&str, &str, &str, &mut String)) {
    macro_rules! labels {
        ($($kind:literal: $list:expr),* $(,)?) => { $(
            for entry in $list.iter_mut() {
                visit($kind, &entry.id, "", &mut entry.label);
            }
        )* };
    }
    macro_rules! parts {
        ($kind:literal, $of:expr, $($list:expr),*) => { $(
            for entry in $list.iter_mut() {
                visit($kind, &$of.id, &entry.id, &mut entry.label);
            }
        )* };
    }
    labels! {
        "facts": document.facts,
        "conditions": document.conditions,
        "privileges": document.privileges,
        "roles": document.roles,
        "menu": document.menu,
        "operations": document.operations,
        "verbs": document.verbs,
        "guides": document.guides,
        "changeRules": document.change_rules,
    }
    for operation in document.operations.iter_mut() {
        labels! { "obligations": operation.obligations }
    }
    for guide in document.guides.iter_mut() {
        parts!("guides", guide, guide.steps);
    }
    for fact in document.facts.iter_mut() {
        parts!("values", fact, fact.options, fact.levels);
        if let Some(place) = &mut fact.place {
            visit("places", &fact.id, "", place);
        }
    }
    for privilege in document.privileges.iter_mut() {
        parts!("values", privilege, privilege.options, privilege.levels);
        if let Some(unit) = &mut privilege.unit {
            visit("units", &privilege.id, "", unit);
        }
    }
}

fn path(kind: &str, id: &str, value: &str) -> String {
    let mut path = [kind, "/", id].concat();
    if !value.is_empty() {
        path += "/";
        path += value;
    }
    path
}

fn invalid(id: &str, message: String, help: String) -> SubjectError {
    SubjectError::new(SubjectFault::InvalidOptions, id, message, help)
}
