//! The reasons section of packs against a golden file, `tests/reasons.json`: its keys and rows are those of `docs/format.md`. That its reader names
//! the reasons of `explain` is tested by the package (`pkg/test/why.test.mjs`).

use crate::support::golden::golden;
use privet::Studio;
use privet::pack::Policy;
use serde_json::{Value as Json, json};
use std::path::Path;

/// Tests of every kind, in every connective: values of all kinds of facts and privileges, levels with requirements of their own, dormant grants,
/// sets that are tested for one and for several options, conditions, and operations that require others.
const POLICY: &str = r#"{
  "format": 1, "id": "reasons", "title": "Reasons", "version": "1",
  "facts": [
    { "id": "open", "kind": "switch", "label": "Open", "where": "Settings" },
    { "id": "seats", "kind": "number", "label": "Seats" },
    { "id": "plan", "kind": "choice", "label": "Plan", "options": [{ "id": "free", "label": "Free" }, { "id": "paid", "label": "Paid" }] },
    { "id": "tags", "kind": "choice", "label": "Tag", "options": [{ "id": "x", "label": "X" }, { "id": "y", "label": "Y" }, { "id": "z", "label": "Z" }] }
  ],
  "conditions": [{ "id": "large", "label": "Large", "requires": "seats > 9 and plan = paid" }],
  "privileges": [
    { "id": "view", "kind": "flag", "label": "View", "cost": 3 },
    { "id": "edit", "kind": "level", "label": "Edit", "requires": "view",
      "levels": [{ "id": "own", "label": "Own" }, { "id": "all", "label": "All", "requires": "large" }] },
    { "id": "scope", "kind": "choice", "label": "Scope", "options": [{ "id": "team", "label": "Team" }, { "id": "firm", "label": "Firm" }] },
    { "id": "areas", "kind": "set", "label": "Areas", "options": [{ "id": "a", "label": "A" }, { "id": "b", "label": "B" }, { "id": "c", "label": "C" }] },
    { "id": "limit", "kind": "number", "label": "Limit", "max": 500, "requires": "edit >= own" }
  ],
  "roles": [{ "id": "boss", "label": "Boss", "grants": { "view": true, "limit": 100 } }],
  "operations": [
    { "id": "read", "label": "Read", "requires": "view and (open or large)" },
    { "id": "write", "label": "Write", "requires": "allowed(read) and edit >= all and not plan = free" },
    { "id": "spend", "label": "Spend", "requires": "limit > 50 and limit <= 400 or scope = firm and seats < 3" },
    { "id": "sort", "label": "Sort", "requires": "areas = a and not areas in (b, c) and tags in (x, z) or not view" }
  ]
}"#;

#[test]
fn the_section_is_that_of_the_format() {
    let studio = Studio::compile(POLICY, false).unwrap_or_else(|report| panic!("{report}"));
    let pack = studio.pack_with_reasons();
    let word = |at: usize| u32::from_le_bytes(pack[at..][..4].try_into().unwrap()) as usize;
    let [names, program, reasons] = [5, 9, 13].map(word);
    let section: Json = serde_json::from_slice(&pack[21 + names + program..][..reasons]).expect("JSON");
    let rows = |(key, value): (&String, &Json)| match value {
        Json::Array(rows) => {
            let rows: Vec<String> = rows.iter().map(|row| format!("  {row}")).collect();
            format!("{}: [\n{}\n]", json!(key), rows.join(",\n"))
        }
        other => format!("{}: {other}", json!(key)),
    };
    let text: Vec<String> = section.as_object().expect("an object").iter().map(rows).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reasons.json");
    assert_eq!(golden(&path, &format!("{{\n{}\n}}\n", text.join(",\n"))), None);
    // The section changes nothing else: what opens a pack does not look at it
    let (plain, opened) = (studio.policy().pack(), Policy::open(&pack).expect("a pack"));
    assert_eq!(opened.program(), studio.policy().program());
    assert_eq!(pack[21..21 + names + program], plain[21..21 + names + program]);
    assert_eq!(pack.len(), plain.len() + reasons);
}
