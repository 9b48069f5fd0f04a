//! Compares answers with expected ones.

use super::Json;
use privet::model::Verdict;
use privet::session::SubjectError;
use serde_json::json;

/// The differences of one case.
#[derive(Default)]
pub(super) struct Expectations {
    differences: Vec<String>,
}

impl Expectations {
    /// Expects an answer that is equal to the expected one.
    pub(super) fn equal(&mut self, what: &str, found: &Json, expected: &Json) {
        self.require(found == expected, what, found, expected);
    }

    /// Expects an answer with at least the expected keys of each object; lists must have all and only the expected items.
    pub(super) fn contains(&mut self, what: &str, found: &Json, expected: &Json) {
        self.require(contains(found, expected), what, found, expected);
    }

    fn require(&mut self, holds: bool, what: &str, found: &Json, expected: &Json) {
        if !holds {
            self.differences.push(format!("{what}:\n    expected {expected}\n    found    {found}"));
        }
    }

    pub(super) fn into_differences(self) -> Vec<String> {
        self.differences
    }
}

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

/// The answer, or the error in the form in which cases expect errors.
pub(super) fn answer_or_error(answer: Result<Json, SubjectError>) -> Json {
    answer.unwrap_or_else(|error| json!({ "code": error.fault().code(), "message": error.to_string() }))
}

/// A verdict by the words for yes, no and unknown.
pub(super) const fn word(verdict: Verdict, [yes, no, unknown]: [&'static str; 3]) -> &'static str {
    match verdict {
        Verdict::Yes => yes,
        Verdict::No => no,
        Verdict::Unknown => unknown,
    }
}

pub(super) const DECISION: [&str; 3] = ["allowed", "denied", "undecided"];
pub(super) const MENU_STATE: [&str; 3] = ["shown", "hidden", "undecided"];
pub(super) const VERDICT: [&str; 3] = ["yes", "no", "unknown"];
