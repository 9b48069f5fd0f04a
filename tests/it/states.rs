//! Encoded states (`State::words`): only those of the policy are accepted, and they come back as they were. What a policy says of itself, and where a
//! pack is at fault.

use crate::support::policies::SMALL;
use privet::engine::crc32;
use privet::pack::Policy;
use privet::session::State;
use privet::{PackFault, Subject};

/// The values that each entry of `SMALL` accepts, by the number of the entry: facts, privileges, roles.
const ACCEPTED: [&[u32]; 10] = [
    &[0, 1],                  // f, a switch
    &[0, 1, 2, 3, 9, 10, 11], // n, a number: any
    &[0, 1],                  // k, a choice of two
    &[1],                     // a, a flag
    &[1, 2],                  // l, a level of two
    &[0, 1],                  // c, a choice of two
    &[0, 1],                  // s, a set of two
    &[0, 1, 2, 3, 9],         // q, a number of at most 9
    &[1],                     // r, a role
    &[1],                     // t, a role
];
const VALUES: [u32; 7] = [0, 1, 2, 3, 9, 10, 11];

fn small() -> Policy {
    Policy::compile(SMALL).unwrap()
}

#[test]
fn only_values_of_the_entry_are_accepted() {
    let policy = small();
    let is_state = |words: &[u32]| State::from_words(policy.program(), words).is_some();
    for (entry, accepted) in (0..).zip(ACCEPTED) {
        for value in VALUES {
            let expected = accepted.contains(&value);
            assert_eq!(is_state(&[1, entry, value, 0, 0]), expected, "entry {entry}, value {value}");
            // Inline roles have grants alone
            let is_privilege = (3..8).contains(&entry);
            let inline = [0, 1, 1, entry, value, 0];
            assert_eq!(is_state(&inline), expected && is_privilege, "inline: entry {entry}, value {value}");
        }
    }
    assert!(!is_state(&[1, 10, 1, 0, 0]), "no such entry");
}

/// A level of a fact is counted from 1, as that of a privilege.
#[test]
fn only_levels_of_a_fact_are_accepted() {
    let policy = Policy::compile(
        r#"{ "format": 1, "id": "t", "title": "T", "version": "1", "facts": [
            { "id": "f", "kind": "level", "label": "", "levels": [{ "id": "x", "label": "" }, { "id": "y", "label": "" }] }] }"#,
    )
    .unwrap();
    let is_state = |value: u32| State::from_words(policy.program(), &[1, 0, value, 0, 0]).is_some();
    assert_eq!([0, 1, 2, 3, u32::MAX].map(is_state), [false, true, true, false, false]);
}

#[test]
fn only_the_canonical_form_is_accepted() {
    let policy = small();
    let is_state = |words: &[u32]| State::from_words(policy.program(), words).is_some();
    // Two values of a set, but one of everything else, in order
    assert!(is_state(&[2, 6, 0, 6, 1, 0, 0]));
    for pairs in [
        [0, 0, 0, 1],
        [3, 1, 3, 1],
        [5, 0, 5, 1],
        [7, 1, 7, 2],
        [8, 1, 8, 1],
        [6, 1, 6, 1],
        [6, 1, 6, 0],
        [4, 1, 3, 1],
        [9, 1, 8, 1],
    ] {
        assert!(!is_state(&[[2].as_slice(), &pairs, &[0, 0]].concat()), "{pairs:?}");
    }
    let valid = [1, 3, 1, 2, 1, 4, 2, 0, 2, 0, 1, 120, 1, 2, 121, 122];
    assert!(is_state(&valid));
    for length in 0..valid.len() {
        assert!(!is_state(&valid[..length]), "the first {length} words");
    }
    assert!(!is_state(&[valid.as_slice(), &[0]].concat()), "a word more");
    // Counts that are greater than what follows, and names of roles that do not exist or are out of order
    for (at, word) in
        [(0, u32::MAX), (3, u32::MAX), (4, u32::MAX), (8, u32::MAX), (10, u32::MAX), (12, 2), (9, 1), (12, 0)]
    {
        let mut words = valid;
        words[at] = word;
        assert!(!is_state(&words), "{word} at {at}");
    }
}

#[test]
fn states_come_back_as_they_were() {
    let policy = small();
    let subject = r#"{
      "roles": ["t", { "name": "größer 𝄞", "grants": { "a": true, "s": ["y"] } }, { "q": 3 }],
      "grants": { "l": "y", "s": ["x", "y"] }, "facts": { "f": true, "n": 7, "k": "y" }
    }"#;
    let subject = Subject::from_value(serde_json::from_str(subject).unwrap()).unwrap();
    let state = policy.state(&subject, None).unwrap();
    let words = state.words(policy.program());
    let name: Vec<u32> = "größer 𝄞".chars().map(u32::from).collect();
    let head = [7, 0, 1, 1, 7, 2, 1, 4, 2, 6, 0, 6, 1, 9, 1, 2, 2, 3, 1, 6, 1, 1, 7, 3, 1, 0, 8];
    assert_eq!(words, [head.as_slice(), &name].concat());
    assert_eq!(State::from_words(policy.program(), &words), Some(state));
}

/// A program of a length that is no multiple of four is told where it begins.
#[test]
fn a_program_with_half_a_word_is_malformed_where_it_begins() {
    let mut pack = small().pack().to_vec();
    let word = |pack: &[u8], at: usize| u32::from_le_bytes(pack[at..][..4].try_into().unwrap());
    let [names, program, document] = [5, 9, 17].map(|at| word(&pack, at));
    pack[9..13].copy_from_slice(&(program + 1).to_le_bytes());
    pack[17..21].copy_from_slice(&(document - 1).to_le_bytes());
    let end = pack.len() - 4;
    let checksum = crc32(&pack[..end]);
    pack[end..].copy_from_slice(&checksum.to_le_bytes());
    let error = Policy::open(&pack).unwrap_err();
    assert_eq!((error.fault(), error.at()), (PackFault::Malformed, 21 + names as usize));
}

/// The fingerprint is that of the pack, which is the same however the policy was opened.
#[test]
fn a_policy_says_what_it_is() {
    let policy = small();
    assert_eq!((policy.id(), policy.title(), policy.version()), ("small", "S", "1"));
    let opened = Policy::open(policy.pack()).unwrap();
    assert_eq!(opened.fingerprint(), policy.fingerprint());
    assert_eq!(
        (opened.fingerprint().len(), opened.fingerprint().trim_matches(|it: char| it.is_ascii_hexdigit())),
        (64, "")
    );
    let other = Policy::compile(&SMALL.replace("q > 3", "q > 4")).unwrap();
    assert_ne!(other.fingerprint(), policy.fingerprint());
    let program = policy.program();
    assert!(!program.roles.is_empty() && privet::pack::Table::<privet::pack::Role>::default().is_empty());
}
