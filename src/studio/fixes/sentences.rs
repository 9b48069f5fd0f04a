//! The sentences of fixes.

use super::change::{FactStep, FixStep, GrantStep};
use super::goal::{Constraints, Goal};
use crate::document::{Fact, GrantedThrough, Privilege};
use crate::model::Value;
use crate::pack::Role;
use crate::studio::Studio;
use crate::studio::explain::words::Words;
use crate::studio::messages::Messages;
use crate::studio::search::space::Id;

/// The number of operations that a sentence names.
const NAMED: usize = 3;

/// The steps as one sentence, and what the change opens besides, or closes.
pub(super) fn fix(studio: &Studio, steps: &[FixStep], to: Goal, operations: &[String]) -> String {
    let words = Words::new(studio);
    let steps: Vec<String> = steps.iter().map(|step| step_in_words(words, step)).collect();
    let goal = if to == Goal::Allowed { "allowed" } else { "denied" };
    words.messages.text(
        "fix",
        &[("steps", &words.messages.list(&steps, "and")), ("goal", goal), ("operations", &besides(words, operations))],
    )
}

/// The operations that a change opens besides, or closes; empty if none.
fn besides(words: Words, operations: &[String]) -> String {
    let declared = &words.document.operations;
    let label = |id: &String| {
        let operation = declared.iter().find(|it| *it.id == **id)?;
        Some(words.messages.text("quoted", &[("label", &operation.label)]))
    };
    let rest = operations.len().saturating_sub(NAMED);
    // One more operation is named rather than counted.
    let named = if rest == 1 { NAMED + 1 } else { NAMED };
    let mut all: Vec<String> = operations.iter().take(named).filter_map(label).collect();
    if rest > 1 {
        all.push(words.messages.text("others", &[("count", &rest.to_string())]));
    }
    words.messages.list(&all, "and")
}

/// Why there is no fix for an operation that stands for a restriction.
pub(super) fn restriction(studio: &Studio, operations: &[usize]) -> String {
    let declared = &studio.checked().document().operations;
    let is_restriction = |it: &&crate::document::Operation| it.restricts;
    let found = operations.iter().filter_map(|it| declared.get(*it)).find(is_restriction);
    let label = found.map(|it| it.label.as_str()).unwrap_or_default();
    studio.messages().text("restriction", &[("label", label)])
}

/// Why there is no fix: the ids that would have to change and may not.
pub(super) fn blocked(studio: &Studio, ids: impl Iterator<Item = Id>, constraints: &Constraints) -> String {
    let Words { document, messages, .. } = Words::new(studio);
    let roles = &studio.policy().program().roles;
    let mut reasons = String::new();
    for id in ids {
        let label = match id {
            Id::Fact(index) => document.facts.get(index).map(|it| &it.label),
            Id::Privilege(index) | Id::Inline(_, index) => document.privileges.get(index).map(|it| &it.label),
            Id::Role(index) => document.roles.get(index).map(|it| &it.label),
        };
        let grants = |index: usize| {
            let grants = |role: &Role| role.grants.iter().any(|grant| grant.privilege as usize == index);
            if roles.iter().any(grants) { "some" } else { "none" }
        };
        let is_through = |index: usize, through: GrantedThrough| {
            let declared = document.privileges.get(index).and_then(|it| it.granted_through);
            constraints.through.or(declared) == Some(through)
        };
        let (message, roles) = match id {
            _ if constraints.frozen.contains(&id) => ("frozen", ""),
            Id::Privilege(index) if is_through(index, GrantedThrough::Subject) => ("only-subject", ""),
            Id::Privilege(index) => ("only-roles", grants(index)),
            _ => ("may-not-change", ""),
        };
        if !reasons.is_empty() {
            reasons += messages.template("semicolon");
        }
        let label = label.map(String::as_str).unwrap_or_default();
        reasons += &messages.text(message, &[("label", label), ("roles", roles)]);
    }
    if reasons.is_empty() { messages.text("no-change", &[]) } else { messages.text("sentence", &[("text", &reasons)]) }
}

