//! Reads subjects, changes and facts from JSON, by the sections Subject, Change and Errors of `docs/format.md`.
//!
//! A subject that was read is in one form: without facts that are not given and without values that are no grant; the
//! options of a set are in policy order.

use super::Model;
use super::json::Json;
use privet::document::{Fact, Privilege};
use privet::model::{FactKind, PrivilegeKind, Value};
use privet::session::{RoleRef, Subject};
use std::collections::BTreeMap;

/// A code and an id: what an error consists of, apart from its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) id: String,
}

pub(crate) fn refused<T>(code: &'static str, id: &str) -> Result<T, Refusal> {
    Err(Refusal { code, id: id.into() })
}

/// Ids and their new values; `None` takes the value away.
pub(crate) type Assigned = Vec<(String, Option<Value>)>;

/// A change. `None` takes away a grant, or makes a fact not given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reassigned {
    pub(crate) set: Assigned,
    pub(crate) facts: Assigned,
    pub(crate) add: Vec<String>,
    pub(crate) remove: Vec<String>,
    /// The places of inline roles, and what is assigned to each.
    pub(crate) amend: Vec<(u32, Assigned)>,
}

/// The whole number from 0 to 4,294,967,295 that a JSON number is. `7.0` is 7, and `-0` is 0.
fn whole(json: &Json) -> Option<u32> {
    let Json::Atom(atom) = json else { return None };
    let text = atom.is_number().then(|| atom.to_string())?;
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { Some(0) } else { text.parse().ok() }
}

fn flag(json: &Json) -> Option<bool> {
    if let Json::Atom(atom) = json { atom.as_bool() } else { None }
}

fn named<'v>(json: &Json, values: &'v [String]) -> Option<&'v String> {
    values.iter().find(|value| json.as_str() == Some(value))
}

/// The value of a fact; `None` if it has none such.
fn fact_value(fact: &Fact, json: &Json) -> Option<Value> {
    match fact.kind {
        FactKind::Switch => flag(json).map(Value::Flag),
        FactKind::Number => whole(json).map(Value::Number),
        FactKind::Choice | FactKind::Level => named(json, &fact.values()).map(|option| Value::Text(option.clone())),
    }
}

/// The value of a grant, or nothing if it is no grant. The error: the privilege has no such value.
fn grant_value(privilege: &Privilege, json: &Json) -> Result<Option<Value>, ()> {
    let values = privilege.values();
    match privilege.kind {
        PrivilegeKind::Flag => flag(json).ok_or(()).map(|flag| flag.then_some(Value::Flag(true))),
        PrivilegeKind::Level | PrivilegeKind::Choice => {
            named(json, &values).ok_or(()).map(|value| Some(Value::Text(value.clone())))
        }
        PrivilegeKind::Number => {
            let (min, max) = (privilege.min.unwrap_or(0), privilege.max.unwrap_or(u32::MAX));
            whole(json)
                .filter(|number| (min..=max).contains(number))
                .ok_or(())
                .map(|number| Some(Value::Number(number)))
        }
        PrivilegeKind::Set => {
            let Json::List(items) = json else { return Err(()) };
            let given: Option<Vec<&String>> = items.iter().map(|item| named(item, &values)).collect();
            let given = given.ok_or(())?;
            let is_twice = |option: &&String| given.iter().filter(|other| other == &option).count() > 1;
            if given.iter().any(is_twice) {
                return Err(());
            }
            let options = values.iter().filter(|value| given.contains(value));
            let options: Vec<Value> = options.cloned().map(Value::Text).collect();
            Ok((!options.is_empty()).then_some(Value::List(options)))
        }
    }
}

/// The entries of an object; `key` is the key whose value it is.
fn object<'j>(json: &'j Json, key: &str) -> Result<&'j [(String, Json)], Refusal> {
    match json {
        Json::Map(entries) => Ok(entries),
        _ => refused("invalid-subject", key),
    }
}

fn array<'j>(json: &'j Json, key: &str) -> Result<&'j [Json], Refusal> {
    match json {
        Json::List(items) => Ok(items),
        _ => refused("invalid-subject", key),
    }
}

fn only(entries: &[(String, Json)], known: &[&str]) -> Result<(), Refusal> {
    match entries.iter().find(|(key, _)| !known.contains(&key.as_str())) {
        Some((key, _)) => refused("invalid-subject", key),
        None => Ok(()),
    }
}

/// An id that occurs twice was given with a renamed id.
fn once(entries: &[(String, Option<Value>)]) -> Result<(), Refusal> {
    let twice = |(id, _): &&(String, Option<Value>)| entries.iter().filter(|(other, _)| other == id).count() > 1;
    entries.iter().find(twice).map_or(Ok(()), |(id, _)| refused("invalid-subject", id))
}

