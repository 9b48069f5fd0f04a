//! Policies that are drawn with the bytes: nearly all are legal, so the bytes go where decisions are made.

use crate::model::Model;
use crate::model::drawn::Draws;
use crate::model::fixes::{compare, has_undecided_grants};
use crate::model::policies::RawPolicy;
use crate::model::properties::{is_accepted, policy};
use crate::support::random::Random;
use privet::{Goal, Studio};

/// The policy that the bytes draw, and a seed for all other choices: their first eight bytes.
fn drawn(data: &[u8]) -> Option<(RawPolicy, u64)> {
    let (seed, data) = data.split_first_chunk()?;
    Some((Draws(data).policy(), u64::from_le_bytes(*seed)))
}

pub(super) fn differential(data: &[u8]) {
    let Some((raw, seed)) = drawn(data) else { return };
    let text = raw.document().to_string();
    let accepted = is_accepted(&text, raw.careless);
    if accepted.unwrap_or_else(|fault| panic!("{fault}\n{text}")) {
        policy(&text, seed).unwrap_or_else(|fault| panic!("{fault}\nseed {seed}\n{text}"));
    }
}

pub(super) fn fixes(data: &[u8]) {
    let Some((raw, seed)) = drawn(data) else { return };
    let text = raw.document().to_string();
    let Ok(studio) = Studio::compile(&text, false) else { return };
    let model = Model::new(studio.checked().document());
    let subject = model.subject(&mut Random::new(seed));
    let Ok(session) = studio.policy().session(&subject) else { return };
    if has_undecided_grants(&model, &session) {
        return;
    }
    for operation in model.document.operations.iter().filter(|it| !it.restricts) {
        for to in [Goal::Allowed, Goal::Denied] {
            let found = compare(&studio, &model, (&subject, &session), &operation.id, to);
            found.unwrap_or_else(|fault| panic!("{fault}\n`{}` to {to:?}\n{subject:?}\n{text}", operation.id));
        }
    }
}
