//! Subjects and changes with one fault each.

use crate::model::Model;
use crate::model::json::Json;
use privet::document::Privilege;
use privet::model::{FactKind, PrivilegeKind};

/// Values that no kind accepts, and values that only some do.
const OTHERS: [&str; 12] =
    ["null", "true", "0", "1", "-1", "0.5", "4294967296", "1e300", "\"\"", "\"constructor\"", "[]", "{}"];

type Faults = Vec<(String, Json)>;

fn with(base: &Json, key: &str, entry: &str, value: Json) -> Json {
    let mut json = base.clone();
    let mut of_key = base.get(key).cloned().unwrap_or(Json::Map(Vec::new()));
    of_key.set(entry, value);
    json.set(key, of_key);
    json
}

fn replaced(base: &Json, key: &str, text: &str) -> Json {
    let mut json = base.clone();
    json.set(key, Json::parse(text));
    json
}

/// Values that the privilege may refuse.
fn grants(privilege: &Privilege) -> Vec<Json> {
    let mut texts: Vec<String> = OTHERS.iter().map(|text| (*text).to_owned()).collect();
    let values = privilege.values();
    texts.extend(values.iter().map(|value| format!("\"{value}x\"")));
    match privilege.kind {
        PrivilegeKind::Flag => texts.push("\"true\"".into()),
        PrivilegeKind::Level | PrivilegeKind::Choice => texts.push(format!("[\"{}\"]", values[0])),
        PrivilegeKind::Set => {
            let first = &values[0];
            texts.extend([
                format!("\"{first}\""),
                format!("[\"{first}\",\"{first}\"]"),
                format!("[\"{first}\",\"{first}x\"]"),
                format!("[\"{first}\",0]"),
                format!("[[\"{first}\"]]"),
                format!("{{\"{first}\":true}}"),
            ]);
        }
        PrivilegeKind::Number => {
            let (below, above) = privilege.range();
            texts.extend(below.checked_sub(1).map(|number| number.to_string()));
            texts.extend(above.checked_add(1).map(|number| number.to_string()));
            texts.push("\"7\"".into());
        }
    }
    texts.iter().map(|text| Json::parse(text)).collect()
}

/// Ids that are not those of a privilege, fact or role.
fn strangers(model: &Model, key: &str) -> Vec<String> {
    let document = model.document;
    let mut ids: Vec<String> =
        ["", "toString", "hasOwnProperty", "é😀", "x"].iter().map(|text| (*text).to_owned()).collect();
    ids.push("x".repeat(129));
    ids.extend(document.operations.iter().take(1).map(|it| it.id.to_string()));
    let facts = document.facts.iter().take(1).map(|it| it.id.to_string());
    let privileges = document.privileges.iter().take(1).map(|it| it.id.to_string());
    let roles = document.roles.iter().take(1).map(|it| it.id.to_string());
    match key {
        "facts" => ids.extend(privileges.chain(roles)),
        "roles" => ids.extend(privileges.chain(facts)),
        _ => ids.extend(facts.chain(roles)),
    }
    ids
}

fn facts(model: &Model, base: &Json, all: &mut Faults) {
    for fact in model.document.facts.iter() {
        let mut texts: Vec<String> = OTHERS.iter().map(|text| (*text).to_owned()).collect();
        texts.extend(fact.values().iter().map(|value| format!("[\"{value}\"]")));
        if fact.kind == FactKind::Switch {
            texts.push("\"true\"".into());
        }
        for text in texts {
            all.push((format!("fact `{}`", fact.id), with(base, "facts", &fact.id, Json::parse(&text))));
        }
    }
    for id in strangers(model, "facts") {
        all.push(("no fact".into(), with(base, "facts", &id, Json::parse("true"))));
    }
}

fn own(model: &Model, base: &Json, key: &str, all: &mut Faults) {
    for privilege in model.document.privileges.iter() {
        for value in grants(privilege) {
            all.push((format!("privilege `{}` in `{key}`", privilege.id), with(base, key, &privilege.id, value)));
        }
    }
    for id in strangers(model, "privileges") {
        all.push((format!("no privilege, in `{key}`"), with(base, key, &id, Json::parse("true"))));
    }
}

/// Variants of a subject. Those that are valid are of no use here.
pub(super) fn subjects(model: &Model, base: &Json) -> Faults {
    let mut all = Faults::new();
    for text in ["null", "[]", "\"\"", "7", "true"] {
        all.push(("a subject is an object".into(), Json::parse(text)));
    }
    for key in ["role", "", "Grants", "set", "toString"] {
        all.push(("an unknown key".into(), replaced(base, key, "{}")));
    }
    for key in ["roles", "grants", "facts"] {
        for text in ["null", "\"\"", "7", "true", if key == "roles" { "{}" } else { "[]" }] {
            all.push((format!("`{key}` of another type"), replaced(base, key, text)));
        }
    }
    let roles = base.get("roles").map_or(&[][..], Json::items);
    let mut with_role = |why: &str, role: Json| {
        let mut subject = base.clone();
        subject.set("roles", Json::List(roles.iter().cloned().chain([role]).collect()));
        all.push((why.into(), subject));
    };
    for text in ["null", "7", "true", "[]"] {
        with_role("a role of another type", Json::parse(text));
    }
    for id in strangers(model, "roles") {
        with_role("no role", Json::text(&id));
    }
    if let Some(listed) = roles.iter().find(|role| role.as_str().is_some()) {
        with_role("a role listed twice", listed.clone());
    }
    for privilege in model.document.privileges.iter() {
        for value in grants(privilege) {
            with_role("an inline role", Json::map([(&*privilege.id, value)]));
        }
    }
    for id in strangers(model, "privileges") {
        with_role("no privilege, in an inline role", Json::map([(id.as_str(), Json::parse("true"))]));
    }
    own(model, base, "grants", &mut all);
    facts(model, base, &mut all);
    all
}

/// Changes, most of them with a fault.
pub(super) fn changes(model: &Model) -> Faults {
    let base = Json::Map(Vec::new());
    let mut all = Faults::new();
    for text in ["null", "[]", "\"\"", "7", "true"] {
        all.push(("a change is an object".into(), Json::parse(text)));
    }
    for key in ["grants", "", "add", "toString"] {
        all.push(("an unknown key".into(), replaced(&base, key, "{}")));
    }
    for key in ["set", "facts", "roles"] {
        for text in ["null", "\"\"", "7", "true", "[]"] {
            all.push((format!("`{key}` of another type"), replaced(&base, key, text)));
        }
    }
    all.push(("an unknown key of `roles`".into(), Json::parse(r#"{"roles":{"set":[]}}"#)));
    for key in ["add", "remove"] {
        for text in ["null", "\"\"", "7", "{}", "[null]", "[7]", "[{}]", "[[]]"] {
            all.push((format!("`{key}` of another type"), with(&base, "roles", key, Json::parse(text))));
        }
        for id in strangers(model, "roles") {
            all.push((format!("no role, in `{key}`"), with(&base, "roles", key, Json::list([id.as_str()]))));
        }
        for role in model.document.roles.iter().take(1) {
            all.push((
                format!("a role twice in `{key}`"),
                with(&base, "roles", key, Json::list([&*role.id, &role.id])),
            ));
        }
    }
    for role in model.document.roles.iter().take(2) {
        let both = Json::map([("add", Json::list([&*role.id])), ("remove", Json::list([&*role.id]))]);
        all.push(("a role that is both added and removed".into(), Json::map([("roles", both)])));
    }
    own(model, &base, "set", &mut all);
    facts(model, &base, &mut all);
    all
}
