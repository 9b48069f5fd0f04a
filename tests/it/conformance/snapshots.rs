//! The cases of `snapshots.json`, and a naive reader of snapshots by the section Snapshot of `docs/format.md`.

use super::doc;
use super::policies::Source;
use crate::model::json::Json;
use crate::model::lookup::Refusal;
use crate::model::results::error_json;
use privet::session::Subject;
use std::collections::BTreeSet;

/// What a reader answers: the fingerprint, the allowed operations and the menu, or an error.
pub(super) fn read(snapshot: &str) -> Json {
    let refusal = Refusal { code: "invalid-snapshot", id: String::new() };
    parse(snapshot).unwrap_or_else(|| error_json(&refusal))
}

fn parse(snapshot: &str) -> Option<Json> {
    let json = Json::read(snapshot)?;
    let Json::List(parts) = &json else { return None };
    let [magic, version, fingerprint, operations, allowed, menu, reasons @ ..] = parts.as_slice() else { return None };
    let ids = ids(operations)?;
    let digits = allowed.as_str()?;
    let is_valid = magic.as_str() == Some("privet")
        && matches!((version.to_string().as_str(), reasons), ("1" | "1.0", []) | ("2", [_]))
        && ids.len() == digits.len()
        && ids.iter().collect::<BTreeSet<_>>().len() == ids.len()
        && digits.chars().all(|digit| digit == '0' || digit == '1');
    let allowed = ids.into_iter().zip(digits.chars()).filter(|(_, digit)| *digit == '1').map(|(id, _)| id);
    let mut answers = Json::map([
        ("fingerprint", Json::text(fingerprint.as_str()?)),
        ("allowed", Json::list(allowed)),
        ("menu", self::menu(menu, 0)?),
    ]);
    if let [reasons] = reasons {
        answers.set("why", Json::Map(carried(reasons, operations)?));
    }
    is_valid.then_some(answers)
}

/// The reasons that a snapshot of version 2 carries, in the order of the operations.
fn carried(json: &Json, operations: &Json) -> Option<Vec<(String, Json)>> {
    let Json::List(rows) = json else { return None };
    let mut found = Json::Map(Vec::new());
    for row in rows {
        let Json::List(parts) = row else { return None };
        let [id, why] = parts.as_slice() else { return None };
        let is_decision =
            |it: &Json| ["allowed", "denied", "undecided"].into_iter().any(|word| it.as_str() == Some(word));
        let is_valid = operations.items().contains(id)
            && is_decision(why.get("decision")?)
            && matches!(why.get("reasons")?, Json::List(_))
            && why.get("sentence")?.as_str().is_some();
        if !is_valid {
            return None;
        }
        found.set(id.as_str()?, why.clone());
    }
    let of = |id: &Json| Some((id.as_str()?.to_owned(), found.get(id.as_str()?)?.clone()));
    Some(operations.items().iter().filter_map(of).collect())
}

fn is_id(text: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
    text.len() <= 128 && text.split(['-', '.', ':']).all(is_part)
}

fn ids(json: &Json) -> Option<Vec<&str>> {
    let Json::List(items) = json else { return None };
    items.iter().map(|item| item.as_str().filter(|id| is_id(id))).collect()
}

fn menu(json: &Json, ancestors: usize) -> Option<Json> {
    let Json::List(rows) = json else { return None };
    if ancestors > 64 && !rows.is_empty() {
        return None;
    }
    let row = |row: &Json| {
        let Json::List(parts) = row else { return None };
        let [id, label, state, verbs, operations, children] = parts.as_slice() else { return None };
        let state = (0..3_u32)
            .zip(["hidden", "shown", "undecided"])
            .find(|(number, _)| [format!("{number}"), format!("{number}.0")].contains(&state.to_string()))?;
        Some(Json::List(vec![
            Json::text(id.as_str().filter(|id| is_id(id))?),
            Json::text(label.as_str()?),
            Json::text(state.1),
            Json::list(ids(verbs)?),
            Json::list(ids(operations)?),
            menu(children, ancestors + 1)?,
        ]))
    };
    rows.iter().map(row).collect::<Option<Vec<_>>>().map(Json::List)
}

