//! English: the sentences of explanations and dormant grants.

use super::model::{Arguments, Reason, Subject, Through};
use super::words::{labels, list, qualified};
use crate::document::Privilege;
use crate::model::{PrivilegeKind, Verdict};

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
    let because = clauses(&arguments.reasons, false);
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
fn clauses(reasons: &[Reason], is_part: bool) -> String {
    let required = reasons.split(|reason| reason.alternative.is_some()).next().unwrap_or_default();
    let mut text = String::new();
    for group in reasons.chunk_by(|a, b| a.alternative == b.alternative) {
        text += if text.is_empty() { "" } else { "; also " };
        if group.iter().any(|reason| reason.alternative.is_none()) {
            text += &joined(group, &[]);
            continue;
        }
        // Alternatives within a dormant grant are counted, not said to be enough twice.
        let plain = |reason: &Reason| match reason.alternatives {
            0 => reason.clone(),
            count => {
                Reason { because: reason.because.as_deref().map(|it| without_suffix(it, count)), ..reason.clone() }
            }
        };
        text += &joined(&group.iter().map(plain).collect::<Vec<_>>(), required);
        let suffix = suffix(alternatives(group));
        text += &if is_part { format!(" ({suffix})") } else { format!("; {suffix}") };
    }
    text
}

/// The clauses of reasons, joined. What `told` already says of a value is not repeated.
fn joined(reasons: &[Reason], told: &[Reason]) -> String {
    let mut text = String::new();
    let mut before: Option<&Reason> = None;
    for (place, reason) in reasons.iter().enumerate() {
        // After the names of roles, a comma shows where the next clause begins.
        let is_last = place + 1 == reasons.len();
        text += match before {
            None => "",
            Some(before) if is_last && before.through.is_empty() => " and ",
            Some(_) if is_last => ", and ",
            Some(_) => ", ",
        };
        let is_told = |told: &Reason| (&told.id, told.whose, told.code) == (&reason.id, reason.whose, reason.code);
        let is_repeated = reason.code != "dormant" && told.iter().any(is_told);
        text += &if is_repeated {
            clause(&Reason { code: "other-value", held: String::new(), because: None, ..reason.clone() })
        } else {
            clause(reason)
        };
        before = Some(reason);
    }
    text
}

/// How many single causes a group of alternatives names.
pub(super) fn alternatives(group: &[Reason]) -> usize {
    group.iter().map(|reason| reason.alternatives.max(1)).sum()
}

const fn suffix(alternatives: usize) -> &'static str {
    if alternatives == 2 { "either would be enough" } else { "any one of these would be enough" }
}

fn without_suffix(text: &str, alternatives: usize) -> String {
    text.strip_suffix(&format!(" ({})", suffix(alternatives))).unwrap_or(text).into()
}

