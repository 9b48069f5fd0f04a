//! A subject and the inputs of an operation as JSON, by the section Record of `docs/format.md`.

use super::Model;
use super::json::Json;
use super::pack::Pack;
use super::tokens::given;
use privet::model::Value;
use privet::session::{RoleRef, Subject};

impl Model<'_> {
    /// Grants in policy order, filtered by privilege.
    fn grants_json(&self, grants: &[(String, Value)], is_wanted: &dyn Fn(&str) -> bool) -> Vec<(String, Json)> {
        let wanted = self.document.privileges.iter().filter(|privilege| is_wanted(&privilege.id));
        let entry = |id: &str| Some((id.to_owned(), Json::of_value(given(grants, id)?)));
        wanted.filter_map(|privilege| entry(&privilege.id)).collect()
    }

    fn listed(&self, subject: &Subject) -> Vec<String> {
        let ids = self.document.roles.iter().map(|role| role.id.to_string());
        ids.filter(|id| subject.roles.contains(&RoleRef::Known(id.clone()))).collect()
    }

    /// The whole subject.
    pub(crate) fn subject_json(&self, subject: &Subject) -> Json {
        let listed = self.listed(subject);
        let mut roles: Vec<Json> = listed.iter().map(|id| Json::text(id)).collect();
        for role in &subject.roles {
            if let Some(grants) = role.inline_grants() {
                let grants = Json::Map(self.grants_json(grants, &|_| true));
                roles.push(match role {
                    RoleRef::Named { name, .. } => Json::map([("name", Json::text(name)), ("grants", grants)]),
                    _ => grants,
                });
            }
        }
        let facts = self.document.facts.iter();
        let facts = facts.filter_map(|fact| Some((&*fact.id, Json::of_value(given(&subject.facts, &fact.id)?))));
        Json::map([
            ("roles", Json::List(roles)),
            ("grants", Json::Map(self.grants_json(&subject.grants, &|_| true))),
            ("facts", Json::map(facts)),
        ])
    }

    /// The inputs of the operation at an index. What it reads follows from the instructions of the pack.
    pub(crate) fn inputs_json(&self, pack: &Pack, subject: &Subject, operation: u32) -> Json {
        let listed = self.listed(subject);
        let contested = pack.contested(&listed);
        let without_own = contested.iter().filter(|id| given(&subject.grants, id).is_none()).cloned().collect();
        let reads = pack.reads(operation, &without_own);
        let is_read = |key: &'static str, id: &str| reads.contains(&(key, id.to_owned()));
        let reads_privilege = |id: &str| is_read("privileges", id);
        let mut roles = Vec::new();
        for role in self.document.roles.iter().filter(|role| listed.contains(&role.id.to_string())) {
            let grants = &self.role_grants[&*role.id];
            if is_read("roles", &role.id) || grants.iter().any(|(id, _)| reads_privilege(id)) {
                roles.push(Json::text(&role.id));
            }
        }
        for role in &subject.roles {
            if let Some(grants) = role.inline_grants() {
                let grants = self.grants_json(grants, &reads_privilege);
                if !grants.is_empty() {
                    roles.push(Json::Map(grants));
                }
            }
        }
        let own = self.grants_json(&subject.grants, &|id| reads_privilege(id) || contested.contains(id));
        let facts = self.document.facts.iter().filter(|fact| is_read("facts", &fact.id));
        let facts = facts.map(|fact| (&*fact.id, given(&subject.facts, &fact.id).map_or(Json::NULL, Json::of_value)));
        Json::map([("roles", Json::List(roles)), ("grants", Json::Map(own)), ("facts", Json::map(facts))])
    }
}
