//! The sentences of explanations and dormant grants.

use super::model::Arguments;
use super::reason::{Reason, Subject, Through};
use super::words::Words;
use crate::document::Privilege;
use crate::model::{PrivilegeKind, Verdict};
use crate::studio::messages::{Messages, Verb};

/// The name of a decision.
pub(in crate::studio) const fn decision(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "allowed",
        Verdict::No => "denied",
        Verdict::Unknown => "undecided",
    }
}

impl Words<'_> {
    /// The sentence of an explanation.
    pub(super) fn explanation(self, decision: &str, arguments: &Arguments) -> String {
        let because = self.clauses(&arguments.reasons, false);
        let owed = self.messages.list(&arguments.obligations, "and");
        let label = arguments.label.as_str();
        self.messages
            .text("explanation", &[("label", label), ("decision", decision), ("because", &because), ("owed", &owed)])
    }

    /// All reasons as clauses. Alternatives of one `or` form a group; the groups follow the other reasons.
    fn clauses(self, reasons: &[Reason], is_part: bool) -> String {
        let required = reasons.split(|reason| reason.alternative.is_some()).next().unwrap_or_default();
        let mut text = String::new();
        for group in reasons.chunk_by(|a, b| a.alternative == b.alternative) {
            text += if text.is_empty() { "" } else { self.messages.template("also") };
            if group.iter().any(|reason| reason.alternative.is_none()) {
                text += &self.joined(group, &[]);
                continue;
            }
            // Alternatives within a dormant grant are counted, not said to be enough twice.
            let plain = |reason: &Reason| match reason.alternatives {
                0 => reason.clone(),
                count => {
                    let because = reason.because.as_deref().map(|it| self.without_suffix(it, count));
                    Reason { because, ..reason.clone() }
                }
            };
            let clauses = self.joined(&group.iter().map(plain).collect::<Vec<_>>(), required);
            text += &self.any_of(&clauses, alternatives(group), is_part);
        }
        text
    }

    /// The clauses of reasons, joined. What `told` already says of a value is not repeated.
    fn joined(self, reasons: &[Reason], told: &[Reason]) -> String {
        let mut text = String::new();
        let mut before: Option<&Reason> = None;
        for (place, reason) in reasons.iter().enumerate() {
            // After the names of roles, a comma shows where the next clause begins.
            let is_last = place + 1 == reasons.len();
            text += match before {
                None => "",
                Some(before) if is_last && before.through.is_empty() => self.messages.template("and"),
                Some(_) if is_last => self.messages.template("comma-and"),
                Some(_) => self.messages.template("comma"),
            };
            let is_told = |told: &Reason| (&told.id, told.whose, told.code) == (&reason.id, reason.whose, reason.code);
            let is_repeated = reason.code != "dormant" && told.iter().any(is_told);
            text += &if is_repeated {
                self.clause(&Reason { code: "other-value", held: String::new(), because: None, ..reason.clone() })
            } else {
                self.clause(reason)
            };
            before = Some(reason);
        }
        text
    }

    /// Clauses of which any one would be enough.
    fn any_of(self, clauses: &str, count: usize, is_part: bool) -> String {
        let id = if is_part { "any-of-part" } else { "any-of" };
        self.messages.text(id, &[("clauses", clauses), ("count", &count.to_string())])
    }

    fn without_suffix(self, text: &str, count: usize) -> String {
        text.strip_suffix(&*self.any_of("", count, true)).unwrap_or(text).into()
    }

    fn clause(self, reason: &Reason) -> String {
        if reason.code == "dormant" {
            return reason.because.clone().unwrap_or_default();
        }
        let label = self.qualified(reason.whose, &reason.label);
        let text = self.clause_of_test(reason, &label, &self.through(&reason.through));
        match &reason.because {
            Some(effect) => self.messages.text("too-little", &[("clause", &text), ("effect", effect)]),
            None => text,
        }
    }

    /// The clause of a test, without why a grant is dormant. `name` is the label as it is: whether it has a verb decides the form.
    pub(super) fn clause_of_test(self, reason: &Reason, name: &str, through: &str) -> String {
        let messages = self.messages;
        let id = match reason.code {
            "too-low" | "too-high" => "other-value",
            code => code,
        };
        let subject = match reason.subject {
            Subject::Flag => "flag",
            Subject::Switch => "switch",
            Subject::Set => "set",
            Subject::Presence => "presence",
            Subject::Operation => "operation",
            Subject::Condition => "condition",
            Subject::Value => "value",
        };
        let whose = reason.whose.unwrap_or_default();
        let held = if reason.held == messages.word("undecided") { "" } else { reason.held.as_str() };
        let place = reason.place.as_ref().map(|place| messages.text("place", &[("place", place)]));
        messages.text(
            id,
            &[
                ("subject", subject),
                ("label", &self.qualified(reason.whose, &reason.label)),
                ("form", form(messages, name)),
                ("negated", &negated(messages, name).unwrap_or_default()),
                ("operation", &messages.text("operation", &[("whose", whose), ("label", &reason.label)])),
                ("needed", &reason.needed),
                ("held", held),
                ("place", &place.unwrap_or_default()),
                ("through", through),
            ],
        )
    }

    /// The roles that give a value: `, through Accountant`.
    fn through(self, roles: &[Through]) -> String {
        let role = |through: &Through| match through.reasons.as_slice() {
            [] => through.label.clone(),
            reasons => {
                let because = self.clauses(reasons, true);
                self.messages.text("assumed", &[("role", &through.label), ("because", &because)])
            }
        };
        let roles: Vec<String> = roles.iter().map(role).collect();
        if roles.is_empty() {
            return String::new();
        }
        self.messages.text("through", &[("roles", &self.messages.list(&roles, "and"))])
    }

    /// What a dormant grant is, and its effect: `Reports is granted (Modify) but counts only as Read while …`.
    pub(super) fn dormant(
        self,
        privilege: &Privilege,
        whose: Option<&str>,
        granted: &str,
        roles: &[Through],
        effect: &str,
    ) -> String {
        let label = self.qualified(whose, &privilege.label);
        let granted = match privilege.kind {
            PrivilegeKind::Flag => String::new(),
            _ => self.labels(privilege, granted),
        };
        self.clause_of_dormant([&label, &label], &granted, &self.through(roles), effect)
    }

    /// The clause of a dormant grant: of its label as it is said, and as it is.
    pub(super) fn clause_of_dormant(
        self,
        [label, name]: [&str; 2],
        granted: &str,
        through: &str,
        effect: &str,
    ) -> String {
        let form = form(self.messages, name);
        let arguments =
            [("label", label), ("form", form), ("granted", granted), ("through", through), ("effect", effect)];
        self.messages.text("dormant", &arguments)
    }

    /// What effect a dormant grant has, and why: `has no effect while Analytics is not granted`.
    pub(super) fn effect(self, privilege: &Privilege, effective: Option<&str>, reasons: &[Reason]) -> String {
        let (effective, level) = match effective {
            None => ("", String::new()),
            Some("undecided") => ("undecided", String::new()),
            Some(effective) => ("level", self.labels(privilege, effective)),
        };
        let because = self.clauses(reasons, true);
        self.messages.text("effect", &[("effective", effective), ("level", &level), ("because", &because)])
    }
}

/// How many single causes a group of alternatives names.
pub(super) fn alternatives(group: &[Reason]) -> usize {
    group.iter().map(|reason| reason.alternatives.max(1)).sum()
}

/// The first verb of a label: a label with a verb is a clause of its own.
fn verb<'a>(messages: &'a Messages, label: &str) -> Option<&'a Verb> {
    let found = messages.verbs().iter().filter_map(|verb| Some((label.find(&verb.word)?, verb)));
    found.min_by_key(|(place, _)| *place).map(|(_, verb)| verb)
}

/// Whether a label is a clause, which needs quotation marks where another verb follows.
fn form(messages: &Messages, label: &str) -> &'static str {
    if verb(messages, label).is_some() { "clause" } else { "name" }
}

/// The opposite of a label that is a clause, if its verb can be negated and is not.
pub(super) fn negated(messages: &Messages, label: &str) -> Option<String> {
    let verb = verb(messages, label).filter(|verb| !verb.negated.is_empty())?;
    let is_negative = label.contains(&*format!(" {} ", messages.template("negation")));
    (!is_negative).then(|| label.replacen(&verb.word, &format!(" {} ", verb.negated), 1))
}
