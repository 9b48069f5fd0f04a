//! English: the sentences of explanations and dormant grants.

use super::model::{Arguments, NodeKind, Reason, TestNode, operand_of};
use super::tree;
use crate::check::{Operand, Test, TestKind};
use crate::document::{Document, Op, Privilege};
use crate::model::{PrivilegeKind, Verdict};

/// The tests that decide a node: of an `or` that holds, those of the first alternative that holds; else those of all
/// parts with the same verdict. If each alternative of a failed `or` fails by one test, these tests are marked as
/// alternatives: fixing any one of them is enough.
pub(super) fn reasons(document: &Document, node: &TestNode) -> Vec<Reason> {
    let mut found = Vec::new();
    let mut groups = 0;
    for reason in collect(document, node, node.verdict, &mut groups) {
        if !found.contains(&reason) {
            found.push(reason);
        }
    }
    // Privileges come before facts: an administrator can grant privileges, but not facts.
    let is_fact = |reason: &Reason| document.facts.iter().any(|fact| *fact.id == *reason.id);
    found.sort_by_key(|reason| (reason.alternative, is_fact(reason)));
    found
}

fn collect(document: &Document, node: &TestNode, verdict: Verdict, groups: &mut usize) -> Vec<Reason> {
    match node.kind {
        NodeKind::Test => match (&node.test, node.children.first()) {
            // Why another operation is denied is more informative than that it is denied.
            (_, Some(inner)) if verdict != Verdict::Yes => collect(document, inner, inner.verdict, groups),
            (Some(test), _) => vec![reason(document, node, test)],
            (None, _) => Vec::new(),
        },
        NodeKind::Not => {
            node.children.iter().flat_map(|child| collect(document, child, child.verdict, groups)).collect()
        }
        NodeKind::All | NodeKind::Any => {
            let one_is_enough = (node.kind, verdict) == (NodeKind::Any, Verdict::Yes);
            let deciding = node.children.iter().filter(|child| child.verdict == verdict);
            let deciding = deciding.take(if one_is_enough { 1 } else { usize::MAX });
            let mut parts: Vec<_> = deciding.map(|child| collect(document, child, verdict, groups)).collect();
            let fails_by_one_each = (node.kind, verdict) == (NodeKind::Any, Verdict::No) && parts.len() > 1;
            if fails_by_one_each
                && parts.iter().all(|part| matches!(part.as_slice(), [one] if one.alternative.is_none()))
            {
                *groups += 1;
                parts.iter_mut().flatten().for_each(|reason| reason.alternative = Some(*groups));
            }
            parts.into_iter().flatten().collect()
        }
    }
}

fn reason(document: &Document, node: &TestNode, test: &Test) -> Reason {
    let held = node.held.clone().unwrap_or_default();
    let (label, place) = match (&test.kind, operand_of(test)) {
        (TestKind::Allowed(operation), _) => (document.operations.get(*operation).map(|it| it.label.clone()), None),
        (TestKind::Condition(index, _), _) => (document.conditions.get(*index).map(|it| it.label.clone()), None),
        (_, Some(operand @ Operand::Fact(fact))) => {
            (label(document, operand), document.facts.get(fact).and_then(|it| it.place.clone()))
        }
        (_, operand) => (operand.and_then(|operand| label(document, operand)), None),
    };
    let yes = node.verdict == Verdict::Yes;
    let code = match (&test.kind, node.verdict) {
        (_, Verdict::Unknown) => "unknown",
        (_, Verdict::No) if node.because.is_some() => "dormant",
        (TestKind::Held(_), _) => pick(yes, "granted", "not-granted"),
        (TestKind::On(_), _) => pick(yes, "on", "off"),
        (TestKind::IsSet(_), _) => pick(yes, "set", "not-set"),
        (TestKind::Allowed(_), _) => pick(yes, "allowed", "denied"),
        (TestKind::Condition(..), _) => pick(yes, "met", "not-met"),
        // The current value alone explains a test that holds, and a `!=` that fails.
        (_, Verdict::Yes)
        | (
            TestKind::Options(_, _, true)
            | TestKind::Level(_, Op::NotEqual, _)
            | TestKind::Number(_, Op::NotEqual, _)
            | TestKind::CompareSubjects(_, Op::NotEqual, ..),
            _,
        ) => "value",
        (TestKind::Level(..) | TestKind::Number(..) | TestKind::CompareSubjects(..), _) if held.is_empty() => {
            "not-granted"
        }
        (TestKind::Level(_, op, _) | TestKind::Number(_, op, _) | TestKind::CompareSubjects(_, op, ..), _) => {
            match op {
                Op::AtLeast | Op::Above => "too-low",
                Op::AtMost | Op::Below => "too-high",
                Op::Equal | Op::NotEqual => "other-value",
            }
        }
        _ => "other-value",
    };
    Reason {
        code,
        id: node.id.clone().unwrap_or_default(),
        label: label.unwrap_or_default(),
        whose: node.whose,
        needed: needed(document, node, test),
        held: operand_of(test).map_or_else(String::new, |operand| held_in_labels(document, operand, &held)),
        alternative: None,
        place,
        because: node.because.as_ref().map(|because| because.sentence.clone()),
    }
}

