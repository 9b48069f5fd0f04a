//! For each rule of programs in the section Validity a pack that breaks it.

use super::forge::{Forge, Small};
use crate::model::pack::join;

const NO_PARENT: u32 = u32::MAX;

pub(super) fn all(forge: &mut Forge) {
    header(forge);
    counts(forge);
    tables(forge);
    references(forge);
    entries(forge);
    lists_of_entries(forge);
    facts(forge);
    level_facts(forge);
    privileges(forge);
    roles(forge);
    operations(forge);
    menu(forge);
}

/// Rule 1.
fn header(forge: &mut Forge) {
    let small = Small::new().pack();
    let short: Vec<u8> = small.words.iter().take(16).flat_map(|word| word.to_le_bytes()).collect();
    forge.add("a program without the last word of the header", &join(small.names.as_bytes(), &short, &[], &[]), false);
    let length = forge.base.at(44);
    forge.word("the length in the program is too large", false, 44, length + 8);
    forge.word("the length in the program is too small", false, 44, length - 8);
    forge.word("the length in the program is 0", false, 44, 0);
    let [first, last] = [forge.base.at(56), forge.base.at(64)];
    forge.word("a layout of format 1 of tokens", false, 56, first - 1);
    forge.word("a layout of format 3 of tokens", false, 56, first + 1);
    for (byte, position) in [(1, 65), (2, 66), (3, 67)] {
        forge.word(&format!("the byte at {position} is not 0"), false, 64, last | 1 << (8 * byte));
    }
}

/// Rule 2.
fn counts(forge: &mut Forge) {
    let things = [(0, "facts"), (4, "privileges"), (8, "roles"), (12, "operations"), (16, "menu items"), (20, "verbs")];
    for (position, name) in things {
        let more = if name == "verbs" { 33 } else { 65_537 };
        forge.word(&format!("{name}: {more}"), false, position, more);
    }
    forge.word("2^28 slots before the first result", false, 52, 1 << 28);
    forge.word("2^32 - 1 slots before the first result", false, 52, u32::MAX);
}

/// Rule 3.
fn tables(forge: &mut Forge) {
    let length = forge.base.at(44);
    for (position, name) in [(28, "operations"), (32, "obligations"), (36, "menu"), (40, "instructions")] {
        let at = forge.base.at(position);
        forge.word(&format!("the position of the {name} is not a multiple of 4"), false, position, at + 2);
        forge.word(&format!("the position of the {name} is behind the end"), false, position, length + 4);
        forge.word(&format!("the position of the {name} is near the largest number"), false, position, u32::MAX - 3);
        if name != "instructions" {
            forge.word(&format!("the {name} end behind the end"), false, position, length - 4);
        }
    }
    let mut elsewhere = Small::new().pack();
    elsewhere.words[7..10].fill(0);
    forge.add("no operations, obligations and menu items, at position 0", &elsewhere.write(), true);
    let at = forge.base.at(40);
    forge.word("the instructions are not a multiple of 8 bytes", false, 40, at + 4);
    forge.words("half an instruction at the end", false, |words| words.truncate(words.len() - 1));
    let mut empty = Small::new().pack();
    for (position, name) in [(7, "operations"), (8, "obligations"), (9, "menu items"), (10, "instructions")] {
        let at = empty.words[position];
        empty.words[position] = at + 4;
        forge.add(&format!("no {name}, at a position behind the end"), &empty.write(), false);
        empty.words[position] = at - 2;
        forge.add(&format!("no {name}, at a position that is not a multiple of 4"), &empty.write(), false);
        empty.words[position] = at;
    }
}

/// Rule 4.
fn references(forge: &mut Forge) {
    let (slots, inputs, instructions) = (forge.slots(), forge.base.at(52), forge.base.at(40));
    forge.word("an instruction reads its own result", false, instructions, 2 * inputs);
    forge.word("an instruction reads its own result, negated, at the right", false, instructions + 4, 2 * inputs + 1);
    forge.word("an instruction reads a later result", false, instructions, 2 * (inputs + 1));
    forge.word("an instruction reads the largest number", false, instructions, u32::MAX);
    forge.word("an instruction reads the last input", true, instructions, 2 * inputs - 1);
    let last = forge.base.at(44) - 8;
    forge.word("the last instruction reads its own result", false, last, 2 * slots - 2);
    let granted = forge.base.at(forge.entry("privileges", "stock", 5));
    let numbers = forge.base.at(forge.entry("privileges", "limit", 6));
    let places = [
        ("the decision of an operation", forge.operation(0, 0)),
        ("the decision of the last operation", forge.operation(2, 0)),
        ("an owed slot", forge.base.at(32)),
        ("the last owed slot", forge.base.at(32) + 4),
        ("a granted slot", granted),
        ("the last effective slot", granted + 12),
        ("the conflict of a choice", forge.entry("privileges", "desk", 8)),
        ("the slot of a role number", numbers + 4),
        ("the held slot of a role", forge.entry("roles", "seller", 5)),
    ];
    for (name, position) in places {
        forge.word(&format!("{name} refers to the last slot, negated"), true, position, 2 * slots - 1);
        forge.word(&format!("{name} refers to a slot that does not exist"), false, position, 2 * slots);
    }
}

