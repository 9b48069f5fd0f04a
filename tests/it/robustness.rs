//! Damaged input: mutated documents never make the checker panic, and forged bytes never open as a pack.
//!
//! Checking a document takes milliseconds, and so does hashing a large pack, so by default only a sample of the
//! mutations is tried: `PRIVET_MUTATIONS=10000` tries 10,000 of each document and all positions of each pack. All
//! positions of a small pack are always tried.

use crate::support::random::Random;
use privet::check::{check, checked};
use privet::diagnostic::Severity;
use privet::engine::crc32;
use privet::pack::Policy;
use privet::policies::{CONTACT, DOTDIGITAL, VICIDIAL};
use privet::session::{State, Subject};
use privet::studio::Studio;
use std::ops::Range;

const POLICIES: [&str; 3] = [CONTACT, DOTDIGITAL, VICIDIAL];
const MUTATIONS: usize = 300;

/// A policy with every kind of fact and privilege, a role, a menu and an obligation: every part of a pack in a few
/// bytes.
const SMALL: &str = r#"{
  "format": 1, "id": "small", "title": "S", "version": "1", "verbs": [{ "id": "add", "label": "A" }],
  "facts": [{ "id": "f", "kind": "switch", "label": "" }, { "id": "n", "kind": "number", "label": "" }],
  "privileges": [
    { "id": "a", "kind": "flag", "label": "" },
    { "id": "l", "kind": "level", "label": "", "levels": [{ "id": "x", "label": "" }, { "id": "y", "label": "" }] },
    { "id": "c", "kind": "choice", "label": "", "options": [{ "id": "x", "label": "" }, { "id": "y", "label": "" }] },
    { "id": "q", "kind": "number", "label": "", "max": 9, "requires": "a" }
  ],
  "roles": [{ "id": "r", "label": "", "grants": { "a": true, "c": "y" }, "when": "f and n > 2" }],
  "menu": [{ "id": "m", "label": "M" }, { "id": "k", "label": "K", "parent": "m" }],
  "operations": [
    { "id": "o", "label": "", "menu": ["k"], "verbs": ["add"], "requires": "a and l >= y or q > 3 and not c = x",
      "obligations": [{ "id": "w", "label": "", "when": "not l >= x" }] },
    { "id": "p", "label": "", "requires": "allowed(o) and f" }
  ]
}"#;

/// The positions in a pack of the lengths of its names and its program, and the start of the names.
const SIZES: [usize; 2] = [5, 9];
const CORE: usize = 21;
const CHECKSUM: usize = 4;
/// One in this many values is tried at each position of a forged pack.
const VALUES: usize = 24;

#[test]
fn mutated_documents_never_make_the_checker_panic() {
    for (seed, text) in (1..).zip(POLICIES) {
        let mut random = Random::new(seed);
        for _ in 0..mutations() {
            let mutated = mutate(&mut random, text);
            // The panic message has the place; the seed identifies the document.
            let is_refused = check(&mutated, true).iter().any(|it| it.severity == Severity::Error);
            assert_eq!(checked(&mutated).is_none(), is_refused, "refused by one of two: {mutated}");
        }
    }
}

