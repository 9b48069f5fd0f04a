//! Labels that a caller gives instead of those of the document, for another language.

use crate::check::Checked;
use crate::document::{Document, Map};
use crate::model::Value;
use crate::session::{SubjectError, SubjectFault};
use crate::util::suggest::{did_you_mean, one_of};
use std::collections::BTreeSet;

/// The kinds of labels. Those of `VALUES` are keyed by two ids.
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
const VALUES: &str = "values";

/// Labels of a policy in another language, by kind and id: `facts`, `conditions`, `privileges`, `roles`, `menu`, `operations`, `verbs`,
/// `obligations`, `guides` (guides, and their steps as `guide/step`), `changeRules`; `places` and `units`: where a fact is set, and the unit of a number
/// privilege; `values`: by fact or privilege, then by level or option.
///
/// # Examples
/// ```
/// use privet::{Labels, Studio, Subject};
///
/// let labels = Labels::from_json(r#"{ "privileges": { "user-level": "Benutzerstufe" }, "values": { "user-level": { "8": "Stufe 8" } } }"#)?;
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?.with_labels(&labels)?;
/// let session = studio.policy().session(&Subject::default())?;
/// let why = studio.explain(&session, "admin.enter")?;
/// assert_eq!(why.sentence, "Enter the administration: denied, because Benutzerstufe is not granted (Stufe 8 or above is needed).");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(Vec<Label>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Label {
    kind: &'static str,
    id: String,
    /// The level or option.
    value: Option<String>,
    text: String,
}

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
        let mut all = Vec::new();
        for (kind, entries) in object("labels", labels)? {
            let Some(known) = KINDS.into_iter().find(|known| *known == kind) else {
                let help = did_you_mean(&kind, KINDS).unwrap_or_else(|| format!("use {}", one_of(KINDS.into_iter())));
                return Err(invalid(&kind, format!("unknown kind `{kind}` in `labels`"), help));
            };
            for (id, entry) in object(&format!("labels.{kind}"), entries)? {
                if known == VALUES {
                    for (value, text) in object(&format!("labels.{kind}.{id}"), entry)? {
                        let text = label(&value, text)?;
                        all.push(Label { kind: known, id: id.clone(), value: Some(value), text });
                    }
                } else {
                    let text = label(&id, entry)?;
                    all.push(Label { kind: known, id, value: None, text });
                }
            }
        }
        Ok(Self(all))
    }

    /// Replaces labels of a checked document. O(document).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidOptions`] for an id that the document does not declare; an earlier id of `renamed` is accepted.
    pub(super) fn apply(&self, checked: &mut Checked) -> Result<(), SubjectError> {
        let mut texts: Map<String> = Map::new();
        let mut labels: Map<&Label> = Map::new();
        for label in &self.0 {
            let id = checked.renamed().get(&label.id).unwrap_or(&label.id);
            let path = path(label.kind, id, label.value.as_deref());
            texts.insert(path.clone(), label.text.clone());
            labels.insert(path, label);
        }
        let mut known = BTreeSet::new();
        each_label(checked.document_mut(), &mut |path, label| {
            if let Some(text) = texts.get(&path) {
                label.clone_from(text);
            }
            known.insert(path);
        });
        let Some((path, label)) = labels.iter().find(|(path, _)| !known.contains(*path)) else { return Ok(()) };
        let of_kind = format!("{}/", label.kind);
        let candidates = known.iter().filter_map(|path| path.strip_prefix(&*of_kind));
        let id = path.strip_prefix(&*of_kind).unwrap_or_default();
        let help = did_you_mean(id, candidates).unwrap_or_else(|| "leave it out: the policy does not have it".into());
        Err(invalid(&label.id, format!("unknown id `{id}` in `labels.{}`", label.kind), help))
    }
}

/// Calls `visit` with each label of a document and its path.
fn each_label(document: &mut Document, visit: &mut dyn FnMut(String, &mut String)) {
    macro_rules! labels {
        ($($kind:literal: $list:expr),* $(,)?) => { $(
            for entry in $list.iter_mut() {
                visit(path($kind, &entry.id, None), &mut entry.label);
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
        for step in guide.steps.iter_mut() {
            visit(path("guides", &guide.id, Some(&step.id)), &mut step.label);
        }
    }
    macro_rules! values {
        ($owner:expr, $($list:expr),*) => { $(
            for value in $list.iter_mut() {
                visit(path(VALUES, &$owner.id, Some(&value.id)), &mut value.label);
            }
        )* };
    }
    for fact in document.facts.iter_mut() {
        values!(fact, fact.options, fact.levels);
        if let Some(place) = &mut fact.place {
            visit(path("places", &fact.id, None), place);
        }
    }
    for privilege in document.privileges.iter_mut() {
        values!(privilege, privilege.options, privilege.levels);
        if let Some(unit) = &mut privilege.unit {
            visit(path("units", &privilege.id, None), unit);
        }
    }
}

fn path(kind: &str, id: &str, value: Option<&str>) -> String {
    let value = value.map(|value| format!("/{value}")).unwrap_or_default();
    format!("{kind}/{id}{value}")
}

fn object(name: &str, value: Value) -> Result<Vec<(String, Value)>, SubjectError> {
    match value {
        Value::Map(entries) => Ok(entries),
        _ => Err(invalid(name, format!("`{name}` is not an object"), "pass labels by kind and id".into())),
    }
}

fn label(id: &str, value: Value) -> Result<String, SubjectError> {
    match value {
        Value::Text(text) if !text.trim().is_empty() => Ok(text),
        other => Err(invalid(id, format!("label of `{id}` is `{}`", other.shown()), "pass a text".into())),
    }
}

fn invalid(id: &str, message: String, help: String) -> SubjectError {
    SubjectError::new(SubjectFault::InvalidOptions, id, message, help)
}
