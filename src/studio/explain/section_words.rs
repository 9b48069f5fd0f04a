//! The words of the reasons section: templates in which everything is chosen that depends on the policy alone. What depends on a
//! person is left as `{x}`: the label `{l}`, the held value `{h}`, the needed one `{n}`, the place of a fact `{p}`, the roles that
//! give it `{t}`, the granted value `{g}`, the effect of a dormant grant `{e}`.

use super::model::{NodeKind, TestNode, leaf, operand_of};
use super::reason::Reason;
use super::reasons::reason;
use super::sentences::{decision, negated};
use super::words::Words;
use crate::check::{Operand, Test, TestKind};
use crate::document::Op;
use crate::model::{PrivilegeKind, Verdict};
use crate::studio::messages::Messages;
use serde::Serialize;

/// Codes and clauses of tests of one kind. Codes: it holds; it fails, and a value is held; it fails, and none is. Clauses: it holds, and
/// the held value is said or not; it fails, and the held value is said or not; it fails, and nothing is held; it is unknown; the grant is
/// dormant.
pub(super) type Kind = [String; 10];

/// The kind of a test.
pub(super) fn kind(words: Words, test: &Test) -> Kind {
    let held = Some("{h}");
    let found = |verdict: Verdict, held: Option<&str>| reason(words, &node(verdict, held), test);
    let (holds, fails, nothing) = (found(Verdict::Yes, held), found(Verdict::No, held), found(Verdict::No, None));
    let unknown = clause(words, &found(Verdict::Unknown, held), true);
    let dormant = match operand_of(test) {
        Some(operand @ Operand::Privilege(privilege)) => {
            let declared = words.document.privileges.get(privilege);
            let granted = if declared.is_some_and(|it| it.kind == PrivilegeKind::Flag) { "" } else { "{g}" };
            words.clause_of_dormant(["{l}", &words.label(operand).unwrap_or_default()], granted, "", "{e}")
        }
        _ => String::new(),
    };
    [
        holds.code.into(),
        fails.code.into(),
        nothing.code.into(),
        clause(words, &holds, true),
        clause(words, &holds, false),
        clause(words, &fails, true),
        clause(words, &fails, false),
        clause(words, &nothing, false),
        // It is never a part of a sentence, so it begins one.
        Messages::capital(&unknown),
        dormant,
    ]
}

fn node(verdict: Verdict, held: Option<&str>) -> TestNode {
    TestNode { held: held.map(String::from), ..leaf(NodeKind::Test, verdict) }
}

/// The clause of a reason with what depends on the person left open.
fn clause(words: Words, found: &Reason, has_held: bool) -> String {
    let name = found.label.clone();
    // A negated label is inserted as it is, so it must not look like something that is left open.
    let is_open = negated(words.messages, &name).is_some_and(|text| text.contains('{'));
    let open = Reason {
        label: "{l}".into(),
        needed: "{n}".into(),
        held: if has_held { "{h}" } else { "" }.into(),
        place: found.place.as_ref().map(|_| "{p}".into()),
        ..found.clone()
    };
    words.clause_of_test(&open, if is_open { "" } else { &name }, "{t}")
}

/// The needed value of a test, where it is decided and where it is unknown.
pub(super) fn needed(words: Words, test: &Test) -> [String; 2] {
    // A failed set test without a held value, and a negated one that holds, say all options that it names.
    let decided = if matches!(test.kind, TestKind::Options(_, _, true)) { Verdict::Yes } else { Verdict::No };
    [decided, Verdict::Unknown].map(|verdict| words.needed(&node(verdict, None), test))
}

/// The texts that are not of one test, in the order of `docs/format.md`.
#[derive(Serialize)]
pub(super) struct Patterns(Vec<String>);

impl Patterns {
    pub(super) fn new(messages: &Messages) -> Self {
        let mut texts = vec![
            messages.text("sentence", &[("text", "{s}")]),
            messages.text("through", &[("roles", "{r}")]),
            messages.text("inline-role", &[("number", "{i}")]),
            messages.text("too-little", &[("clause", "{c}"), ("effect", "{e}")]),
            messages.template("comma").into(),
            messages.template("and").into(),
            Words::text_of_needed(messages, "needed", Op::Equal, "{v}"),
        ];
        for effective in ["", "undecided", "level"] {
            for because in ["", "{b}"] {
                let arguments = [("effective", effective), ("level", "{v}"), ("because", because)];
                texts.push(messages.text("effect", &arguments));
            }
        }
        for verdict in [Verdict::Yes, Verdict::No, Verdict::Unknown] {
            let arguments = [("label", "{l}"), ("decision", decision(verdict)), ("because", ""), ("owed", "")];
            texts.push(messages.text("explanation", &arguments));
        }
        texts.extend(["unknown", "undecided"].map(|word| messages.word(word)));
        Self(texts)
    }
}