/// A valid snapshot, in which each faulty one differs in one place.
const GOOD: &str = r#"["privet",1,"f00d",["a","b.c"],"10",[["m","M",1,["add"],["a"],[["m.n","",0,[],[],[]]]]]]"#;

/// A valid snapshot of version 2, in which each faulty one differs in one place.
const GOOD_2: &str = r#"["privet",2,"f00d",["a","b.c"],"10",[],[["b.c",{"decision":"denied","reasons":[{"code":"not-granted","id":"sell"}],"sentence":"Sell is not granted","more":1}],["a",{"decision":"allowed","reasons":[],"sentence":""}]]]"#;

/// Faulty snapshots of version 2.
const FAULTS_2: &[(&str, &str, &str)] = &[
    ("version 1 with reasons", ",2,\"f", ",1,\"f"),
    ("version 3", ",2,\"f", ",3,\"f"),
    ("reasons that are no array", "[],\"sentence\":\"\"}]]", "[],\"sentence\":\"\"}]],0"),
    ("reasons of an operation that the snapshot does not have", "[[\"b.c\"", "[[\"b.d\""),
    ("a row of reasons with three items", "\"more\":1}]", "\"more\":1},0]"),
    (
        "a row of reasons without an object",
        "{\"decision\":\"allowed\",\"reasons\":[],\"sentence\":\"\"}",
        "\"allowed\"",
    ),
    ("an unknown decision", "\"allowed\",\"reasons\"", "\"granted\",\"reasons\""),
    ("a decision in an array", "\"decision\":\"allowed\"", "\"decision\":[\"allowed\"]"),
    ("no decision", "\"decision\":\"allowed\",", ""),
    ("reasons that are an object", "\"reasons\":[],", "\"reasons\":{},"),
    ("no reasons", "\"reasons\":[],", ""),
    ("a sentence that is no text", "\"sentence\":\"\"", "\"sentence\":null"),
    ("no sentence", ",\"sentence\":\"\"", ""),
];

/// Faulty snapshots: the reason, and what is replaced by what.
const FAULTS: &[(&str, &str, &str)] = &[
    ("another first word", "privet", "Privet"),
    ("version 2 without its seventh item", ",1,\"f", ",2,\"f"),
    ("the version as text", ",1,\"f", ",\"1\",\"f"),
    ("the fingerprint is no text", "\"f00d\"", "7"),
    ("no fingerprint", ",\"f00d\"", ""),
    ("the operations are no array", "[\"a\",\"b.c\"]", "\"ab\""),
    ("an operation is no text", "[\"a\",\"b.c\"]", "[\"a\",7]"),
    ("an operation is no id", "b.c", "b..c"),
    ("an operation twice", "b.c", "a"),
    ("a digit too few", "\"10\"", "\"1\""),
    ("a digit too many", "\"10\"", "\"100\""),
    ("a digit that is neither 0 nor 1", "\"10\"", "\"12\""),
    ("the digits as a number", "\"10\"", "10"),
    ("the menu is no array", "[[\"m\",\"M\",1,[\"add\"],[\"a\"],[[\"m.n\",\"\",0,[],[],[]]]]]", "{}"),
    ("a menu item is no array", "[[\"m.n\",\"\",0,[],[],[]]]", "[7]"),
    ("a menu item without children", "\"m.n\",\"\",0,[],[],[]", "\"m.n\",\"\",0,[],[]"),
    ("a menu item with too much", "\"m.n\",\"\",0,[],[],[]", "\"m.n\",\"\",0,[],[],[],0"),
    ("the id of a menu item is no id", "m.n", "m..n"),
    ("the id of a menu item is no text", "\"m.n\"", "null"),
    ("a label that is no text", "\"m.n\",\"\"", "\"m.n\",null"),
    ("an unknown state", "\"\",0", "\"\",3"),
    ("a state as text", "\"\",0", "\"\",\"0\""),
    ("a state that is no whole number", "\"\",0", "\"\",0.5"),
    ("a verb that is no id", "add", "add!"),
    ("an operation of a menu item that is no id", "[\"a\"]", "[\"\"]"),
    ("children that are no array", "[[\"m.n\",\"\",0,[],[],[]]]", "null"),
    ("one part too many", "]]]]]]", "]]]]],0]"),
    ("not an array", GOOD, "{}"),
    ("cut short", "]]]]]]", "]]]]]"),
    ("text behind it", "]]]]]]", "]]]]]]x"),
    ("an empty text", GOOD, ""),
    ("no JSON", GOOD, "privet"),
];

