//! Converts ids and values from indices to the notation of the policy.

use super::space::{Id, name};
use crate::model::{FactKind, PrivilegeKind, Value};
use crate::studio::Studio;

/// An assigned value in the notation of the policy; [`Value::Null`] if there is none.
pub(in crate::studio) fn value(studio: &Studio, id: Id, values: &[u32]) -> Value {
    let program = studio.policy().program();
    let text = |values: &[String], value: u32| values.get(value as usize).cloned().map_or(Value::Null, Value::Text);
    let Some(first) = values.first().copied() else { return Value::Null };
    match id {
        Id::Role(_) => Value::Flag(true),
        Id::Fact(fact) => match program.facts.get(fact) {
            Some(fact) => match fact.kind {
                FactKind::Switch => Value::Flag(first == 1),
                FactKind::Number => Value::Number(first),
                FactKind::Choice => text(&fact.values, first),
                FactKind::Level => text(&fact.values, first.saturating_sub(1)),
            },
            None => Value::Null,
        },
        Id::Privilege(privilege) | Id::Inline(_, privilege) => match program.privileges.get(privilege) {
            Some(it) => match it.kind {
                PrivilegeKind::Flag => Value::Flag(true),
                PrivilegeKind::Level => text(&it.values, first.saturating_sub(1)),
                PrivilegeKind::Choice => text(&it.values, first),
                PrivilegeKind::Set => Value::List(values.iter().map(|value| text(&it.values, *value)).collect()),
                PrivilegeKind::Number => Value::Number(first),
            },
            None => Value::Null,
        },
    }
}

/// The name of an id.
pub(in crate::studio) fn id_of(studio: &Studio, id: Id) -> String {
    name(studio.policy().program(), id).into()
}
