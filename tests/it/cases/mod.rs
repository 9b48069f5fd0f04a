//! Runs the cases of `tests/cases/*.json`.
//!
//! The cases are JSON because every host runs them: the crate natively, the crate as WebAssembly in Node.js and in a browser
//! (both from these modules), and the npm package from JavaScript. A file is a list of suites; a suite has a policy (the
//! name of a built-in one, or a document) and a list of cases, each with the reason why it exists. The key of the list
//! names the kind of its cases.

mod expectations;
mod guide;
mod preview;
mod question;
mod review;
mod session;
mod vicidial_levels;

use expectations::Expectations;
use privet::model::Value;
use privet::session::{Session, Subject, SubjectError};
use privet::studio::Studio;
use serde::Deserialize;
use serde::de::DeserializeOwned;

type Json = serde_json::Value;

/// A policy, and cases of one kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite<C> {
    policy: Json,
    #[serde(alias = "questions", alias = "reviews", alias = "guides")]
    cases: Vec<C>,
}

/// A case of a suite.
trait Case: DeserializeOwned {
    /// The reason why the case exists.
    fn why(&self) -> &str;

    /// Compares the answers of the studio with the expected ones. `document` is the policy as the suite has it.
    fn check(&self, document: &Json, studio: &Studio, expectations: &mut Expectations);
}

/// Defines a test for each file, natively and as WebAssembly.
macro_rules! files {
    ($($case:ty: $($name:ident)*;)*) => { $($(
        #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
        #[cfg_attr(not(target_arch = "wasm32"), test)]
        fn $name() {
            let file = concat!(stringify!($name), ".json");
            let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/", stringify!($name), ".json"));
            run::<$case>(file, text);
        }
    )*)* };
}

files! {
    session::SessionCase: vicidial contact dotdigital language dependencies joins changes errors;
    preview::PreviewCase: previews;
    question::Question: questions;
    review::ReviewCase: review;
    guide::GuideCase: guides;
}

/// Runs all suites of a file and fails with the list of all differences.
#[track_caller]
fn run<C: Case>(file: &str, text: &str) {
    let suites: Vec<Suite<C>> =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{file} is not a list of suites: {error}"));
    let mut differences = Vec::new();
    for (number, Suite { policy, cases }) in suites.iter().enumerate() {
        let studio = compile(policy).unwrap_or_else(|error| panic!("{file}, suite {number}: {error}"));
        for (index, case) in cases.iter().enumerate() {
            let mut expectations = Expectations::default();
            case.check(policy, &studio, &mut expectations);
            let named = |it: String| format!("{file}, suite {number}, case {index} ({}): {it}", case.why());
            differences.extend(expectations.into_differences().into_iter().map(named));
        }
    }
    assert!(differences.is_empty(), "{} differences\n{}", differences.len(), differences.join("\n"));
}

/// The sentences of the answers to the questions of `questions.json` by a studio that `reword` changes: for each question that has
/// any, the reason why it exists, and its sentences in the order of letters.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn sentences(reword: impl Fn(Studio) -> Studio) -> Vec<(String, Vec<String>)> {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/questions.json"));
    let suites: Vec<Suite<question::Question>> = serde_json::from_str(text).unwrap();
    let mut all = Vec::new();
    for Suite { policy, cases } in suites {
        let studio = reword(compile(&policy).unwrap());
        for case in cases {
            let mut sentences = std::collections::BTreeSet::new();
            collect_sentences(&case.answer(&policy, &studio).unwrap_or_default(), &mut sentences);
            if !sentences.is_empty() {
                all.push((case.why().to_owned(), sentences.into_iter().collect()));
            }
        }
    }
    all
}

#[cfg(not(target_arch = "wasm32"))]
fn collect_sentences(answer: &Json, sentences: &mut std::collections::BTreeSet<String>) {
    match answer {
        Json::Array(items) => items.iter().for_each(|item| collect_sentences(item, sentences)),
        Json::Object(fields) => {
            sentences.extend(fields.get("sentence").and_then(Json::as_str).map(String::from));
            fields.values().for_each(|value| collect_sentences(value, sentences));
        }
        _ => {}
    }
}

/// Compiles a policy of a suite; the error is the text of all diagnostics.
fn compile(policy: &Json) -> Result<Studio, String> {
    let text = match policy.as_str() {
        Some("vicidial") => privet::policies::VICIDIAL.to_owned(),
        Some("contact") => privet::policies::CONTACT.to_owned(),
        Some("dotdigital") => privet::policies::DOTDIGITAL.to_owned(),
        Some(other) => return Err(format!("there is no built-in policy `{other}`")),
        None => policy.to_string(),
    };
    Studio::compile(&text, true).map_err(|report| privet::diagnostic::render(&report.diagnostics, &text))
}

fn empty_object() -> Json {
    Json::Object(serde_json::Map::new())
}

fn subject(json: &Json) -> Result<Subject, SubjectError> {
    Subject::from_value(Value::from(json))
}

fn session<'a>(studio: &'a Studio, json: &Json) -> Result<Session<'a>, SubjectError> {
    studio.policy().session(&subject(json)?)
}