/// Rule 5: kinds, values and inputs.
fn entries(forge: &mut Forge) {
    let mut kind = |why: &str, key: &str, id: &str, kind: u32| {
        let position = forge.entry(key, id, 0);
        forge.word(why, false, position, kind);
    };
    kind("a fact that is a flag", "facts", "open", 1);
    kind("a fact that is a role", "facts", "open", 2);
    kind("a fact that is a set", "facts", "country", 4);
    kind("a privilege that is a switch", "privileges", "sell", 0);
    kind("a privilege that is a role", "privileges", "sell", 2);
    kind("a role that is a switch", "roles", "seller", 0);
    kind("a role that is a flag", "roles", "seller", 1);
    kind("a fact of kind 7", "facts", "seats", 7);
    kind("a privilege of kind 7", "privileges", "limit", 7);
    kind("a role of kind 34, which is 2 in five bits", "roles", "seller", 34);
    for (key, id) in [
        ("facts", "open"),
        ("facts", "country"),
        ("facts", "seats"),
        ("privileges", "sell"),
        ("privileges", "stock"),
        ("privileges", "desk"),
        ("privileges", "doors"),
        ("privileges", "limit"),
        ("roles", "seller"),
    ] {
        let position = forge.entry(key, id, 2);
        let values = forge.base.at(position);
        forge.word(&format!("{key}, {id}: no values"), false, position, 0);
        forge.word(&format!("{key}, {id}: a value more"), false, position, values + 1);
        let position = forge.entry(key, id, 1);
        let input = forge.base.at(position);
        forge.word(&format!("{key}, {id}: the input is one too large"), false, position, input + 1);
    }
    let (of_facts, inputs) = (forge.base.at(48), forge.base.at(52));
    forge.word("the slots of facts are one too many", false, 48, of_facts + 1);
    forge.word("the slots of facts are one too few", false, 48, of_facts - 1);
    forge.word("the slots before the first result are one too many", false, 52, inputs + 1);
    forge.word("the slots before the first result are one too few", false, 52, inputs - 1);
    let mut facts_alone = Small {
        facts: "[\"f\"]".into(),
        entries: vec![[0, 2, 1, 0, 0, 0, 0, 0, 0, 0]],
        counts: [1, 0, 0, 1, 1],
        ..Small::new()
    };
    forge.add("a policy with a fact alone", &facts_alone.pack().write(), true);
    facts_alone.counts[3] = 0;
    forge.add("the slots of facts are too few, in a policy with facts alone", &facts_alone.pack().write(), false);
    let privilege_alone = |of_facts: u32| Small {
        privileges: "[\"p\"]".into(),
        entries: vec![[1, 2, 1, 0, 0, 0, 0, 0, 0, 0]],
        lists: vec![1, 1],
        counts: [0, 1, 0, of_facts, 1],
        ..Small::new()
    };
    forge.add("a policy with a privilege alone", &privilege_alone(0).pack().write(), true);
    forge.add("the slots of facts are too many, in a policy without facts", &privilege_alone(1).pack().write(), false);
    let empty = Small { counts: [0, 0, 0, 1, 0], ..Small::new() };
    forge.add("the slots of facts are too many, in the empty policy", &empty.pack().write(), false);
    facts_alone.counts = [1, 0, 0, 1, 2];
    forge.add("a slot too many, in a policy with facts alone", &facts_alone.pack().write(), false);
}

