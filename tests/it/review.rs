//! Properties of all reviews: comparisons between subjects agree with a table of values, and unknown facts never permit
//! a change.

use crate::support::random::Random;
use privet::document::Document;
use privet::model::{FactKind, PrivilegeKind, Value, Verdict};
use privet::session::{RoleRef, Subject, SubjectFault};
use privet::{NodeKind, Review, ReviewKind, ReviewOptions, Studio, TestNode};
use serde_json::{Value as Json, json};

const OPS: [&str; 6] = [">=", ">", "<=", "<", "=", "!="];

fn document(rules: &[Json]) -> String {
    let options = json!([{ "id": "x", "label": "X" }, { "id": "y", "label": "Y" }, { "id": "z", "label": "Z" }]);
    json!({
        "format": 1, "id": "kinds", "title": "Kinds", "version": "1",
        "facts": [
            { "id": "switch", "kind": "switch", "label": "Switch" }, { "id": "count", "kind": "number", "label": "Count" },
            { "id": "place", "kind": "choice", "label": "Place", "options": options } ],
        "privileges": [
            { "id": "flag", "kind": "flag", "label": "Flag" }, { "id": "level", "kind": "level", "label": "Level", "levels": options },
            { "id": "choice", "kind": "choice", "label": "Choice", "options": options }, { "id": "many", "kind": "set", "label": "Many", "options": options },
            { "id": "number", "kind": "number", "label": "Number" } ],
        "changeRules": rules,
    })
    .to_string()
}

fn subject(json: &Json) -> Subject {
    Subject::from_value(Value::from(json)).unwrap()
}

/// The expected result of a comparison, computed from the values. Levels are ranks; a missing value equals nothing;
/// `None` is unknown.
fn expected(id: &str, op: &str, left: &Json, right: &Json) -> Verdict {
    let is_fact = ["switch", "count", "place"].contains(&id);
    let rank = |value: &Json| match value {
        Json::String(text) if id == "level" => text.bytes().next().map_or(0, |letter| u64::from(letter - b'x') + 1),
        Json::Number(number) => number.as_u64().unwrap(),
        _ => 0,
    };
    let unset = |value: &Json| value.is_null() && ["number", "choice"].contains(&id);
    if is_fact && (left.is_null() || right.is_null()) {
        return Verdict::Unknown;
    }
    let same =
        left == right || (left.is_null() || *left == json!(false)) && (right.is_null() || *right == json!(false));
    let holds = match op {
        "!=" => unset(left) || unset(right) || !same,
        _ if unset(left) || unset(right) => false,
        "=" => same,
        ">=" => rank(left) >= rank(right),
        ">" => rank(left) > rank(right),
        "<=" => rank(left) <= rank(right),
        _ => rank(left) < rank(right),
    };
    holds.into()
}

#[test]
fn people_compare_by_their_values() {
    let values = [
        ("switch", json!([null, false, true])),
        ("count", json!([null, 0, 1, 7])),
        ("place", json!([null, "x", "y", "z"])),
        ("flag", json!([null, true])),
        ("level", json!([null, "x", "y", "z"])),
        ("choice", json!([null, "x", "y"])),
        ("many", json!([null, ["x"], ["x", "y"], ["x", "y", "z"]])),
        ("number", json!([null, 0, 1, 7])),
    ];
    let mut asked = 0;
    for (id, values) in values {
        for op in OPS {
            let ordered = ["level", "number", "count"].contains(&id);
            if !ordered && !["=", "!="].contains(&op) {
                continue;
            }
            let rule = json!({ "id": "rule", "label": "Rule", "on": ["result"], "requires": format!("before.{id} {op} actor.{id}") });
            let studio = Studio::compile(&document(&[rule]), false).unwrap();
            for left in values.as_array().unwrap() {
                for right in values.as_array().unwrap() {
                    let key = if ["switch", "count", "place"].contains(&id) { "facts" } else { "grants" };
                    let person = |value: &Json| if value.is_null() { json!({}) } else { json!({ key: { id: value } }) };
                    let actor = studio.policy().session(&subject(&person(right))).unwrap();
                    let review = studio
                        .review(&actor, &subject(&person(left)), &subject(&json!({})), ReviewOptions::default())
                        .unwrap();
                    assert_eq!(review.allowed, expected(id, op, left, right), "{left} {op} {right} ({id})");
                    follows(&review);
                    asked += 1;
                }
            }
        }
    }
    assert_eq!(asked, 396);
}

