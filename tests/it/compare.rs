//! Comparison of versions, on one-token edits of the three built-in documents: an edit that changes a decision is
//! reported with a witness, and other edits are not reported.

use crate::model::policies;
use crate::model::{Model, Person};
use crate::support::random::Random;
use privet::{Difference, DifferenceKind, Studio};
use proptest::prelude::*;

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
            let models = [&before, &after].map(|it| Model::new(it.checked().document()));
            for found in &difference.changed {
                is_right(&models, found, &about);
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
fn is_right(models: &[Model; 2], found: &Difference, about: &str) {
    if found.kind == DifferenceKind::Requires {
        assert_ne!(found.before, found.after, "{about}: {found:?}");
        return;
    }
    let [old, new] = models.each_ref().map(|model| {
        let person = Person::new(model, &found.witness.clone().unwrap_or_default()).expect("no clash");
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
    assert_eq!((named(old.0), named(new.0)), (found.before.as_str(), found.after.as_str()), "{about}: {found:?}");
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

/// A subject with known answers shows a difference better than one with unknown facts, although it is larger.
#[test]
fn a_witness_has_known_answers_where_there_are_some() {
    let document = |requires: &str| {
        let document = r#"{ "format": 1, "id": "t", "title": "T", "version": "1",
          "facts": [{ "id": "f", "kind": "switch", "label": "F" }],
          "privileges": [{ "id": "a", "kind": "flag", "label": "A" }, { "id": "c", "kind": "flag", "label": "C" }],
          "operations": [{ "id": "o", "label": "O", "requires": "REQUIRES" }] }"#;
        compile(&document.replace("REQUIRES", requires)).expect("a document")
    };
    for (before, after, known) in [
        ("false", "f", true),
        ("f", "false", true),
        ("c and f", "f", true),
        ("a", "a or f", true),
        ("(a or f) and c", "a or f", true),
        // Only an unknown fact tells them apart
        ("false", "f and not f", false),
    ] {
        let changed = document(before).compare(&document(after)).changed;
        let [found] = changed.as_slice() else { panic!("{before}, {after}: {changed:?}") };
        let is_known = found.before != "undecided" && found.after != "undecided";
        assert_eq!(is_known, known, "{before}, {after}: {found:?}");
    }
}

/// A role is reported where who has it alone is decided otherwise, or where no operation tells what its grants change.
#[test]
fn roles_are_told_once() {
    let document = |when: &str, grants: &str, requires: &str| {
        let document = r#"{ "format": 1, "id": "t", "title": "T", "version": "1",
          "facts": [{ "id": "f", "kind": "switch", "label": "F" }],
          "privileges": [
            { "id": "desk", "kind": "choice", "label": "Desk", "options": [{ "id": "north", "label": "N" }, { "id": "south", "label": "S" }] },
            { "id": "key", "kind": "flag", "label": "Key" }
          ],
          "roles": [{ "id": "r", "label": "R", WHEN "grants": GRANTS }],
          "operations": [{ "id": "sit", "label": "Sit", "requires": "REQUIRES" }] }"#;
        let text = document.replace("WHEN", when).replace("GRANTS", grants).replace("REQUIRES", requires);
        compile(&text).expect("a document")
    };
    let changed = |when: &str, [before, after]: [&str; 2], requires: &str| -> Vec<_> {
        let [before, after] = [before, after].map(|grants| document(when, grants, requires));
        before.compare(&after).changed.into_iter().map(|it| (it.id, it.kind, it.before, it.after)).collect()
    };
    let text = String::from;
    // Without the role's option, the option of an inline role counts. The role alone does not allow it before or after
    let found = changed(r#""when": "f","#, [r#"{ "desk": "north" }"#, "{}"], "desk = south");
    assert_eq!(found, [(text("sit"), DifferenceKind::Operation, text("undecided"), text("allowed"))]);
    // The role alone opens it
    let found = changed("", ["{}", r#"{ "key": true }"#], "key");
    let opens = (text("sit"), DifferenceKind::Operation, text("denied"), text("allowed"));
    assert_eq!(found, [opens, (text("r"), DifferenceKind::Role, text(""), text("key"))]);
    // No operation reads it
    let found = changed("", [r#"{ "desk": "north" }"#, r#"{ "desk": "south" }"#], "key");
    assert_eq!(found, [(text("r"), DifferenceKind::Role, text("desk: north"), text("desk: south"))]);
}

/// Random edits of roles, requirements, menu places, verbs, restrictions and labels: whatever differs for a random subject, inline
/// roles included, is reported, and so is each declaration that was edited; each witness shows what is said of it.
#[test]
fn random_edits_are_found() {
    let found = std::cell::Cell::new(0);
    policies::each(400, 11, |raw, seed| {
        let document = raw.document();
        let Some(before) = compile(&document.to_string()) else { return Ok(()) };
        let mut random = Random::new(seed);
        for _ in 0..3 {
            let mut edited = document.clone();
            let expected = edit(&mut edited, &mut random);
            let Some(after) = compile(&edited.to_string()) else { continue };
            let difference = before.compare(&after);
            if let Some((id, kind)) = expected {
                let is_it = |it: &Difference| (it.id.as_str(), it.kind) == (id.as_str(), kind);
                // What a role grants otherwise may also be told by an operation whose decision it changes
                let by_operation =
                    |it: &Difference| (kind, it.kind) == (DifferenceKind::Role, DifferenceKind::Operation);
                let is_told = difference.changed.iter().any(|it| is_it(it) || by_operation(it));
                prop_assert!(is_told, "{kind:?} of `{id}` is not told: {:?}\n{edited}", difference.changed);
            }
            for change in &difference.changed {
                witness_shows(change, &before, &after).map_err(TestCaseError::fail)?;
            }
            found.set(found.get() + difference.changed.len());
            let (old, new) = (Model::new(before.checked().document()), Model::new(after.checked().document()));
            for _ in 0..20 {
                let subject = old.subject(&mut random);
                let (Ok(one), Ok(other)) = (Person::new(&old, &subject), Person::new(&new, &subject)) else { continue };
                for operation in old.document.operations.iter() {
                    if one.decision(operation) != other.decision(new.operations[&*operation.id]) {
                        let told = difference
                            .changed
                            .iter()
                            .any(|it| *it.id == *operation.id && it.kind == DifferenceKind::Operation);
                        let told = told || difference.unanswered.iter().any(|id| **id == *operation.id);
                        prop_assert!(
                            told,
                            "`{}` differs for {subject:?}: {:?}\n{edited}",
                            operation.id,
                            difference.changed
                        );
                    }
                }
            }
        }
        Ok(())
    });
    assert!(found.get() > 100, "too few differences to test much");
}

/// Edits one declaration; returns what must be told of it.
fn edit(document: &mut serde_json::Value, random: &mut Random) -> Option<(String, DifferenceKind)> {
    let list = ["roles", "roles", "operations", "privileges"][random.below(4)];
    let entries = document[list].as_array_mut().filter(|entries| !entries.is_empty())?;
    let place = random.below(entries.len());
    let entry = &mut entries[place];
    let id = entry["id"].as_str()?.to_owned();
    match (list, random.below(4)) {
        ("roles", 0) => {
            entry.as_object_mut()?.remove("when");
            None
        }
        ("roles", _) => {
            let grants = entry["grants"].as_object_mut()?;
            let key = grants.keys().nth(random.below(grants.len().max(1)))?.clone();
            let value = grants.remove(&key)?;
            // What it grants besides by inheritance stays.
            let inherits = entry["inherits"].as_array().is_some_and(|roles| !roles.is_empty());
            let is_grant = !(inherits || value == false || value.as_array().is_some_and(Vec::is_empty));
            is_grant.then_some((id, DifferenceKind::Role))
        }
        ("operations", 0) => {
            let restricts = entry["restricts"] == true;
            entry["restricts"] = (!restricts).into();
            Some((id, DifferenceKind::Restricts))
        }
        ("operations", 1) => {
            let verbs = entry["verbs"].as_array_mut().filter(|verbs| !verbs.is_empty())?;
            verbs.pop();
            Some((id, DifferenceKind::Verbs))
        }
        ("operations", 2) => {
            let menu = entry["menu"].as_array_mut().filter(|menu| !menu.is_empty())?;
            menu.pop();
            Some((id, DifferenceKind::Menu))
        }
        _ => {
            entry["label"] = "Another label".into();
            Some((id, DifferenceKind::Label))
        }
    }
}

/// Whether the versions decide the witness of an operation as is said.
fn witness_shows(change: &Difference, before: &Studio, after: &Studio) -> Result<(), String> {
    let (DifferenceKind::Operation, Some(witness)) = (change.kind, &change.witness) else { return Ok(()) };
    let assumed: Vec<&String> = witness.facts.iter().map(|(id, _)| id).collect();
    if assumed != change.assumes.iter().collect::<Vec<_>>() {
        return Err(format!("other facts are assumed: {change:?}"));
    }
    for (studio, expected) in [(before, &change.before), (after, &change.after)] {
        let decided = studio.policy().session(witness).and_then(|session| Ok(session.decide(&change.id)?.verdict));
        let word = match decided {
            Ok(privet::Verdict::Yes) => "allowed",
            Ok(privet::Verdict::No) => "denied",
            Ok(privet::Verdict::Unknown) => "undecided",
            Err(_) => continue,
        };
        if word != expected {
            return Err(format!("the witness is {word}: {change:?}"));
        }
    }
    Ok(())
}
