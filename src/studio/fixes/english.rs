//! The sentences of fixes in English.

use super::change::{FactStep, FixStep, GrantStep};
use super::goal::Goal;
use crate::document::{Fact, Privilege};
use crate::model::Value;
use crate::pack::Role;
use crate::studio::Studio;
use crate::studio::explain::words::{amount, list};
use crate::studio::search::space::Id;
use std::collections::BTreeSet;

/// The steps as one sentence.
pub(in crate::studio) fn steps_in_english(studio: &Studio, steps: &[FixStep]) -> String {
    let sentences: Vec<String> = steps.iter().map(|step| step_in_english(studio, step)).collect();
    let text = list(sentences, "and");
    let mut letters = text.chars();
    match letters.next() {
        // Every step begins with an ASCII verb.
        Some(first) => format!("{}{}.", first.to_ascii_uppercase(), letters.as_str()),
        None => "Nothing needs to change.".into(),
    }
}

/// The number of operations that a sentence names.
const NAMED: usize = 3;

/// What a change opens besides, or closes, as a further sentence; empty if nothing.
pub(super) fn besides(studio: &Studio, to: Goal, operations: &[String]) -> String {
    if operations.is_empty() {
        return String::new();
    }
    let declared = &studio.checked().document().operations;
    let label = |id: &String| declared.iter().find(|it| *it.id == **id).map(|it| format!("“{}”", it.label));
    let rest = operations.len().saturating_sub(NAMED);
    // One more operation is named rather than counted.
    let named = if rest == 1 { NAMED + 1 } else { NAMED };
    let mut all: Vec<String> = operations.iter().take(named).filter_map(label).collect();
    if rest > 1 {
        all.push(format!("{rest} other operations"));
    }
    let verb = if to == Goal::Allowed { "opens" } else { "closes" };
    format!(" This also {verb} {}.", list(all, "and"))
}

/// Why there is no fix for an operation that stands for a restriction.
pub(super) fn restriction(studio: &Studio, operations: &[usize]) -> String {
    let declared = &studio.checked().document().operations;
    let is_restriction = |it: &&crate::document::Operation| it.restricts;
    let found = operations.iter().filter_map(|it| declared.get(*it)).find(is_restriction);
    let label = found.map(|it| it.label.as_str()).unwrap_or_default();
    format!("“{label}” stands for a restriction, so no change is proposed.")
}

/// Why there is no fix: the ids that would have to change and may not.
pub(super) fn blocked(studio: &Studio, ids: impl Iterator<Item = Id>, frozen: &BTreeSet<Id>) -> String {
    let document = studio.checked().document();
    let roles = &studio.policy().program().roles;
    let reason = |id: Id| {
        let label = match id {
            Id::Fact(index) => document.facts.get(index).map(|it| &it.label),
            Id::Privilege(index) => document.privileges.get(index).map(|it| &it.label),
            Id::Role(index) => document.roles.get(index).map(|it| &it.label),
        };
        let label = label.map(String::as_str).unwrap_or_default();
        match id {
            _ if frozen.contains(&id) => format!("{label} must change, and is frozen"),
            Id::Privilege(index) => {
                let grants = |role: &Role| role.grants.iter().any(|grant| grant.privilege as usize == index);
                let enough = if roles.iter().any(grants) {
                    "no role that may be added grants enough of"
                } else {
                    "no role grants"
                };
                format!("{label} is granted only through roles, and {enough} it")
            }
            _ => format!("{label} may not change"),
        }
    };
    let reasons: Vec<String> = ids.map(reason).collect();
    if reasons.is_empty() { "No change does this.".into() } else { format!("{}.", reasons.join("; ")) }
}

fn step_in_english(studio: &Studio, step: &FixStep) -> String {
    let document = studio.checked().document();
    let grant = |step: &GrantStep| {
        let privilege = document.privileges.iter().find(|it| *it.id == *step.id)?;
        let value = |value: &Option<Value>| value.as_ref().and_then(|value| value_in_english(privilege, value));
        Some((&privilege.label, value(&step.from), value(&step.to)))
    };
    let fact = |step: &FactStep| document.facts.iter().find(|fact| *fact.id == *step.id);
    let text = match step {
        FixStep::Role(step) => {
            let label = document.roles.iter().find(|role| *role.id == *step.id).map(|role| role.label.as_str());
            let verb = if step.to.is_some() { "add" } else { "remove" };
            Some(format!("{verb} the role {}", label.unwrap_or_default()))
        }
        FixStep::Learn(step) => fact(step).map(|fact| fact_in_english(fact, step, true)),
        FixStep::Switch(step) => fact(step).map(|fact| fact_in_english(fact, step, false)),
        FixStep::Raise(step) => grant(step).map(|(label, from, to)| match (from, to) {
            (Some(from), Some(to)) => format!("raise {label} from {from} to {to}"),
            (_, to) => grant_in_english(label, None, to),
        }),
        FixStep::Revoke(step) => grant(step).map(|(label, from, to)| match (from, to) {
            (Some(from), Some(to)) => format!("lower {label} from {from} to {to}"),
            _ => format!("remove {label}"),
        }),
        FixStep::Grant(step) => grant(step).map(|(label, from, to)| grant_in_english(label, from, to)),
    };
    text.unwrap_or_default()
}

fn grant_in_english(label: &str, from: Option<String>, to: Option<String>) -> String {
    match (from, to) {
        // A role that gives this value is lost by the same change, or gives another one.
        (Some(from), Some(to)) if from == to => format!("keep {label} at {to}"),
        (Some(from), Some(to)) => format!("change {label} from {from} to {to}"),
        (_, Some(to)) => format!("grant {label} ({to})"),
        (_, None) => format!("grant {label}"),
    }
}

/// A value by its labels; `None` for a flag, whose label is enough.
fn value_in_english(privilege: &Privilege, value: &Value) -> Option<String> {
    let label = |id: &str| {
        let levels = privilege.levels.iter().map(|it| (&it.id, &it.label));
        let mut all = levels.chain(privilege.options.iter().map(|it| (&it.id, &it.label)));
        all.find(|(known, _)| ***known == *id).map_or_else(|| id.into(), |(_, label)| label.clone())
    };
    match value {
        Value::Text(id) => Some(label(id)),
        Value::List(items) => {
            let labels = items.iter().map(|item| if let Value::Text(id) = item { label(id) } else { item.shown() });
            Some(labels.collect::<Vec<_>>().join(", "))
        }
        Value::Number(number) => Some(amount(*number, privilege.unit.as_deref())),
        _ => None,
    }
}

fn fact_in_english(fact: &Fact, step: &FactStep, is_unknown: bool) -> String {
    let place = fact.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    let label = &fact.label;
    let option = |id: &String| fact.options.iter().find(|it| *it.id == **id).map(|it| it.label.clone());
    let to = match &step.to {
        Some(Value::Flag(true)) => "on".into(),
        Some(Value::Flag(false)) => "off".into(),
        Some(Value::Text(id)) => option(id).unwrap_or_else(|| id.clone()),
        Some(value) => value.shown(),
        None => String::new(),
    };
    match (is_unknown, &step.to) {
        (true, _) => format!("make sure that {label} is {to}{place}"),
        (_, Some(Value::Flag(_))) => format!("have {label} switched {to}{place}"),
        _ => format!("have {label} changed to {to}{place}"),
    }
}
