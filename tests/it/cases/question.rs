//! Cases of the studio's queries: fixes, explanations, dormant grants, impact, least privilege, comparison of versions, descriptions.

use super::expectations::{Expectations, answer_or_error};
use super::{Case, Json, compile};
use privet::model::Value;
use privet::session::SubjectError;
use privet::{FixOptions, LeastPrivilegeOptions, Studio, Target};
use serde::Deserialize;
use serde_json::json;

/// A query and its expected answer. Of objects, only the expected keys are compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    why: String,
    /// The name of the studio's method.
    ask: String,
    #[serde(default = "super::empty_object")]
    subject: Json,
    #[serde(default)]
    operation: String,
    #[serde(default)]
    operations: Vec<String>,
    #[serde(default)]
    options: Json,
    #[serde(default)]
    target: Json,
    /// For `compare`: the values of the later version that differ, by JSON pointer.
    #[serde(default)]
    with: Json,
    answer: Option<Json>,
    error: Option<Json>,
}

impl Case for Question {
    fn why(&self) -> &str {
        &self.why
    }

    fn check(&self, document: &Json, studio: &Studio, expectations: &mut Expectations) {
        let expected = self.answer.as_ref().or(self.error.as_ref()).expect("an answer or an error");
        expectations.contains(&self.ask, &answer_or_error(self.answer(document, studio)), expected);
    }
}

impl Question {
    pub(super) fn answer(&self, document: &Json, studio: &Studio) -> Result<Json, SubjectError> {
        let options = || FixOptions::from_value(&Value::from(&self.options));
        let session = || super::session(studio, &self.subject);
        let answer = match self.ask.as_str() {
            "fixes" => {
                let found = studio.fixes(&session()?, &self.operation, &options()?)?;
                let shown = json!(found);
                for (fix, shown) in found.fixes.iter().zip(shown["fixes"].as_array().expect("a list")) {
                    let ids = shown["steps"].as_array().expect("a list").iter().filter_map(|step| step["id"].as_str());
                    assert!(fix.steps.iter().map(privet::FixStep::id).eq(ids), "{}", self.why);
                }
                shown
            }
            "explain" => json!(studio.explain(&session()?, &self.operation)?),
            "dormant" => json!(studio.dormant(&session()?)),
            "impact" => json!(studio.impact(&Target::from_value(Value::from(&self.target))?)?),
            "leastPrivilege" => {
                let operations: Vec<&str> = self.operations.iter().map(String::as_str).collect();
                let options = LeastPrivilegeOptions::from_value(Value::from(&self.options))?;
                json!(studio.least_privilege(&operations, &options)?)
            }
            "describe" => json!(studio.describe()),
            "compare" => {
                let after = compile(&edited(document, &self.with)).unwrap_or_else(|error| panic!("{error}"));
                json!(studio.compare(&after))
            }
            other => panic!("`{other}` is not a query"),
        };
        Ok(answer)
    }
}

/// The document with other values at some pointers.
fn edited(document: &Json, with: &Json) -> Json {
    let mut document = document.clone();
    for (pointer, value) in with.as_object().expect("pointers and values") {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        match document.pointer_mut(parent) {
            Some(Json::Object(fields)) => drop(fields.insert(key.into(), value.clone())),
            Some(Json::Array(items)) => {
                let index: usize = key.parse().expect("an index");
                *items.get_mut(index).expect("an item at the index") = value.clone();
            }
            _ => panic!("there is no object or list at `{parent}`"),
        }
    }
    document
}
