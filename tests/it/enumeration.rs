//! The built-in policies, for *all* assignments of the inputs that each operation reads: fixes against brute force (cost, all ties, order), and
//! everything a session answers against the model (menu, holdings, provenance), dormant grants, tokens with each bit flipped.
//!
//! `second_opinion` proves the decisions themselves. Brute force takes its time: by default each operation, and for fixes one of 32, is asked
//! for a sample of its assignments. `PRIVET_ENUMERATE=8` asks for the fixes of one operation of 8, as `scripts/trust/enumeration.sh` does, and
//! `PRIVET_ENUMERATE=all` tries all assignments of all.

use crate::model::compare::compare;
use crate::model::fixes::{compare as compare_fixes, has_undecided_grants};
use crate::model::reads::Reads;
use crate::model::{Model, Person};
use crate::support::random::Random;
use privet::document::Operation;
use privet::model::{PrivilegeKind, Value};
use privet::pack::Policy;
use privet::policies::{CONTACT, DOTDIGITAL, VICIDIAL};
use privet::session::{Holding, Session, Subject};
use privet::{Goal, Studio};
use serde_json::json;
use std::collections::BTreeSet;
use std::io::Write;

const POLICIES: [&str; 3] = [CONTACT, DOTDIGITAL, VICIDIAL];

/// Assignments of each operation that are tried, in which every one has the same chance.
fn sample(few: usize) -> usize {
    if std::env::var("PRIVET_ENUMERATE").is_ok_and(|it| it == "all") { usize::MAX } else { few }
}

/// Of so many operations, one is asked for its fixes.
fn operations_per_fix() -> usize {
    match std::env::var("PRIVET_ENUMERATE") {
        Ok(most) if most == "all" => 1,
        Ok(number) => number.parse().unwrap(),
        Err(_) => 32,
    }
}

/// Calls `each` for assignments of the inputs that an operation and its obligations read: for all, or a sample of `most`.
fn assignments(model: &Model, operation: &Operation, most: usize, seed: u64, mut each: impl FnMut(Subject)) -> usize {
    let mut reads = Reads::of_requirement(model, operation.requires.as_str());
    operation.obligations.iter().for_each(|owed| reads.requirement(model, owed.when.as_str()));
    let all = reads.assignments(model);
    let size = all.size();
    let mut random = Random::new(seed);
    let mut tried = 0;
    for (left, subject) in (1..=size).rev().zip(all) {
        // So many of those that are left are still to be taken
        if random.below(left) < most.min(size) - tried {
            tried += 1;
            each(subject);
        }
    }
    tried
}

