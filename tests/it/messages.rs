//! Other languages: catalogues of messages, the German one, and labels.

use crate::cases::sentences;
use crate::support::golden::golden;
use privet::{Labels, Messages, Studio, Subject, messages};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;

fn ids(catalogue: &str) -> Vec<String> {
    let texts: BTreeMap<String, String> = serde_json::from_str(catalogue).unwrap();
    texts.into_keys().collect()
}

#[test]
fn the_german_catalogue_has_each_message_and_no_other() {
    assert_eq!(ids(messages::GERMAN), ids(messages::ENGLISH));
    Messages::from_json(messages::GERMAN).unwrap();
    Messages::from_json(messages::ENGLISH).unwrap();
}

#[test]
fn questions_are_answered_in_german() {
    let german = Messages::from_json(messages::GERMAN).unwrap();
    let answers = sentences(|studio| studio.with_messages(german.clone()));
    assert!(answers.len() >= 30, "{} questions have sentences", answers.len());
    let answers = answers.into_iter().map(|(why, sentences)| json!({ "why": why, "sentences": sentences }));
    let text = serde_json::to_string_pretty(&answers.collect::<Vec<_>>()).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/german.json");
    if let Some(difference) = golden(&path, &text) {
        panic!("{difference}");
    }
}

/// A template whose letters are `x`, but for the arguments and keys.
fn crossed_out(template: &str) -> String {
    let (mut text, mut rest) = (String::new(), template);
    while let Some(start) = rest.find('{') {
        let cross = |text: &str| text.chars().map(|it| if it.is_alphabetic() { 'x' } else { it }).collect::<String>();
        text += &cross(&rest[..start]);
        let mut depth = 0;
        let end = rest[start..].char_indices().find(|(_, letter)| {
            depth += i32::from(*letter == '{') - i32::from(*letter == '}');
            depth == 0
        });
        let end = start + end.unwrap().0;
        let inside = &rest[start + 1..end];
        text += "{";
        match inside.match_indices(',').nth(1) {
            None => text += inside,
            Some((comma, _)) => {
                text += &inside[..=comma];
                let mut branches = &inside[comma + 1..];
                while let Some(open) = branches.find('{') {
                    let mut depth = 0;
                    let close = branches[open..].char_indices().find(|(_, letter)| {
                        depth += i32::from(*letter == '{') - i32::from(*letter == '}');
                        depth == 0
                    });
                    let close = open + close.unwrap().0;
                    text += &format!("{}{{{}}}", &branches[..open], crossed_out(&branches[open + 1..close]));
                    branches = &branches[close + 1..];
                }
            }
        }
        text += "}";
        rest = &rest[end + 1..];
    }
    text + &rest.chars().map(|it| if it.is_alphabetic() { 'x' } else { it }).collect::<String>()
}

/// Labels for everything that a description names, all `LL`.
fn same_labels(studio: &Studio) -> Labels {
    let description = serde_json::to_value(studio.describe()).unwrap();
    let mut labels: BTreeMap<&str, BTreeMap<String, Json>> = BTreeMap::new();
    let list = |of: &Json, key: &str| of[key].as_array().cloned().unwrap_or_default();
    let id = |it: &Json| it["id"].as_str().unwrap().to_owned();
    for kind in ["facts", "conditions", "privileges", "roles", "operations", "changeRules"] {
        for one in list(&description, kind) {
            labels.entry(kind).or_default().insert(id(&one), json!("LL"));
            for owed in list(&one, "obligations").iter().filter(|_| kind == "operations") {
                labels.entry("obligations").or_default().insert(id(owed), json!("LL"));
            }
            let values = [list(&one, "options"), list(&one, "levels")].concat();
            let values: BTreeMap<String, &str> = values.iter().map(|value| (id(value), "LL")).collect();
            if matches!(kind, "facts" | "privileges") && !values.is_empty() {
                labels.entry("values").or_default().insert(id(&one), json!(values));
            }
            for (key, kind) in [("where", "places"), ("unit", "units")] {
                if one[key].is_string() {
                    labels.entry(kind).or_default().insert(id(&one), json!("LL"));
                }
            }
        }
    }
    Labels::from_json(&json!(labels).to_string()).unwrap()
}

