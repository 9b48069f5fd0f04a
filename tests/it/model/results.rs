//! All answers about a subject as JSON, from the model: what the files of `conformance/` expect.

use super::evaluation::Evaluation;
use super::json::Json;
use super::lookup::{Reassigned, Refusal, refused};
use super::pack::Pack;
use super::tokens::given;
use super::views::Item;
use super::{Given, Model, Person, Truth, has_one_value};
use privet::document::Privilege;
use privet::model::Value;
use privet::session::{Holding, RoleRef, Subject};
use sha2::{Digest, Sha256};

/// The answers that a result has besides `operations`, `token` and `subject`. Results of large policies leave some out, to
/// keep the files small.
pub(crate) type Answers<'a> = &'a [&'a str];
pub(crate) const ALL: Answers = &["allowed", "holds", "from", "menu", "inputs", "snapshot"];

fn word(truth: Truth, [yes, no, unknown]: [&str; 3]) -> Json {
    Json::text(match truth {
        Some(true) => yes,
        Some(false) => no,
        None => unknown,
    })
}

pub(crate) fn error_json(refusal: &Refusal) -> Json {
    let error = Json::map([("code", Json::text(refusal.code)), ("id", Json::text(&refusal.id))]);
    Json::map([("error", error)])
}

fn held(holding: &Holding) -> Json {
    match holding {
        Holding::Nothing => Json::NULL,
        Holding::Undecided => Json::text("undecided"),
        Holding::Value(value) => Json::of_value(value),
    }
}

impl Model<'_> {
    /// Whether a subject that was read can be decided: no conflict of choices.
    pub(crate) fn decided(&self, pack: &Pack, subject: Subject) -> Result<Subject, Refusal> {
        let clashes = Person::new(self, &subject).err().unwrap_or_default();
        let first = self.document.privileges.iter().find(|privilege| clashes.contains(&*privilege.id));
        let first = first.map(|privilege| privilege.id.to_string());
        // The page says the same about the pack.
        assert_eq!(Evaluation::new(pack, &subject).conflict(), first, "{subject:?}");
        first.map_or(Ok(subject), |id| refused("conflicting-choice", &id))
    }

    /// The subject after a change. `None` if hosts may refuse the change with different ids.
    pub(crate) fn with(&self, pack: &Pack, subject: &Subject, change: &Reassigned) -> Option<Result<Subject, Refusal>> {
        let inline = subject.roles.iter().filter(|role| role.inline_grants().is_some()).count();
        if change.amend.iter().any(|(index, _)| *index as usize >= inline) {
            return Some(Err(refused::<()>("invalid-subject", "amend").expect_err("a refusal")));
        }
        let after = match self.decided(pack, changed(subject, change)) {
            Ok(after) => after,
            Err(refusal) => return Some(Err(refusal)),
        };
        let person = Person::new(self, &after).expect("no conflict");
        let assumed = |when: Option<&privet::document::Requirement>| {
            when.is_some_and(|when| person.requirement(when.as_str()) == Some(true))
        };
        // The roles that are still held: no role that is removed is listed.
        let mut roles = self.document.roles.iter();
        let kept = roles.find(|role| change.remove.contains(&role.id.to_string()) && assumed(role.when.as_ref()));
        if let Some(role) = kept {
            return Some(refused("held-by-fact", &role.id));
        }
        // The privileges that a giver grants more of, and whether the giver is inline or listed.
        let mut overridden: Vec<(&str, bool)> = Vec::new();
        // The givers, and whether each is inline or listed.
        let mut givers: Vec<(bool, Vec<(String, Value)>)> = Vec::new();
        for role in &after.roles {
            if let Some(grants) = role.inline_grants() {
                givers.push((true, grants.to_vec()));
            }
        }
        for role in self.document.roles.iter() {
            let listed = after.roles.contains(&RoleRef::Known(role.id.to_string()));
            if listed || assumed(role.when.as_ref()) {
                givers.push((listed, self.role_grants[&*role.id].clone()));
            }
        }
        for (id, _) in &change.set {
            for (listed, grants) in &givers {
                if self.grants_more(id, given(grants, id), given(&after.grants, id)) {
                    overridden.push((id, *listed));
                }
            }
        }
        let Some((id, _)) = overridden.first() else { return Some(Ok(after)) };
        let is_ambiguous = overridden.iter().any(|(other, _)| other != id);
        let by_role = overridden.iter().any(|(_, listed)| *listed);
        (!is_ambiguous).then(|| refused(if by_role { "held-by-role" } else { "held-by-fact" }, id))
    }

    /// Whether a giver grants more than the own grant.
    fn grants_more(&self, id: &str, giver: Option<&Value>, own: Option<&Value>) -> bool {
        let privilege = self.privileges[id];
        let of = |value: Option<&Value>| value.map_or_else(Given::default, |value| Given::of(privilege, value));
        match (has_one_value(privilege), own) {
            (true, Some(_)) => false,
            _ => of(own).join(&of(giver)) != of(own),
        }
    }

    /// The answers about a subject that can be decided.
    pub(crate) fn answers(&self, pack: &Pack, subject: &Subject, answers: Answers) -> Json {
        let person = Person::new(self, subject).expect("no conflict");
        let operations = || self.document.operations.iter();
        let decisions = operations().map(|operation| {
            let decision = word(person.decision(operation), ["allowed", "denied", "undecided"]);
            let owed = person.obligations(operation);
            Json::List(vec![decision, Json::list(owed.iter().map(String::as_str))])
        });
        let holds = self.document.privileges.iter().map(|privilege| {
            let (granted, effective) = person.holds(privilege);
            Json::List(vec![held(&granted), held(&effective)])
        });
        let mut json = Json::map([
            ("operations", Json::List(decisions.collect())),
            ("token", Json::text(&self.write_token(subject))),
            ("subject", self.subject_json(subject)),
        ]);
        // What the page says about the pack is what the document means.
        let evaluation = Evaluation::new(pack, subject);
        assert_eq!(json.get("operations"), Some(&evaluation.operations()), "{subject:?}");
        let holds = Json::List(holds.collect());
        assert_eq!(holds, evaluation.holds(), "{subject:?}");
        if answers.contains(&"allowed") {
            json.set("allowed", Json::list(person.allowed().map(|operation| &*operation.id)));
        }
        if answers.contains(&"holds") {
            json.set("holds", holds);
        }
        if answers.contains(&"from") {
            let from = self.document.privileges.iter().map(|it| exact(pack, it, &person.from(it)));
            json.set("from", Json::List(from.collect()));
        }
        if answers.contains(&"menu") {
            json.set("menu", self.menu_json(&person, &|state| word(state, ["shown", "hidden", "undecided"])));
        }
        if answers.contains(&"inputs") {
            let inputs = (0..).zip(operations()).map(|(index, operation)| {
                let inputs = self.inputs_json(pack, subject, index);
                let part = self.read_subject(&inputs).and_then(|part| self.decided(pack, part)).expect("a subject");
                let part = Person::new(self, &part).expect("no conflict");
                let same = part.decision(operation) == person.decision(operation)
                    && part.obligations(operation) == person.obligations(operation);
                assert!(same, "{}: {inputs} decides otherwise than {subject:?}", operation.id);
                inputs
            });
            json.set("inputs", Json::List(inputs.collect()));
        }
        if answers.contains(&"snapshot") {
            json.set("snapshot", Json::text(&self.snapshot(&person)));
        }
        json
    }

    fn snapshot(&self, person: &Person) -> String {
        let operations = || self.document.operations.iter();
        let hash = Sha256::digest(self.document.canonical());
        let digits = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let fingerprint: String = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
        let digit = |truth: Truth| if truth == Some(true) { '1' } else { '0' };
        let allowed: String = operations().map(|operation| digit(person.decision(operation))).collect();
        let state = |state: Truth| Json::Atom(state.map_or(2, u32::from).into());
        let parts = vec![
            Json::text("privet"),
            Json::Atom(1.into()),
            Json::text(&fingerprint),
            Json::list(operations().map(|operation| &*operation.id)),
            Json::text(&allowed),
            self.menu_json(person, &state),
        ];
        Json::List(parts).to_string()
    }

    fn menu_json(&self, person: &Person, state: &dyn Fn(Truth) -> Json) -> Json {
        let items: Vec<Item> = person.menu().collect();
        self.below(&items, None, state)
    }

    fn below(&self, items: &[Item], parent: Option<&str>, state: &dyn Fn(Truth) -> Json) -> Json {
        let row = |item: &Item| {
            let declared = self.document.menu.iter().find(|declared| *declared.id == *item.id).expect("an item");
            Json::List(vec![
                Json::text(item.id),
                Json::text(&declared.label),
                state(item.state),
                Json::list(item.verbs.iter().copied()),
                Json::list(item.operations.iter().copied()),
                self.below(items, Some(item.id), state),
            ])
        };
        Json::List(items.iter().filter(|item| item.parent == parent).map(row).collect())
    }
}