fn clause(reason: &Reason) -> String {
    let Reason { needed, held, .. } = reason;
    let label = qualified(reason.whose, &reason.label);
    let operation = match reason.whose {
        Some("actor") => format!("to the actor “{}”", reason.label),
        whose => qualified(whose, &format!("“{}”", reason.label)),
    };
    let place = reason.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    let through = through(&reason.through);
    let text = match (reason.code, reason.subject) {
        ("granted", _) => format!("{} is granted{through}", quoted(&label)),
        ("not-granted", Subject::Flag) => format!("{} is not granted", quoted(&label)),
        ("not-granted", _) => format!("{label} is not granted ({needed} is needed)"),
        ("dormant", _) => return reason.because.clone().unwrap_or_default(),
        ("on", _) => state(&label, Some(true)) + &place,
        ("off", _) => state(&label, Some(false)) + &place,
        ("set", _) => format!("{label} is set{through}"),
        ("not-set", Subject::Presence) => format!("{label} is not set"),
        ("not-set", _) => format!("{label} is not set ({needed} is needed)"),
        ("included", _) => format!("{label} includes {needed}{through}"),
        ("not-included", _) => format!("{label} does not include {needed}"),
        ("allowed", _) => format!("{operation} is allowed"),
        ("denied", _) => format!("{operation} is denied"),
        ("met", _) => format!("“{label}” is met"),
        ("not-met", _) => format!("“{label}” is not met"),
        ("unknown", Subject::Switch) => format!("it is not known whether {}{place}", state(&label, None)),
        ("unknown", Subject::Operation) => format!("it is not known whether {operation} is allowed"),
        ("unknown", Subject::Condition) => format!("it is not known whether “{label}” is met"),
        ("unknown", Subject::Presence) => format!("it is not known whether {label} is set"),
        ("unknown", Subject::Set) if !needed.starts_with("not ") => {
            format!("it is not known whether {label} includes {needed}")
        }
        ("unknown", Subject::Flag) => format!("it is not known whether {} is granted", quoted(&label)),
        ("unknown", _) => format!("it is not known whether {label} is {needed}{place}"),
        ("value", _) if held.is_empty() => format!("{label} is {needed}{place}"),
        ("value", _) => format!("{label} is {held}{place}{through}"),
        _ if held.is_empty() || held == "undecided" => format!("{label} is not {needed}{place}"),
        _ => format!("{label} is {held}, not {needed}{place}"),
    };
    match &reason.because {
        Some(effect) => format!("{text}, and {effect}"),
        None => text,
    }
}

/// Words that make a label a clause, with what negates each.
const VERBS: [(&str, &str); 7] = [
    (" is ", " is not "),
    (" are ", " are not "),
    (" has ", " does not have "),
    (" have ", " do not have "),
    (" can ", " cannot "),
    (" may ", " may not "),
    (" must ", " need not "),
];

/// A switch that is on, off, or (`None`) asked for: a label with a verb is a clause of its own.
fn state(label: &str, is_on: Option<bool>) -> String {
    let verb = VERBS.iter().filter_map(|verb| Some((label.find(verb.0)?, verb))).min_by_key(|(place, _)| *place);
    match (verb, is_on) {
        (None, Some(false)) => format!("{label} is off"),
        (None, _) => format!("{label} is on"),
        (Some((_, (verb, negated))), Some(false)) if !label.contains(" not ") => label.replacen(verb, negated, 1),
        (Some(_), Some(false)) => format!("“{label}” is off"),
        (Some(_), _) => label.into(),
    }
}

/// A label in quotation marks if it has a verb, so that another verb may follow.
fn quoted(label: &str) -> String {
    if VERBS.iter().any(|(verb, _)| label.contains(verb)) { format!("“{label}”") } else { label.into() }
}

/// The roles that give a value: `, through Accountant`.
fn through(roles: &[Through]) -> String {
    let role = |through: &Through| match through.reasons.as_slice() {
        [] => through.label.clone(),
        reasons => format!("{} (held because {})", through.label, clauses(reasons, true)),
    };
    match roles {
        [] => String::new(),
        roles => format!(", through {}", list(roles.iter().map(role).collect(), "and")),
    }
}

/// What a dormant grant is: `Reports is granted (Modify)`.
pub(super) fn grant(privilege: &Privilege, whose: Option<&str>, granted: &str, roles: &[Through]) -> String {
    let label = quoted(&qualified(whose, &privilege.label));
    let through = through(roles);
    match privilege.kind {
        PrivilegeKind::Flag => format!("{label} is granted{through}"),
        _ => format!("{label} is granted ({}){through}", labels(privilege, granted)),
    }
}

/// What effect a dormant grant has, and why: `has no effect while Analytics is not granted`.
pub(super) fn effect(privilege: &Privilege, effective: Option<&str>, reasons: &[Reason]) -> String {
    let effect = match effective {
        None => String::from("has no effect"),
        Some("undecided") => String::from("does not have its full effect"),
        Some(effective) => format!("counts only as {}", labels(privilege, effective)),
    };
    match clauses(reasons, true) {
        because if because.is_empty() => effect,
        because => format!("{effect} while {because}"),
    }
}
