//! Runs `tests/cases/questions.json`: what is asked of a policy, and what the answer must contain. Like the other cases
//! they run natively, as WebAssembly and through the npm package.
#![expect(clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]

use crate::support::suites::{Json, compile, files, refusal};
use privet::model::Value;
use privet::session::SubjectError;
use privet::{FixOptions, Studio, Target};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    policy: Json,
    questions: Vec<Question>,
}

/// A question, and what of its answer is asked: keys that are not given are not.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    why: String,
    ask: String,
    #[serde(default)]
    subject: Json,
    #[serde(default)]
    operation: String,
    #[serde(default)]
    operations: Vec<String>,
    #[serde(default)]
    options: Json,
    #[serde(default)]
    target: Json,
    /// Of a comparison: what the later version has at these pointers.
    #[serde(default)]
    with: Json,
    answer: Option<Json>,
    error: Option<Json>,
}

files! { Suite: questions }

impl crate::support::suites::Suite for Suite {
    fn policy(&self) -> &Json {
        &self.policy
    }

    fn differences(&self, studio: &Studio) -> Vec<String> {
        let different = self.questions.iter().filter_map(|question| {
            let found = answer(studio, &self.policy, question).unwrap_or_else(|error| refusal(&error));
            let expected = question.answer.as_ref().or(question.error.as_ref()).expect("an answer or an error");
            let text = format!("{}:\n    expected {expected}\n    found    {found}", question.why);
            (!contains(&found, expected)).then_some(text)
        });
        different.collect()
    }
}

fn answer(studio: &Studio, document: &Json, question: &Question) -> Result<Json, SubjectError> {
    let options = || FixOptions::from_value(&Value::from(&question.options));
    let session = || crate::support::suites::session(studio, &question.subject);
    let answer = match question.ask.as_str() {
        "fixes" => json!(studio.fixes(&session()?, &question.operation, &options()?)?),
        "explain" => json!(studio.explain(&session()?, &question.operation)?),
        "dormant" => json!(studio.dormant(&session()?)),
        "impact" => json!(studio.impact(&Target::from_value(Value::from(&question.target))?)?),
        "leastPrivilege" => {
            let operations: Vec<&str> = question.operations.iter().map(String::as_str).collect();
            json!(studio.least_privilege(&operations, &options()?)?)
        }
        "compare" => {
            let after = compile(&edited(document, &question.with)).unwrap_or_else(|error| panic!("{error}"));
            json!(studio.compare(&after))
        }
        other => panic!("`{other}` is no question"),
    };
    Ok(answer)
}

/// The document with other values at some pointers.
fn edited(document: &Json, with: &Json) -> Json {
    let mut document = document.clone();
    for (pointer, value) in with.as_object().expect("pointers and values") {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        match document.pointer_mut(parent) {
            Some(Json::Object(fields)) => drop(fields.insert(key.into(), value.clone())),
            Some(Json::Array(items)) => {
                let place: usize = key.parse().expect("a place in a list");
                *items.get_mut(place).expect("a place in the list") = value.clone();
            }
            _ => panic!("nothing is at `{parent}`"),
        }
    }
    document
}

/// Whether everything that is expected is there: lists in full, of objects the keys that are expected.
fn contains(found: &Json, expected: &Json) -> bool {
    match (found, expected) {
        (Json::Object(found), Json::Object(expected)) if !expected.is_empty() => {
            expected.iter().all(|(key, value)| found.get(key).is_some_and(|found| contains(found, value)))
        }
        (Json::Array(found), Json::Array(expected)) => {
            found.len() == expected.len()
                && found.iter().zip(expected).all(|(found, expected)| contains(found, expected))
        }
        _ => found == expected,
    }
}
