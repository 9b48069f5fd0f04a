//! The cases of `packs.json`: valid packs, packs at the limits, and for each rule of the sections Pack and Names a pack that
//! breaks it.

use super::doc;
use super::forge::{Forge, Small, row, rows};
use super::policies::Source;
use super::{programs, sums};
use crate::model::json::Json;
use crate::model::pack::{Pack, join};

const NO_PARENT: u32 = u32::MAX;

pub(super) fn all() -> Vec<Json> {
    let mut forge = Forge::new();
    good(&mut forge);
    limits(&mut forge);
    unusual(&mut forge);
    pack(&mut forge);
    json(&mut forge);
    ids(&mut forge);
    rows_of_names(&mut forge);
    programs::all(&mut forge);
    keys_of_subjects(&mut forge);
    data(&mut forge);
    sums::all(&mut forge);
    forge.cases
}

fn good(forge: &mut Forge) {
    forge.add("a policy with every kind, without its document", &forge.base.write(), true);
    forge.add("the same with its document", &Source::new(doc::SMALL).whole().write(), true);
    let document = b"no JSON".to_vec();
    forge.add("the document is not looked at", &Pack { document, ..forge.base.clone() }.write(), true);
    forge.add("the empty policy", &Small::new().pack().write(), true);
    let empty = Source::new(r#"{ "format": 1, "id": "e", "title": "", "version": "" }"#);
    forge.add("the empty policy, as it is compiled", &empty.pack.write(), true);
}

/// A choice fact with this many options.
fn choice(options: u32) -> Small {
    let entries = vec![[5, 2, options, 0, 0, 0, 0, 0, 0, 0]];
    Small { facts: row("f", options), entries, counts: [1, 0, 0, options, options], ..Small::new() }
}

/// A level, set or choice privilege with this many values, none of which has an effect.
fn privilege(kind: u32, values: u32) -> Small {
    let groups = if kind == 5 { 2 } else { 1 };
    Small {
        privileges: row("p", values),
        entries: vec![[kind, 2, values, 0, 0, 0, 0, 0, u32::from(kind == 5), 0]],
        lists: vec![1; 2 * values as usize],
        counts: [0, 1, 0, 0, groups * values],
        ..Small::new()
    }
}

fn verbs(count: u32) -> Small {
    Small { verbs: rows(count as usize), counts: [0, 0, count, 0, 0], ..Small::new() }
}

/// A menu in which each item is below the one before it.
fn chain(items: u32) -> Small {
    let menu: Vec<String> = (0..items).map(|item| format!("[\"m{item}\",\"\"]")).collect();
    let parents = (0..items).map(|item| item.checked_sub(1).unwrap_or(NO_PARENT)).collect();
    Small { menu: menu.join(","), parents, ..Small::new() }
}

fn limits(forge: &mut Forge) {
    let mut both = |why: [&str; 2], most: &Small, more: &Small| {
        forge.add(why[0], &most.pack().write(), true);
        forge.add(why[1], &more.pack().write(), false);
    };
    both(["a choice fact with 256 options", "a choice fact with 257 options"], &choice(256), &choice(257));
    both(["a level with 256 levels", "a level with 257 levels"], &privilege(3, 256), &privilege(3, 257));
    both(["a set with 256 options", "a set with 257 options"], &privilege(4, 256), &privilege(4, 257));
    both(["a choice with 256 options", "a choice with 257 options"], &privilege(5, 256), &privilege(5, 257));
    both(["32 verbs", "33 verbs"], &verbs(32), &verbs(33));
    both(["a menu item with 64 ancestors", "a menu item with 65 ancestors"], &chain(65), &chain(66));
    let of_id = |length: usize| Small { verbs: format!("[\"{}\"]", "a".repeat(length)), ..verbs(1) };
    both(["an id of 128 bytes", "an id of 129 bytes"], &of_id(128), &of_id(129));
    let guides = |count: usize| Small { guides: rows(count), ..Small::new() };
    forge.add("guides, which nothing else counts", &guides(2).pack().write(), true);
    let base = forge.base.clone();
    forge.words("the bit of the last verb", true, |words| words[(base.at(28) + 4) as usize / 4] = 0b111);
}

fn unusual(forge: &mut Forge) {
    let number = |comparisons: u32| [6, 2, 1, 0, comparisons, 0, 0, 0, 0, 0];
    let mut second = number(2);
    second[1] = 5;
    let shared = Small {
        facts: "[\"f\"],[\"g\"]".into(),
        entries: vec![number(3), second],
        lists: vec![0, 5, 1, 9, 2, 7],
        counts: [2, 0, 0, 5, 5],
        ..Small::new()
    };
    forge.add("two facts share comparisons", &shared.pack().write(), true);
    let operators = Small {
        facts: "[\"f\"]".into(),
        entries: vec![number(2)],
        lists: vec![3, 5, u32::MAX, 9],
        counts: [1, 0, 0, 2, 2],
        ..Small::new()
    };
    forge.add("operators above 2", &operators.pack().write(), true);
    let in_header = Small {
        facts: "[\"f\"]".into(),
        entries: vec![number(1)],
        lists: vec![0, 0],
        counts: [1, 0, 0, 1, 1],
        ..Small::new()
    };
    let mut pack = in_header.pack();
    pack.words[17 + 3] = 0;
    forge.add("a list in the header", &pack.write(), true);
    pack.words[17 + 5] = 7;
    forge.add("the word of slots, which a fact does not use", &pack.write(), true);
    let gap = Small { lists: vec![1, 2, 3], ..Small::new() };
    forge.add("words that nothing refers to", &gap.pack().write(), true);
    let none = Small {
        facts: "[\"f\"]".into(),
        entries: vec![[6, 2, 1, 0, 0, 0, 0, 0, 1, u32::MAX]],
        counts: [1, 0, 0, 0, 0],
        ..Small::new()
    };
    forge.add("a number without comparisons, absent as the largest number", &none.pack().write(), true);
    let at = forge.operation(0, 5);
    forge.word("fewer placements than listed", true, at, 1);
    let seller = forge.entry("roles", "seller", 8);
    let clerk = forge.base.at(forge.entry("roles", "clerk", 8));
    forge.word("two roles share grants", true, seller, clerk);
    let grants = forge.base.at(forge.entry("roles", "clerk", 8)) as usize / 4;
    forge.words("the grants of a role need not be sorted", true, |words| {
        words.swap(grants, grants + 2);
        words.swap(grants + 1, grants + 3);
    });
    forge.words("a role may grant the same twice", true, |words| {
        words.copy_within(grants..grants + 2, grants + 2);
    });
    forge.names("an operation may have an obligation twice", true, "\"by-hand\"", "\"review\"");
    forge.names("one id in two keys", true, "\"visitor\"", "\"seats\"");
    forge.names("an option with the id of its fact", true, "\"country\",\"de\"", "\"country\",\"country\"");
    forge.names("an id with letters, digits and every separator", true, "\"visitor\"", "\"0.A-1:b_Z\"");
    forge.names("an empty title", true, "\"Every kind\"", "\"\"");
    forge.names("a title with all letters", true, "Every kind", "Menü 😀 \u{7f}\u{2028}");
    forge.names("a label with escapes", true, "\"Orders\"", "\"\\b\\t\\n\\f\\r\\u0000\\u001f\\\"\\\\/\"");
    forge.names("an empty label", true, "\"Orders\"", "\"\"");
    forge.names("the fingerprint is not recomputed", true, &fingerprint(&forge.base), &"f0".repeat(32));
}

fn fingerprint(pack: &Pack) -> String {
    Json::parse(&pack.names).get("fingerprint").and_then(Json::as_str).expect("a fingerprint").into()
}

fn pack(forge: &mut Forge) {
    forge.add("no bytes", &[], false);
    forge.add("the first bytes alone", b"PRVT\x05", false);
    forge.bytes("the header alone", false, |bytes| bytes.truncate(21));
    forge.bytes("another first byte", false, |bytes| bytes[0] = b'p');
    for (why, number) in [("format 0", 0), ("format 4", 4), ("format 6", 6), ("format 255", 255)] {
        forge.bytes(why, false, |bytes| bytes[4] = number);
    }
    let whole = forge.base.write();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    forge.add("a bit is changed, and the checksum is not", &damaged, false);
    let mut damaged = whole.clone();
    damaged[whole.len() - 1] ^= 0x80;
    forge.add("a bit of the checksum is changed", &damaged, false);
    let mut damaged = whole.clone();
    damaged[whole.len() - 4..].reverse();
    forge.add("the checksum is stored big endian", &damaged, false);
    forge.add("cut short", &whole[..whole.len() - 1], false);
    forge.add("without the checksum", &whole[..whole.len() - 4], false);
    forge.add("a byte behind the checksum", &[&whole[..], &[0]].concat(), false);
    forge.bytes("a byte between the sections and the checksum", false, |bytes| bytes.push(0));
    forge.bytes("the last byte of the sections is missing", false, |bytes| bytes.truncate(bytes.len() - 1));
    let names = ["names", "program", "reasons", "document"];
    for (section, name) in names.into_iter().enumerate() {
        let at = 5 + 4 * section;
        forge.bytes(&format!("the length of the {name} is one too large"), false, |bytes| bytes[at] += 1);
        forge.bytes(&format!("the length of the {name} is the largest number"), false, |bytes| {
            bytes[at..at + 4].fill(0xff);
        });
    }
    forge.bytes("the lengths of two sections are exchanged", false, |bytes| {
        for at in 5..9 {
            bytes.swap(at, at + 4);
        }
    });
    let program: Vec<u8> = forge.base.words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let names = forge.base.names.clone();
    forge.add("reasons, which opening does not read", &join(names.as_bytes(), &program, b"{}", &[]), true);
    forge.add("no names", &join(&[], &program, &[], &[]), false);
    forge.add("no program", &join(names.as_bytes(), &[], &[], &[]), false);
    let mut longer = program.clone();
    longer.push(0);
    let length = u32::try_from(longer.len()).expect("a short section");
    longer[44..48].copy_from_slice(&length.to_le_bytes());
    forge.add("a program of a length that is not a multiple of 4", &join(names.as_bytes(), &longer, &[], &[]), false);
}

fn json(forge: &mut Forge) {
    let names = forge.base.names.clone();
    let bytes = names.as_bytes();
    forge.raw_names("names with a byte order mark", false, &[b"\xef\xbb\xbf", bytes].concat());
    forge.raw_names("a line break behind the names", false, &[bytes, b"\n"].concat());
    forge.raw_names("text behind the names", false, &[bytes, b"{}"].concat());
    forge.raw_names("names that are cut short", false, &bytes[..bytes.len() - 1]);
    forge.raw_names("names that are an array", false, b"[]");
    let title = |text: &[u8]| {
        let at = names.find("Every kind").expect("the title");
        [&bytes[..at], text, &bytes[at + "Every kind".len()..]].concat()
    };
    forge.raw_names("names that are not UTF-8", false, &title(b"\xff"));
    forge.raw_names("a surrogate in UTF-8", false, &title(b"\xed\xa0\xbd"));
    forge.raw_names("an overlong letter in UTF-8", false, &title(b"\xc1\x81"));
    for (why, text) in [
        ("a lone surrogate", "\\ud83d"),
        ("a lone low surrogate", "\\ude00"),
        ("a letter beyond U+FFFF as an escape", "\\ud83d\\ude00"),
        ("an escape for a letter that needs none", "\\u0045very kind"),
        ("an escaped slash", "\\/"),
        ("a control character with a long escape that has a short one", "\\u0009"),
        ("an escape with upper-case digits", "\\u001F"),
        ("an unknown escape", "\\x"),
        ("a control character that is not escaped", "\t"),
        ("an escape for U+007F", "\\u007f"),
    ] {
        forge.names(why, false, "Every kind", text);
    }
    forge.names("white space between tokens", false, "\"title\":", "\"title\": ");
    forge.names("a comma behind the last row", false, "[\"see\"]]", "[\"see\"],]");
    forge.names(
        "keys in another order",
        false,
        "\"title\":\"Every kind\",\"version\":\"1\"",
        "\"version\":\"1\",\"title\":\"Every kind\"",
    );
    forge.names("a key is missing", false, "\"version\":\"1\",", "");
    forge.names("the list of guides is missing", false, "\"guides\":[],", "");
    forge.names("another key", false, "\"verbs\":", "\"more\":[],\"verbs\":");
    forge.names("another key at the end", false, ",\"open\"]]}", ",\"open\"]],\"more\":0}");
    forge.names("a key twice", false, "\"version\":\"1\",", "\"version\":\"1\",\"version\":\"1\",");
    forge.names("a title that is no text", false, "\"Every kind\"", "7");
    forge.names("a version that is null", false, "\"version\":\"1\"", "\"version\":null");
    forge.names("an id that is no text", false, "\"id\":\"small\"", "\"id\":[]");
    forge.names("a list that is an object", false, "\"guides\":[]", "\"guides\":{}");
    forge.names("a row that is no array", false, "[\"see\"]", "\"see\"");
    forge.names("a row with a number", false, "[\"see\"]", "[7]");
    forge.names("a row with a number behind the id", false, "\"stock\",\"view\"", "\"stock\",7");
    forge.names("a row without an id", false, "[\"see\"]", "[]");
    let known = fingerprint(&forge.base);
    forge.names("a fingerprint of 63 digits", false, &known, &known[..63]);
    forge.names("a fingerprint of 65 digits", false, &known, &format!("{known}0"));
    forge.names("a fingerprint with an upper-case digit", false, &known, &"A".repeat(64));
    forge.names("a fingerprint with a letter that is no digit", false, &known, &"g".repeat(64));
    forge.names("no fingerprint", false, &known, "");
}

fn ids(forge: &mut Forge) {
    for (why, id) in [
        ("an id that is empty", ""),
        ("an id that begins with an underscore", "_visitor"),
        ("an id with a space", "vis itor"),
        ("an id with a letter outside of ASCII", "visitör"),
        ("an id that begins with a hyphen", "-visitor"),
        ("an id that ends with a dot", "visitor."),
        ("an id with two separators in a row", "vis-:itor"),
        ("an id with a line break at the end", "visitor\\n"),
    ] {
        forge.names(why, false, "\"visitor\"", &format!("\"{id}\""));
    }
    for (why, found) in [
        ("the id of the policy", "\"small\""),
        ("the id of a fact", "\"open\""),
        ("an option of a fact", "\"de\""),
        ("the id of a privilege", "\"limit\""),
        ("a level", "\"modify\""),
        ("an option of a choice", "\"middle\""),
        ("an option of a set", "\"front\""),
        ("the id of an operation", "\"own\""),
        ("an obligation", "\"by-hand\""),
        ("the id of a menu item", "\"orders.new\""),
        ("the id of a verb", "\"see\""),
    ] {
        forge.names(&format!("{why} is no id"), false, found, "\"No id\"");
    }
    forge.names("the id of a guide is no id", false, "\"guides\":[]", "\"guides\":[[\"No id\"]]");
    for (why, found, again) in [
        ("two facts with the same id", "\"seats\"", "\"open\""),
        ("two privileges with the same id", "\"limit\"", "\"sell\""),
        ("two roles with the same id", "\"visitor\"", "\"seller\""),
        ("two operations with the same id", "\"own\"", "\"back\""),
        ("two menu items with the same id", "\"shop\"", "\"orders\""),
        ("two verbs with the same id", "\"see\"", "\"edit\""),
        ("an option of a fact twice", "\"fr\"", "\"de\""),
        ("a level twice", "\"modify\"", "\"view\""),
        ("an option of a choice twice", "\"middle\"", "\"left\""),
        ("an option of a set twice", "\"side\"", "\"front\""),
    ] {
        forge.names(why, false, found, again);
    }
    forge.names("two guides with the same id", false, "\"guides\":[]", "\"guides\":[[\"g\"],[\"g\"]]");
}

fn rows_of_names(forge: &mut Forge) {
    for (key, last) in [
        ("facts", "[\"seats\"]"),
        ("privileges", "[\"limit\"]"),
        ("roles", "[\"visitor\"]"),
        ("operations", "[\"back\"]"),
        ("menu", "[\"shop\",\"\\\"Shop\\\"\"]"),
        ("verbs", "[\"see\"]"),
    ] {
        let more = if key == "menu" { "[\"extra\",\"\"]" } else { "[\"extra\"]" };
        forge.names(&format!("a row too few in `{key}`"), false, &format!(",{last}"), "");
        forge.names(&format!("a row too many in `{key}`"), false, last, &format!("{last},{more}"));
    }
    for (why, found, replaced) in [
        ("a switch with a second string", "[\"open\"]", "[\"open\",\"a\"]"),
        ("a number fact with a second string", "[\"seats\"]", "[\"seats\",\"a\"]"),
        ("a choice fact with an option too few", "\"de\",\"fr\"", "\"de\""),
        ("a choice fact with an option too many", "\"de\",\"fr\"", "\"de\",\"fr\",\"a\""),
        ("a flag with a second string", "[\"sell\"]", "[\"sell\",\"a\"]"),
        ("a level with a level too few", "\"view\",\"modify\"", "\"view\""),
        ("a level with a level too many", "\"view\",\"modify\"", "\"view\",\"modify\",\"a\""),
        ("a choice with an option too few", "\"right\",\"middle\"", "\"right\""),
        ("a set with an option too many", "\"back\",\"side\"", "\"back\",\"side\",\"a\""),
        ("a number privilege with a second string", "[\"limit\"]", "[\"limit\",\"a\"]"),
        ("a role with a second string", "[\"visitor\"]", "[\"visitor\",\"a\"]"),
        ("a verb with a second string", "[\"see\"]", "[\"see\",\"a\"]"),
        ("a guide with a second string", "\"guides\":[]", "\"guides\":[[\"g\",\"a\"]]"),
        ("a menu item without a label", "[\"orders\",\"Orders\"]", "[\"orders\"]"),
        ("a menu item with data that are no JSON", "[\"orders\",\"Orders\"]", "[\"orders\",\"Orders\",\"a\"]"),
        ("a menu item with data that end too early", "\"[1]\"", "\"[1\""),
        ("a menu item with empty data", "\"[1]\"", "\"\""),
        ("a menu item with a fourth string", "\"[1]\"", "\"[1]\",\"2\""),
        ("a renamed id without a present one", "[\"gone\",\"sell\"]", "[\"gone\"]"),
        ("a renamed id with two present ones", "[\"gone\",\"sell\"]", "[\"gone\",\"sell\",\"stock\"]"),
        ("a renamed id that is still one", "[\"gone\",\"sell\"]", "[\"desk\",\"sell\"]"),
        ("an id that was renamed to none", "[\"gone\",\"sell\"]", "[\"gone\",\"sold\"]"),
        ("an id that was renamed to an operation", "[\"gone\",\"sell\"]", "[\"gone\",\"add\"]"),
        ("an id that was renamed to a renamed one", "[\"lost\",\"open\"]", "[\"lost\",\"gone\"]"),
        (
            "renamed ids in another order",
            "[\"gone\",\"sell\"],[\"lost\",\"open\"]",
            "[\"lost\",\"open\"],[\"gone\",\"sell\"]",
        ),
        ("an id that was renamed twice", "[\"lost\",\"open\"]", "[\"gone\",\"open\"]"),
        ("a renamed text that is no id", "[\"lost\",\"open\"]", "[\"lost \",\"open\"]"),
        ("an operation with an obligation too few", ",\"by-hand\"", ""),
        ("an operation with an obligation too many", ",\"by-hand\"", ",\"by-hand\",\"a\""),
        ("an obligation at another operation", ",\"by-hand\"],[\"own\"]", "],[\"own\",\"by-hand\"]"),
    ] {
        forge.names(why, false, found, replaced);
    }
}

/// Privileges that are called like a key of subjects.
fn keys_of_subjects(forge: &mut Forge) {
    for key in ["role", "name", "grants", "value", "until"] {
        forge.names(&format!("a privilege with the id `{key}`"), false, "\"sell\"", &format!("\"{key}\""));
        forge.names(&format!("a role with the id `{key}`"), true, "\"visitor\"", &format!("\"{key}\""));
    }
    forge.names("a privilege whose id only begins like a key", true, "\"limit\"", "\"name.x\"");
    forge.names("an old id that is a key", true, "[\"gone\",\"sell\"]", "[\"grants\",\"sell\"]");
}

/// Data of a menu item.
fn data(forge: &mut Forge) {
    for (why, data, valid) in [
        ("null", "null", true),
        ("an escaped letter beyond U+FFFF", "\\\"\\\\ud83d\\\\ude00\\\"", true),
        ("an escaped backslash before `ud800`", "\\\"\\\\\\\\ud800\\\"", true),
        ("a lone surrogate as an escape", "\\\"\\\\ud800\\\"", false),
        ("a lone low surrogate as an escape", "[\\\"x\\\\uDFFF\\\"]", false),
        ("a key with a lone surrogate", "{\\\"\\\\ud800\\\":1}", false),
        ("a lone surrogate that is escaped in the names", "\\\"\\ud800\\\"", false),
        ("white space around it", " [ 1 ] ", true),
        ("two values", "1 2", false),
        ("a number with a leading zero", "01", false),
        ("a word that is no JSON", "NaN", false),
        ("a trailing comma", "[1,]", false),
        ("a key twice, of which the last counts", "{\\\"a\\\":1,\\\"a\\\":2}", true),
        ("a key that objects of JavaScript inherit", "{\\\"__proto__\\\":1,\\\"toJSON\\\":2,\\\"toString\\\":3}", true),
    ] {
        forge.names(&format!("data of a menu item: {why}"), valid, "\"[1]\"", &format!("\"{data}\""));
    }
    let deep = format!("{}{}", "[".repeat(127), "]".repeat(127));
    forge.names("data of a menu item: 127 arrays in each other", true, "\"[1]\"", &format!("\"{deep}\""));
}
