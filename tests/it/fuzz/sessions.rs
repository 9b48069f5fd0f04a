//! Bytes that reach an opened policy: packs, tokens, subjects.

use crate::model::Model;
use crate::model::compare::compare;
use crate::model::tokens::with_checksum;
use crate::support::policies::SMALL;
use privet::engine::crc32;
use privet::model::Value;
use privet::pack::Policy;
use privet::policies::{CONTACT, DOTDIGITAL, VICIDIAL};
use privet::session::{Change, Session, Subject};
use privet::studio::Studio;
use std::sync::LazyLock;

static STUDIOS: LazyLock<[Studio; 4]> = LazyLock::new(|| {
    [SMALL, CONTACT, DOTDIGITAL, VICIDIAL].map(|text| Studio::compile(text, false).expect("a policy"))
});

/// The policy that the first byte selects, and the other bytes.
fn selected(data: &[u8]) -> Option<(&'static Studio, &[u8])> {
    let (first, rest) = data.split_first()?;
    Some((STUDIOS.get(*first as usize % 4)?, rest))
}

/// The bytes of a pack's header, with the lengths of its four sections from byte 5.
const HEADER: usize = 21;
const CHECKSUM: usize = 4;

/// The bytes with the length of the last section and the checksum put right, so that what stands in the sections is read.
pub(super) fn sealed(data: &[u8]) -> Option<Vec<u8>> {
    let mut pack = data.to_vec();
    let room = pack.len().checked_sub(HEADER + CHECKSUM)?;
    let mut left = room;
    for at in [5, 9, 13, 17] {
        let field: &mut [u8; 4] = pack.get_mut(at..at + 4)?.try_into().ok()?;
        let length = if at == 17 { left } else { left.min(u32::from_le_bytes(*field) as usize) };
        *field = u32::try_from(length).ok()?.to_le_bytes();
        left -= length;
    }
    let (body, end) = pack.split_at_mut(HEADER + room);
    end.copy_from_slice(&crc32(body).to_le_bytes());
    Some(pack)
}

pub(super) fn pack(data: &[u8]) {
    for bytes in [Some(data.to_vec()), sealed(data)].into_iter().flatten() {
        let Ok(policy) = Policy::open(&bytes) else { continue };
        assert_eq!(policy.pack(), bytes, "an opened pack is another one");
        let program = policy.program();
        let nobody = policy.session(&Subject::default());
        let roles = program.roles.ids().map(|id| privet::RoleRef::Known(id.into())).collect();
        let everybody = policy.session(&Subject { roles, ..Subject::default() });
        for session in [nobody, everybody].into_iter().flatten() {
            answers(&policy, &session);
        }
        // A studio compiles the document again, and refuses one that is not what was compiled
        if let Ok(studio) = Studio::open(&policy) {
            assert_eq!(studio.policy().program(), policy.program(), "the document of a pack says something else");
        }
        let _ = Policy::strip(&bytes);
    }
}

/// Everything that a session answers: no panic, and a token that restores it.
fn answers(policy: &Policy, session: &Session) {
    for id in policy.program().operations.ids() {
        let decided = session.decide(id).expect("an operation of the policy");
        assert_eq!(session.can(id), Ok(decided.verdict == privet::Verdict::Yes));
        let _ = session.inputs(Some(id)).expect("an operation of the policy");
    }
    for id in policy.program().privileges.ids() {
        let _ = session.holds(id).expect("a privilege of the policy");
        let _ = session.from(id).expect("a privilege of the policy");
    }
    let _ = session.menu();
    if let Ok(restored) = policy.restore(&session.token(), &[]) {
        assert_eq!(restored.token(), session.token(), "a token that came back gives another");
    }
}

pub(super) fn token(data: &[u8]) {
    let Some((studio, rest)) = selected(data) else { return };
    let policy = studio.policy();
    let text = String::from_utf8_lossy(rest);
    let body = text.char_indices().rev().nth(5).map_or("", |(at, _)| text.get(..at).unwrap_or(""));
    for token in [text.to_string(), with_checksum(body)] {
        let Ok(session) = policy.restore(&token, &[]) else { continue };
        assert_eq!(session.token(), token, "two tokens of one session");
        answers(policy, &session);
    }
}

pub(super) fn subject(data: &[u8]) {
    let Some((studio, rest)) = selected(data) else { return };
    let policy = studio.policy();
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(rest) else { return };
    let change = json.get("change").cloned();
    let subject = json.get("subject").cloned().unwrap_or(json);
    let Ok(subject) = Subject::from_value(Value::from(&subject)) else { return };
    let Ok(session) = policy.session(&subject) else { return };
    answers(policy, &session);
    // The record of a session is the same subject; a time would be needed for what ends
    let record: serde_json::Value = serde_json::from_str(&session.inputs(None).expect("a record")).expect("JSON");
    let again = Subject::from_value(Value::from(&record)).expect("a record is a subject");
    assert_eq!(policy.session(&again).expect("a session").outputs(), session.outputs(), "of {record}");
    if std::ptr::eq(policy, STUDIOS[0].policy()) && subject.grants.iter().all(|(id, _)| id != "z") {
        let model = Model::new(studio.checked().document());
        compare(&model, policy, &subject).unwrap_or_else(|fault| panic!("{fault}\n{subject:?}"));
    }
    let Some(change) = change else { return };
    let Ok(change) = Change::from_value(Value::from(&change)) else { return };
    if let Ok(after) = session.with(&change) {
        answers(policy, &after);
        studio.preview(&session, &change).expect("a change that a session accepts has a preview");
    }
}
