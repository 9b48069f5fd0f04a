//! Fixes, compared with brute force on random policies; and queries about the three built-in policies.

use crate::hostile::documents::Hostile;
use crate::model::fixes::{compare, compare_least, has_undecided_grants};
use crate::model::{Model, policies};
use crate::support::random::Random;
use privet::session::{Change, Subject};
use privet::{FixOptions, Goal, LeastPrivilegeBy, Studio};
use proptest::prelude::*;
use std::cell::Cell;

const POLICIES: u32 = 120;

#[test]
fn fixes_agree_with_brute_force() {
    let (asked, answered) = (Cell::new(0), Cell::new(0));
    policies::each(POLICIES, 1, |raw, seed| {
        let text = raw.document().to_string();
        let Ok(studio) = Studio::compile(&text, false) else { return Ok(()) };
        let model = Model::new(studio.checked().document());
        let mut random = Random::new(seed);
        for _ in 0..2 {
            let subject = model.subject(&mut random);
            let Ok(session) = studio.policy().session(&subject) else { continue };
            if has_undecided_grants(&model, &session) {
                continue;
            }
            for operation in model.document.operations.iter().filter(|it| !it.restricts) {
                for to in [Goal::Allowed, Goal::Denied] {
                    asked.set(asked.get() + 1);
                    let found = compare(&studio, &model, (&subject, &session), &operation.id, to);
                    let about = |fault| format!("{fault}\n`{}` to {to:?}\n{subject:?}", operation.id);
                    answered.set(answered.get() + found.map_err(about).map_err(TestCaseError::fail)?);
                }
            }
        }
        Ok(())
    });
    println!("{} questions, {} with an answer", asked.get(), answered.get());
    assert!(answered.get() * 4 > asked.get(), "too few questions have an answer to test much");
}

/// A chain of dependencies that is too long for one BDD; every link is necessary.
#[test]
fn a_frozen_id_at_the_end_of_a_long_chain_is_reported() {
    let privileges: Vec<serde_json::Value> = (0..2_000)
        .map(|link| match link {
            0 => serde_json::json!({ "id": "p0", "kind": "flag", "label": "" }),
            _ => serde_json::json!({ "id": format!("p{link}"), "kind": "flag", "label": "", "requires": format!("p{}", link - 1) }),
        })
        .collect();
    let operations = serde_json::json!([{ "id": "o", "label": "", "requires": "p1999" }]);
    let document = serde_json::json!({ "format": 1, "id": "chain", "title": "", "version": "1", "privileges": privileges, "operations": operations });
    let studio = Studio::compile(&document.to_string(), false).expect("a policy");
    let session = studio.policy().session(&Subject::default()).expect("nobody");
    let options = FixOptions { frozen: ["p7".into()].into(), ..FixOptions::default() };
    let found = studio.fixes(&session, "o", &options).expect("an operation");
    assert_eq!((found.fixes.len(), found.minimal, found.blocked_by), (0, true, Vec::from([String::from("p7")])));
}

/// Where a search exceeds the limits, a change is found without it; no part of that can be left out.
#[test]
fn a_fix_of_a_search_that_is_stopped_has_no_needless_step() {
    let json = serde_json::json!({ "shape": "pairs", "kind": "flag", "size": 44, "depth": 0, "grants": 1, "letters": 1, "roles": 0, "seed": 1, "values": 2 });
    let hostile = Hostile::read(&json);
    let studio = Studio::compile(&hostile.document().to_string(), false).expect("a policy");
    let nobody = studio.policy().session(&Subject::default()).expect("nobody");
    let operation = hostile.operation();
    let found = studio.fixes(&nobody, &operation, &FixOptions::default()).expect("an operation");
    assert_eq!((found.stopped_by, found.complete, found.fixes.len()), (Some("diagram-size"), false, 1));
    let allows = |change: &Change| nobody.with(change).expect("a change").can(&operation) == Ok(true);
    let change = &found.fixes[0].change;
    assert!(allows(change));
    for place in 0..change.set.len() {
        let mut less = change.clone();
        let left_out = less.set.remove(place);
        assert!(!allows(&less), "{left_out:?}");
    }
}

/// Options that no test tells apart are fixes each: 40 of one fact with 40 of another are more than are looked at, and the answer says so.
#[test]
fn more_alike_options_than_are_looked_at_are_not_complete() {
    let options: Vec<serde_json::Value> =
        (0..41).map(|it| serde_json::json!({ "id": format!("v{it}"), "label": "" })).collect();
    let fact = |id: &str| serde_json::json!({ "id": id, "kind": "choice", "label": "", "options": options });
    let document = serde_json::json!({ "format": 1, "id": "alike", "title": "", "version": "1", "facts": [fact("a"), fact("b")],
        "operations": [{ "id": "one", "label": "", "requires": "a != v0" }, { "id": "both", "label": "", "requires": "a != v0 and b != v0" }] });
    let studio = Studio::compile(&document.to_string(), false).expect("a policy");
    let nobody = studio.policy().session(&Subject::default()).expect("nobody");
    let options = FixOptions { limit: Some(1000), ..FixOptions::default() };
    let counted = |operation: &str| {
        let found = studio.fixes(&nobody, operation, &options).expect("an operation");
        (found.fixes.len(), found.complete)
    };
    assert_eq!([counted("one"), counted("both")], [(40, true), (1000, false)]);
}

/// Changes of the empty subject, by exhaustion: of those of which nothing can be left out, the ones that open the fewest
/// other operations, then those of least cost, then of the nearest values.
#[test]
fn least_privilege_agrees_with_brute_force() {
    let (asked, answered) = (Cell::new(0), Cell::new(0));
    policies::each(POLICIES, 2, |raw, seed| {
        let text = raw.document().to_string();
        let Ok(studio) = Studio::compile(&text, false) else { return Ok(()) };
        let model = Model::new(studio.checked().document());
        let Ok(session) = studio.policy().session(&Subject::default()) else { return Ok(()) };
        if has_undecided_grants(&model, &session) {
            return Ok(());
        }
        let mut random = Random::new(seed);
        let open: Vec<&str> = model.document.operations.iter().filter(|it| !it.restricts).map(|it| &*it.id).collect();
        for _ in 0..3 {
            let operations: Vec<&str> = open.iter().filter(|_| random.below(3) == 0).copied().collect();
            for by in [LeastPrivilegeBy::Excess, LeastPrivilegeBy::Cost] {
                asked.set(asked.get() + 1);
                let found = compare_least(&studio, &model, &session, &operations, by);
                let about = |fault| format!("{fault}\n{operations:?} by {by:?}");
                answered.set(answered.get() + found.map_err(about).map_err(TestCaseError::fail)?);
            }
        }
        Ok(())
    });
    println!("{} questions, {} compared", asked.get(), answered.get());
    assert!(answered.get() * 4 > asked.get(), "too few questions are compared to test much");
}
