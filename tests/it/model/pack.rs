//! A naive reader of packs, by the sections Pack, Names, Program and Record of `docs/format.md`. It reads packs that are
//! valid.

use super::json::Json;
use std::collections::BTreeSet;

/// The sections of a pack.
#[derive(Clone)]
pub(crate) struct Pack {
    pub(crate) names: String,
    /// The words of the program.
    pub(crate) words: Vec<u32>,
    pub(crate) document: Vec<u8>,
}

/// A row of the table of entries.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) kind: u32,
    pub(crate) input: u32,
    pub(crate) values: u32,
    pub(crate) comparisons: u32,
    pub(crate) slots: u32,
    pub(crate) a: u32,
    pub(crate) b: u32,
}

pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

impl Pack {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let [n, p, r, d] = [5, 9, 13, 17].map(|at| word(bytes, at) as usize);
        assert_eq!((&bytes[..5], bytes.len()), (&b"PRVT\x05"[..], 25 + n + p + r + d));
        assert_eq!(word(bytes, bytes.len() - 4), crc32(&bytes[..bytes.len() - 4]));
        Self {
            names: String::from_utf8(bytes[21..21 + n].to_vec()).expect("UTF-8"),
            words: (0..p / 4).map(|place| word(bytes, 21 + n + 4 * place)).collect(),
            document: bytes[21 + n + p..21 + n + p + d].to_vec(),
        }
    }

    /// The pack as bytes.
    pub(crate) fn write(&self) -> Vec<u8> {
        let program: Vec<u8> = self.words.iter().flat_map(|word| word.to_le_bytes()).collect();
        join(self.names.as_bytes(), &program, &[], &self.document)
    }

    /// The word at a position.
    pub(crate) fn at(&self, position: u32) -> u32 {
        self.words[position as usize / 4]
    }

    pub(crate) fn entry(&self, index: u32) -> Entry {
        let word = |word: u32| self.at(68 + 40 * index + 4 * word);
        let [kind, input, values, comparisons, slots, a, b] = [0, 1, 2, 4, 5, 8, 9].map(word);
        Entry { kind, input, values, comparisons, slots, a, b }
    }

    /// The index of the first privilege, of the first role, and the number of entries.
    pub(crate) fn bounds(&self) -> [u32; 3] {
        let [facts, privileges, roles] = [0, 4, 8].map(|at| self.at(at));
        [facts, facts + privileges, facts + privileges + roles]
    }

    /// The slots of the inputs of an entry.
    pub(crate) fn inputs(&self, index: u32) -> std::ops::Range<u32> {
        let entry = self.entry(index);
        let group = if entry.kind == 6 { entry.comparisons } else { entry.values };
        let is_privilege = (self.bounds()[0]..self.bounds()[1]).contains(&index);
        let groups = if is_privilege && entry.kind >= 5 { 2 } else { 1 };
        entry.input..entry.input + groups * group
    }

    /// The ids of a key of the names, such as `privileges`.
    pub(crate) fn ids(&self, key: &str) -> Vec<String> {
        let names = Json::parse(&self.names);
        let rows = names.get(key).expect("a key of the names").items();
        rows.iter().map(|row| row.items()[0].as_str().expect("an id").to_owned()).collect()
    }

    /// The grants of a role: privilege, value.
    fn grants(&self, role: u32) -> Vec<[u32; 2]> {
        let role = self.entry(self.bounds()[1] + role);
        (0..role.b).map(|index| [self.at(role.a + 8 * index), self.at(role.a + 8 * index + 4)]).collect()
    }

    /// The choices on which the listed roles, or those whose *held* slot is not exactly their own input, disagree.
    pub(crate) fn contested(&self, listed: &[String]) -> BTreeSet<String> {
        let [first_privilege, first_role, _] = self.bounds();
        let privileges = self.ids("privileges");
        let mut options = vec![BTreeSet::new(); privileges.len()];
        for (index, id) in (0..).zip(self.ids("roles")) {
            let role = self.entry(first_role + index);
            if listed.contains(&id) || role.slots != 2 * role.input {
                for [privilege, value] in self.grants(index) {
                    if self.entry(first_privilege + privilege).kind == 5 {
                        options[privilege as usize].insert(value);
                    }
                }
            }
        }
        let contested = privileges.into_iter().zip(options).filter(|(_, options)| options.len() > 1);
        contested.map(|(id, _)| id).collect()
    }

    /// The ids of the facts, privileges and roles that an operation reads, with the conflicts of some choices.
    pub(crate) fn reads(&self, operation: u32, choices: &BTreeSet<String>) -> BTreeSet<(&'static str, String)> {
        let first_privilege = self.bounds()[0];
        let mut slots = BTreeSet::from([self.at(self.at(28) + 24 * operation) / 2]);
        let owed_before: u32 = (0..operation).map(|index| self.at(self.at(28) + 24 * index + 12)).sum();
        for owed in 0..self.at(self.at(28) + 24 * operation + 12) {
            slots.insert(self.at(self.at(32) + 4 * (owed_before + owed)) / 2);
        }
        for (index, id) in (0..).zip(self.ids("privileges")) {
            if choices.contains(&id) {
                slots.insert(self.entry(first_privilege + index).a / 2);
            }
        }
        self.read_by(slots)
    }

    /// The ids of the facts on which a role that is not listed depends.
    pub(crate) fn facts_of_when(&self, role: &str) -> Vec<String> {
        let place = self.ids("roles").iter().position(|id| id == role).expect("a role of the pack");
        let role = self.entry(self.bounds()[1] + u32::try_from(place).expect("few roles"));
        let read = self.read_by(BTreeSet::from([role.slots / 2]));
        self.ids("facts").into_iter().filter(|id| read.contains(&("facts", id.clone()))).collect()
    }

    /// The ids of the facts, privileges and roles on which some slots depend.
    fn read_by(&self, mut slots: BTreeSet<u32>) -> BTreeSet<(&'static str, String)> {
        let [first_privilege, first_role, entries] = self.bounds();
        let first_result = self.at(52);
        let instructions = (self.at(44) - self.at(40)) / 8;
        for index in (0..instructions).rev() {
            if slots.contains(&(first_result + index)) {
                slots.insert(self.at(self.at(40) + 8 * index) / 2);
                slots.insert(self.at(self.at(40) + 8 * index + 4) / 2);
            }
        }
        let names = [("facts", 0), ("privileges", first_privilege), ("roles", first_role)];
        let mut read = BTreeSet::new();
        for (key, first) in names {
            for (index, id) in (first..entries).zip(self.ids(key)) {
                if self.inputs(index).any(|input| slots.contains(&input)) {
                    read.insert((key, id));
                }
            }
        }
        read
    }
}

/// A pack with these sections.
pub(crate) fn join(names: &[u8], program: &[u8], reasons: &[u8], document: &[u8]) -> Vec<u8> {
    let mut bytes = b"PRVT\x05".to_vec();
    for section in [names, program, reasons, document] {
        bytes.extend(u32::try_from(section.len()).expect("a short section").to_le_bytes());
    }
    for section in [names, program, reasons, document] {
        bytes.extend(section);
    }
    bytes.extend(crc32(&bytes).to_le_bytes());
    bytes
}