fn tell(text: &str) {
    // Written to the terminal directly, so that every run shows the numbers.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Minimality, all ties, and the order by what a fix opens besides.
#[test]
fn fixes_of_the_built_in_policies_are_the_smallest() {
    for (text, seed) in POLICIES.into_iter().zip(1..) {
        let studio = Studio::compile(text, false).unwrap();
        let model = Model::new(studio.checked().document());
        let (mut asked, mut answered) = (0, 0);
        let operations = model.document.operations.iter().filter(|it| !it.restricts);
        for operation in operations.step_by(operations_per_fix()) {
            assignments(&model, operation, sample(1), seed, |subject| {
                let session = studio.policy().session(&subject).unwrap();
                if has_undecided_grants(&model, &session) {
                    return;
                }
                for to in [Goal::Allowed, Goal::Denied] {
                    let found = compare_fixes(&studio, &model, (&subject, &session), &operation.id, to);
                    asked += 1;
                    answered +=
                        found.unwrap_or_else(|fault| panic!("{fault}\n`{}` to {to:?}\n{subject:?}", operation.id));
                }
            });
        }
        tell(&format!("{}: fixes of {asked} questions are the smallest, {answered} have one", model.document.id));
        assert!(answered * 2 > asked, "{answered} of {asked} questions have an answer");
    }
}

/// Decisions, obligations, menu, holdings and who gives them, as the model has them; and which grants are dormant.
#[test]
fn sessions_of_the_built_in_policies_answer_as_the_model() {
    for (text, seed) in POLICIES.into_iter().zip(4..) {
        let studio = Studio::compile(text, false).unwrap();
        let model = Model::new(studio.checked().document());
        let (mut sessions, mut dormant) = (0, 0);
        for operation in model.document.operations.iter() {
            sessions += assignments(&model, operation, sample(4), seed, |subject| {
                let known = compare(&model, studio.policy(), &subject);
                assert_eq!(known, Ok(true), "{subject:?}");
                dormant += dormant_grants(&studio, &model, &subject);
            });
        }
        tell(&format!("{}: {sessions} sessions answer as the model, {dormant} grants are dormant", model.document.id));
        assert!(sessions > 100, "{sessions} sessions");
    }
}

/// A grant is dormant where its effect is known and less than what is granted. Returns the number of dormant grants.
fn dormant_grants(studio: &Studio, model: &Model, subject: &Subject) -> usize {
    let session = studio.policy().session(subject).unwrap();
    let person = Person::new(model, subject).unwrap();
    let found: Vec<String> = studio.dormant(&session).iter().map(|it| it.privilege.clone()).collect();
    let mut expected = Vec::new();
    for privilege in model.document.privileges.iter() {
        let (granted, effective) = person.holds(privilege);
        match (&granted, &effective) {
            (Holding::Value(granted), Holding::Value(effective)) if granted != effective => {
                assert_eq!(privilege.kind, PrivilegeKind::Level, "only a level may have a part of its effect");
                expected.push(privilege.id.to_string());
            }
            (Holding::Value(_), Holding::Nothing) => expected.push(privilege.id.to_string()),
            // A part of it may be known to have no effect: the studio alone says so
            (Holding::Value(_) | Holding::Undecided, Holding::Undecided) => {
                expected.extend(found.iter().filter(|id| **id == *privilege.id).cloned());
            }
            _ => {}
        }
    }
    assert_eq!(found, expected, "dormant for {subject:?}");
    found.len()
}

/// The letters of tokens, by their six bits.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A token in which any bit is flipped is refused; so is one that lacks a letter, or has one more.
#[test]
fn tokens_of_the_built_in_policies_with_a_flipped_bit_are_refused() {
    for (text, seed) in POLICIES.into_iter().zip(7..) {
        let studio = Studio::compile(text, false).unwrap();
        let (policy, model) = (studio.policy(), Model::new(studio.checked().document()));
        let mut tokens = BTreeSet::new();
        for operation in model.document.operations.iter() {
            assignments(&model, operation, sample(4).min(200), seed, |subject| {
                tokens.insert(policy.session(&subject).unwrap().token());
            });
        }
        let mut tried = 0;
        for token in &tokens {
            restores(policy, token);
            for at in 0..token.len() {
                let letter = LETTERS.iter().position(|it| *it == token.as_bytes()[at]).unwrap();
                for flipped in (0..6).map(|bit| LETTERS[letter ^ 1 << bit]) {
                    let mut changed = token.clone().into_bytes();
                    changed[at] = flipped;
                    let changed = String::from_utf8(changed).unwrap();
                    assert!(policy.restore(&changed, &[]).is_err(), "{changed} for {token}");
                    tried += 1;
                }
            }
            for other in [&token[1..], &token[..token.len() - 1], &format!("{token}A"), &format!("A{token}")] {
                assert!(policy.restore(other, &[]).is_err(), "{other} for {token}");
            }
        }
        tell(&format!("{}: {} tokens, {tried} with a flipped bit refused", model.document.id, tokens.len()));
        assert!(tokens.len() >= 10 && tried > 10 * 19 * 6, "{} tokens", tokens.len());
    }
}

fn restores(policy: &Policy, token: &str) {
    assert_eq!(policy.restore(token, &[]).map(|it: Session| it.token()), Ok(token.to_owned()));
}

/// Writes `target/tmp/enumerated.jsonl`, for whose questions `pkg/test/why.test.mjs` compares `privet/why` with `explain`.
#[test]
fn enumerated_core_cases_are_recorded_for_the_package() {
    let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/enumerated.jsonl");
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let object = |given: &[(String, Value)]| {
        given.iter().map(|(id, value)| (id.clone(), json!(value))).collect::<serde_json::Map<_, _>>()
    };
    for (text, seed) in POLICIES.into_iter().zip(10..) {
        let studio = Studio::compile(text, false).unwrap();
        let model = Model::new(studio.checked().document());
        for operation in model.document.operations.iter() {
            assignments(&model, operation, sample(20), seed, |subject| {
                let subject = json!({ "grants": object(&subject.grants), "facts": object(&subject.facts) });
                let line = json!({ "policy": &*model.document.id, "operation": &*operation.id, "subject": subject });
                writeln!(file, "{line}").unwrap();
            });
        }
    }
}
