//! The library's results for random subjects, changes and tokens, valid or not: one line of JSON for each policy.
//! `pkg/test/core.test.mjs` compares them with those of the package.
//!
//! A value is written as itself, but an object as `{ "map": [[key, value]..] }`, which preserves its order, and a value
//! that JSON does not have as `{ "other": text }`.

use crate::model::Model;
use crate::model::changes;
use crate::support::random::Random;
use privet::model::{Value, Verdict};
use privet::pack::Policy;
use privet::session::{Change, GrantGiver, Holding, MenuNode, Provenance, RoleRef, Session, Subject, SubjectError};
use serde_json::{Value as Json, json};
use std::fmt::Write;

/// Values that JavaScript has and no policy accepts.
const OTHERS: [&str; 10] =
    ["-1", "0.5", "NaN", "Infinity", "-Infinity", "4294967296", "1e+21", "-1e-7", "function", "symbol"];

/// The line of a policy: its pack, and cases of random subjects, each with changes and with tokens to restore.
pub(crate) fn line(policy: &Policy, model: &Model, random: &mut Random, subjects: usize) -> Json {
    let unknown = unknown(policy, model, random, 10 * subjects);
    let cases: Vec<Json> = (0..subjects).map(|_| case(policy, model, random)).collect();
    let mut pack = String::new();
    for byte in policy.pack() {
        let _ = write!(pack, "{byte:02x}");
    }
    json!({ "pack": pack, "cases": cases, "unknown": unknown })
}

/// Ids that the policy does not have, or has as another kind, with the expected errors.
fn unknown(policy: &Policy, model: &Model, random: &mut Random, count: usize) -> Vec<Json> {
    let program = policy.program();
    let mut all = Vec::new();
    for _ in 0..count {
        let word = word(model, random);
        let known = [
            ("operation", program.operations.find(&word)),
            ("privilege", program.privileges.find(&word)),
            ("menu item", program.menu.find(&word)),
        ];
        for (kind, _) in known.iter().filter(|(_, found)| found.is_none()) {
            all.push(json!([kind, word, refused(&policy.unknown(kind, &word))]));
        }
    }
    all
}

fn case(policy: &Policy, model: &Model, random: &mut Random) -> Json {
    let mut subject = of_subject(&random_subject(model, random), random);
    if random.below(3) == 0 {
        insert_fault(model, &mut subject, random);
    }
    let session = Subject::from_value(subject.clone()).and_then(|subject| policy.session(&subject));
    let mut changed = Vec::new();
    let mut restored = Vec::new();
    if let Ok(session) = &session {
        for _ in 0..4 {
            let mut change = of_change(&changes::random(model, random), random);
            for _ in 0..random.below(3) {
                insert_fault(model, &mut change, random);
            }
            let after = Change::from_value(change.clone()).and_then(|change| session.with(&change));
            changed.push(json!({ "change": plain(&change), "is": result(after) }));
        }
        for _ in 0..3 {
            let token = damaged(session.token(), random);
            let mut facts = Value::Map(random_subject(model, random).facts);
            if random.below(4) == 0 {
                insert_fault(model, &mut facts, random);
            }
            let Value::Map(given) = &facts else { continue };
            restored
                .push(json!({ "token": token, "facts": plain(&facts), "is": result(policy.restore(&token, given)) }));
        }
    }
    json!({ "subject": plain(&subject), "is": result(session), "changes": changed, "tokens": restored })
}

/// The model's subject with up to three inline roles: clashes, and several numbers for one privilege.
fn random_subject(model: &Model, random: &mut Random) -> Subject {
    let mut subject = model.subject(random);
    for _ in 0..random.below(3) {
        let role = model.inline_role(random);
        let place = random.below(subject.roles.len() + 1);
        subject.roles.insert(place, role);
    }
    subject
}

fn shuffle<T>(items: &mut [T], random: &mut Random) {
    for place in (1..items.len()).rev() {
        items.swap(place, random.below(place + 1));
    }
}

fn map(mut entries: Vec<(String, Value)>, random: &mut Random) -> Value {
    shuffle(&mut entries, random);
    Value::Map(entries)
}

