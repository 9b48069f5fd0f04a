//! The maps, sets, JSON values, checksums and lines of the crate against those that everybody knows.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use privet::crc::crc;
use privet::ground::json::{Tell, Told};
use privet::ground::{Gather, Json, Map, Set};
use privet::source::{Lines, Span};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Keys in an order that fills runs at their end, at their beginning and in between.
fn keys() -> impl Strategy<Value = Vec<u32>> {
    let some = prop::collection::vec(0_u32..3_000, 0..4_000);
    prop_oneof![
        some.clone(),
        some,
        (0_u32..4_000).prop_map(|n| (0..n).collect()),
        (0_u32..4_000).prop_map(|n| (0..n).rev().collect())
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn maps_are_those_of_the_standard_library(keys in keys()) {
        let (mut ours, mut theirs) = (Map::new(), BTreeMap::new());
        for (value, key) in keys.into_iter().enumerate() {
            prop_assert_eq!(ours.get(&key), theirs.get(&key));
            prop_assert_eq!(ours.insert(key, value), theirs.insert(key, value));
        }
        prop_assert_eq!(ours.len(), theirs.len());
        prop_assert!(ours.iter().eq(&theirs));
        for key in (0..3_001).step_by(7) {
            prop_assert_eq!(ours.contains_key(&key), theirs.contains_key(&key));
            *ours.or_default(key) += 1;
            *theirs.entry(key).or_default() += 1;
        }
        ours.retain(|key, value| !(*key as usize + *value).is_multiple_of(3));
        theirs.retain(|key, value| !(*key as usize + *value).is_multiple_of(3));
        prop_assert!(ours.iter().eq(&theirs));
        prop_assert!(ours.into_iter().eq(theirs));
    }

    #[test]
    fn sets_are_those_of_the_standard_library(keys in keys()) {
        let (ours, theirs): (Set<u32>, BTreeSet<u32>) = (keys.iter().copied().gather(), keys.iter().copied().collect());
        let again: Set<u32> = keys.iter().rev().copied().gather();
        prop_assert!(ours.iter().eq(&theirs));
        prop_assert_eq!(&ours, &again);
        prop_assert!(ours.into_iter().eq(theirs));
    }

    #[test]
    fn json_is_written_as_everybody_writes_it(texts in prop::collection::vec(any::<String>(), 0..6), number in any::<u64>()) {
        let controls: String = (0..0x80_u8).map(char::from).collect();
        let value = (texts, controls, number, [Some(true), None], BTreeMap::from([("a/\"", 1_u8), ("b", 2)]));
        let written = serde_json::to_string(&value).unwrap();
        // A tuple of several kinds is a list, as it is for everybody.
        prop_assert_eq!(Json::of(&value).unwrap().text(), written);
    }

    #[test]
    fn the_checksum_is_that_of_one_bit_after_the_other(bytes in prop::collection::vec(any::<u8>(), 0..9_000)) {
        let shifted = |crc: u32| (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
        let expected = bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| shifted(crc)));
        prop_assert_eq!(crc(&bytes), !expected);
    }

    #[test]
    fn lines_and_columns_are_those_that_are_counted(text in "([a-zé𝄞\n]{0,40}|[a-zé]{1500,2500}){0,3}") {
        let lines = Lines::new(&text);
        for start in (0..=text.len()).filter(|start| text.is_char_boundary(*start)) {
            let (before, _) = text.split_at(start);
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|letter| *letter != '\n').count() + 1;
            let found = lines.locate(Span { start, end: start });
            prop_assert_eq!((found.line, found.column), (line, column));
        }
    }
}

#[test]
fn what_is_no_value_of_ours_is_refused() {
    assert!(Json::of(&-1).is_err());
    assert!(Json::of(&0.5).is_err());
    assert!(Json::of(&BTreeMap::from([(1, 2)])).is_err());
}

struct Entry {
    a: u32,
    b: &'static str,
}

impl Tell for Entry {
    fn tell(&self, to: &mut dyn Told) {
        to.object(|to| {
            to.key("a");
            to.list(|to| to.object(|to| to.with("a", self.a)));
            to.with("b", self.b);
        });
    }
}

#[test]
fn a_key_that_is_said_in_another_way_keeps_its_place() {
    let entry = Entry { a: 1, b: "two" };
    let said = |key: &'static str| {
        vec![("c", Json::null()), (key, Json::list(&mut [true, false].map(Json::from).into_iter()))]
    };
    let text = |key| Json::told_entry(&entry, said(key)).text();
    assert_eq!(text("a"), r#"{"a":[true,false],"b":"two","c":null}"#);
    assert_eq!(text("b"), r#"{"a":[{"a":1}],"b":[true,false],"c":null}"#);
    assert_eq!(text("d"), r#"{"a":[{"a":1}],"b":"two","c":null,"d":[true,false]}"#);
    let object = Json::object().with("a", Json::told(&entry)).with("b", None::<bool>).with("c", Vec::new());
    assert_eq!(object.text(), r#"{"a":{"a":[{"a":1}],"b":"two"},"b":null,"c":[]}"#);
}
