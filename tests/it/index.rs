//! Where the ids of a document stand: in correct documents, in documents with errors, and in texts that are no JSON.

use crate::support::random::Random;
use privet::policies::{CONTACT, DOTDIGITAL, VICIDIAL};
use privet::source::{parse, repaired};
use privet::{DocumentIndex, IndexedSymbol, SymbolKind, SymbolPlace, check, index, index_files, requirement_words};

/// A document with each kind of declaration and use; `é` and `\u0065` put positions in bytes and in escapes apart.
const SHOP: &str = r#"{
  "format": 1, "id": "shop", "title": "Café 😀", "version": "1",
  "verbs": [{ "id": "edit", "label": "Edit" }],
  "facts": [{ "id": "plan", "kind": "level", "label": "Plan", "where": "Settings", "absent": "free",
    "levels": [{ "id": "free", "label": "Free" }, { "id": "pro", "label": "Pro" }] }],
  "conditions": [{ "id": "paid", "label": "Paid", "requires": "plan >= pro" }],
  "privileges": [
    { "id": "orders", "kind": "level", "label": "Orders", "note": "What is sold",
      "levels": [{ "id": "view", "label": "View" }, { "id": "\u0065dit", "label": "Edit", "requires": "paid" }] },
    { "id": "doors", "kind": "set", "label": "Doors", "options": [{ "id": "front", "label": "Front" }] }
  ],
  "roles": [{ "id": "clerk", "label": "Clerk", "grants": { "orders": "edit", "doors": ["front"] } },
    { "id": "boss", "label": "Boss", "inherits": ["clerk"], "when": "plan = free" }],
  "menu": [{ "id": "shop", "label": "Shop" }, { "id": "orders", "label": "Orders", "parent": "shop" }],
  "operations": [
    { "id": "orders.list", "label": "List", "menu": ["orders"], "requires": "\u006frders in (view, \u0065dit) \ud83d\ude00 or doors = front" },
    { "id": "orders.edit", "label": "Edit", "verbs": ["edit"], "requires": "allowed(orders.list) and orders > view",
      "obligations": [{ "id": "log", "label": "Log", "when": "not paid" }] }
  ],
  "guides": [{ "id": "start", "label": "Start", "steps": [{ "id": "first", "label": "First", "operation": "orders.list", "done": "paid", "of": "doors" }] }],
  "changeRules": [{ "id": "own", "label": "Own", "on": ["privileges"], "of": ["orders"], "requires": "before.orders < actor.orders" }],
  "renamed": { "old": "orders.list" },
  "allow": [{ "code": "x", "at": "/privileges/orders/levels/edit/requires", "reason": "r" }]
}"#;

fn find<'a>(index: &'a DocumentIndex, kind: SymbolKind, id: &str) -> &'a IndexedSymbol {
    index.symbols.iter().find(|symbol| symbol.kind == kind && symbol.id == id).unwrap()
}