/// Provenance in the order of the page. The facts of a role that is not listed are those on which it depends in the pack.
fn exact(pack: &Pack, privilege: &Privilege, from: &serde_json::Value) -> Json {
    let giver = |giver: &serde_json::Value| {
        let mut entries = vec![("by", Json::Atom(giver["by"].clone()))];
        for key in ["role", "index", "name"] {
            entries.extend(giver.get(key).map(|value| (key, Json::Atom(value.clone()))));
        }
        if let Some(known) = giver.get("facts") {
            let role = giver["role"].as_str().expect("an id");
            let facts = pack.facts_of_when(role);
            let same = known == "some" || *known == serde_json::json!(facts);
            assert!(same, "`{role}` depends on {facts:?}, its `when` names {known}");
            entries.push(("facts", Json::list(facts.iter().map(String::as_str))));
        }
        Json::map(entries)
    };
    match from {
        serde_json::Value::Array(givers) => Json::List(givers.iter().map(giver).collect()),
        lists => {
            let options = privilege.options.iter().map(|option| option.id.to_string());
            let given = options.filter_map(|id| Some((id.clone(), exact(pack, privilege, lists.get(&id)?))));
            Json::Map(given.collect())
        }
    }
}

/// The subject after a change, before it is decided.
pub(crate) fn changed(subject: &Subject, change: &Reassigned) -> Subject {
    let assign = |before: &[(String, Value)], assigned: &[(String, Option<Value>)]| -> Vec<(String, Value)> {
        let kept = before.iter().filter(|(id, _)| assigned.iter().all(|(other, _)| other != id)).cloned();
        let given = assigned.iter().filter_map(|(id, value)| Some((id.clone(), value.clone()?)));
        kept.chain(given).collect()
    };
    let mut roles = subject.roles.clone();
    for id in &change.add {
        let role = RoleRef::Known(id.clone());
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    roles.retain(|role| !matches!(role, RoleRef::Known(id) if change.remove.contains(id)));
    let inline = roles.iter_mut().filter_map(|role| match role {
        RoleRef::Inline(grants) | RoleRef::Named { grants, .. } => Some(grants),
        _ => None,
    });
    for (place, grants) in inline.enumerate() {
        for (_, set) in change.amend.iter().filter(|(index, _)| *index as usize == place) {
            *grants = assign(grants, set);
        }
    }
    Subject { roles, grants: assign(&subject.grants, &change.set), facts: assign(&subject.facts, &change.facts) }
}
