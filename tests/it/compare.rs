//! Comparison of versions, on one-token edits of the three built-in documents: an edit that changes a decision is
//! reported with a witness, and other edits are not reported.

use crate::model::{Model, Person};
use crate::support::random::Random;
use privet::{Difference, DifferenceKind, Studio};

const POLICIES: [(&str, &str); 3] = [
    ("contact", include_str!("../../src/policies/contact.jsonc")),
    ("dotdigital", include_str!("../../src/policies/dotdigital.jsonc")),
    ("vicidial", include_str!("../../src/policies/vicidial.jsonc")),
];
/// The number of edits of each document.
const EDITS: usize = 60;
/// The number of random subjects on which two versions are compared by brute force.
const SUBJECTS: usize = 300;

fn compile(text: &str) -> Option<Studio> {
    Studio::compile(text, false).ok()
}

/// The position of the text of each `"requires"` and `"when"` of operations and privileges.
fn requirements(text: &str) -> Vec<(usize, usize)> {
    let rules = text.find("\"changeRules\"").unwrap_or(text.len());
    let mut found = Vec::new();
    for key in ["\"requires\": \"", "\"when\": \""] {
        for (at, _) in text.match_indices(key).filter(|(at, _)| *at < rules) {
            let start = at + key.len();
            let end = start + text[start..].find('"').expect("a string ends");
            found.push((start, end));
        }
    }
    found.sort_unstable();
    found
}

/// A requirement with one token changed.
fn edited(requirement: &str, ids: &[String], random: &mut Random) -> Option<String> {
    let words: Vec<&str> = requirement.split(' ').collect();
    let place = random.below(words.len());
    let word = words.get(place)?;
    let other = match *word {
        "and" => "or".to_owned(),
        "or" => "and".to_owned(),
        ">=" => [">", "<", "="].get(random.below(3))?.to_string(),
        ">" => ">=".to_owned(),
        "=" => "!=".to_owned(),
        "!=" => "=".to_owned(),
        "not" => String::new(),
        _ if random.below(3) == 0 => format!("not {word}"),
        _ if word.contains(['(', ')', ',']) => return None,
        _ => ids.get(random.below(ids.len()))?.clone(),
    };
    let all: Vec<String> = words
        .iter()
        .enumerate()
        .map(|(at, word)| if at == place { other.clone() } else { (*word).to_owned() })
        .collect();
    Some(all.join(" ").trim().to_owned()).filter(|edited| edited != requirement)
}

#[test]
fn edits_that_change_a_decision_are_reported_with_a_witness() {
    let (mut reported, mut equal) = (0, 0);
    for (name, text) in POLICIES {
        let before = compile(text).expect("a built-in policy compiles");
        let document = before.checked().document();
        let ids: Vec<String> = document
            .privileges
            .iter()
            .filter(|it| it.kind == privet::model::PrivilegeKind::Flag)
            .map(|it| it.id.to_string())
            .collect();
        let places = requirements(text);
        let mut random = Random::new(7);
        let mut tried = 0;
        while tried < EDITS {
            let (start, end) = places[random.below(places.len())];
            let Some(changed) = edited(&text[start..end], &ids, &mut random) else { continue };
            let edited = format!("{}{changed}{}", &text[..start], &text[end..]);
            let Some(after) = compile(&edited) else { continue };
            tried += 1;
            let difference = before.compare(&after);
            let about = format!("{name}: `{}` became `{changed}`", &text[start..end]);
            assert!(difference.unanswered.is_empty(), "{about}: {:?}", difference.unanswered);
            for found in &difference.changed {
                is_right(&before, &after, found, &about);
            }
            let blind = differing(&before, &after, &mut random);
            for operation in &blind {
                assert!(
                    difference.changed.iter().any(|it| it.id == *operation),
                    "{about}: `{operation}` is not reported"
                );
            }
            if difference.changed.is_empty() { equal += 1 } else { reported += 1 }
        }
    }
    println!("{reported} edits reported, {equal} equal in meaning");
    assert!(reported > 100, "too few edits change a meaning to test much: {reported}");
}

/// Checks with the reference interpreter that the two versions differ for the witness.
fn is_right(before: &Studio, after: &Studio, found: &Difference, about: &str) {
    if found.kind == DifferenceKind::Requires {
        assert_ne!(found.before, found.after, "{about}: {found:?}");
        return;
    }
    let [old, new] = [before, after].map(|studio| {
        let model = Model::new(studio.checked().document());
        let person = Person::new(&model, &found.witness).expect("no clash");
        let operation = model.operations[found.id.as_str()];
        let owed = operation.obligations.iter().find(|owed| Some(&*owed.id) == found.obligation.as_deref());
        (person.decision(operation), owed.map(|owed| person.requirement(owed.when.as_str()) != Some(false)))
    });
    assert_ne!(old, new, "{about}: {found:?}");
    let named = |decision| match decision {
        Some(true) => "allowed",
        Some(false) => "denied",
        None => "undecided",
    };
    assert_eq!((named(old.0), named(new.0)), (found.before, found.after), "{about}: {found:?}");
}

/// The operations on which two versions differ for random subjects.
fn differing(before: &Studio, after: &Studio, random: &mut Random) -> Vec<String> {
    let model = Model::new(before.checked().document());
    let mut found = Vec::new();
    for _ in 0..SUBJECTS {
        let subject = model.subject(random);
        let (Ok(old), Ok(new)) = (before.policy().session(&subject), after.policy().session(&subject)) else {
            continue;
        };
        for operation in &before.policy().program().operations {
            let decision = |session: &privet::session::Session| session.decide(&operation.id).expect("known").verdict;
            if decision(&old) != decision(&new) && !found.contains(&operation.id) {
                found.push(operation.id.clone());
            }
        }
    }
    found
}

#[test]
fn differences_of_notation_are_ignored() {
    for (name, text) in POLICIES {
        let before = compile(text).expect("a built-in policy compiles");
        // All requirements of a small document, every seventh of a large one.
        let places = requirements(text);
        for (start, end) in places.iter().copied().step_by(if places.len() > 100 { 7 } else { 1 }) {
            let requirement = &text[start..end];
            for same in [
                format!("not (not ({requirement}))"),
                format!("({requirement}) and ({requirement})"),
                format!("({requirement}) or ({requirement}) and true"),
                format!("false or ({requirement})"),
            ] {
                let edited = format!("{}{same}{}", &text[..start], &text[end..]);
                // An edit may duplicate a restriction; the checker may refuse that document, and there is nothing to
                // compare.
                let Some(after) = compile(&edited) else { continue };
                let difference = before.compare(&after);
                assert!(difference.changed.is_empty(), "{name}: `{requirement}`: {:?}", difference.changed);
            }
        }
    }
}