/// Rule 5: lists of entries.
fn lists_of_entries(forge: &mut Forge) {
    let length = forge.base.at(44);
    let mut outside = |name: &str, key: &str, id: &str, [at, count]: [u32; 2]| {
        let (at, count) = (forge.entry(key, id, at), count);
        let position = forge.base.at(at);
        forge.word(&format!("{name}: the position is not a multiple of 4"), false, at, position + 2);
        forge.word(&format!("{name}: the position is behind the end"), false, at, length + 4);
        if count != 0 {
            let count = forge.entry(key, id, count);
            forge.word(&format!("{name}: the count reaches behind the end"), false, count, length / 8);
            forge.word(&format!("{name}: a count whose bytes exceed a word"), false, count, 1 << 29);
        }
    };
    outside("comparisons of a fact", "facts", "seats", [3, 4]);
    outside("comparisons of a number privilege", "privileges", "limit", [3, 4]);
    outside("comparisons of a switch", "facts", "open", [3, 0]);
    outside("comparisons of a flag", "privileges", "sell", [3, 0]);
    outside("comparisons of a role", "roles", "seller", [3, 0]);
    outside("role numbers of a number privilege", "privileges", "limit", [6, 7]);
    outside("role numbers of a fact", "facts", "seats", [6, 0]);
    outside("role numbers of a level", "privileges", "stock", [6, 0]);
    outside("role numbers of a role", "roles", "seller", [6, 0]);
    outside("slots of a flag", "privileges", "sell", [5, 0]);
    outside("slots of a number privilege", "privileges", "limit", [5, 0]);
    outside("grants of a role", "roles", "seller", [8, 9]);
    let mut count = |name: &str, key: &str, id: &str, word: u32| {
        let at = forge.entry(key, id, word);
        // The list itself is inside.
        let numbers = forge.base.at(forge.entry("privileges", "limit", 6));
        let list = forge.entry(key, id, word - 1);
        forge.words(name, false, |words| {
            words[list as usize / 4] = numbers;
            words[at as usize / 4] = 1;
        });
    };
    count("a number fact with role numbers", "facts", "seats", 7);
    count("a switch with role numbers", "facts", "open", 7);
    count("a role with role numbers", "roles", "seller", 7);
    count("a flag with role numbers", "privileges", "sell", 7);
    count("a level with role numbers", "privileges", "stock", 7);
    count("a choice with role numbers", "privileges", "desk", 7);
    count("a set with role numbers", "privileges", "doors", 7);
    count("a switch with comparisons", "facts", "open", 4);
    count("a choice fact with comparisons", "facts", "country", 4);
    count("a role with comparisons", "roles", "seller", 4);
    count("a flag with comparisons", "privileges", "sell", 4);
    count("a level with comparisons", "privileges", "stock", 4);
    count("a choice with comparisons", "privileges", "desk", 4);
    count("a set with comparisons", "privileges", "doors", 4);
}

/// Rule 6.
fn facts(forge: &mut Forge) {
    for (id, most) in [("open", Some(1)), ("country", Some(1)), ("seats", None)] {
        let (a, b) = (forge.entry("facts", id, 8), forge.entry("facts", id, 9));
        let mut pair = |why: &str, valid: bool, values: [u32; 2]| {
            forge.words(&format!("{id}: {why}"), valid, |words| {
                words[a as usize / 4] = values[0];
                words[b as usize / 4] = values[1];
            });
        };
        pair("*a* is 2", false, [2, 0]);
        pair("a value, and no absent value", false, [0, 1]);
        match most {
            Some(most) => {
                pair("the largest absent value", true, [1, most]);
                pair("an absent value that does not exist", false, [1, most + 1]);
                pair("an absent value that is the largest number", false, [1, u32::MAX]);
            }
            None => pair("the largest number as absent value", true, [1, u32::MAX]),
        }
    }
}

/// Rule 6, of a level: `country` becomes one.
fn level_facts(forge: &mut Forge) {
    let [kind, a, b] = [0, 8, 9].map(|word| forge.entry("facts", "country", word) as usize / 4);
    let mut level = |why: &str, valid: bool, values: [u32; 2]| {
        forge.words(&format!("a level fact: {why}"), valid, |words| {
            words[kind] = 3;
            words[a] = values[0];
            words[b] = values[1];
        });
    };
    level("no absent value", true, [0, 0]);
    level("the lowest level as absent value", true, [1, 1]);
    level("the highest level as absent value", true, [1, 2]);
    level("an absent value below the levels", false, [1, 0]);
    level("an absent value above the levels", false, [1, 3]);
}

/// Rule 7.
fn privileges(forge: &mut Forge) {
    for id in ["sell", "stock", "doors"] {
        for (word, name) in [(8, "a"), (9, "b")] {
            let position = forge.entry("privileges", id, word);
            forge.word(&format!("{id}: *{name}* is not 0"), false, position, 1);
        }
    }
    let position = forge.entry("privileges", "desk", 9);
    forge.word("desk: *b* is not 0", false, position, 1);
    let numbers = forge.base.at(forge.entry("privileges", "limit", 6));
    let first = forge.base.at(numbers);
    forge.word("role numbers that are equal", false, numbers + 8, first);
    forge.word("role numbers that descend", false, numbers + 8, first - 1);
    forge.word("a role number beyond the maximum", true, numbers + 16, 61);
    let compared = forge.base.at(forge.entry("privileges", "limit", 3));
    forge.word("the first comparison of a number is `< 0`", false, compared, 1);
    forge.word("the first comparison of a number is `= 0`", false, compared, 2);
    forge.word("the first comparison of a number is `>= 1`", false, compared + 4, 1);
    let small = Small {
        privileges: "[\"p\"]".into(),
        entries: vec![[6, 2, 1, 0, 0, 0, 0, 0, 0, u32::MAX]],
        lists: vec![1],
        counts: [0, 1, 0, 0, 0],
        ..Small::new()
    };
    forge.add("a number privilege without comparisons", &small.pack().write(), false);
    let small = |range: [u32; 2]| Small {
        privileges: "[\"p\"]".into(),
        entries: vec![[6, 2, 1, 0, 1, 8, 0, 0, range[0], range[1]]],
        lists: vec![0, 0, 1, 1],
        counts: [0, 1, 0, 0, 2],
        ..Small::new()
    };
    forge.add("a number with one value", &small([7, 7]).pack().write(), true);
    forge.add("a number without values", &small([8, 7]).pack().write(), false);
}

