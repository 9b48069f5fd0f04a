//! Compares the library's answers with the files.

use crate::model::json::Json;
use base64ct::{Base64, Encoding};
use privet::model::{Value, Verdict};
use privet::pack::Policy;
use privet::session::{Change, Holding, MenuNode, Session, Subject, SubjectError};

/// The number of comparisons, and the differences.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) count: usize,
    pub(super) differ: Vec<String>,
}

impl Compared {
    fn same(&mut self, about: &str, library: &str, expected: &str) {
        self.count += 1;
        if library != expected {
            self.differ.push(format!("{about}: {library}, not {expected}"));
        }
    }

    /// Compares each item of a list.
    fn each(&mut self, about: &str, library: &[Json], expected: &[Json]) {
        self.same(about, &library.len().to_string(), &expected.len().to_string());
        for (place, (library, expected)) in library.iter().zip(expected).enumerate() {
            self.same(&format!("{about} {place}"), &library.to_string(), &expected.to_string());
        }
    }
}

fn text<'j>(json: &'j Json, key: &str) -> &'j str {
    json.get(key).and_then(Json::as_str).unwrap_or_else(|| panic!("no `{key}` in {json}"))
}

fn bytes(json: &Json) -> Vec<u8> {
    Base64::decode_vec(text(json, "pack")).expect("base64")
}

pub(super) fn packs(file: &Json, compared: &mut Compared) {
    for case in file.items() {
        let why = text(case, "why");
        let expected = case.get("valid").expect("`valid`").to_string();
        // A panic is a difference, and the remaining packs are still opened.
        let opened = std::panic::catch_unwind(|| Policy::open(&bytes(case)));
        let found = opened.as_ref().map_or_else(|_| "panics".into(), |opened| opened.is_ok().to_string());
        compared.same(why, &found, &expected);
        if let Ok(Ok(policy)) = opened {
            // What a host opens it must be able to evaluate.
            let evaluated = std::panic::catch_unwind(|| drop(policy.session(&Subject::default())));
            compared.same(why, if evaluated.is_ok() { "ends" } else { "panics" }, "ends");
        }
    }
}

/// The crate has no reader of snapshots: the naive one of the tests is compared with the file.
pub(super) fn snapshots(file: &Json, compared: &mut Compared) {
    for case in file.items() {
        let read = super::snapshots::read(text(case, "snapshot"));
        compared.same(text(case, "why"), &read.to_string(), &case.get("is").expect("`is`").to_string());
    }
}

pub(super) fn policy(file: &str, json: &Json, compared: &mut Compared) {
    let policy = match Policy::open(&bytes(json)) {
        Ok(policy) => policy,
        Err(error) => return compared.same(file, &error.to_string(), "a valid pack"),
    };
    let whole = policy.session(&Subject::default());
    for unknown in json.get("unknown").expect("`unknown`").items() {
        let [kind, id] = [0, 1].map(|place| unknown.items()[place].as_str().expect("a text"));
        let Ok(session) = &whole else { continue };
        let error = match kind {
            "operation" => session.decide(id).err(),
            "privilege" => session.holds(id).err(),
            _ => policy.program().menu.find(id).is_none().then(|| policy.unknown(kind, id)),
        };
        let found = error.map(|error| [error.fault().code(), error.id()].join(" "));
        compared.same(&format!("{file}: {kind} {id}"), &found.unwrap_or_default(), &format!("unknown-id {id}"));
    }
    for case in json.get("cases").expect("`cases`").items() {
        let subject = case.get("subject").expect("`subject`");
        let about = format!("{file}: {subject}");
        let now = case.get("now").map(|now| now.to_string().parse().expect("a time"));
        let session = Subject::from_value(subject.to_value()).and_then(|subject| match now {
            Some(now) => policy.session_at(&subject, now),
            None => policy.session(&subject),
        });
        result(&about, &session, case.get("is").expect("`is`"), compared);
        for changed in case.get("changes").map_or(&[][..], Json::items) {
            let change = changed.get("change").expect("`change`");
            let Ok(session) = &session else { continue };
            let after = Change::from_value(change.to_value()).and_then(|change| session.with(&change));
            result(&format!("{about} with {change}"), &after, changed.get("is").expect("`is`"), compared);
        }
        for restored in case.get("tokens").map_or(&[][..], Json::items) {
            let facts = restored.get("facts").expect("`facts`");
            let Value::Map(given) = facts.to_value() else { panic!("{facts}") };
            let session = policy.restore(text(restored, "token"), &given);
            let about = format!("{file}: {} with {facts}", text(restored, "token"));
            result(&about, &session, restored.get("is").expect("`is`"), compared);
        }
    }
}

