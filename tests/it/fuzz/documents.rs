//! Texts of documents and of requirements.

use crate::model::Model;
use crate::model::compare::compare;
use crate::model::properties::packs;
use crate::support::random::Random;
use privet::check::{check, checked};
use privet::diagnostic::Severity;
use privet::{Studio, render, requirement_words};

/// Documents that are longer are not tried: they find nothing that shorter ones do not.
const LONGEST: usize = 16 << 10;

pub(super) fn policy(data: &[u8]) {
    let text = String::from_utf8_lossy(data.get(..LONGEST).unwrap_or(data));
    document(&text);
}

/// Checks a document in every way that has a result for any text. Returns its studio if it is legal.
fn document(text: &str) -> Option<Studio> {
    let found = check(text, true);
    let has_errors = found.iter().any(|it| it.severity == Severity::Error);
    assert_eq!(checked(text).is_none(), has_errors, "refused by one of two: {found:?}");
    for one in &found {
        let span = one.span.as_ref().map(|it| (it.start, it.end));
        assert!(span.is_none_or(|(start, end)| text.get(start..end).is_some()), "no such place in the text: {one:?}");
    }
    let _ = render(&found, text);
    let _ = privet::index(text);
    if has_errors {
        assert!(Studio::compile(text, true).is_err(), "compiled with errors: {found:?}");
        return None;
    }
    let studio = Studio::compile(text, false).unwrap_or_else(|report| panic!("not compiled: {report:?}"));
    packs(studio.policy()).unwrap_or_else(|fault| panic!("{fault}"));
    let _ = serde_json::to_string(&studio.describe()).expect("a description is JSON");
    Some(studio)
}

/// What the requirements of the target may read: each kind, with and without a requirement of its own.
const DECLARED: &str = r#""format": 1, "id": "r", "title": "", "version": "",
  "facts": [
    { "id": "f", "kind": "switch", "label": "" }, { "id": "n", "kind": "number", "label": "" },
    { "id": "k", "kind": "choice", "label": "", "options": [{ "id": "x", "label": "" }, { "id": "y", "label": "" }] },
    { "id": "g", "kind": "level", "label": "", "levels": [{ "id": "x", "label": "" }, { "id": "y", "label": "" }] }],
  "conditions": [{ "id": "d", "label": "", "requires": "f or n > 2" }],
  "privileges": [
    { "id": "a", "kind": "flag", "label": "" }, { "id": "b", "kind": "flag", "label": "", "requires": "a and not f" },
    { "id": "l", "kind": "level", "label": "", "levels": [{ "id": "x", "label": "" }, { "id": "y", "label": "" }, { "id": "z", "label": "" }] },
    { "id": "c", "kind": "choice", "label": "", "options": [{ "id": "x", "label": "" }, { "id": "y", "label": "" }] },
    { "id": "s", "kind": "set", "label": "", "options": [{ "id": "x", "label": "" }, { "id": "y", "label": "" }] },
    { "id": "q", "kind": "number", "label": "", "max": 9 }],
  "roles": [{ "id": "r", "label": "", "grants": { "a": true, "l": "y", "q": 4 }, "when": "d" }]"#;

pub(super) fn requirement(data: &[u8]) {
    let text = String::from_utf8_lossy(data.get(..LONGEST).unwrap_or(data));
    let _ = requirement_words(&text);
    let requires = serde_json::to_string(&text).expect("a text is JSON");
    let text = format!(
        r#"{{ {DECLARED}, "operations": [{{ "id": "p", "label": "", "requires": "a" }}, {{ "id": "o", "label": "", "requires": {requires} }}] }}"#
    );
    let Some(studio) = document(&text) else { return };
    let model = Model::new(studio.checked().document());
    let mut random = Random::new(data.len() as u64);
    for _ in 0..8 {
        let subject = model.subject(&mut random);
        compare(&model, studio.policy(), &subject).unwrap_or_else(|fault| panic!("{fault}\n{subject:?}\n{text}"));
    }
}