fn of_subject(subject: &Subject, random: &mut Random) -> Value {
    let mut roles: Vec<Value> = Vec::new();
    for role in &subject.roles {
        roles.push(match role {
            RoleRef::Known(id) => Value::Text(id.clone()),
            RoleRef::Until { role, until } => {
                Value::Map(vec![("role".into(), Value::Text(role.clone())), ("until".into(), Value::Number(*until))])
            }
            RoleRef::Inline(grants) => map(grants.clone(), random),
            RoleRef::Named { name, grants } => Value::Map(vec![
                ("name".into(), Value::Text(name.clone())),
                ("grants".into(), map(grants.clone(), random)),
            ]),
        });
    }
    shuffle(&mut roles, random);
    let (grants, facts) = (map(subject.grants.clone(), random), map(subject.facts.clone(), random));
    map(vec![("roles".into(), Value::List(roles)), ("grants".into(), grants), ("facts".into(), facts)], random)
}

fn of_change(change: &Change, random: &mut Random) -> Value {
    let ids = |ids: &[String]| Value::List(ids.iter().cloned().map(Value::Text).collect());
    let roles = map(vec![("add".into(), ids(&change.add)), ("remove".into(), ids(&change.remove))], random);
    let (set, facts) = (map(change.set.clone(), random), map(change.facts.clone(), random));
    map(vec![("set".into(), set), ("facts".into(), facts), ("roles".into(), roles)], random)
}

/// An id of the policy, a misspelt one, or none.
fn word(model: &Model, random: &mut Random) -> String {
    let document = model.document;
    let mut ids: Vec<String> = document.facts.iter().map(|it| it.id.to_string()).collect();
    ids.extend(document.privileges.iter().map(|it| it.id.to_string()));
    ids.extend(document.roles.iter().map(|it| it.id.to_string()));
    ids.extend(document.operations.iter().map(|it| it.id.to_string()));
    ids.extend(document.menu.iter().map(|it| it.id.to_string()));
    ids.extend(document.verbs.iter().map(|it| it.id.to_string()));
    for privilege in document.privileges.iter() {
        ids.extend(privilege.levels.iter().map(|it| it.id.to_string()));
        ids.extend(privilege.options.iter().map(|it| it.id.to_string()));
    }
    ids.extend(["grants", "roles", "facts", "set", "add", "", "toString", "é😀"].map(String::from));
    ids.push("p".repeat(128 + random.below(2)));
    let mut letters: Vec<char> = ids.swap_remove(random.below(ids.len())).chars().collect();
    for _ in 0..random.below(3) {
        let at = random.below(letters.len() + 1);
        match random.below(4) {
            0 => letters.insert(at, 'x'),
            1 if at < letters.len() => letters[at] = '😀',
            2 if at < letters.len() => drop(letters.remove(at)),
            _ if at + 1 < letters.len() => letters.swap(at, at + 1),
            _ => {}
        }
    }
    // JavaScript puts keys that are indices first in an object, regardless of the order in which they were added.
    if !letters.is_empty() && letters.iter().all(char::is_ascii_digit) {
        letters.push('x');
    }
    letters.into_iter().collect()
}

fn anything(model: &Model, random: &mut Random) -> Value {
    match random.below(9) {
        0 => Value::Null,
        1 => Value::Flag(random.below(2) == 0),
        2 => Value::Number([0, 1, 7, u32::MAX][random.below(4)]),
        3 | 4 => Value::Text(word(model, random)),
        5 => Value::List((0..random.below(3)).map(|_| anything(model, random)).collect()),
        6 => Value::Map((0..random.below(2)).map(|_| (word(model, random), anything(model, random))).collect()),
        _ => Value::Other(OTHERS[random.below(OTHERS.len())].into()),
    }
}

/// Puts a fault somewhere into a value. The result may still be valid.
fn insert_fault(model: &Model, value: &mut Value, random: &mut Random) {
    match value {
        Value::Map(entries) if !entries.is_empty() && random.below(12) > 0 => {
            let place = random.below(entries.len());
            match random.below(8) {
                0 => {
                    let key = word(model, random);
                    if entries.iter().all(|(known, _)| *known != key) {
                        entries[place].0 = key;
                    }
                }
                1 => {
                    let (key, value) = (word(model, random), anything(model, random));
                    if entries.iter().all(|(known, _)| *known != key) {
                        entries.insert(place, (key, value));
                    }
                }
                _ => insert_fault(model, &mut entries[place].1, random),
            }
        }
        Value::Map(entries) if random.below(3) > 0 => {
            let (key, value) = (word(model, random), anything(model, random));
            if entries.iter().all(|(known, _)| *known != key) {
                entries.push((key, value));
            }
        }
        Value::List(items) if random.below(8) > 0 => {
            let place = random.below(items.len() + 1);
            match items.get_mut(place) {
                Some(item) if random.below(2) == 0 => insert_fault(model, item, random),
                Some(item) => {
                    let again = item.clone();
                    items.push(again);
                }
                None => items.push(anything(model, random)),
            }
        }
        other => *other = anything(model, random),
    }
}