/// A snapshot with a menu item that has so many ancestors.
fn nested(ancestors: usize) -> String {
    let (before, after) = (r#"[["m","",0,[],[],"#.repeat(ancestors + 1), "]]".repeat(ancestors + 1));
    format!(r#"["privet",1,"",[],"",{before}[]{after}]"#)
}

pub(super) fn all() -> Vec<Json> {
    let case = |why: &str, snapshot: &str| {
        Json::map([("why", Json::text(why)), ("snapshot", Json::text(snapshot)), ("is", read(snapshot))])
    };
    let mut cases = vec![
        case("a small snapshot", GOOD),
        case("a policy without operations and menu", r#"["privet",1,"",[],"",[]]"#),
        case(
            "an undecided item, and labels with quotes and letters of all kinds",
            r#"["privet",1,"x",["a"],"0",[["m","\"\\ Menü 😀\n",2,[],[],[]]]]"#,
        ),
        case(
            "a reader need not check that the menu fits the operations",
            r#"["privet",1,"x",["a"],"0",[["m","M",1,["v"],["b"],[]],["m","M",0,[],[],[]]]]"#,
        ),
    ];
    for ancestors in [60, 64, 65] {
        cases.push(case(&format!("a menu item with {ancestors} ancestors"), &nested(ancestors)));
    }
    let source = Source::new(doc::KINDS);
    let model = source.model();
    for subject in doc::SUBJECTS.iter().filter_map(|(_, text)| model.read_subject(&Json::parse(text)).ok()).take(3) {
        if let Ok(subject) = model.decided(&source.pack, subject) {
            cases.push(case("of a session", snapshot_of(&source, &subject).as_str()));
        }
    }
    for (why, found, replaced) in FAULTS {
        assert!(GOOD.contains(found), "{found}");
        let faulty = GOOD.replacen(found, replaced, 1);
        assert!(parse(&faulty).is_none(), "{why}");
        cases.push(case(why, &faulty));
    }
    cases.push(case("a snapshot of version 2: reasons of some operations", GOOD_2));
    cases.push(case("version 2 without reasons of an operation", r#"["privet",2,"",["a"],"1",[],[]]"#));
    let twice = GOOD_2.replacen("[\"a\",{\"decision\":\"allowed\"", "[\"b.c\",{\"decision\":\"undecided\"", 1);
    cases.push(case("of two rows of one operation the last counts", &twice));
    for (why, found, replaced) in FAULTS_2 {
        assert!(GOOD_2.contains(found), "{found}");
        let faulty = GOOD_2.replacen(found, replaced, 1);
        assert!(parse(&faulty).is_none(), "{why}");
        cases.push(case(why, &faulty));
    }
    let spaced = GOOD.replace(',', " ,\n\t ");
    cases.push(case("white space between tokens", &spaced));
    cases.push(case("version 1.0 is version 1, and state 1.0 is state 1", &GOOD.replace(",1,", ",1.0,")));
    cases
}

fn snapshot_of(source: &Source, subject: &Subject) -> String {
    let answers = source.model().answers(&source.pack, subject, &["snapshot"]);
    answers.get("snapshot").and_then(Json::as_str).expect("a snapshot").to_owned()
}