/// Changes, removes, duplicates or inserts a few bytes, or replaces one word by another, which mostly yields
/// well-formed JSON for the later passes.
fn mutate(random: &mut Random, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        let length = 1 + random.below(12).min(bytes.len() - at - 1);
        match random.below(9) {
            0 => bytes[at] = random.bits().to_le_bytes()[7],
            1 => bytes[at] ^= 1 << random.below(8),
            2 => drop(bytes.drain(at..at + length)),
            3 => {
                let again = bytes[at..at + length].to_vec();
                let to = random.below(bytes.len());
                drop(bytes.splice(to..to, again));
            }
            4 => bytes.insert(at, random.of(b"\"{}[],:()<>=!-.0aZ\\/*\n\0")),
            _ => {
                let other = bytes[word(&bytes, random.below(bytes.len()))].to_vec();
                let place = word(&bytes, at);
                drop(bytes.splice(place, other));
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The first word at or after a position: an id, a keyword or a number.
fn word(bytes: &[u8], at: usize) -> Range<usize> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let start = at + bytes[at..].iter().position(is_word).unwrap_or(0);
    let length = bytes[start..].iter().position(|byte| !is_word(byte)).unwrap_or(0);
    start..start + length
}

#[test]
fn a_small_pack_with_any_byte_changed_is_refused() {
    let pack = pack(SMALL);
    for at in 0..pack.len() {
        let mut changed = pack.clone();
        for other in (0..=u8::MAX).filter(|other| *other != pack[at]) {
            changed[at] = other;
            assert!(Policy::open(&changed).is_err(), "byte {at} may be {other}");
        }
    }
}

#[test]
fn large_packs_with_a_byte_changed_are_refused() {
    let mut random = Random::new(4);
    for text in POLICIES {
        let mut pack = pack(text);
        for at in (0..pack.len()).step_by(step(pack.len())) {
            let written = pack[at];
            for flip in [1, 0x80, 1 + random.bits().to_le_bytes()[7] % u8::MAX] {
                pack[at] = written ^ flip;
                assert!(Policy::open(&pack).is_err(), "byte {at} may be flipped by {flip}");
            }
            pack[at] = written;
        }
        assert!(Policy::open(&pack).is_ok(), "the pack itself is still in order");
    }
}

#[test]
fn truncated_and_extended_packs_are_refused() {
    for text in POLICIES.into_iter().chain([SMALL]) {
        let pack = pack(text);
        for length in 0..pack.len() {
            assert!(Policy::open(&pack[..length]).is_err(), "{length} bytes are enough");
        }
        for more in [0, 1, u8::MAX] {
            assert!(Policy::open(&[&pack[..], &[more]].concat()).is_err(), "a byte more is accepted");
        }
    }
}

/// A truncated pack with a matching header and checksum is refused, because its sections must end at its end.
#[test]
fn truncated_core_sections_are_refused() {
    for text in POLICIES.into_iter().chain([SMALL]) {
        let pack = pack(text);
        let [outline, words] = SIZES.map(|at| size(&pack, at));
        for (start, section, at) in [(CORE, outline, SIZES[0]), (CORE + outline, words, SIZES[1])] {
            for length in (0..section).step_by(step(section)) {
                let mut cut = [&pack[..start + length], &pack[start + section..]].concat();
                cut[at..at + 4].copy_from_slice(&u32::try_from(length).unwrap().to_le_bytes());
                repair(&mut cut);
                assert!(Policy::open(&cut).is_err(), "{length} of {section} bytes are enough");
            }
        }
    }
}

#[test]
fn random_bytes_are_refused() {
    let mut random = Random::new(5);
    for _ in 0..10_000 {
        let mut bytes: Vec<u8> = (0..random.below(200)).map(|_| random.bits().to_le_bytes()[7]).collect();
        assert!(Policy::open(&bytes).is_err(), "{bytes:?}");
        // The same with the right length in the header, so that the reader of the section finds it.
        let size = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        bytes.splice(0..0, [b"PRVT\x05", &size[..], &[0; 12]].concat());
        bytes.extend([0; CHECKSUM]);
        repair(&mut bytes);
        survives(&bytes);
    }
}

/// A mutated core section with a valid checksum may be legal. Then it decides without a panic, and the studio reports
/// that it differs from its document.
#[test]
fn forged_core_sections_never_panic_and_are_reported() {
    let pack = pack(SMALL);
    for at in CORE..CORE + core_size(&pack) {
        let mut forged = pack.clone();
        // A sample of the values, which over all positions covers all of them: the studio compiles the document again
        // for each.
        for other in (0..=u8::MAX).skip(at % VALUES).step_by(VALUES).filter(|other| *other != pack[at]) {
            forged[at] = other;
            repair(&mut forged);
            survives(&forged);
        }
    }
    let mut random = Random::new(6);
    for _ in 0..20_000 {
        let mut forged = pack.clone();
        for _ in 0..2 + random.below(4) {
            forged[CORE + random.below(core_size(&pack))] = random.bits().to_le_bytes()[7];
        }
        repair(&mut forged);
        if forged != pack {
            survives(&forged);
        }
    }
}

#[test]
fn the_words_of_a_subject_have_one_form() {
    let policy = Policy::compile(SMALL).unwrap();
    let subject = serde_json::json!({
        "facts": { "n": 7, "f": true }, "grants": { "q": 3, "l": "y" }, "roles": ["r", { "name": "é", "grants": { "c": "x", "a": true } }],
    });
    let subject = Subject::from_value((&subject).into()).unwrap();
    let state = policy.state(&subject, None).unwrap();
    let words = state.words(policy.program());
    // Facts f and n have the indices 0 and 1, privileges a, l, c and q 2 to 5, role r 6.
    assert_eq!(words, [5, 0, 1, 1, 7, 3, 2, 5, 3, 6, 1, 1, 2, 2, 1, 4, 0, 1, 0, 1, 233]);
    let read = |words: &[u32]| State::from_words(policy.program(), words);
    assert_eq!(read(&words), Some(state));
    for length in 0..words.len() {
        assert_eq!(read(&words[..length]), None, "{length} words are enough");
    }
    let refused: [(&str, &[u32]); 15] = [
        ("a word more", &[0, 0, 0, 0]),
        ("a role before a fact", &[2, 6, 1, 0, 1, 0, 0]),
        ("a fact twice", &[2, 0, 0, 0, 1, 0, 0]),
        ("a grant twice", &[2, 2, 1, 2, 1, 0, 0]),
        ("two levels of a privilege", &[2, 3, 1, 3, 2, 0, 0]),
        ("two options of a choice", &[2, 4, 0, 4, 1, 0, 0]),
        ("two numbers, in an inline role", &[0, 1, 2, 5, 3, 5, 4, 0]),
        ("a role twice", &[2, 6, 1, 6, 1, 0, 0]),
        ("a role that is not held", &[1, 6, 0, 0, 0]),
        ("a place behind the last role", &[1, 7, 1, 0, 0]),
        ("a fact in an inline role", &[0, 1, 1, 0, 1, 0]),
        ("a role in an inline role", &[0, 1, 1, 6, 1, 0]),
        ("a name of no role", &[0, 0, 1, 0, 1, 233]),
        ("a role with two names", &[0, 1, 0, 2, 0, 1, 233, 0, 1, 233]),
        ("a name shorter than it says", &[0, 1, 0, 1, 0, 2, 233]),
    ];
    assert!(read(&[0, 1, 0, 1, 0, 1, 0xd800]).is_some_and(|state| state.names[0].1 == "\u{fffd}"));
    for (why, words) in refused {
        assert_eq!(read(words), None, "{why}");
    }
}

fn survives(pack: &[u8]) {
    let Ok(policy) = Policy::open(pack) else { return };
    assert!(Studio::open(&policy).is_err(), "the studio takes a forged pack for a compiled one");
    let program = policy.program();
    let roles = program.roles.iter().map(|role| privet::session::RoleRef::Known(role.id.clone())).collect();
    for subject in [Subject::default(), Subject { roles, ..Subject::default() }] {
        let Ok(session) = policy.session(&subject) else { continue };
        session.menu();
        session.outputs();
        session.allowed();
        for operation in &program.operations {
            session.decide(&operation.id).unwrap();
        }
        for privilege in &program.privileges {
            session.holds(&privilege.id).unwrap();
        }
    }
}

fn pack(text: &str) -> Vec<u8> {
    Policy::compile(text).unwrap().pack().to_vec()
}

fn core_size(pack: &[u8]) -> usize {
    SIZES.iter().map(|at| size(pack, *at)).sum()
}

fn size(pack: &[u8], at: usize) -> usize {
    u32::from_le_bytes(pack[at..at + 4].try_into().unwrap()) as usize
}

/// Corrects the checksum.
fn repair(pack: &mut [u8]) {
    let (body, checksum) = pack.split_at_mut(pack.len() - CHECKSUM);
    checksum.copy_from_slice(&crc32(body).to_le_bytes());
}

fn mutations() -> usize {
    std::env::var("PRIVET_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(MUTATIONS)
}

/// The distance between positions: such that there are `mutations` of them, or all.
fn step(positions: usize) -> usize {
    if mutations() > MUTATIONS { 1 } else { positions.div_ceil(MUTATIONS) }
}
