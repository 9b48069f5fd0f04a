//! Packs that differ from a valid one in one place. Lengths and checksum are repaired.

use super::doc;
use super::policies::Source;
use crate::model::json::Json;
use crate::model::pack::{Pack, crc32, join};
use base64ct::{Base64, Encoding};

/// A case of `packs.json`.
pub(super) fn case(why: &str, pack: &[u8], valid: bool) -> Json {
    Json::map([
        ("why", Json::text(why)),
        ("pack", Json::text(&Base64::encode_string(pack))),
        ("valid", Json::Atom(valid.into())),
    ])
}

/// The valid packs from which others are forged, and the cases so far.
pub(super) struct Forge {
    /// The pack of a policy with every kind.
    pub(super) base: Pack,
    pub(super) cases: Vec<Json>,
}

impl Forge {
    pub(super) fn new() -> Self {
        Self { base: Source::new(doc::SMALL).pack, cases: Vec::new() }
    }

    pub(super) fn add(&mut self, why: &str, pack: &[u8], valid: bool) {
        let case = case(why, pack, valid);
        assert!(self.cases.iter().all(|other| other.get("pack") != case.get("pack")), "{why}: the same pack again");
        self.cases.push(case);
    }

    /// A pack with other bytes, and the checksum of the result.
    pub(super) fn bytes(&mut self, why: &str, valid: bool, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = self.base.write();
        bytes.truncate(bytes.len() - 4);
        change(&mut bytes);
        bytes.extend(crc32(&bytes).to_le_bytes());
        self.add(why, &bytes, valid);
    }

    /// A pack with other names.
    pub(super) fn names(&mut self, why: &str, valid: bool, found: &str, replaced: &str) {
        let names = self.base.names.replacen(found, replaced, 1);
        assert_ne!(names, self.base.names, "{why}: there is no {found}");
        self.add(why, &Pack { names, ..self.base.clone() }.write(), valid);
    }

    /// A pack with names that are not UTF-8.
    pub(super) fn raw_names(&mut self, why: &str, valid: bool, names: &[u8]) {
        let program: Vec<u8> = self.base.words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.add(why, &join(names, &program, &[], &[]), valid);
    }

    /// A pack with other words. The length of the section is repaired.
    pub(super) fn words(&mut self, why: &str, valid: bool, change: impl FnOnce(&mut Vec<u32>)) {
        let mut pack = self.base.clone();
        change(&mut pack.words);
        if pack.words.len() != self.base.words.len() {
            pack.words[11] = u32::try_from(4 * pack.words.len()).expect("a short section");
        }
        self.add(why, &pack.write(), valid);
    }

    /// A pack with another word at a position.
    pub(super) fn word(&mut self, why: &str, valid: bool, position: u32, word: u32) {
        self.words(why, valid, |words| words[position as usize / 4] = word);
    }

    /// The position of a word of an entry: its index by id, and the index of the word.
    pub(super) fn entry(&self, key: &str, id: &str, word: u32) -> u32 {
        let index = (0..).zip(self.base.ids(key)).find(|(_, known)| known == id).expect("an id").0;
        let first = match key {
            "facts" => 0,
            "privileges" => self.base.at(0),
            _ => self.base.at(0) + self.base.at(4),
        };
        68 + 40 * (first + index) + 4 * word
    }

    /// The position of a word of an operation.
    pub(super) fn operation(&self, index: u32, word: u32) -> u32 {
        self.base.at(28) + 24 * index + 4 * word
    }

    /// The number of slots.
    pub(super) fn slots(&self) -> u32 {
        self.base.at(52) + (self.base.at(44) - self.base.at(40)) / 8
    }
}

/// A small pack that is put together word by word: some facts, privileges and roles, with lists behind them, operations without
/// obligations, menu items and verbs. It has no instructions.
pub(super) struct Small {
    /// The rows of the names, as JSON.
    pub(super) facts: String,
    pub(super) privileges: String,
    pub(super) roles: String,
    pub(super) operations: String,
    pub(super) guides: String,
    pub(super) menu: String,
    pub(super) verbs: String,
    /// Ten words for each fact, privilege and role; position 0 of a list is the start of `lists`.
    pub(super) entries: Vec<[u32; 10]>,
    /// Six words for each operation, with positions as those of entries.
    pub(super) steps: Vec<[u32; 6]>,
    /// The words behind the entries.
    pub(super) lists: Vec<u32>,
    pub(super) parents: Vec<u32>,
    /// Facts, privileges, verbs; the input slots of facts, of all.
    pub(super) counts: [u32; 5],
}

impl Small {
    /// The empty policy.
    pub(super) fn new() -> Self {
        let none = String::new;
        Self {
            facts: none(),
            privileges: none(),
            roles: none(),
            operations: none(),
            guides: none(),
            menu: none(),
            verbs: none(),
            entries: Vec::new(),
            steps: Vec::new(),
            lists: Vec::new(),
            parents: Vec::new(),
            counts: [0; 5],
        }
    }

    pub(super) fn pack(&self) -> Pack {
        let fingerprint = "0".repeat(64);
        let Self { facts, privileges, roles, operations, guides, menu, verbs, .. } = self;
        let names = format!(
            "{{\"id\":\"small\",\"title\":\"\",\"version\":\"\",\"fingerprint\":\"{fingerprint}\",\"facts\":[{facts}],\
             \"privileges\":[{privileges}],\"roles\":[{roles}],\"operations\":[{operations}],\"menu\":[{menu}],\"guides\":[{guides}],\
             \"verbs\":[{verbs}],\"renamed\":[]}}"
        );
        let count = |length: usize| u32::try_from(length).expect("a small number");
        let lists = 68 + 40 * count(self.entries.len());
        let operations = lists + 4 * count(self.lists.len());
        let menu = operations + 24 * count(self.steps.len());
        let end = menu + 4 * count(self.parents.len());
        let [facts, privileges, verbs, of_facts, inputs] = self.counts;
        let roles = count(self.entries.len()) - facts - privileges;
        let mut words = vec![facts, privileges, roles, count(self.steps.len()), count(self.parents.len()), verbs, 0];
        let operations = if self.steps.is_empty() { end } else { operations };
        words.extend([operations, end, menu, end, end, 2 + of_facts, 2 + inputs, 2, 0, 0]);
        for entry in &self.entries {
            let mut entry = *entry;
            // The word of slots of a role is a reference, and *a* is the position of its grants.
            for position in if entry[0] == 2 { [3, 8, 6] } else { [3, 5, 6] } {
                entry[position] += lists;
            }
            words.extend(entry);
        }
        words.extend(&self.lists);
        words.extend(self.steps.iter().flat_map(|&[a, b, c, d, placements, f]| [a, b, c, d, placements + lists, f]));
        words.extend(&self.parents);
        Pack { names, words, document: Vec::new() }
    }
}

/// Rows of the names with one string each: `a0`, `a1` and so on.
pub(super) fn rows(count: usize) -> String {
    (0..count).map(|place| format!("[\"a{place}\"]")).collect::<Vec<_>>().join(",")
}

/// A row of the names with many values.
pub(super) fn row(id: &str, values: u32) -> String {
    let values = (0..values).map(|place| format!("\"a{place}\""));
    format!("[{}]", [format!("\"{id}\"")].into_iter().chain(values).collect::<Vec<_>>().join(","))
}