const fn pick(yes: bool, a: &'static str, b: &'static str) -> &'static str {
    if yes { a } else { b }
}

/// The needed value in labels: `Modify or above`, `All or Same Group`, `2 or more`.
fn needed(document: &Document, node: &TestNode, test: &Test) -> String {
    let options = |operand: &Operand, options: &[usize]| {
        options.iter().filter_map(|option| value_label(document, *operand, *option)).collect::<Vec<_>>().join(" or ")
    };
    let ordered = |op: Op, value: String| match op {
        Op::AtLeast => format!("{value} or above"),
        Op::Above => format!("above {value}"),
        Op::AtMost => format!("{value} or below"),
        Op::Below => format!("below {value}"),
        Op::Equal => value,
        Op::NotEqual => format!("not {value}"),
    };
    match &test.kind {
        TestKind::Level(operand, op, rank) => {
            ordered(*op, value_label(document, *operand, rank - 1).unwrap_or_default())
        }
        TestKind::Options(operand, chosen, negated) => {
            let chosen = options(operand, chosen);
            if *negated { format!("not {chosen}") } else { chosen }
        }
        TestKind::Number(_, op, number) => match op {
            Op::AtLeast => format!("{number} or more"),
            Op::Above => format!("more than {number}"),
            Op::AtMost => format!("{number} or less"),
            Op::Below => format!("less than {number}"),
            Op::Equal | Op::NotEqual => ordered(*op, format!("{number}")),
        },
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

/// The label of the level or option at this index.
fn value_label(document: &Document, operand: Operand, index: usize) -> Option<String> {
    let label = match operand {
        Operand::Fact(fact) => {
            let fact = document.facts.get(fact)?;
            fact.levels.get(index).or_else(|| fact.options.get(index)).map(|it| &it.label)
        }
        Operand::Privilege(privilege) => {
            let privilege = document.privileges.get(privilege)?;
            let option = || privilege.options.get(index).map(|it| &it.label);
            privilege.levels.get(index).map(|it| &it.label).or_else(option)
        }
    };
    label.cloned()
}

/// The label of a fact or privilege.
fn label(document: &Document, operand: Operand) -> Option<String> {
    match operand {
        Operand::Fact(fact) => document.facts.get(fact).map(|it| it.label.clone()),
        Operand::Privilege(privilege) => document.privileges.get(privilege).map(|it| it.label.clone()),
    }
}

/// A label, qualified by the subject of a change rule: `the actor's User Level`, `User Level before the change`.
fn qualified(whose: Option<&str>, label: &str) -> String {
    match whose {
        Some("actor") => format!("the actor's {label}"),
        Some(time) => format!("{label} {time} the change"),
        None => label.into(),
    }
}

/// The held value, in labels if it consists of levels or options.
fn held_in_labels(document: &Document, operand: Operand, held: &str) -> String {
    let label = match operand {
        Operand::Privilege(privilege) => document.privileges.get(privilege).map(|privilege| labels(privilege, held)),
        Operand::Fact(fact) => {
            let options = document.facts.get(fact).into_iter().flat_map(|fact| fact.options.iter());
            options.into_iter().find(|it| *it.id == *held).map(|it| it.label.clone())
        }
    };
    label.unwrap_or_else(|| held.into())
}

/// The name of a decision.
pub(in crate::studio) const fn decision(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "allowed",
        Verdict::No => "denied",
        Verdict::Unknown => "undecided",
    }
}

/// The sentence of an explanation.
pub(super) fn sentence(code: &str, arguments: &Arguments) -> String {
    let label = &arguments.label;
    let because = clauses(&arguments.reasons);
    let start = match code {
        "denied" => format!("{label}: denied"),
        "undecided" => format!("{label}: undecided"),
        _ => format!("{label}: allowed"),
    };
    let mut sentence =
        if because.is_empty() { format!("{start} to everyone") } else { format!("{start}, because {because}") };
    if !arguments.obligations.is_empty() {
        sentence += &format!("; still owed: {}", list(arguments.obligations.clone(), "and"));
    }
    sentence + "."
}

/// All reasons as clauses. Alternatives of one `or` form a group; the groups follow the other reasons.
fn clauses(reasons: &[Reason]) -> String {
    let joined = |reasons: &[&Reason]| list(reasons.iter().map(|reason| clause(reason)).collect(), "and");
    let ungrouped: Vec<_> = reasons.iter().filter(|reason| reason.alternative.is_none()).collect();
    let mut text = joined(&ungrouped);
    for group in reasons
        .chunk_by(|a, b| a.alternative == b.alternative)
        .filter(|it| it.iter().all(|reason| reason.alternative.is_some()))
    {
        let group: Vec<_> = group.iter().collect();
        text += if text.is_empty() { "" } else { "; also " };
        text += &joined(&group);
        text += if group.len() > 1 { "; fixing any one of these is enough" } else { "" };
    }
    text
}

fn clause(reason: &Reason) -> String {
    let Reason { needed, held, .. } = reason;
    let label = qualified(reason.whose, &reason.label);
    let operation = match reason.whose {
        Some("actor") => format!("to the actor “{}”", reason.label),
        whose => qualified(whose, &format!("“{}”", reason.label)),
    };
    let place = reason.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    match reason.code {
        "granted" => format!("{label} is granted"),
        "not-granted" if needed == "granted" => format!("{label} is not granted"),
        "not-granted" => format!("{label} is not granted ({needed} is needed)"),
        "dormant" => reason.because.clone().unwrap_or_default(),
        "on" => format!("{label} is on{place}"),
        "off" => format!("{label} is off{place}"),
        "set" => format!("{label} has a value"),
        "not-set" => format!("{label} has no value"),
        "allowed" => format!("{operation} is allowed"),
        "denied" => format!("{operation} is denied"),
        "unknown" if needed == "on" => format!("it is not known whether {label} is on{place}"),
        "unknown" if needed == "a value" => format!("it is not known whether {label} has a value"),
        "unknown" => format!("it is not known whether {label} is {needed}{place}"),
        "value" if held.is_empty() => format!("{label} is {needed}{place}"),
        "value" => format!("{label} is {held}{place}"),
        _ if held.is_empty() || held == "undecided" => format!("{label} is not {needed}{place}"),
        _ => format!("{label} is {held}, not {needed}{place}"),
    }
}

/// The sentence about a dormant grant.
pub(super) fn dormant(
    privilege: &Privilege,
    whose: Option<&str>,
    granted: &str,
    effective: Option<&str>,
    reasons: &[Reason],
) -> String {
    let label = qualified(whose, &privilege.label);
    let granted = match privilege.kind {
        PrivilegeKind::Flag => String::from("granted"),
        _ => format!("granted ({})", labels(privilege, granted)),
    };
    let effect = effective.map_or_else(
        || String::from("has no effect"),
        |effective| format!("counts only as {}", labels(privilege, effective)),
    );
    let because = clauses(reasons);
    let because = if because.is_empty() { because } else { format!(" while {because}") };
    format!("{label} is {granted} but {effect}{because}")
}

/// Levels or options by their labels.
fn labels(privilege: &Privilege, held: &str) -> String {
    let level = |id: &str| privilege.levels.iter().find(|it| *it.id == *id).map(|it| it.label.clone());
    let option = |id: &str| privilege.options.iter().find(|it| *it.id == *id).map(|it| it.label.clone());
    let label = |id: &str| level(id).or_else(|| option(id)).unwrap_or_else(|| id.into());
    held.split(',').map(str::trim_start).map(label).collect::<Vec<_>>().join(", ")
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