/// Rule 8.
fn roles(forge: &mut Forge) {
    let granted = |forge: &Forge, role: &str, privilege: &str| {
        let index = (0..).zip(forge.base.ids("privileges")).find(|(_, id)| id == privilege).expect("an id").0;
        let first = forge.base.at(forge.entry("roles", role, 8));
        (0..8).map(|grant| first + 8 * grant).find(|at| forge.base.at(*at) == index).expect("a grant")
    };
    let at = granted(forge, "seller", "sell");
    let privileges = forge.base.at(4);
    forge.word("a grant of a privilege that does not exist", false, at, privileges);
    forge.word("a grant of the privilege with the largest number", false, at, u32::MAX);
    for (role, privilege, good, bad) in [
        ("seller", "sell", &[][..], &[0, 2][..]),
        ("clerk", "stock", &[2][..], &[0, 3][..]),
        ("seller", "desk", &[2][..], &[3][..]),
        ("clerk", "doors", &[2][..], &[3][..]),
        ("seller", "limit", &[5, 60][..], &[4, 61][..]),
    ] {
        let at = granted(forge, role, privilege) + 4;
        for value in good {
            forge.word(&format!("a role grants the value {value} of {privilege}"), true, at, *value);
        }
        for value in bad {
            forge.word(&format!("a role grants the value {value} of {privilege}"), false, at, *value);
        }
    }
}

/// Rule 9.
fn operations(forge: &mut Forge) {
    let length = forge.base.at(44);
    let verbs = forge.operation(0, 1);
    forge.word("a verb that does not exist", false, verbs, 1 << 3);
    forge.word("the last bit of the verbs", false, verbs, 1 << 31);
    let restricts = forge.operation(1, 2);
    forge.word("restricts is 2", false, restricts, 2);
    forge.word("restricts is the largest number", false, restricts, u32::MAX);
    let (at, count) = (forge.operation(0, 4), forge.operation(0, 5));
    let list = forge.base.at(at);
    forge.word("placements: the position is not a multiple of 4", false, at, list + 2);
    forge.word("placements: the position is behind the end", false, at, length + 4);
    forge.word("placements: the count reaches behind the end", false, count, length / 4);
    forge.word("placements: the largest count", false, count, u32::MAX);
    let none = forge.operation(2, 4);
    forge.word("no placements, at a position behind the end", false, none, length + 4);
    forge.word("no placements, at the end", true, none, length);
    let items = forge.base.at(16);
    forge.word("a placement at an item that does not exist", false, list + 4, items);
    forge.word("a placement twice", false, list, forge.base.at(list + 4));
    forge.words("placements that descend", false, |words| words.swap(list as usize / 4, list as usize / 4 + 1));
    let (first, second) = (forge.operation(0, 3), forge.operation(1, 3));
    let (one, two) = (forge.base.at(first), forge.base.at(second));
    forge.word("the operations have an obligation too many", false, second, two + 1);
    forge.word("the operations have an obligation too few", false, first, one - 1);
    forge.words("an obligation at another operation than in the names", false, |words| {
        words[first as usize / 4] = one - 1;
        words[second as usize / 4] = two + 1;
    });
    let third = forge.operation(2, 3);
    forge.words("obligations whose sum exceeds a word", false, |words| {
        words[second as usize / 4] = u32::MAX;
        words[third as usize / 4] = 1;
    });
    let all = forge.base.at(24);
    forge.word("the obligations are one too many", false, 24, all + 1);
    forge.word("the obligations are one too few", false, 24, all - 1);
    forge.word("the obligations are the largest number", false, 24, u32::MAX);
}

/// Rule 10.
fn menu(forge: &mut Forge) {
    let at = forge.base.at(36);
    forge.word("the first menu item is its own parent", false, at, 0);
    forge.word("a menu item is its own parent", false, at + 4, 1);
    forge.word("the parent of a menu item comes behind it", false, at + 4, 2);
    forge.word("a parent that does not exist", false, at + 8, 3);
    forge.word("a parent near the largest number", false, at + 8, NO_PARENT - 1);
    forge.word("every item at the top", true, at + 4, NO_PARENT);
}