/// The places as `LINE:TEXT`.
fn shown<'a>(text: &str, places: impl IntoIterator<Item = &'a SymbolPlace>) -> String {
    let one = |place: &SymbolPlace| {
        let line = text[..place.start].matches('\n').count() + 1;
        format!("{line}:{}", &text[place.start..place.end])
    };
    places.into_iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_id_is_found_where_it_is_declared_and_used() {
    let found = index(SHOP);
    let cases = [
        (SymbolKind::Verb, "edit", None, "3:edit", "17:edit"),
        (SymbolKind::Fact, "plan", None, "4:plan", "6:plan 13:plan"),
        (SymbolKind::Level, "free", Some("plan"), "5:free", "4:free 13:free"),
        (SymbolKind::Level, "pro", Some("plan"), "5:pro", "6:pro"),
        (SymbolKind::Condition, "paid", None, "6:paid", "9:paid 18:paid 20:paid"),
        (
            SymbolKind::Privilege,
            "orders",
            None,
            "8:orders",
            "12:orders 16:\\u006frders 17:orders 21:orders 21:orders 21:orders 23:orders",
        ),
        (SymbolKind::Level, "view", Some("orders"), "9:view", "16:view 17:view"),
        (SymbolKind::Level, "edit", Some("orders"), "9:\\u0065dit", "12:edit 16:\\u0065dit 23:edit"),
        (SymbolKind::Privilege, "doors", None, "10:doors", "12:doors 16:doors"),
        (SymbolKind::Option, "front", Some("doors"), "10:front", "12:front 16:front"),
        (SymbolKind::Role, "clerk", None, "12:clerk", "13:clerk"),
        (SymbolKind::Role, "boss", None, "13:boss", ""),
        (SymbolKind::MenuItem, "shop", None, "14:shop", "14:shop"),
        (SymbolKind::MenuItem, "orders", None, "14:orders", "16:orders"),
        (SymbolKind::Operation, "orders.list", None, "16:orders.list", "17:orders.list 20:orders.list 22:orders.list"),
        (SymbolKind::Operation, "orders.edit", None, "17:orders.edit", ""),
        (SymbolKind::Obligation, "log", None, "18:log", ""),
        (SymbolKind::Guide, "start", None, "20:start", ""),
        (SymbolKind::Step, "first", Some("start"), "20:first", ""),
        (SymbolKind::ChangeRule, "own", None, "21:own", ""),
    ];
    for (kind, id, of, declared, uses) in cases {
        let symbol = find(&found, kind, id);
        assert_eq!(symbol.of.as_deref(), of, "{id}");
        assert_eq!(shown(SHOP, symbol.declared.iter().map(|it| &it.id)), declared, "{kind:?} {id}");
        assert_eq!(shown(SHOP, &symbol.uses), uses, "{kind:?} {id}");
    }
    assert_eq!(found.symbols.len(), cases.len());
    let orders = find(&found, SymbolKind::Privilege, "orders");
    assert_eq!((orders.label.as_deref(), orders.value.as_deref()), (Some("Orders"), Some("level")));
    assert_eq!(orders.note.as_deref(), Some("What is sold"));
    assert_eq!(find(&found, SymbolKind::Condition, "paid").requires.as_deref(), Some("plan >= pro"));
    assert_eq!(find(&found, SymbolKind::Fact, "plan").note.as_deref(), Some("Settings"));
}

#[test]
fn an_id_that_is_not_declared_has_uses_only() {
    let text = r#"{ "operations": [{ "id": "pay", "requires": "refnd and allowed(sell)", "menu": ["shop"] }] }"#;
    let found = index(text);
    let shown: Vec<_> = found.symbols.iter().map(|it| (it.kind, &*it.id, it.declared.len(), it.uses.len())).collect();
    let expected = [
        (SymbolKind::Operation, "pay", 1, 0),
        (SymbolKind::Unknown, "refnd", 0, 1),
        (SymbolKind::Operation, "sell", 0, 1),
        (SymbolKind::MenuItem, "shop", 0, 1),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn files_have_their_own_positions() {
    let first = r#"{ "include": ["a.jsonc"], "operations": [{ "id": "list", "requires": "orders >= view" }] }"#;
    let second =
        r#"{ "privileges": [{ "id": "orders", "kind": "level", "levels": [{ "id": "view" }] }], "operations": ["#;
    let found = index_files(first, &[("a.jsonc", second)]);
    let orders = find(&found, SymbolKind::Privilege, "orders");
    assert_eq!(orders.declared[0].id, SymbolPlace { file: Some("a.jsonc".into()), start: 26, end: 32 });
    assert_eq!(orders.uses, [SymbolPlace { file: None, start: 70, end: 76 }]);
}

#[test]
fn a_text_that_is_being_written_keeps_what_can_be_read() {
    let cases = [
        // a string without an end, and with it an entry without one
        ("{ \"facts\": [\n  { \"id\": \"a\", \"label\": \"x },\n  { \"id\": \"b\" }\n] }", "a b"),
        // a key without a value
        (r#"{ "facts": [{ "id": "a", "kind": }, { "id": "b", "kind" }] }"#, "a b"),
        (r#"{ "facts": [{ "id": "a", "label":  "kind": "switch" }] }"#, "a"),
        // missing and additional commas and brackets
        (r#"{ "facts": [{ "id": "a" } { "id": "b",, }, , ] ] "menu": [{ "id": "m" }] }"#, "a b m"),
        (r#"{ "facts": [{ "id": "a", "label": "A" ] }"#, "a"),
        (r#"{ "facts": [{ "id": "a"  , { "id": "b" }], "menu": [{ "id": "m" }] }"#, "a b m"),
        // bytes that are no JSON
        (r#"{ facts: 1, "facts": [{ "id": "a", nope, "x": 01, "label": "\x \u12" }] } } trailing"#, "a"),
        ("\u{feff}{ \"facts\": [{ \"id\": \"a\" }] }", "a"),
        (r#"{ "facts": [{ "id": "a" }], /* a comment without an end"#, "a"),
    ];
    for (text, ids) in cases {
        let found: Vec<_> = index(text).symbols.into_iter().map(|symbol| symbol.id).collect();
        assert_eq!(found.join(" "), ids, "{text}\n{}", repaired(text));
    }
}

#[test]
fn any_part_of_a_document_is_indexed_with_places_of_its_ids() {
    let mut random = Random::new(19);
    for text in [SHOP, CONTACT, DOTDIGITAL, VICIDIAL] {
        let letters: Vec<char> = text.chars().collect();
        for _ in 0..60 {
            let (start, count) = (random.below(letters.len()), random.below(40));
            let end = if random.below(2) == 0 { letters.len() } else { (start + count).min(letters.len()) };
            let broken: String = letters[..start].iter().chain(&letters[end..]).collect();
            assert!(parse(&repaired(&broken)).is_ok(), "{}", repaired(&broken));
            for symbol in index(&broken).symbols {
                for place in symbol.declared.iter().map(|it| &it.id).chain(&symbol.uses) {
                    let written = &broken[place.start..place.end];
                    assert!(written == symbol.id || written.contains('\\'), "{written} is not {}", symbol.id);
                }
            }
        }
    }
}

#[test]
fn what_may_follow_in_a_requirement() {
    let cases = [
        ("", "Operand"),
        ("not ", "Operand"),
        ("a and (", "Operand"),
        ("a ", "Operator a"),
        ("a >= ", "Value a"),
        ("a in ", "Parenthesis a"),
        ("a in (x, ", "Value a"),
        ("a in (x ", "Connective a"),
        ("a in (x) ", "Connective"),
        ("a is ", "Set a"),
        ("a is set ", "Connective"),
        ("allowed", "Parenthesis"),
        ("allowed(", "Operation"),
        ("allowed(x", "Connective"),
        ("actor.a < before.b ", "Connective"),
        ("a ? \"# b", "Operator b"),
    ];
    for (text, expected) in cases {
        let next = requirement_words(text).next;
        let found = [format!("{:?}", next.role), next.of.unwrap_or_default().into()].join(" ");
        assert_eq!(found.trim_end(), expected, "{text}");
    }
    let words = requirement_words("actor.a < before.b and c").words;
    let found: Vec<_> = words.iter().map(|word| (word.text, word.start, word.end)).collect();
    assert_eq!(found, [("a", 6, 7), ("b", 17, 18), ("and", 19, 22), ("c", 23, 24)]);
}

#[test]
fn a_diagnostic_in_a_string_with_escapes_has_the_place_of_its_word() {
    let text = r#"{ "format": 1, "id": "shop", "title": "Shop", "version": "1",
  "operations": [{ "id": "list", "label": "List", "requires": "tr\u0075e and \u006frdrs" }] }"#;
    let span = check(text, true)[0].span.unwrap();
    assert_eq!(&text[span.start..span.end], "\\u006frdrs");
}
