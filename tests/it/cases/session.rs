//! Cases of sessions: a subject, an optional change, and expected decisions, menu states, holdings and sentences.

use super::expectations::{DECISION, Expectations, MENU_STATE, answer_or_error, word};
use super::{Case, Json};
use privet::model::Value;
use privet::session::{Change, Holding, MenuNode, Session, SubjectError};
use privet::studio::Studio;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

/// A subject, an optional change, and expected answers of the session. Only the given answers are compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionCase {
    why: String,
    #[serde(default = "super::empty_object")]
    subject: Json,
    change: Option<Json>,
    /// The expected error of the session or of the change.
    error: Option<Json>,
    #[serde(default)]
    decide: BTreeMap<String, Expected<Decision>>,
    /// All allowed operations, in policy order.
    allowed: Option<Json>,
    #[serde(default)]
    menu: BTreeMap<String, Json>,
    #[serde(default)]
    verbs: BTreeMap<String, Json>,
    #[serde(default)]
    holds: BTreeMap<String, Expected<Json>>,
    /// The sentence of the explanation, by operation.
    #[serde(default)]
    says: BTreeMap<String, Json>,
}

/// An expected answer, or an expected error.
#[derive(Deserialize)]
#[serde(untagged)]
enum Expected<T> {
    Error { error: Json },
    Answer(T),
}

/// A decision, as a word if no obligation is owed.
#[derive(Deserialize)]
#[serde(untagged)]
enum Decision {
    Word(String),
    WithObligations { decision: String, obligations: Vec<String> },
}

impl Case for SessionCase {
    fn why(&self) -> &str {
        &self.why
    }

    fn check(&self, _: &Json, studio: &Studio, expectations: &mut Expectations) {
        match self.session(studio) {
            Ok(session) if self.error.is_none() => self.check_session(studio, &session, expectations),
            result => {
                let no_error = json!("no error");
                let found = answer_or_error(result.map(|_| no_error.clone()));
                expectations.equal("error", &found, self.error.as_ref().unwrap_or(&no_error));
            }
        }
    }
}

impl SessionCase {
    fn session<'a>(&self, studio: &'a Studio) -> Result<Session<'a>, SubjectError> {
        let session = super::session(studio, &self.subject)?;
        match &self.change {
            Some(change) => session.with(&Change::from_value(Value::from(change))?),
            None => Ok(session),
        }
    }

    fn check_session(&self, studio: &Studio, session: &Session, expectations: &mut Expectations) {
        for (operation, expected) in &self.decide {
            let found = session.decide(operation);
            let found = found.map(|it| json!([word(it.verdict, DECISION), it.obligations]));
            let expected = match expected {
                Expected::Error { error } => error.clone(),
                Expected::Answer(Decision::Word(decision)) => json!([decision, []]),
                Expected::Answer(Decision::WithObligations { decision, obligations }) => json!([decision, obligations]),
            };
            expectations.equal(&format!("decide {operation}"), &answer_or_error(found), &expected);
        }
        for (privilege, expected) in &self.holds {
            let found = session.holds(privilege);
            let found = found.map(|(granted, effective)| {
                json!({ "granted": holding_value(granted), "effective": holding_value(effective) })
            });
            let (Expected::Error { error: expected } | Expected::Answer(expected)) = expected;
            expectations.equal(&format!("holds {privilege}"), &answer_or_error(found), expected);
        }
        if let Some(expected) = &self.allowed {
            expectations.equal("allowed", &json!(session.allowed()), expected);
        }
        let mut items = BTreeMap::new();
        collect_items(&session.menu(), session, &mut items);
        for (item, expected) in &self.menu {
            let found = items.get(item).map(|(state, _)| *state);
            expectations.equal(&format!("menu {item}"), &json!(found), expected);
        }
        for (item, expected) in &self.verbs {
            let found = items.get(item).map(|(_, verbs)| verbs);
            expectations.equal(&format!("verbs {item}"), &json!(found), expected);
        }
        for (operation, expected) in &self.says {
            let found = studio.explain(session, operation).map(|explanation| json!(explanation.sentence));
            expectations.equal(&format!("says {operation}"), &answer_or_error(found), expected);
        }
    }
}

/// A holding in the notation of the cases; nothing is `null`.
fn holding_value(holding: Holding) -> Json {
    match holding {
        Holding::Nothing => Json::Null,
        Holding::Value(value) => json!(value),
        Holding::Undecided => json!("undecided"),
    }
}

/// Collects the state and the verbs of each menu item.
fn collect_items<'n>(
    nodes: &[MenuNode<'n>],
    session: &Session<'n>,
    items: &mut BTreeMap<String, (&'static str, Vec<&'n str>)>,
) {
    let names: Vec<&str> = session.program().verbs.iter().map(|verb| verb.id.as_str()).collect();
    for node in nodes {
        let verbs = node.verbs.indices().filter_map(|index| names.get(index).copied()).collect();
        items.insert(node.id.to_owned(), (word(node.state, MENU_STATE), verbs));
        collect_items(&node.children, session, items);
    }
}