fn damaged(token: String, random: &mut Random) -> String {
    let mut letters: Vec<char> = token.chars().collect();
    let at = random.below(letters.len());
    match random.below(8) {
        0 => letters[at] = ['A', 'Q', '_', '=', '\n', '😀'][random.below(6)],
        1 => letters.truncate(at),
        2 => letters.insert(at, 'A'),
        3 => {
            // A token with a valid checksum, perhaps of another layout or with other grants.
            let bits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            letters.truncate(letters.len() - 6);
            let at = random.below(letters.len());
            letters[at] = char::from(bits[random.below(64)]);
            if random.below(4) == 0 {
                letters.push('A');
            }
            let text: String = letters.iter().collect();
            let sum = u64::from(crc(text.as_bytes()));
            letters.extend(
                (0..6).rev().map(|six| char::from(bits[usize::try_from(sum >> (6 * six) & 63).expect("six bits")])),
            );
        }
        _ => return token,
    }
    letters.into_iter().collect()
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

fn plain(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Flag(flag) => json!(flag),
        Value::Number(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Map(entries) => {
            json!({ "map": entries.iter().map(|(key, value)| json!([key, plain(value)])).collect::<Vec<_>>() })
        }
        Value::Other(text) => json!({ "other": text }),
    }
}

fn result(session: Result<Session, SubjectError>) -> Json {
    session.map_or_else(|error| refused(&error), |session| answers(&session))
}

fn refused(error: &SubjectError) -> Json {
    json!({ "error": [error.fault().code(), error.id(), error.to_string()] })
}

fn answers(session: &Session) -> Json {
    let program = session.program();
    let text = |text: Result<String, SubjectError>| text.expect("an operation of the policy");
    let decision = |id: &str| {
        let decided = session.decide(id).expect("an operation of the policy");
        json!([verdict_word(decided.verdict, ["allowed", "denied", "undecided"]), decided.obligations])
    };
    let holds = |id: &str| {
        let (granted, effective) = session.holds(id).expect("a privilege of the policy");
        json!([held(granted), held(effective)])
    };
    let verbs: Vec<&str> = program.verbs.iter().map(|verb| verb.id.as_str()).collect();
    json!({
        "decisions": program.operations.iter().map(|it| decision(&it.id)).collect::<Vec<_>>(),
        "allowed": session.allowed(),
        "menu": menu(&session.menu(), &verbs),
        "holds": program.privileges.iter().map(|it| holds(&it.id)).collect::<Vec<_>>(),
        "from": program.privileges.iter().map(|it| from(session, &it.id)).collect::<Vec<_>>(),
        "token": session.token(),
        "subject": text(session.inputs(None)),
        "inputs": program.operations.iter().map(|it| text(session.inputs(Some(&it.id)))).collect::<Vec<_>>(),
    })
}

/// Provenance as lists: each option of a set (else `null`) with its givers.
fn from(session: &Session, id: &str) -> Json {
    let giver = |giver: &GrantGiver| match giver {
        GrantGiver::Own => json!(["own"]),
        GrantGiver::Role { role, facts } => json!(["role", role, facts]),
        GrantGiver::Inline { index, name } => json!(["inline", index, name]),
    };
    let givers = |list: &[GrantGiver]| list.iter().map(giver).collect::<Vec<_>>();
    match session.from(id).expect("a privilege of the policy") {
        Provenance::Whole(list) => json!([[null, givers(&list)]]),
        Provenance::Options(options) => {
            let mut options: Vec<_> = options.iter().map(|(option, list)| json!([option, givers(list)])).collect();
            options.sort_by_key(|it| it[0].to_string());
            json!(options)
        }
    }
}

fn verdict_word(verdict: Verdict, [yes, no, unknown]: [&str; 3]) -> &str {
    match verdict {
        Verdict::Yes => yes,
        Verdict::No => no,
        Verdict::Unknown => unknown,
    }
}

fn held(holding: Holding) -> Json {
    match holding {
        Holding::Nothing => Json::Null,
        Holding::Value(value) => plain(&value),
        Holding::Undecided => json!("undecided"),
    }
}

fn menu(nodes: &[MenuNode], verbs: &[&str]) -> Json {
    let node = |it: &MenuNode| {
        let names: Vec<&str> = it.verbs.indices().map(|verb| verbs[verb]).collect();
        let state = verdict_word(it.state, ["shown", "hidden", "undecided"]);
        json!([it.id, it.label, state, names, it.operations, menu(&it.children, verbs)])
    };
    nodes.iter().map(node).collect()
}
