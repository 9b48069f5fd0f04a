//! Tokens: they are short, strictly validated, and restore the same session.

use crate::model::tokens::with_checksum;
use privet::model::Value;
use privet::pack::Policy;
use privet::policies::{CONTACT, DOTDIGITAL, VICIDIAL};
use privet::session::{Decision, MenuNode, RoleRef, Session, Subject, SubjectFault};

fn text(id: &str) -> Value {
    Value::Text(id.into())
}

fn subject_with(roles: &[&str], grants: &[(&str, Value)]) -> Subject {
    Subject {
        roles: roles.iter().map(|role| RoleRef::Known((*role).into())).collect(),
        grants: grants.iter().map(|(id, value)| ((*id).into(), value.clone())).collect(),
        facts: Vec::new(),
    }
}

/// The decisions and menu of a session. (The planes also state which roles are held, which a token does not.)
fn decided<'p>(session: &Session<'p>) -> (Vec<Decision<'p>>, Vec<MenuNode<'p>>) {
    let operations = session.program().operations.ids();
    (operations.map(|operation| session.decide(operation).unwrap()).collect(), session.menu())
}

#[track_caller]
fn restores(policy: &Policy, subject: &Subject) -> String {
    let session = policy.session(subject).unwrap();
    let token = session.token();
    let restored = policy.restore(&token, &subject.facts).unwrap();
    assert_eq!(decided(&restored), decided(&session), "{token}");
    for privilege in policy.program().privileges.ids() {
        assert_eq!(restored.holds(privilege), session.holds(privilege), "{privilege}");
    }
    assert_eq!(restored.token(), token, "a token of a restored session is the same");
    token
}

#[test]
fn a_contact_token_has_at_most_64_characters() {
    let contact = Policy::compile(CONTACT).unwrap();
    let all_roles = ["administrator", "base-agent", "supervisor", "voice", "email", "chat"];
    assert_eq!(restores(&contact, &Subject::default()).len(), 19);
    assert!(restores(&contact, &subject_with(&all_roles, &[])).len() <= 48);
    let own = [("users", text("modify")), ("assign-roles", Value::Flag(true))];
    assert!(restores(&contact, &subject_with(&all_roles, &own)).len() <= 64);
}

#[test]
fn every_kind_of_grant_is_restored() {
    let options = r#""options": [{ "id": "a", "label": "" }, { "id": "b", "label": "" }, { "id": "c", "label": "" }]"#;
    let policy = Policy::compile(&format!(
        r#"{{ "format": 1, "id": "kinds", "title": "", "version": "",
          "privileges": [
            {{ "id": "flag", "kind": "flag", "label": "" }},
            {{ "id": "level", "kind": "level", "label": "", "levels": [{{ "id": "low", "label": "" }}, {{ "id": "high", "label": "" }}] }},
            {{ "id": "choice", "kind": "choice", "label": "", {options} }},
            {{ "id": "several", "kind": "set", "label": "", {options} }},
            {{ "id": "number", "kind": "number", "label": "" }}
          ],
          "roles": [{{ "id": "a", "label": "", "grants": {{ "choice": "a" }} }}, {{ "id": "b", "label": "", "grants": {{ "choice": "b" }} }}] }}"#
    ))
    .unwrap();
    for number in [0, 1, 2, 255, 65_536, 0x7fff_ffff, u32::MAX] {
        restores(&policy, &subject_with(&[], &[("number", Value::Number(number))]));
    }
    for value in ["a", "b", "c"] {
        restores(&policy, &subject_with(&[], &[("choice", text(value)), ("several", Value::List(vec![text(value)]))]));
    }
    let all = [
        ("flag", Value::Flag(true)),
        ("level", text("high")),
        ("several", Value::List(vec![text("a"), text("c")])),
        ("number", Value::Number(9)),
    ];
    restores(&policy, &subject_with(&["a"], &all));
    // The longest token of this policy: all grants twice, and a number with the maximum of digits.
    let most = [("number", Value::Number(u32::MAX)), ("several", Value::List(vec![text("a"), text("b"), text("c")]))];
    let inline = Subject {
        roles: vec![RoleRef::Inline(most.iter().map(|(id, value)| ((*id).into(), value.clone())).collect())],
        ..subject_with(&[], &most)
    };
    restores(&policy, &inline);
    // The roles clash, but the subject's own option alone counts.
    restores(&policy, &subject_with(&["a", "b"], &[("choice", text("c"))]));
}