fn result(about: &str, session: &Result<Session, SubjectError>, expected: &Json, compared: &mut Compared) {
    match (session, expected.get("error")) {
        (Err(error), Some(expected)) => {
            compared.same(&format!("{about}: code"), error.fault().code(), text(expected, "code"));
            compared.same(&format!("{about}: id"), error.id(), text(expected, "id"));
        }
        (Err(error), None) => compared.same(about, &error.to_string(), "answers"),
        (Ok(_), Some(expected)) => compared.same(about, "answers", &expected.to_string()),
        (Ok(session), None) => {
            for (key, expected) in expected.entries() {
                let about = format!("{about}: {key}");
                let answer = answer(session, key);
                if let (Json::List(library), Json::List(expected)) = (&answer, expected) {
                    compared.each(&about, library, expected);
                } else {
                    compared.same(&about, &answer.to_string(), &expected.to_string());
                }
            }
        }
    }
}

fn verdict(verdict: Verdict, [yes, no, unknown]: [&str; 3]) -> Json {
    Json::text(match verdict {
        Verdict::Yes => yes,
        Verdict::No => no,
        Verdict::Unknown => unknown,
    })
}

fn held(holding: &Holding) -> Json {
    match holding {
        Holding::Nothing => Json::NULL,
        Holding::Undecided => Json::text("undecided"),
        Holding::Value(value) => Json::of_value(value),
    }
}

/// The library's answer to a key of a result.
fn answer(session: &Session, key: &str) -> Json {
    let program = session.program();
    let operations = program.operations.iter();
    let inputs = |operation: Option<&str>| Json::parse(&session.inputs(operation).expect("an operation"));
    let states = |state: Verdict| verdict(state, ["shown", "hidden", "undecided"]);
    match key {
        "operations" => Json::List(
            operations
                .map(|operation| {
                    let decided = session.decide(&operation.id).expect("an operation");
                    let decision = verdict(decided.verdict, ["allowed", "denied", "undecided"]);
                    Json::List(vec![decision, Json::list(decided.obligations)])
                })
                .collect(),
        ),
        "allowed" => Json::list(session.allowed()),
        "menu" => menu(session, &session.menu(), &states),
        "holds" => Json::List(
            program
                .privileges
                .iter()
                .map(|privilege| {
                    let (granted, effective) = session.holds(&privilege.id).expect("a privilege");
                    Json::List(vec![held(&granted), held(&effective)])
                })
                .collect(),
        ),
        "from" => {
            let from = |id: &str| serde_json::to_string(&session.from(id).expect("a privilege")).expect("plain data");
            Json::List(program.privileges.iter().map(|privilege| Json::parse(&from(&privilege.id))).collect())
        }
        "token" => Json::text(&session.token()),
        "subject" => inputs(None),
        "inputs" => Json::List(operations.map(|operation| inputs(Some(&operation.id))).collect()),
        "validUntil" => session.valid_until().map_or(Json::NULL, |until| Json::Atom(until.into())),
        "snapshot" => Json::text(&snapshot(session)),
        other => panic!("unknown key `{other}`"),
    }
}

fn menu(session: &Session, nodes: &[MenuNode], state: &dyn Fn(Verdict) -> Json) -> Json {
    let verbs = &session.program().verbs;
    let row = |node: &MenuNode| {
        Json::List(vec![
            Json::text(node.id),
            Json::text(node.label),
            state(node.state),
            Json::list(node.verbs.indices().map(|verb| verbs.get(verb).expect("a verb").id.as_str())),
            Json::list(node.operations.iter().copied()),
            menu(session, &node.children, state),
        ])
    };
    Json::List(nodes.iter().map(row).collect())
}

/// The crate has no snapshots: one is put together from the answers of which it consists.
fn snapshot(session: &Session) -> String {
    let program = session.program();
    let can = |id: &str| session.can(id).expect("an operation");
    let state = |state: Verdict| match state {
        Verdict::No => Json::Atom(0.into()),
        Verdict::Yes => Json::Atom(1.into()),
        Verdict::Unknown => Json::Atom(2.into()),
    };
    let allowed: String = program.operations.ids().map(|id| if can(id) { '1' } else { '0' }).collect();
    let parts = vec![
        Json::text("privet"),
        Json::Atom(1.into()),
        Json::text(&program.fingerprint),
        Json::list(program.operations.ids()),
        Json::text(&allowed),
        menu(session, &session.menu(), &state),
    ];
    Json::List(parts).to_string()
}