fn step_in_words(words: Words, step: &FixStep) -> String {
    let text = |id: &str, label: &str, from: &str, to: &str| {
        words.messages.text(id, &[("label", label), ("from", from), ("to", to)])
    };
    let grant = |step: &GrantStep| {
        let privilege = words.document.privileges.iter().find(|it| *it.id == *step.id)?;
        let value = |value: &Option<Value>| value.as_ref().and_then(|value| value_in_words(words, privilege, value));
        Some((privilege.label.as_str(), value(&step.from), value(&step.to)))
    };
    let fact = |step: &FactStep| words.document.facts.iter().find(|fact| *fact.id == *step.id);
    let said = match step {
        FixStep::Role(step) => {
            let label = words.document.roles.iter().find(|role| *role.id == *step.id).map(|role| role.label.as_str());
            let id = if step.to.is_some() { "add-role" } else { "remove-role" };
            Some(text(id, label.unwrap_or_default(), "", ""))
        }
        FixStep::Learn(step) => fact(step).map(|fact| fact_in_words(words.messages, fact, step, true)),
        FixStep::Switch(step) => fact(step).map(|fact| fact_in_words(words.messages, fact, step, false)),
        FixStep::Raise(step) => grant(step).map(|(label, from, to)| match (from, to) {
            (Some(from), Some(to)) => text("raise", label, &from, &to),
            (_, to) => text("grant", label, "", &to.unwrap_or_default()),
        }),
        FixStep::Revoke(step) => grant(step).map(|(label, from, to)| match (from, to) {
            (Some(from), Some(to)) => text("lower", label, &from, &to),
            _ => text("remove", label, "", ""),
        }),
        FixStep::Grant(step) => grant(step).map(|(label, from, to)| match (from, to) {
            // A role that gives this value is lost by the same change, or gives another one.
            (Some(from), Some(to)) if from == to => text("keep", label, "", &to),
            (Some(from), Some(to)) => text("change", label, &from, &to),
            (_, to) => text("grant", label, "", &to.unwrap_or_default()),
        }),
    };
    let said = said.unwrap_or_default();
    let (FixStep::Raise(step) | FixStep::Revoke(step) | FixStep::Grant(step)) = step else { return said };
    let Some(index) = step.index else { return said };
    let role = words.inline_role(index as usize, step.name.as_deref());
    words.messages.text("in-role", &[("step", &said), ("role", &role)])
}

/// A value by its labels; `None` for a flag, whose label is enough.
fn value_in_words(words: Words, privilege: &Privilege, value: &Value) -> Option<String> {
    match value {
        Value::Text(id) => Some(words.labels(privilege, id)),
        Value::List(items) => {
            let labels: Vec<String> = items.iter().map(|item| words.labels(privilege, &item.shown())).collect();
            Some(words.messages.list(&labels, "comma"))
        }
        Value::Number(number) => Some(words.amount(*number, privilege.unit.as_deref())),
        _ => None,
    }
}

fn fact_in_words(messages: &Messages, fact: &Fact, step: &FactStep, is_unknown: bool) -> String {
    let place = fact.place.as_ref().map(|place| messages.text("place", &[("place", place)])).unwrap_or_default();
    let value = |id: &str| fact.options.iter().chain(fact.levels.iter()).find(|it| *it.id == *id);
    let to = match &step.to {
        Some(Value::Flag(is_on)) => String::from(if *is_on { "on" } else { "off" }),
        Some(Value::Text(id)) => value(id).map_or_else(|| id.clone(), |it| it.label.clone()),
        Some(value) => value.shown(),
        None => String::new(),
    };
    let is_switch = matches!(step.to, Some(Value::Flag(_)));
    let id = match (is_unknown, is_switch) {
        (true, _) => "learn",
        (false, true) => "switch",
        (false, false) => "change-fact",
    };
    let to = if is_unknown && is_switch { messages.word(&to) } else { to };
    messages.text(id, &[("label", &fact.label), ("to", &to), ("place", &place)])
}