/// Whether each explanation follows from its parts and is about a rule that does not hold.
fn follows(review: &Review) {
    fn is_consistent(node: &TestNode) -> bool {
        let children = || node.children.iter().map(|child| child.verdict);
        let same = match node.kind {
            NodeKind::All => children().fold(Verdict::Yes, |all, one| all & one) == node.verdict,
            NodeKind::Any => children().fold(Verdict::No, |any, one| any | one) == node.verdict,
            NodeKind::Not => children().all(|one| !one == node.verdict),
            NodeKind::Test => children().all(|one| one == node.verdict),
        };
        same && node.children.iter().all(is_consistent)
    }
    let verdicts = review.broken.iter().map(|it| it.explanation.tree.verdict);
    assert_eq!(verdicts.fold(Verdict::Yes, |all, one| all & one), review.allowed);
    for broken in &review.broken {
        let explanation = &broken.explanation;
        assert!(is_consistent(&explanation.tree), "{explanation:?}");
        assert_eq!(explanation.operation, broken.rule);
        let decision = if explanation.tree.verdict == Verdict::No { "denied" } else { "undecided" };
        assert_eq!((explanation.decision, explanation.code), (decision, decision));
        assert!(explanation.sentence.starts_with(&format!("{}: {decision}", broken.label)), "{}", explanation.sentence);
        assert_eq!(decision == "undecided", !explanation.facts.is_empty(), "{explanation:?}");
    }
}

/// A subject with a few grants and roles, and all facts known.
fn person(random: &mut Random, document: &Document) -> Subject {
    let mut subject = Subject::default();
    for fact in document.facts.iter() {
        let value = match fact.kind {
            FactKind::Switch => Value::Flag(random.below(2) == 1),
            FactKind::Number => Value::Number(u32::try_from(random.below(3)).unwrap()),
            FactKind::Choice | FactKind::Level => Value::Text(random.of(&fact.values())),
        };
        subject.facts.push((String::from(&*fact.id), value));
    }
    let often = 1 + random.below(4);
    for privilege in document.privileges.iter() {
        if random.below(4) >= often {
            continue;
        }
        let value = match privilege.kind {
            PrivilegeKind::Flag => Value::Flag(true),
            PrivilegeKind::Number => Value::Number(u32::try_from(random.below(3)).unwrap()),
            PrivilegeKind::Set => Value::List(vec![Value::Text(random.of(&privilege.values()))]),
            PrivilegeKind::Level | PrivilegeKind::Choice => Value::Text(random.of(&privilege.values())),
        };
        subject.grants.push((String::from(&*privilege.id), value));
    }
    for role in document.roles.iter() {
        if random.below(4) == 0 {
            subject.roles.push(RoleRef::Known(String::from(&*role.id)));
        }
    }
    subject
}

fn built_in() -> Vec<Studio> {
    let texts = [privet::policies::CONTACT, privet::policies::DOTDIGITAL, privet::policies::VICIDIAL];
    texts.map(|text| Studio::compile(text, false).unwrap()).into()
}

#[test]
fn an_empty_change_breaks_no_rule() {
    let mut random = Random::new(1);
    for studio in built_in() {
        let document = studio.checked().document();
        for _ in 0..300 {
            let (actor, person) = (person(&mut random, document), person(&mut random, document));
            let actor = studio.policy().session(&actor).unwrap();
            let review = studio.review(&actor, &person, &person, ReviewOptions::default()).unwrap();
            assert_eq!((review.allowed, review.broken), (Verdict::Yes, vec![]));
        }
    }
}

#[test]
fn an_unknown_fact_permits_nothing() {
    let mut random = Random::new(2);
    let kinds = [None, Some(ReviewKind::Create), Some(ReviewKind::Delete), Some(ReviewKind::RoleDefinition)];
    let (mut allowed, mut doubts) = (0, 0);
    for studio in built_in() {
        let document = studio.checked().document();
        for _ in 0..600 {
            let kind = kinds[random.below(4)];
            let (mut actor, before) = (person(&mut random, document), person(&mut random, document));
            let mut after = person(&mut random, document);
            after.facts.clone_from(&before.facts);
            if random.below(2) == 0 {
                after.grants.clone_from(&before.grants);
            }
            if kind == Some(ReviewKind::Delete) {
                after = Subject { facts: after.facts, ..Subject::default() };
            }
            let options = ReviewOptions { kind, ..ReviewOptions::default() };
            let review =
                |actor: &Subject| studio.review(&studio.policy().session(actor).unwrap(), &before, &after, options);
            let known = match review(&actor) {
                Ok(known) => known,
                Err(error) => {
                    assert_eq!(error.fault(), SubjectFault::ConflictingChoice);
                    continue;
                }
            };
            follows(&known);
            allowed += usize::from(known.allowed == Verdict::Yes);
            assert_ne!(known.allowed, Verdict::Unknown);
            // A fact with an `absent` value is never unknown.
            let absent = |id: &str| document.facts.iter().any(|fact| *fact.id == *id && fact.absent.is_some());
            let mut kept = random.below(2);
            actor.facts.retain(|(id, _)| {
                kept += 1;
                absent(id) || kept.is_multiple_of(2)
            });
            let unknown = review(&actor).unwrap();
            follows(&unknown);
            // A creation may also change facts that are unknown for the actor. It then breaks more rules, never fewer.
            let same = unknown.allowed == known.allowed || unknown.allowed == Verdict::Unknown;
            assert!(
                same || kind == Some(ReviewKind::Create) && unknown.allowed == Verdict::No,
                "{actor:?} {before:?} {after:?} {kind:?}: {unknown:?}"
            );
            doubts += usize::from(unknown.allowed != known.allowed);
        }
    }
    assert!(allowed > 50 && doubts > 5, "{allowed} were allowed, {doubts} became doubtful");
}
