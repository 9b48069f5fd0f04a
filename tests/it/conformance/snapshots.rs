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
    let json: Json = serde_json::from_str(snapshot).ok()?;
    let Json::List(parts) = &json else { return None };
    let [magic, version, fingerprint, operations, allowed, menu] = parts.as_slice() else { return None };
    let ids = ids(operations)?;
    let digits = allowed.as_str()?;
    let is_valid = magic.as_str() == Some("privet")
        && *version == Json::Atom(1.into())
        && ids.len() == digits.len()
        && ids.iter().collect::<BTreeSet<_>>().len() == ids.len()
        && digits.chars().all(|digit| digit == '0' || digit == '1');
    let allowed = ids.into_iter().zip(digits.chars()).filter(|(_, digit)| *digit == '1').map(|(id, _)| id);
    is_valid.then_some(Json::map([
        ("fingerprint", Json::text(fingerprint.as_str()?)),
        ("allowed", Json::list(allowed)),
        ("menu", self::menu(menu, 0)?),
    ]))
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
            .find(|(number, _)| *state == Json::Atom((*number).into()))?;
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

/// Faulty snapshots: the reason, and what is replaced by what.
const FAULTS: &[(&str, &str, &str)] = &[
    ("another first word", "privet", "Privet"),
    ("another version of snapshots", ",1,\"f", ",2,\"f"),
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
    // serde_json, which reads them here, stops at a depth of 128, which is just below 64 ancestors.
    for ancestors in [60, 65] {
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
    cases
}

fn snapshot_of(source: &Source, subject: &Subject) -> String {
    let answers = source.model().answers(&source.pack, subject, &["snapshot"]);
    answers.get("snapshot").and_then(Json::as_str).expect("a snapshot").to_owned()
}