impl Model<'_> {
    /// The fact, privilege or role that an id was renamed to, or the id itself.
    fn present<'i>(&'i self, id: &'i str) -> &'i str {
        let mut last = id;
        while let Some(new) = self.document.renamed.get(last) {
            last = new;
        }
        let is_role = || self.document.roles.iter().any(|role| *role.id == *last);
        if self.facts.contains_key(last) || self.privileges.contains_key(last) || is_role() { last } else { id }
    }

    /// Takes the end out of `{ value, until }` or `{ role, until }`: what is given, and the end by its present id.
    fn split_end(
        &self,
        key: &str,
        json: &Json,
        id: Option<&str>,
        ends: &mut BTreeMap<String, u32>,
    ) -> Result<Json, Refusal> {
        let is_named = key == "role" && (json.get("name").is_some() || json.get("grants").is_some());
        let Some(until) = json.get("until").filter(|_| !is_named) else { return Ok(json.clone()) };
        only(json.entries(), &[key, "until"])?;
        let Some(until) = whole(until) else { return refused("invalid-subject", "until") };
        let given = json.get(key).cloned().unwrap_or(Json::NULL);
        let id = match id.or(given.as_str()) {
            Some(id) => self.present(id).to_owned(),
            None => return refused("invalid-subject", "role"),
        };
        ends.insert(id, until);
        Ok(given)
    }

    /// A change at the time of its session, the ends of the grants that it sets and that count, by id. What has ended takes the grant away.
    pub(crate) fn read_change_at(
        &self,
        json: &Json,
        now: Option<u32>,
    ) -> Result<(Reassigned, BTreeMap<String, u32>), Refusal> {
        let mut ends = BTreeMap::new();
        let mut plain = json.clone();
        if let Some(Json::Map(set)) = json.get("set") {
            let mut split = Vec::new();
            for (id, value) in set {
                let given = self.split_end("value", value, Some(id), &mut ends)?;
                if value.get("until").is_some() && given == Json::NULL {
                    return refused("invalid-grant", self.present(id));
                }
                split.push((id.clone(), given));
            }
            plain.set("set", Json::Map(split));
        }
        let mut change = self.read_change(&plain)?;
        let Some(now) = now.or(ends.is_empty().then_some(0)) else {
            return refused("time-missing", ends.keys().next().expect("an end"));
        };
        ends.retain(|_, until| now < *until);
        let has_end = |id: &str| {
            json.get("set").is_some_and(|set| {
                set.entries().iter().any(|(given, value)| self.present(given) == id && value.get("until").is_some())
            })
        };
        for (id, value) in &mut change.set {
            if has_end(id) && !ends.contains_key(id) {
                *value = None;
            }
        }
        Ok((change, ends))
    }

    /// A subject at a time, without what has ended, and the ends of what counts, by id. What has ended is read, too, so that
    /// its faults are found.
    pub(crate) fn read_subject_at(
        &self,
        json: &Json,
        now: Option<u32>,
    ) -> Result<(Subject, BTreeMap<String, u32>), Refusal> {
        let mut ends = BTreeMap::new();
        let mut split = |key: &str, json: &Json, id: Option<&str>| self.split_end(key, json, id, &mut ends);
        let mut plain = json.clone();
        if let Some(Json::List(roles)) = json.get("roles") {
            let roles: Result<_, _> = roles.iter().map(|role| split("role", role, None)).collect();
            plain.set("roles", Json::List(roles?));
        }
        if let Some(Json::Map(grants)) = json.get("grants") {
            let grants = grants.iter().map(|(id, value)| Ok((id.clone(), split("value", value, Some(id))?)));
            plain.set("grants", Json::Map(grants.collect::<Result<_, _>>()?));
        }
        let mut subject = self.read_subject(&plain)?;
        let Some(now) = now.or(ends.is_empty().then_some(0)) else {
            return refused("time-missing", ends.keys().next().expect("an end"));
        };
        let counts = |id: &str| ends.get(id).is_none_or(|until| now < *until);
        subject.grants.retain(|(id, _)| counts(id));
        subject.roles.retain(|role| !matches!(role, RoleRef::Known(id) if !counts(id)));
        let ends = ends.into_iter().filter(|(_, until)| now < *until);
        Ok((subject, ends.collect()))
    }

    pub(crate) fn read_subject(&self, json: &Json) -> Result<Subject, Refusal> {
        only(object(json, "")?, &["roles", "grants", "facts"])?;
        let mut subject = Subject::default();
        let mut listed = Vec::new();
        for role in json.get("roles").map_or(Ok(&[][..]), |roles| array(roles, "roles"))? {
            match (role, role.as_str()) {
                (Json::Map(entries), _) => {
                    let is_named = role.get("name").is_some() || role.get("grants").is_some();
                    if is_named {
                        only(entries, &["name", "grants"])?;
                    }
                    let grants = match role.get("grants") {
                        Some(grants) => object(grants, "grants")?,
                        None if is_named => &[],
                        None => entries,
                    };
                    let name = role.get("name").and_then(Json::as_str).map(String::from);
                    if is_named && name.is_none() {
                        return refused("invalid-subject", "name");
                    }
                    let grants = self.read_grants(grants)?.into_iter();
                    let grants = grants.filter_map(|(id, value)| Some((id, value?))).collect();
                    subject.roles.push(match name {
                        Some(name) => RoleRef::Named { name, grants },
                        None => RoleRef::Inline(grants),
                    });
                }
                (_, Some(id)) => {
                    let id = self.present(id);
                    listed.push(id.to_owned());
                    subject.roles.push(RoleRef::Known(id.into()));
                }
                _ => return refused("invalid-subject", "roles"),
            }
        }
        self.check_roles(&listed)?;
        if let Some(grants) = json.get("grants") {
            let grants = self.read_grants(object(grants, "grants")?)?.into_iter();
            subject.grants = grants.filter_map(|(id, value)| Some((id, value?))).collect();
        }
        if let Some(facts) = json.get("facts") {
            subject.facts = self.read_known_facts(object(facts, "facts")?)?;
        }
        Ok(subject)
    }

    /// The facts that are given.
    pub(crate) fn read_known_facts(&self, facts: &[(String, Json)]) -> Result<Vec<(String, Value)>, Refusal> {
        Ok(self.read_facts(facts)?.into_iter().filter_map(|(id, value)| Some((id, value?))).collect())
    }

    pub(crate) fn read_change(&self, json: &Json) -> Result<Reassigned, Refusal> {
        only(object(json, "")?, &["set", "facts", "roles"])?;
        let mut change = Reassigned::default();
        if let Some(set) = json.get("set") {
            change.set = self.read_assignments(object(set, "set")?)?;
        }
        if let Some(facts) = json.get("facts") {
            change.facts = self.read_facts(object(facts, "facts")?)?;
        }
        if let Some(roles) = json.get("roles") {
            only(object(roles, "roles")?, &["add", "remove", "amend"])?;
            for amendment in roles.get("amend").map_or(Ok(&[][..]), |amend| array(amend, "amend"))? {
                only(object(amendment, "amend")?, &["index", "set"])?;
                let Some(index) = amendment.get("index").and_then(whole) else {
                    return refused("invalid-subject", "index");
                };
                let set = amendment.get("set").map_or(Ok(&[][..]), |set| object(set, "set"))?;
                let set = self.read_assignments(set)?;
                if change.amend.iter().any(|(known, _)| *known == index) {
                    return refused("invalid-subject", "amend");
                }
                change.amend.push((index, set));
            }
            for (key, list) in [("add", &mut change.add), ("remove", &mut change.remove)] {
                for role in roles.get(key).map_or(Ok(&[][..]), |roles| array(roles, key))? {
                    match role.as_str() {
                        Some(id) => list.push(self.present(id).into()),
                        None => return refused("invalid-subject", key),
                    }
                }
                self.check_roles(list)?;
            }
        }
        match change.add.iter().find(|role| change.remove.contains(role)) {
            Some(both) => refused("invalid-subject", both),
            None => Ok(change),
        }
    }

    /// Assignments of grants, of which `null` takes one away.
    fn read_assignments(&self, set: &[(String, Json)]) -> Result<Vec<(String, Option<Value>)>, Refusal> {
        let mut read = Vec::new();
        for (id, value) in set {
            if *value == Json::NULL {
                read.push((self.privilege(id)?.id.to_string(), None));
            } else {
                read.extend(self.read_grants(&[(id.clone(), value.clone())])?);
            }
        }
        once(&read)?;
        Ok(read)
    }

    fn check_roles(&self, ids: &[String]) -> Result<(), Refusal> {
        for id in ids {
            if self.document.roles.iter().all(|role| *role.id != **id) {
                return refused("unknown-id", id);
            }
            if ids.iter().filter(|other| *other == id).count() > 1 {
                return refused("invalid-subject", id);
            }
        }
        Ok(())
    }

    fn privilege(&self, id: &str) -> Result<&Privilege, Refusal> {
        let id = self.present(id);
        self.privileges.get(id).copied().map_or_else(|| refused("unknown-id", id), Ok)
    }

    fn read_grants(&self, grants: &[(String, Json)]) -> Result<Vec<(String, Option<Value>)>, Refusal> {
        let mut read = Vec::new();
        for (id, json) in grants {
            let privilege = self.privilege(id)?;
            match grant_value(privilege, json) {
                Ok(value) => read.push((privilege.id.to_string(), value)),
                Err(()) => return refused("invalid-grant", &privilege.id),
            }
        }
        once(&read)?;
        Ok(read)
    }

    fn read_facts(&self, facts: &[(String, Json)]) -> Result<Vec<(String, Option<Value>)>, Refusal> {
        let mut read = Vec::new();
        for (id, json) in facts {
            let id = self.present(id);
            let Some(fact) = self.facts.get(id) else { return refused("unknown-id", id) };
            match fact_value(fact, json) {
                Some(value) => read.push((id.into(), Some(value))),
                None if *json == Json::NULL => read.push((id.into(), None)),
                None => return refused("invalid-fact", id),
            }
        }
        once(&read)?;
        Ok(read)
    }
}