/// The name of the inline roles in the cases.
const NAME: &str = "Night shift";

#[test]
fn every_word_comes_from_the_catalogue_or_from_a_label() {
    let english: BTreeMap<String, String> = serde_json::from_str(messages::ENGLISH).unwrap();
    let crossed: BTreeMap<String, String> = english.iter().map(|(id, text)| (id.clone(), crossed_out(text))).collect();
    let crossed = Messages::from_json(&json!(crossed).to_string()).unwrap();
    let answers = sentences(|studio| {
        let labels = same_labels(&studio);
        studio.with_labels(&labels).unwrap().with_messages(crossed.clone())
    });
    for (why, sentences) in answers {
        for sentence in sentences {
            let is_translated = |it: char| !it.is_alphabetic() || ['x', 'X', 'L'].contains(&it);
            let sentence = sentence.replace(NAME, ""); // the name of an inline role comes from the subject
            assert!(sentence.chars().all(is_translated), "{why}: {sentence}");
        }
    }
}

#[test]
fn invalid_catalogues_are_errors() {
    let english = "the English one is `“{label}”`";
    for (catalogue, error) in [
        ("[]", "`messages` is not an object; pass texts by id".to_owned()),
        ("not JSON", "`messages` is not an object; pass texts by id".to_owned()),
        (r#"{ "qouted": "" }"#, "unknown message `qouted`; did you mean `quoted`?".to_owned()),
        (r#"{ "xyzxyzxyz": "" }"#, "unknown message `xyzxyzxyz`; leave it out".to_owned()),
        (r#"{ "quoted": 1 }"#, "message `quoted` is `1`; pass a text".to_owned()),
        (r#"{ "quoted": "{labl}" }"#, "message `quoted` has no argument `labl`; did you mean `label`?".to_owned()),
        (r#"{ "quoted": "{other}" }"#, format!("message `quoted` has no argument `other`; {english}")),
        (r#"{ "quoted": "{label" }"#, format!("message `quoted` has braces that do not match; {english}")),
        (r#"{ "quoted": "label}" }"#, format!("message `quoted` has braces that do not match; {english}")),
        (r#"{ "quoted": "{label}{label}" }"#, format!("message `quoted` inserts an argument twice; {english}")),
        (
            r#"{ "quoted": "{label, select, a {b}}" }"#,
            format!("message `quoted` has alternatives without `other`; {english}"),
        ),
        (
            r#"{ "quoted": "{label, upper}" }"#,
            format!(
                "message `quoted` has an argument in an unknown form: use `select`, `plural`, `capital` or `singular`; {english}"
            ),
        ),
    ] {
        assert_eq!(Messages::from_json(catalogue).unwrap_err().to_string(), error, "{catalogue}");
    }
    let nested = |depth: usize| {
        let template = format!("{}{{label}}{}", "{label, select, other {".repeat(depth), "}}".repeat(depth));
        Messages::from_json(&json!({ "quoted": template }).to_string())
    };
    assert!(nested(8).is_ok());
    for depth in [9, 100_000] {
        assert_eq!(nested(depth).unwrap_err().message(), "message `quoted` has braces that are too deep", "{depth}");
    }
}

/// Two privileges with all kinds of labels, an earlier id, an obligation and a guide.
fn shop() -> Studio {
    let document = json!({
        "format": 1, "id": "shop", "title": "Shop", "version": "1",
        "facts": [{ "id": "open", "kind": "switch", "label": "Open", "where": "Settings" }],
        "privileges": [
            { "id": "desk", "kind": "level", "label": "Desk", "levels": [{ "id": "see", "label": "See" }, { "id": "sell", "label": "Sell" }] },
            { "id": "minutes", "kind": "number", "label": "Break", "unit": "minutes", "min": 1 }
        ],
        "menu": [{ "id": "till", "label": "Till" }],
        "operations": [
            { "id": "sale", "label": "Sell", "menu": ["till"], "requires": "open and desk >= sell",
              "obligations": [{ "id": "receipt", "label": "Print a receipt", "when": "true" }] },
            { "id": "pause", "label": "Pause", "requires": "minutes >= 30" }
        ],
        "guides": [{ "id": "start", "label": "Start", "steps": [{ "id": "first", "label": "Open the shop", "operation": "sale", "done": "open" }] }],
        "renamed": { "counter": "desk" }
    });
    Studio::compile(&document.to_string(), false).unwrap_or_else(|report| panic!("{report}"))
}

fn labelled(labels: &Json) -> Result<Studio, String> {
    let labels = Labels::from_json(&labels.to_string()).map_err(|error| error.to_string())?;
    shop().with_labels(&labels).map_err(|error| error.to_string())
}

#[test]
fn labels_stand_in_answers_only() {
    let studio = labelled(&json!({
        "facts": { "open": "Geöffnet" }, "places": { "open": "Einstellungen" },
        "privileges": { "counter": "Theke", "minutes": "Pause" }, "units": { "minutes": "Minuten" },
        "values": { "counter": { "sell": "Verkaufen" } },
        "menu": { "till": "Kasse" }, "operations": { "sale": "Verkauf", "pause": "Pausieren" },
        "obligations": { "receipt": "Beleg drucken" }, "guides": { "start": "Anfang", "start/first": "Laden öffnen" }
    }))
    .unwrap()
    .with_messages(Messages::from_json(messages::GERMAN).unwrap());
    let with =
        |subject: Json| studio.policy().session(&Subject::from_value(privet::Value::from(&subject)).unwrap()).unwrap();
    let nobody = with(json!({ "facts": { "open": false } }));
    assert_eq!(
        studio.explain(&nobody, "sale").unwrap().sentence,
        "Verkauf: nicht erlaubt, denn „Theke“ ist nicht erteilt (nötig: Verkaufen) und „Geöffnet“ ist aus (Einstellungen)."
    );
    let seller = with(json!({ "facts": { "open": true }, "grants": { "desk": "sell" } }));
    let why = studio.explain(&seller, "sale").unwrap();
    assert_eq!(
        why.sentence,
        "Verkauf: erlaubt, denn „Theke“ ist Verkaufen und „Geöffnet“ ist an (Einstellungen); noch zu erledigen: Beleg drucken."
    );
    assert_eq!(why.args.reasons[0].held, "Verkaufen");
    let fixes = studio.fixes(&seller, "pause", &privet::FixOptions::default()).unwrap();
    assert_eq!(fixes.fixes[0].sentence, "„Pause“ erteilen (30 Minuten).");
    let guide = studio.guide(privet::Actors::One(&nobody), "start").unwrap();
    assert_eq!(guide[0].label, "Laden öffnen");
    let description = serde_json::to_value(studio.describe()).unwrap();
    assert_eq!(description["menu"][0]["label"], "Kasse");
    assert_eq!(studio.policy().fingerprint(), shop().policy().fingerprint());
    assert_eq!(Studio::open(studio.policy()).unwrap().policy(), studio.policy());
}

#[test]
fn labels_of_unknown_kinds_and_ids_are_errors() {
    for (labels, error) in [
        (json!([]), "label `labels` is `[…]`; pass texts by kind and id"),
        (json!({ "facts": "x" }), "label `facts` is `x`; pass texts by kind and id"),
        (json!({ "fact": {} }), "unknown kind `fact` in `labels`; did you mean `facts`?"),
        (json!({ "facts": { "opne": "x" } }), "unknown id `opne` in `labels.facts`; did you mean `open`?"),
        (
            json!({ "facts": { "desk": "x" } }),
            "unknown id `desk` in `labels.facts`; leave it out: the policy does not have it",
        ),
        (
            json!({ "values": { "desk": { "selll": "x" } } }),
            "unknown id `desk/selll` in `labels.values`; did you mean `desk/sell`?",
        ),
        (
            json!({ "units": { "desk": "x" } }),
            "unknown id `desk` in `labels.units`; leave it out: the policy does not have it",
        ),
        (
            json!({ "values": { "desk": "x" } }),
            "unknown id `desk` in `labels.values`; leave it out: the policy does not have it",
        ),
        (json!({ "facts": { "open": 1 } }), "label `facts/open` is `1`; pass texts by kind and id"),
        (json!({ "facts": { "open": "" } }), "label `facts/open` is ``; pass texts by kind and id"),
    ] {
        assert_eq!(labelled(&labels).map(|_| ()).unwrap_err(), error);
    }
}
