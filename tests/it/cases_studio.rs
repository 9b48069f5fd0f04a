//! Runs the cases of `tests/cases/review.json` and `tests/cases/guides.json`: changes that somebody would make, and how far
//! people are with a guide. Like the other cases they run natively, as WebAssembly and through the npm package.
#![expect(clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]

use crate::support::suites::{Json, compile, files, refusal, session, subject};
use privet::model::Verdict;
use privet::session::SubjectError;
use privet::{Actors, NodeKind, ReviewKind, Studio, TestNode};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

/// A policy and the cases on it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    policy: Json,
    #[serde(default)]
    reviews: Vec<Reviewed>,
    #[serde(default)]
    guides: Vec<Guided>,
}

/// A change, and what its review must say. What is not given is not asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reviewed {
    why: String,
    actor: Json,
    before: Json,
    after: Json,
    kind: Option<String>,
    error: Option<Json>,
    allowed: Option<String>,
    /// The rules that do not surely hold, in policy order.
    broken: Option<Vec<String>>,
    /// The sentence about a rule.
    #[serde(default)]
    says: BTreeMap<String, String>,
    #[serde(default)]
    decisions: BTreeMap<String, String>,
    /// The unknown facts on which a rule rests.
    #[serde(default)]
    facts: BTreeMap<String, Vec<String>>,
    /// The tests in the tree of a rule, verdict and id.
    #[serde(default)]
    tests: BTreeMap<String, Vec<String>>,
}

/// People on the way through a guide, and how its steps must stand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guided {
    why: String,
    guide: String,
    /// One person for all steps.
    actor: Option<Json>,
    /// People by the names of the guide.
    actors: Option<BTreeMap<String, Json>>,
    error: Option<Json>,
    /// Of each step its id, its state, and what it waits for.
    steps: Option<Vec<Vec<String>>>,
    /// The sentence about a step's operation, or none.
    #[serde(default)]
    says: BTreeMap<String, Option<String>>,
}

files! { Suite: review guides }

impl crate::support::suites::Suite for Suite {
    fn policy(&self) -> &Json {
        &self.policy
    }

    fn differences(&self, studio: &Studio) -> Vec<String> {
        let reviews = self.reviews.iter().map(|case| {
            let expected = case.error.clone().unwrap_or_else(|| expected_review(case));
            (&case.why, reviewed(studio, case), expected)
        });
        let guides = self.guides.iter().map(|case| {
            let expected = case.error.clone().unwrap_or_else(|| json!([case.steps, case.says]));
            (&case.why, guided(studio, case), expected)
        });
        let different = reviews.chain(guides).filter_map(|(why, found, expected)| {
            let found = found.unwrap_or_else(|error| refusal(&error));
            let text = format!("{why}:\n    expected {expected}\n    found    {found}");
            (found != expected).then_some(text)
        });
        different.collect()
    }
}

fn expected_review(case: &Reviewed) -> Json {
    json!({
        "allowed": case.allowed, "broken": case.broken, "says": case.says, "decisions": case.decisions, "facts": case.facts, "tests": case.tests,
    })
}

/// What a review says, as far as the case asks.
fn reviewed(studio: &Studio, case: &Reviewed) -> Result<Json, SubjectError> {
    let kind = case.kind.as_deref().map(ReviewKind::named).transpose()?;
    let actor = session(studio, &case.actor)?;
    let review = studio.review(&actor, &subject(&case.before)?, &subject(&case.after)?, kind)?;
    let about = |rule: &str| review.broken.iter().find(|it| it.rule == rule).map(|it| &it.explanation);
    let says: BTreeMap<_, _> = case.says.keys().map(|rule| (rule, about(rule).map(|it| &it.sentence))).collect();
    let decisions: BTreeMap<_, _> =
        case.decisions.keys().map(|rule| (rule, about(rule).map(|it| it.decision))).collect();
    let facts: BTreeMap<_, _> = case.facts.keys().map(|rule| (rule, about(rule).map(|it| &it.facts))).collect();
    let tests: BTreeMap<_, _> = case.tests.keys().map(|rule| (rule, about(rule).map(|it| tests(&it.tree)))).collect();
    let allowed = case.allowed.as_ref().map(|_| word(review.allowed));
    let broken: Vec<_> = review.broken.iter().map(|it| &it.rule).collect();
    let broken = case.broken.as_ref().map(|_| broken);
    Ok(
        json!({ "allowed": allowed, "broken": broken, "says": says, "decisions": decisions, "facts": facts, "tests": tests }),
    )
}