/// The record of an operation decides it again, even if roles clash on a choice that it does not read.
#[test]
fn a_record_replays_despite_clashing_roles() {
    let policy = Policy::compile(
        r#"{ "format": 1, "id": "t", "title": "T", "version": "1",
            "facts": [{ "id": "guest", "kind": "switch", "label": "Guest" }],
            "privileges": [
                { "id": "flag", "kind": "flag", "label": "Flag" },
                { "id": "choice", "kind": "choice", "label": "Choice", "options": [{ "id": "a", "label": "A" }, { "id": "b", "label": "B" }] }],
            "roles": [
                { "id": "a", "label": "A", "grants": { "flag": true, "choice": "a" } },
                { "id": "b", "label": "B", "grants": { "flag": true, "choice": "b" }, "when": "guest" }],
            "operations": [
                { "id": "by-flag", "label": "By flag", "requires": "flag" },
                { "id": "by-choice", "label": "By choice", "requires": "choice = a" }] }"#,
    )
    .unwrap();
    let mut subject = subject_with(&["a"], &[("choice", text("b"))]);
    subject.facts = vec![("guest".into(), Value::Flag(true))];
    let read = policy.session(&subject).unwrap().inputs(Some("by-flag")).unwrap();
    assert_eq!(read, r#"{"roles":["a"],"grants":{"choice":"b"},"facts":{"guest":true}}"#);
    let value = Value::from(&serde_json::from_str::<serde_json::Value>(&read).unwrap());
    let again = policy.session(&Subject::from_value(value).unwrap()).unwrap();
    assert!(again.can("by-flag").unwrap());
}

#[test]
fn a_range_is_part_of_the_layout() {
    let version = |max: u32| {
        Policy::compile(&format!(
            r#"{{ "format": 1, "id": "t", "title": "T", "version": "1",
                "privileges": [{{ "id": "n", "kind": "number", "label": "N", "min": 1, "max": {max} }}],
                "operations": [{{ "id": "o", "label": "O", "requires": "n is set" }}] }}"#
        ))
        .unwrap()
    };
    let token = version(100).session(&subject_with(&[], &[("n", Value::Number(90))])).unwrap().token();
    assert_eq!(fault(&version(50), &token), SubjectFault::StaleToken);
}

#[test]
fn every_damaged_bit_is_refused() {
    let policy = Policy::compile(DOTDIGITAL).unwrap();
    let token = policy.session(&subject_with(&["account-owner"], &[("accounts", Value::Number(3))])).unwrap().token();
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for bit in 0..token.len() * 6 {
        let mut damaged = token.clone().into_bytes();
        let place = letters.iter().position(|letter| *letter == damaged[bit / 6]).unwrap();
        damaged[bit / 6] = letters[place ^ 1 << (bit % 6)];
        assert_eq!(fault(&policy, &String::from_utf8(damaged).unwrap()), SubjectFault::InvalidToken, "bit {bit}");
    }
    for length in 0..token.len() {
        let cut = token.get(..length).unwrap();
        assert_eq!(fault(&policy, cut), SubjectFault::InvalidToken, "cut to {length}");
        // Also with the checksum of what is left, since a token without its layout is of no version
        if length < token.len() - 6 {
            assert_eq!(
                fault(&policy, &with_checksum(cut)),
                SubjectFault::InvalidToken,
                "cut to {length} and a checksum"
            );
        }
    }
    for text in [
        "",
        "=",
        "é",
        &"A".repeat(1 << 20),
        &format!("{token}="),
        &format!("{token}A"),
        &token.replace(['_', 'A'], "+"),
    ] {
        assert_eq!(fault(&policy, text), SubjectFault::InvalidToken, "{text}");
    }
}

#[track_caller]
fn fault(policy: &Policy, token: &str) -> SubjectFault {
    policy.restore(token, &[]).map(|_: Session| ()).unwrap_err().fault()
}

#[test]
fn a_changed_label_keeps_tokens_and_a_changed_layout_does_not() {
    let policy = Policy::compile(VICIDIAL).unwrap();
    let token = policy.session(&subject_with(&[], &[("modify-email-accounts", Value::Flag(true))])).unwrap().token();
    let relabelled = Policy::compile(&VICIDIAL.replace("\"Modify Email Accounts\"", "\"E-mail accounts\"")).unwrap();
    let facts = [("email-allowed".into(), Value::Flag(true))];
    assert!(relabelled.restore(&token, &facts).unwrap().can("email-accounts.open").unwrap());
    let renamed = Policy::compile(
        &VICIDIAL.replace("\"download-lists\"", "\"lists-download\"").replace("download-lists", "lists-download"),
    );
    let error = renamed.unwrap().restore(&token, &facts).unwrap_err();
    assert_eq!(
        (error.fault(), error.to_string().as_str()),
        (SubjectFault::StaleToken, "token belongs to another version of the policy; issue a new one")
    );
}

#[test]
fn a_text_longer_than_any_token_is_invalid() {
    let policy = Policy::compile(DOTDIGITAL).unwrap();
    let token = |letters: usize| with_checksum(&"A".repeat(letters - 6));
    assert_eq!(fault(&policy, &token(65_536)), SubjectFault::StaleToken);
    assert_eq!(fault(&policy, &token(65_537)), SubjectFault::InvalidToken);
}
