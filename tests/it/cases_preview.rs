//! Runs `tests/cases/previews.json`: what a change would do, and which grants do nothing.
//!
//! A case has a subject, perhaps a change, and what is expected of them. What an expected preview leaves out is empty: it
//! names every operation, menu item, obligation (`operation obligation`) and dormant privilege that changes.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use crate::support::suites::{Json, files, refusal};
use privet::model::Value;
use privet::session::{Change, Session, SubjectError};
use privet::{Delta, DormantGrant, Owed, Preview, Studio};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    policy: Json,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    why: String,
    #[serde(default = "nothing")]
    subject: Json,
    #[serde(default = "nothing")]
    change: Json,
    /// The change is refused.
    error: Option<Json>,
    /// The dormant grants after the change.
    dormant: Option<Json>,
    preview: Option<Expected>,
}

#[derive(Default, Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields, default)]
struct Expected {
    gained: Vec<String>,
    lost: Vec<String>,
    menu: Items,
    obligations: Lists,
    dormant: Lists,
}

#[derive(Default, Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields, default)]
struct Items {
    shown: Vec<String>,
    hidden: Vec<String>,
}

#[derive(Default, Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields, default)]
struct Lists {
    added: Vec<String>,
    removed: Vec<String>,
}

fn nothing() -> Json {
    json!({})
}

files! { Suite: previews }

impl crate::support::suites::Suite for Suite {
    fn policy(&self) -> &Json {
        &self.policy
    }

    fn differences(&self, studio: &Studio) -> Vec<String> {
        let difference = |case: &Case| Some(format!("{}: {}", case.why, run(studio, case).err()?));
        self.cases.iter().filter_map(difference).collect()
    }
}

fn run(studio: &Studio, case: &Case) -> Result<(), String> {
    let refused = |error: SubjectError| format!("refused: {error}");
    let subject = crate::support::suites::subject(&case.subject).map_err(refused)?;
    let change = Change::from_value(Value::from(&case.change)).map_err(refused)?;
    let before = crate::support::suites::session(studio, &case.subject).map_err(refused)?;
    let preview = studio.preview(&before, &change);
    if let Some(expected) = &case.error {
        let Err(error) = preview else { return Err("not refused".into()) };
        return same(&refusal(&error), expected);
    }
    let preview = preview.map_err(refused)?;
    let after: Session = before.with(&change).map_err(refused)?;
    let idle: Vec<String> = studio.dormant(&before).into_iter().map(|dormant| dormant.privilege).collect();
    let of_one: Vec<String> =
        studio.policy().population(&[subject]).dormant().into_iter().map(|(id, _)| id.to_owned()).collect();
    same(&of_one, &idle)?;
    if let Some(expected) = &case.dormant {
        same(&json!(studio.dormant(&after)), expected)?;
    }
    case.preview.as_ref().map_or(Ok(()), |expected| same(&shown(preview), expected))
}

fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("\n    expected {expected:?}\n    found    {found:?}")) }
}

fn shown(preview: Preview) -> Expected {
    let owed = |owed: Owed| format!("{} {}", owed.operation, owed.obligation);
    let dormant = |dormant: DormantGrant| dormant.privilege;
    Expected {
        gained: preview.gained,
        lost: preview.lost,
        menu: Items { shown: preview.menu.shown, hidden: preview.menu.hidden },
        obligations: lists(preview.obligations, owed),
        dormant: lists(preview.dormant, dormant),
    }
}

fn lists<T>(changed: Delta<T>, name: impl Fn(T) -> String) -> Lists {
    Lists {
        added: changed.added.into_iter().map(&name).collect(),
        removed: changed.removed.into_iter().map(&name).collect(),
    }
}
