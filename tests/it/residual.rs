//! Residuals: over random policies, a residual has the verdict of the operation for each assignment of the unknown facts, known
//! or not.

use crate::model::requirement::Requirement;
use crate::model::{Model, Person, policies};
use crate::support::random::Random;
use privet::model::{Value, Verdict, limits};
use privet::session::Subject;
use privet::{Residual, Studio};
use proptest::test_runner::TestCaseError;
use serde_json::json;
use std::cell::Cell;

const POLICIES: u32 = 300;

/// A random value of each fact that the subject does not give; some stay unknown.
fn assignment(model: &Model, subject: &Subject, random: &mut Random) -> Subject {
    let mut assigned = subject.clone();
    assigned.facts.retain(|(_, value)| *value != Value::Null);
    for fact in model.document.facts.iter() {
        if assigned.facts.iter().all(|(id, _)| **id != *fact.id) && random.below(4) > 0 {
            assigned.facts.push((fact.id.to_string(), random.of(&model.fact_values(fact))));
        }
    }
    assigned
}

fn residual_verdict(residual: &Residual, person: &Person) -> Option<bool> {
    match residual {
        Residual::Always => Some(true),
        Residual::Never => Some(false),
        Residual::Requires { text, .. } => person.evaluate(&Requirement::parse(text)),
        Residual::Stopped { .. } => panic!("random policies are small"),
    }
}

#[test]
fn a_residual_decides_as_the_operation_for_every_assignment() {
    let (compared, remaining) = (Cell::new(0), Cell::new(0));
    policies::each(POLICIES, 12, |raw, seed| {
        let Ok(studio) = Studio::compile(&raw.document().to_string(), false) else { return Ok(()) };
        let model = Model::new(studio.checked().document());
        let mut random = Random::new(seed);
        for _ in 0..3 {
            let subject = model.subject(&mut random);
            let Ok(session) = studio.policy().session(&subject) else { continue };
            for operation in model.document.operations.iter() {
                let residual = studio.residual(&session, &operation.id).expect("an operation");
                remaining.set(remaining.get() + usize::from(matches!(residual, Residual::Requires { .. })));
                for _ in 0..12 {
                    let assigned = assignment(&model, &subject, &mut random);
                    let Ok(person) = Person::new(&model, &assigned) else { continue };
                    compared.set(compared.get() + 1);
                    let (found, expected) = (residual_verdict(&residual, &person), person.decision(operation));
                    if found != expected {
                        let about =
                            format!("{}: {residual:?} is {found:?}, not {expected:?}\n{assigned:?}", operation.id);
                        return Err(TestCaseError::fail(about));
                    }
                }
            }
        }
        Ok(())
    });
    println!("residuals: {} verdicts compared, of {} residuals with a requirement", compared.get(), remaining.get());
    assert!(compared.get() > 10_000 && remaining.get() > 300);
}

#[test]
fn what_is_known_is_left_out() {
    let document = json!({
        "format": 1, "id": "desk", "title": "Desk", "version": "1",
        "facts": [
            { "id": "own", "kind": "switch", "label": "Own ticket" }, { "id": "priority", "kind": "number", "label": "Priority" },
            { "id": "queue", "kind": "choice", "label": "Queue", "options": [{ "id": "a", "label": "A" }, { "id": "b", "label": "B" }, { "id": "c", "label": "C" }] },
            { "id": "plan", "kind": "level", "label": "Plan", "levels": [{ "id": "free", "label": "Free" }, { "id": "pro", "label": "Pro" }, { "id": "max", "label": "Max" }] },
            { "id": "archived", "kind": "switch", "label": "Archived", "absent": true } ],
        "conditions": [{ "id": "urgent", "label": "Urgent", "requires": "priority >= 8 and not own" }],
        "privileges": [{ "id": "close", "kind": "flag", "label": "Close" }, { "id": "all", "kind": "flag", "label": "All", "requires": "plan >= pro" }],
        "operations": [
            { "id": "close", "label": "Close", "requires": "close and (own or queue in (a, c) or priority < 3)" },
            { "id": "escalate", "label": "Escalate", "requires": "urgent or all" },
            { "id": "restore", "label": "Restore", "requires": "close and not archived" },
            { "id": "view", "label": "View", "requires": "close or own" },
            { "id": "price", "label": "Price", "requires": "priority != 5 and queue != b and plan < max" } ],
    });
    let studio = Studio::compile(&document.to_string(), false).expect("a policy");
    let subject = |json| Subject::from_value(Value::from(&json)).expect("a subject");
    let session = |json| studio.policy().session(&subject(json)).expect("a session");
    let residual =
        |json, operation| serde_json::to_value(studio.residual(&session(json), operation).expect("one")).expect("JSON");
    let text = |json, operation| residual(json, operation)["text"].as_str().unwrap_or_default().to_owned();
    let closes = || json!({ "grants": { "close": true } });
    assert_eq!(text(closes(), "close"), "own or priority < 3 or queue in (a, c)");
    assert_eq!(residual(json!({}), "close"), json!({ "kind": "never" }));
    assert_eq!(residual(closes(), "view"), json!({ "kind": "always" }));
    let archived = json!({ "kind": "test", "test": "on", "id": "archived", "absent": true });
    assert_eq!(
        residual(closes(), "restore"),
        json!({ "kind": "requires", "text": "not archived", "tree": { "kind": "not", "children": [archived] } })
    );
    assert_eq!(text(json!({ "grants": { "all": true } }), "escalate"), "plan >= pro or not own and priority >= 8");
    assert_eq!(text(json!({ "grants": { "all": true }, "facts": { "own": true } }), "escalate"), "plan >= pro");
    assert_eq!(text(json!({}), "price"), "priority != 5 and queue != b and plan < max");
    assert_eq!(
        residual(json!({ "facts": { "priority": 1, "queue": "a" } }), "price"),
        json!({ "kind": "requires", "text": "plan < max", "tree": { "kind": "test", "test": "level", "id": "plan", "op": "<", "value": "max", "values": ["free", "pro"] } })
    );
    assert_eq!(studio.residual(&session(json!({})), "clos").unwrap_err().help(), "did you mean `close`?");
}

#[test]
fn a_residual_that_is_too_large_says_so() {
    let facts: Vec<_> = (0..40).map(|n| json!({ "id": format!("f{n}"), "kind": "switch", "label": "F" })).collect();
    // Each operation reads the one before it twice, so the tree doubles with each.
    let mut operations = vec![json!({ "id": "o0", "label": "O", "requires": "f0" })];
    for n in 1..40 {
        let (before, fact) = (format!("allowed(o{})", n - 1), format!("f{n}"));
        let requires = format!("{before} and {fact} or not {before} and not {fact}");
        operations.push(json!({ "id": format!("o{n}"), "label": "O", "requires": requires }));
    }
    let document =
        json!({ "format": 1, "id": "xor", "title": "X", "version": "1", "facts": facts, "operations": operations });
    let studio = Studio::compile(&document.to_string(), false).expect("a policy");
    let session = studio.policy().session(&Subject::default()).expect("a session");
    let residual = |id: &str| studio.residual(&session, id).expect("an operation");
    assert!(matches!(residual("o3"), Residual::Requires { .. }));
    assert_eq!(residual("o39"), Residual::Stopped { stopped_by: "residual-size" });
    assert_eq!(session.decide("o39").expect("one").verdict, Verdict::Unknown);
    const { assert!(limits::RESIDUAL_NODES > 100) };
}
