//! Runs the cases of `tests/cases/*.json`: subjects, changes and what must come of them.
//!
//! The cases are plain JSON because every engine runs them: the crate natively, the crate as WebAssembly in Node.js and
//! in a browser (both from this file), and the npm package from JavaScript. A file is a list of suites; a suite is a
//! policy, the name of a built-in one or a document, and cases on it. Each case says why it exists.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use crate::support::suites::{Json, files, refusal};
use privet::model::{Value, Verdict};
use privet::session::{Change, Holding, MenuNode, Session, SubjectError};
use privet::studio::Studio;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

/// A policy and the cases on it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    policy: Json,
    cases: Vec<Case>,
}

/// A subject, perhaps a change, and everything that is expected of the session. What is not given is not asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    why: String,
    #[serde(default = "nobody")]
    subject: Json,
    change: Option<Json>,
    /// The session, or the change of it, is refused.
    error: Option<Refusal>,
    #[serde(default)]
    decide: BTreeMap<String, Expected<Decided>>,
    /// Every allowed operation, in policy order.
    allowed: Option<Vec<String>>,
    #[serde(default)]
    menu: BTreeMap<String, String>,
    #[serde(default)]
    verbs: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    holds: BTreeMap<String, Expected<Json>>,
    /// The sentence that explains the decision on an operation.
    #[serde(default)]
    says: BTreeMap<String, String>,
}

/// An answer, or a question that is refused.
#[derive(Deserialize)]
#[serde(untagged)]
enum Expected<T> {
    Refused { error: Refusal },
    Answered(T),
}

/// A decision: the word alone when nothing is owed.
#[derive(Deserialize)]
#[serde(untagged)]
enum Decided {
    Plain(String),
    Owing { decision: String, obligations: Vec<String> },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusal {
    code: String,
    message: String,
}

files! { Suite: vicidial contact dotdigital language dependencies joins changes errors }

impl crate::support::suites::Suite for Suite {
    fn policy(&self) -> &Json {
        &self.policy
    }

    fn differences(&self, studio: &Studio) -> Vec<String> {
        let mut differences = Vec::new();
        for (index, case) in self.cases.iter().enumerate() {
            let found = Run { studio, case, differences: Vec::new() }.run();
            differences.extend(found.into_iter().map(|it| format!("case {index} ({}): {it}", case.why)));
        }
        differences
    }
}

fn nobody() -> Json {
    json!({})
}

struct Run<'a> {
    studio: &'a Studio,
    case: &'a Case,
    differences: Vec<String>,
}

impl<'a> Run<'a> {
    fn run(mut self) -> Vec<String> {
        match (self.session(), &self.case.error) {
            (Ok(session), None) => self.ask(&session),
            (Ok(_), Some(awaited)) => self.differences.push(format!("not refused; expected {}", awaited.message)),
            (Err(error), None) => self.differences.push(format!("refused: {error}")),
            (Err(error), Some(awaited)) => self.same("error", &refusal(&error), &expected(awaited)),
        }
        self.differences
    }

    fn session(&self) -> Result<Session<'a>, SubjectError> {
        let session = crate::support::suites::session(self.studio, &self.case.subject)?;
        match &self.case.change {
            Some(change) => session.with(&Change::from_value(Value::from(change))?),
            None => Ok(session),
        }
    }

    fn ask(&mut self, session: &Session) {
        let case = self.case;
        for (operation, decided) in &case.decide {
            let found = session.decide(operation).map(|found| json!([word(found.verdict), found.obligations]));
            self.answer(&format!("decide {operation}"), found, decided, |decided| match decided {
                Decided::Plain(decision) => json!([decision, []]),
                Decided::Owing { decision, obligations } => json!([decision, obligations]),
            });
        }
        for (privilege, held) in &case.holds {
            let found = session.holds(privilege);
            let found = found.map(|(granted, effective)| json!({ "granted": of(granted), "effective": of(effective) }));
            self.answer(&format!("holds {privilege}"), found, held, Json::clone);
        }
        if let Some(allowed) = &case.allowed {
            self.same("allowed", &json!(session.allowed()), &json!(allowed));
        }
        self.menu(session);
        for (operation, sentence) in &case.says {
            let found = self.studio.explain(session, operation).map(|explanation| explanation.sentence);
            let found = found.unwrap_or_else(|error| error.to_string());
            self.same(&format!("says {operation}"), &json!(found), &json!(sentence));
        }
    }

    fn menu(&mut self, session: &Session) {
        let case = self.case;
        let mut items = BTreeMap::new();
        flatten(&session.menu(), session, &mut items);
        for (item, state) in &case.menu {
            let found = items.get(item).map(|(state, _)| *state);
            self.same(&format!("menu {item}"), &json!(found), &json!(state));
        }
        for (item, verbs) in &case.verbs {
            let found = items.get(item).map(|(_, verbs)| verbs);
            self.same(&format!("verbs {item}"), &json!(found), &json!(verbs));
        }
    }

    fn answer<T>(
        &mut self,
        question: &str,
        found: Result<Json, SubjectError>,
        expected: &Expected<T>,
        answer: impl Fn(&T) -> Json,
    ) {
        let found = found.unwrap_or_else(|error| refusal(&error));
        let expected = match expected {
            Expected::Answered(expected) => answer(expected),
            Expected::Refused { error } => self::expected(error),
        };
        self.same(question, &found, &expected);
    }

    fn same(&mut self, question: &str, found: &Json, expected: &Json) {
        if found != expected {
            self.differences.push(format!("{question}:\n    expected {expected}\n    found    {found}"));
        }
    }
}

fn expected(Refusal { code, message }: &Refusal) -> Json {
    json!({ "code": code, "message": message })
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "allowed",
        Verdict::No => "denied",
        Verdict::Unknown => "undecided",
    }
}

/// What is held, as a case writes it: nothing is `null`.
fn of(holding: Holding) -> Json {
    match holding {
        Holding::Nothing => Json::Null,
        Holding::Value(value) => json!(value),
        Holding::Undecided => json!("undecided"),
    }
}

/// Every menu item's state and verbs.
fn flatten<'n>(
    nodes: &[MenuNode<'n>],
    session: &Session<'n>,
    items: &mut BTreeMap<String, (&'static str, Vec<&'n str>)>,
) {
    for node in nodes {
        let state = match node.state {
            Verdict::Yes => "shown",
            Verdict::No => "hidden",
            Verdict::Unknown => "undecided",
        };
        let names: Vec<&str> = session.program().verbs.iter().map(|verb| verb.id.as_str()).collect();
        let verbs = node.verbs.indices().filter_map(|index| names.get(index).copied()).collect();
        items.insert(node.id.to_owned(), (state, verbs));
        flatten(&node.children, session, items);
    }
}
