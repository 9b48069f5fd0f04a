//! What the runners of `tests/cases/*.json` share: a file is a list of suites, a suite is a policy, the name of a built-in
//! one or a document, and what is asked of it.

use privet::model::Value;
use privet::session::{Session, Subject, SubjectError};
use privet::studio::Studio;
use serde::de::DeserializeOwned;
use serde_json::json;

pub(crate) type Json = serde_json::Value;

/// A list of suites.
pub(crate) trait Suite: DeserializeOwned {
    /// The name of a built-in policy, or a document.
    fn policy(&self) -> &Json;

    /// Everything that differs from what is expected.
    fn differences(&self, studio: &Studio) -> Vec<String>;
}

/// Names a test after each file, natively and as WebAssembly.
macro_rules! files {
    ($suite:ty: $($name:ident)*) => { $(
        #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
        #[cfg_attr(not(target_arch = "wasm32"), test)]
        fn $name() {
            let text = include_str!(concat!("../cases/", stringify!($name), ".json"));
            $crate::support::suites::run::<$suite>(concat!(stringify!($name), ".json"), text);
        }
    )* };
}
pub(crate) use files;

/// Runs every suite of a file and fails once, with all that differed.
#[track_caller]
pub(crate) fn run<S: Suite>(file: &str, text: &str) {
    let suites: Vec<S> =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{file} is not a list of suites: {error}"));
    let mut differences = Vec::new();
    for (number, suite) in suites.iter().enumerate() {
        let studio = compile(suite.policy()).unwrap_or_else(|error| panic!("{file}, suite {number}: {error}"));
        let found = suite.differences(&studio).into_iter();
        differences.extend(found.map(|difference| format!("{file}, suite {number}, {difference}")));
    }
    assert!(differences.is_empty(), "{} differences\n{}", differences.len(), differences.join("\n"));
}

/// The policy, or everything that is wrong with it.
pub(crate) fn compile(policy: &Json) -> Result<Studio, String> {
    let text = match policy.as_str() {
        Some("vicidial") => privet::policies::VICIDIAL.to_owned(),
        Some("contact") => privet::policies::CONTACT.to_owned(),
        Some("dotdigital") => privet::policies::DOTDIGITAL.to_owned(),
        Some(other) => return Err(format!("there is no built-in policy `{other}`")),
        None => policy.to_string(),
    };
    Studio::compile(&text, true).map_err(|report| privet::diagnostic::render(&report.diagnostics, &text))
}

pub(crate) fn subject(json: &Json) -> Result<Subject, SubjectError> {
    Subject::from_value(Value::from(json))
}

pub(crate) fn session<'a>(studio: &'a Studio, json: &Json) -> Result<Session<'a>, SubjectError> {
    studio.policy().session(&subject(json)?)
}

/// A refusal, as cases expect it.
pub(crate) fn refusal(error: &SubjectError) -> Json {
    json!({ "code": error.fault().code(), "message": error.to_string() })
}
