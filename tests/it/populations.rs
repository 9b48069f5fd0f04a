//! The same packed rows natively and, in the test of this name in `pkg/test`, through the npm package as WebAssembly.
//! `populations.json` has a few rows of each built-in policy, from which both tests derive many, and the hashes of the
//! decisions.
//!
//! `PRIVET_WRITE=1` rewrites the file. That is needed after a change of the row format or of the meaning of a built-in
//! policy.

use crate::support::rows;
use privet::policies::{CONTACT, DOTDIGITAL, VICIDIAL};
use privet::studio::Studio;
use privet::{PackedRows, PeopleGiver, Subject};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/populations.json");
const PEOPLE: usize = 20_000;
const ROWS: usize = 40;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Recorded {
    people: usize,
    layout: String,
    /// In hexadecimal notation.
    rows: Vec<String>,
    /// The number of people in `errors`.
    refused: usize,
    allowed: u32,
    undecided: u32,
    dormant: u32,
}

/// FNV-1a over words.
fn hash(words: impl IntoIterator<Item = u32>) -> u32 {
    words.into_iter().fold(2_166_136_261, |hash: u32, word| (hash ^ word).wrapping_mul(16_777_619))
}

/// Derives many rows from a few: the beginning of one and the end of another, some with one bit changed, so that there
/// are invalid rows of all kinds as well.
fn people(some: &[Vec<u8>], count: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as usize % below
    };
    let width = some[0].len();
    let mut people = Vec::with_capacity(count * width);
    for _ in 0..count {
        let (one, other, cut) = (draw(some.len()), draw(some.len()), draw(width + 1));
        let start = people.len();
        people.extend_from_slice(&some[one][..cut]);
        people.extend_from_slice(&some[other][cut..]);
        if draw(16) == 0 {
            let bit = draw(8 * width);
            people[start + bit / 8] ^= 1 << (bit % 8);
        }
    }
    people
}

fn record(studio: &Studio, some: Vec<String>) -> Recorded {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).expect("hexadecimal");
    let bytes: Vec<Vec<u8>> = some.iter().map(|row| row.as_bytes().chunks(2).map(byte).collect()).collect();
    let people = PackedRows { rows: people(&bytes, PEOPLE), inline: Vec::new() };
    let population = studio.policy().population_of_rows(&people).expect("no inline roles");
    let operations = studio.policy().program().operations.ids();
    let undecided = operations.flat_map(|id| population.undecided(id).expect("an operation"));
    let dormant = population.dormant().into_iter().flat_map(|(_, people)| people);
    Recorded {
        people: PEOPLE,
        layout: studio.policy().row_layout(),
        rows: some,
        refused: population.errors().len(),
        allowed: hash(population.matrix().words.iter().copied()),
        undecided: hash(undecided.map(|row| row as u32)),
        dormant: hash(dormant.map(|row| row as u32)),
    }
}

#[test]
fn decisions_match_those_in_webassembly() {
    let recorded = std::fs::read_to_string(FILE).unwrap_or_else(|_| "{}".into());
    let recorded: BTreeMap<String, Recorded> = serde_json::from_str(&recorded).expect("what this test wrote");
    let write = std::env::var_os("PRIVET_WRITE").is_some();
    let mut found = BTreeMap::new();
    for (text, seed) in [CONTACT, DOTDIGITAL, VICIDIAL].into_iter().zip(1..) {
        let studio = Studio::compile(text, false).expect("a built-in policy");
        let id = studio.policy().program().id.clone();
        let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap());
        let hex = |row: &[u8]| row.iter().flat_map(digits).collect();
        let fresh =
            || rows::rows(studio.policy(), ROWS, seed).rows.chunks(studio.policy().row_width()).map(hex).collect();
        let known = recorded.get(&id).filter(|_| !write);
        found.insert(id, record(&studio, known.map_or_else(fresh, |known| known.rows.clone())));
    }
    if write {
        std::fs::write(FILE, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
    } else {
        assert_eq!(found, recorded, "PRIVET_WRITE=1 writes {FILE} anew");
    }
}

/// Who gives people what an operation needs: themselves, roles that are listed or held by a fact, inline roles; and what a role gives to whom.
#[test]
fn givers_are_told_by_operation_and_by_role() {
    let studio = Studio::compile(
        r#"{ "format": 1, "id": "t", "title": "T", "version": "1",
            "facts": [{ "id": "guest", "kind": "switch", "label": "Guest" }],
            "privileges": [{ "id": "read", "kind": "flag", "label": "Read" }, { "id": "write", "kind": "flag", "label": "Write" }],
            "roles": [
                { "id": "reader", "label": "Reader", "grants": { "read": true } },
                { "id": "guests", "label": "Guests", "grants": { "read": true }, "when": "guest" },
                { "id": "writer", "label": "Writer", "grants": { "write": true } } ],
            "operations": [
                { "id": "list", "label": "List", "requires": "read" },
                { "id": "edit", "label": "Edit", "requires": "read and write" } ] }"#,
        false,
    )
    .unwrap();
    let people = [
        r#"{ "grants": { "read": true } }"#,
        r#"{ "roles": ["reader"], "facts": { "guest": true } }"#,
        r#"{ "roles": ["writer", { "read": true }] }"#,
        r#"{ "roles": ["reader", "writer"], "grants": { "write": true } }"#,
        r#"{ "roles": ["writer"] }"#,
        r#"{ "roles": ["nobody"] }"#,
    ];
    let people = people.map(|it| Subject::from_value(serde_json::from_str(it).unwrap()).unwrap());
    let population = studio.policy().population(&people);
    let role = |id: &str| PeopleGiver::Role(id.into());
    let (own, inline) = (PeopleGiver::Own, PeopleGiver::Inline);
    let givers = |operation| studio.givers(&population, operation).unwrap();
    let listed =
        [(own.clone(), vec![0]), (role("reader"), vec![1, 3]), (role("guests"), vec![1]), (inline.clone(), vec![2])];
    assert_eq!(givers("list"), listed);
    assert_eq!(
        givers("edit"),
        [(own, vec![3]), (role("reader"), vec![3]), (role("writer"), vec![2, 3]), (inline, vec![2])]
    );
    let through = |role| studio.through(&population, role).unwrap();
    assert_eq!(through("reader"), [("list".into(), vec![1, 3]), ("edit".into(), vec![3])]);
    assert_eq!(through("guests"), [("list".into(), vec![1])]);
    assert_eq!(through("writer"), [("edit".into(), vec![2, 3])]);
}