fn tests(node: &TestNode) -> Vec<String> {
    let below = node.children.iter().flat_map(tests);
    let own =
        (node.kind == NodeKind::Test).then(|| format!("{} {}", word(node.verdict), node.id.as_deref().unwrap_or("")));
    own.into_iter().chain(below).collect()
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "yes",
        Verdict::No => "no",
        Verdict::Unknown => "unknown",
    }
}

/// How the steps of a guide stand.
fn guided(studio: &Studio, case: &Guided) -> Result<Json, SubjectError> {
    let one = case.actor.as_ref().map(|actor| session(studio, actor)).transpose()?;
    let named = case.actors.iter().flatten();
    let named: Vec<_> =
        named.map(|(name, it)| Ok((name.clone(), session(studio, it)?))).collect::<Result<_, SubjectError>>()?;
    let actors = one.as_ref().map_or(Actors::Named(&named), Actors::One);
    let steps = studio.guide(actors, &case.guide)?;
    let sentence = |id: &String| {
        let step = steps.iter().find(|step| step.id == *id).expect("the guide has the step");
        (id.clone(), step.explanation.as_ref().map(|it| it.sentence.clone()))
    };
    let says: BTreeMap<_, _> = case.says.keys().map(sentence).collect();
    let row = |step: &privet::studio::GuideStep| {
        let state = json!(step.state).as_str().unwrap_or_default().to_owned();
        [step.id.clone(), state].into_iter().chain(step.waits_for.iter().cloned()).collect::<Vec<_>>()
    };
    Ok(json!([steps.iter().map(row).collect::<Vec<_>>(), says]))
}

/// Which levels of VICIdial an editor may open and give, as its source has it: one row an editor, one letter a level from
/// 1 to 9, `+` where it may. Editors of level 9 come without and with Modify Same User Level; for others it says nothing.
const LEVELS: [(&str, bool, &str, &str); 4] = [
    ("7", true, ".........", "........."),
    ("8", true, "+++++++..", "++++++++."),
    ("9", false, "++++++++.", "++++++++."),
    ("9", true, "+++++++++", "+++++++++"),
];

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn level_table_of_vicidial() {
    let studio = compile(&json!("vicidial")).expect("the built-in policy compiles");
    let (mut asked, mut wrong) = (0, Vec::new());
    let below: Vec<_> = ('1'..='6').map(|level| (level.to_string(), true, LEVELS[0].2, LEVELS[0].3)).collect();
    let editors = below.iter().map(|(level, same, opens, gives)| (level.as_str(), *same, *opens, *gives)).chain(LEVELS);
    let editors = editors.flat_map(|(level, same, opens, gives)| {
        [(level, same, opens, gives)].into_iter().chain((level != "9").then_some((level, !same, opens, gives)))
    });
    for (editor, same, opens, gives) in editors {
        let grants =
            json!({ "user-level": editor, "modify-users": true, "modify-same-user-level": same, "delete-users": true });
        let facts = json!({ "level-8-disable-add": false });
        let actor = session(&studio, &json!({ "grants": grants, "facts": facts })).expect("a subject");
        let mut ask = |what: &str, before: Json, after: Json, kind: Option<ReviewKind>, may: bool| {
            let review = studio.review(
                &actor,
                &subject(&before).expect("a subject"),
                &subject(&after).expect("a subject"),
                kind,
            );
            let allowed = review.expect("a change").allowed;
            asked += 1;
            if allowed != Verdict::from(may) {
                wrong.push(format!("{editor} (same level: {same}) {what} {before} {after}: {}", word(allowed)));
            }
        };
        let person = |level: usize| json!({ "grants": { "user-level": level.to_string() } });
        let admin = |level: &str| level >= "8";
        for (target, open) in opens.chars().enumerate().map(|(index, letter)| (index + 1, letter == '+')) {
            // Hidden from who may not open; copied at level 9 all the same.
            ask("deletes", person(target), json!({}), Some(ReviewKind::Delete), open);
            for (level, give) in gives.chars().enumerate().map(|(index, letter)| (index + 1, letter == '+')) {
                if level != target {
                    ask("sets", person(target), person(level), None, open && give);
                }
                let copies = admin(editor) && (editor == "9" || target.to_string().as_str() < editor);
                ask("copies", person(target), person(level), Some(ReviewKind::Create), copies && give);
                if target == 1 {
                    ask("adds", json!({}), person(level), Some(ReviewKind::Create), give);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked} differ\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(asked, 18 * (9 + 72 + 81 + 9));
}
