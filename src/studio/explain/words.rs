//! The words for labels and values, which explanations and fixes share.

use super::model::TestNode;
use super::tree;
use crate::check::{Operand, Test, TestKind};
use crate::document::{Document, Op, Privilege};
use crate::model::{PrivilegeKind, Verdict};

/// The needed value in labels: `Modify or above`, `All or Same Group`, `2 or more`.
pub(super) fn needed(document: &Document, node: &TestNode, test: &Test) -> String {
    match &test.kind {
        TestKind::Level(operand, op, rank) => {
            let label = |rank: usize| {
                let level = rank.checked_sub(1).and_then(|index| value(document, *operand, index));
                level.map(|(_, label)| String::from(label)).unwrap_or_default()
            };
            let top = match operand {
                Operand::Fact(fact) => document.facts.get(*fact).map_or(0, |it| it.levels.len()),
                Operand::Privilege(privilege) => document.privileges.get(*privilege).map_or(0, |it| it.levels.len()),
            };
            // A test above a level is a test of the next one, and nothing is above the highest.
            match op {
                Op::Above if *rank < top => at_least(label(rank + 1), rank + 1 == top),
                Op::AtLeast => at_least(label(*rank), *rank == top),
                _ => ordered(*op, label(*rank)),
            }
        }
        TestKind::Options(operand, chosen, negated) => {
            let held = node.held.as_deref().unwrap_or_default();
            let is_set = matches!(operand, Operand::Privilege(it)
                if document.privileges.get(*it).is_some_and(|it| it.kind == PrivilegeKind::Set));
            let mut chosen: Vec<_> = chosen.iter().filter_map(|it| value(document, *operand, *it)).collect();
            // Of a set that passes, or that has what it must not have, the options that it has.
            if is_set && node.verdict != Verdict::Unknown && (node.verdict == Verdict::Yes) != *negated {
                chosen.retain(|(id, _)| held.split(", ").any(|held| held == *id));
                return list(chosen.into_iter().map(|(_, label)| label.into()).collect(), "and");
            }
            let chosen = list(chosen.into_iter().map(|(_, label)| label.into()).collect(), "or");
            if *negated && !(is_set && node.verdict != Verdict::Unknown) { format!("not {chosen}") } else { chosen }
        }
        TestKind::Number(operand, op, number) => {
            let max = match operand {
                Operand::Privilege(privilege) => document.privileges.get(*privilege).and_then(|it| it.max),
                Operand::Fact(_) => None,
            };
            match op {
                Op::AtLeast if max == Some(*number) => format!("{number}"),
                Op::AtLeast => format!("{number} or more"),
                Op::Above => format!("more than {number}"),
                Op::AtMost => format!("{number} or less"),
                Op::Below => format!("less than {number}"),
                Op::Equal | Op::NotEqual => ordered(*op, format!("{number}")),
            }
        }
        TestKind::On(_) => "on".into(),
        TestKind::Held(_) => "granted".into(),
        TestKind::IsSet(_) => "a value".into(),
        TestKind::Allowed(_) => "allowed".into(),
        TestKind::Condition(..) => "met".into(),
        TestKind::CompareSubjects(_, op, whose, value) => {
            let other =
                node.other.as_ref().map_or_else(|| "none".into(), |held| held_in_labels(document, *value, held));
            let label = qualified(tree::whose(*whose), &label(document, *value).unwrap_or_default());
            ordered(*op, format!("{label} ({other})"))
        }
    }
}

fn ordered(op: Op, value: String) -> String {
    match op {
        Op::AtLeast => at_least(value, false),
        Op::Above => format!("above {value}"),
        Op::AtMost => format!("{value} or below"),
        Op::Below => format!("below {value}"),
        Op::Equal => value,
        Op::NotEqual => format!("not {value}"),
    }
}

fn at_least(value: String, is_highest: bool) -> String {
    if is_highest { value } else { format!("{value} or above") }
}

/// The id and the label of the level or option at this index.
fn value(document: &Document, operand: Operand, index: usize) -> Option<(&str, &str)> {
    match operand {
        Operand::Fact(fact) => {
            let fact = document.facts.get(fact)?;
            fact.levels.get(index).or_else(|| fact.options.get(index)).map(|it| (&*it.id, it.label.as_str()))
        }
        Operand::Privilege(privilege) => {
            let privilege = document.privileges.get(privilege)?;
            let option = || privilege.options.get(index).map(|it| (&*it.id, it.label.as_str()));
            privilege.levels.get(index).map(|it| (&*it.id, it.label.as_str())).or_else(option)
        }
    }
}

/// The label of a fact or privilege.
pub(super) fn label(document: &Document, operand: Operand) -> Option<String> {
    match operand {
        Operand::Fact(fact) => document.facts.get(fact).map(|it| it.label.clone()),
        Operand::Privilege(privilege) => document.privileges.get(privilege).map(|it| it.label.clone()),
    }
}

/// A label, qualified by the subject of a change rule: `the actor's User Level`, `User Level before the change`.
pub(super) fn qualified(whose: Option<&str>, label: &str) -> String {
    match whose {
        Some("actor") => format!("the actor's {label}"),
        Some(time) => format!("{label} {time} the change"),
        None => label.into(),
    }
}

/// The held value, in labels if it consists of levels or options.
pub(super) fn held_in_labels(document: &Document, operand: Operand, held: &str) -> String {
    let label = match operand {
        Operand::Privilege(privilege) => document.privileges.get(privilege).map(|privilege| labels(privilege, held)),
        Operand::Fact(fact) => {
            let fact = document.facts.get(fact);
            let values = fact.into_iter().flat_map(|fact| fact.options.iter().chain(fact.levels.iter()));
            values.into_iter().find(|it| *it.id == *held).map(|it| it.label.clone())
        }
    };
    label.unwrap_or_else(|| held.into())
}

/// Levels or options by their labels.
pub(super) fn labels(privilege: &Privilege, held: &str) -> String {
    let level = |id: &str| privilege.levels.iter().find(|it| *it.id == *id).map(|it| it.label.clone());
    let option = |id: &str| privilege.options.iter().find(|it| *it.id == *id).map(|it| it.label.clone());
    let label = |id: &str| level(id).or_else(|| option(id)).unwrap_or_else(|| id.into());
    held.split(',').map(str::trim_start).map(label).collect::<Vec<_>>().join(", ")
}

/// A number with its unit, which is singular for 1: `30 minutes`, `1 minute`.
pub(in crate::studio) fn amount(number: u32, unit: Option<&str>) -> String {
    match unit {
        None | Some("") => format!("{number}"),
        Some(unit) if number == 1 => format!("1 {}", singular(unit)),
        Some(unit) => format!("{number} {unit}"),
    }
}

/// The singular of an English plural; anything else stays as it is.
fn singular(unit: &str) -> String {
    let stem = |ending: &str| unit.strip_suffix(ending).filter(|stem| stem.chars().count() > 1);
    if let Some(stem) = stem("ies") {
        return format!("{stem}y");
    }
    let sibilant = stem("es").filter(|stem| ["s", "x", "ch", "sh"].iter().any(|end| stem.ends_with(end)));
    let stem = sibilant.or_else(|| stem("s").filter(|stem| !stem.ends_with(['s', 'u', 'i'])));
    String::from(stem.unwrap_or(unit))
}

/// Joins items as `a, b and c`; `word` is the conjunction.
pub(in crate::studio) fn list(items: Vec<String>, word: &str) -> String {
    let count = items.len();
    let mut text = String::new();
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            text += &if index + 1 == count { format!(" {word} ") } else { String::from(", ") };
        }
        text += &item;
    }
    text
}
