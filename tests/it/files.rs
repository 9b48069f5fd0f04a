//! A document that is split over files means the same, and diagnostics are told in the file in which they are.

use crate::model::policies;
use crate::support::random::Random;
use privet::policies::{CONTACT, DOTDIGITAL, VICIDIAL};
use privet::{Code, Diagnostic, Related, Studio, check, check_files, render_files};
use serde_json::{Map, Value, json};
use std::fs;
use std::path::Path;

/// A document and the files that it includes, as JSON.
struct Split {
    first: String,
    files: Vec<(String, String)>,
}

impl Split {
    /// Deals the entries of each list to the first file and two others, in order.
    fn of(whole: &Map<String, Value>, random: &mut Random) -> Self {
        let mut parts = [Map::new(), Map::new(), Map::new()];
        let mut cut = |length: usize| {
            let mut cuts = [random.below(length + 1), random.below(length + 1)];
            cuts.sort_unstable();
            move |index: usize| cuts.iter().filter(|cut| **cut <= index).count()
        };
        for (key, value) in whole {
            match value {
                Value::Array(items) => {
                    let part_of = cut(items.len());
                    for (index, item) in items.iter().enumerate() {
                        let list = parts[part_of(index)].entry(key).or_insert_with(|| json!([]));
                        list.as_array_mut().expect("a list").push(item.clone());
                    }
                }
                Value::Object(members) if key == "renamed" => {
                    let part_of = cut(members.len());
                    for (index, (old, new)) in members.iter().enumerate() {
                        let object = parts[part_of(index)].entry(key).or_insert_with(|| json!({}));
                        object.as_object_mut().expect("an object").insert(old.clone(), new.clone());
                    }
                }
                _ => drop(parts[0].insert(key.clone(), value.clone())),
            }
        }
        let [mut first, one, two] = parts;
        first.insert("include".into(), json!(["one.jsonc", "two.jsonc"]));
        let text = |part: Map<String, Value>| Value::Object(part).to_string();
        let files = vec![("one.jsonc".into(), text(one)), ("two.jsonc".into(), text(two))];
        Self { first: text(first), files }
    }

    fn files(&self) -> Vec<(&str, &str)> {
        self.files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
    }

    fn text(&self, file: Option<&str>) -> &str {
        let named = |name: &str| self.files.iter().find(|(known, _)| known == name).expect("a file that is given");
        file.map_or(self.first.as_str(), |name| named(name).1.as_str())
    }
}

/// What a place has: the value at its pointer, and the text of its span. Lists as a whole are left out: they are split.
fn at(text: &str, pointer: &str, span: Option<privet::Location>) -> Option<(Value, String)> {
    if pointer.split('/').count() < 3 {
        return None;
    }
    let value: Value = serde_json::from_str(text).expect("JSON");
    let span = span.expect("a span");
    let lines = text.lines().nth(span.line - 1).expect("a line");
    let column = lines.char_indices().nth(span.column - 1).map(|(start, _)| start);
    assert_eq!(column, Some(span.start), "line and column of {pointer}"); // the text is one line
    Some((value.pointer(pointer).cloned().unwrap_or_default(), text[span.start..span.end].to_owned()))
}

/// All that is said, in an order that does not depend on files.
fn told(all: &[Diagnostic], text: impl Fn(Option<&str>) -> String) -> Vec<String> {
    let related = |it: &Related| (it.message.clone(), at(&text(it.file.as_deref()), &it.pointer, it.span));
    let one = |it: &Diagnostic| {
        let related: Vec<_> = it.related.iter().map(related).collect();
        let place = at(&text(it.file.as_deref()), &it.pointer, it.span);
        format!("{:?}", (it.code, &it.message, &it.help, &it.place, place, related))
    };
    let mut told: Vec<String> = all.iter().map(one).collect();
    told.sort_unstable();
    told
}

fn compare(whole: &Map<String, Value>, random: &mut Random) {
    let text = Value::Object(whole.clone()).to_string();
    let split = Split::of(whole, random);
    let (found, expected) = (check_files(&split.first, &split.files(), true), check(&text, true));
    let found = told(&found, |file| split.text(file).to_owned());
    assert_eq!(found, told(&expected, |_| text.clone()), "{}\n{:?}", split.first, split.files);
    match (Studio::compile_files(&split.first, &split.files(), false), Studio::compile(&text, false)) {
        (Ok(found), Ok(expected)) => assert_eq!(found.policy().pack(), expected.policy().pack()),
        (found, expected) => assert_eq!(found.is_ok(), expected.is_ok()),
    }
}

#[test]
fn a_split_document_means_the_same() {
    let mut random = Random::new(3);
    for text in [CONTACT, DOTDIGITAL, VICIDIAL] {
        let studio = Studio::compile(text, false).expect("a built-in policy");
        let canonical = serde_json::from_slice(&studio.checked().document().canonical()).expect("JSON");
        for _ in 0..3 {
            compare(&canonical, &mut random);
        }
    }
    policies::each(300, 9, |raw, seed| {
        if let Value::Object(whole) = raw.document() {
            compare(&whole, &mut Random::new(seed));
        }
        Ok(())
    });
}

/// The faulty documents of the golden tests that are JSON without comments after their first lines.
#[test]
fn the_faults_of_a_split_document_are_the_same() {
    let mut random = Random::new(4);
    let mut compared = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|it| it != "jsonc") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a file");
        let json: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        // A key that is there twice is once in a map: it is another document
        let Ok(whole) = serde_json::from_str::<Map<String, Value>>(&json) else { continue };
        // Those of `unused-allow` name entries by their index, which the files change
        let named_by_index = path.file_stem().is_some_and(|name| name.to_string_lossy().starts_with("unused-allow"));
        if whole.contains_key("include") || text.len() > 100_000 || named_by_index {
            continue;
        }
        for _ in 0..5 {
            compare(&whole, &mut random);
        }
        compared += 1;
    }
    assert!(compared > 30, "{compared} documents");
}

const FIRST: &str = r#"{ "format": 1, "id": "shop", "title": "Shop", "version": "1", "include": ["a", "b"] }"#;

/// The code, file, pointer, message and help of each diagnostic.
fn found(first: &str, files: &[(&str, &str)]) -> Vec<String> {
    let all = check_files(first, files, true);
    assert!(all.iter().all(|it| it.span.is_some()) || files.is_empty());
    let line = |it: Diagnostic| {
        let file = it.file.unwrap_or_default();
        format!("{} {file}{}: {}; {}", it.code, it.pointer, it.message, it.help.unwrap_or_default())
    };
    all.into_iter().map(line).collect()
}

/// A first file, the files that are given, and what is found.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);

#[test]
fn files_that_cannot_be_included_are_reported() {
    let empty = "{}";
    assert_eq!(found(FIRST, &[("a", empty), ("b", empty)]), [""; 0]);
    let cases: [Case; 11] = [
        // Whoever forgets a file must not get a policy without it
        (FIRST, &[("a", empty)], &["missing-file : file `b` is not given; pass its text in `files`, by this name"]),
        (
            &FIRST.replace("\"b\"", "\"orders.jsonc\""),
            &[("a", empty), ("order.jsonc", empty)],
            &[
                "unused-file : file `order.jsonc` is given and not included; add it to `include`",
                "missing-file : file `orders.jsonc` is not given; did you mean `order.jsonc`?",
            ],
        ),
        (
            &FIRST.replace("\"b\"", "\"a\""),
            &[("a", empty)],
            &["invalid-value : file `a` is included twice; remove one of the two"],
        ),
        // Included files are found and read at once, and all are read
        (
            FIRST,
            &[("a", "{ \"facts\": [1,] }"), ("b", "[ ")],
            &[
                "syntax a: trailing comma; remove it: JSON has no comma after the last entry",
                "syntax b: unterminated array; ",
            ],
        ),
        (FIRST, &[("a", "[]"), ("b", empty)], &["invalid-value a: expected an object, found a list; "]),
        (
            FIRST,
            &[("a", r#"{ "$schema": "x", "id": "shop", "include": ["b"] }"#), ("b", empty)],
            &[
                "unknown-key a: an included file has no key `id`; remove it, or move it to the first file",
                "unknown-key a: an included file has no key `include`; remove it, or move it to the first file",
            ],
        ),
        (
            FIRST,
            &[("a", r#"{ "facts": [] }"#), ("b", r#"{ "facts": {} }"#)],
            &["invalid-value b: expected a list, found an object; "],
        ),
        // A list of another type in a file that is the first to have it is found when it is read
        (
            FIRST,
            &[("a", r#"{ "facts": {} }"#), ("b", empty)],
            &["invalid-value a/facts: expected a list, found an object; "],
        ),
        (
            FIRST,
            &[("a", r#"{ "facts": [], "facts": [] }"#), ("b", empty)],
            &["duplicate-key a/facts: duplicate key `facts`; remove one of the two"],
        ),
        (
            FIRST,
            &[("a", r#"{ "fcts": [] }"#), ("b", empty)],
            &["unknown-key a/fcts: unknown key `fcts`; did you mean `facts`?"],
        ),
        (
            &FIRST.replace("[\"a\", \"b\"]", "\"a\""),
            &[("a", empty)],
            &[
                "unused-file : file `a` is given and not included; add it to `include`",
                "invalid-value /include: expected a list, found a string; ",
            ],
        ),
    ];
    for (first, files, expected) in cases {
        assert_eq!(found(first, files), expected, "{first} {files:?}");
    }
}

#[test]
fn the_number_and_the_size_of_files_have_limits() {
    let names: Vec<String> = (0..=privet::limits::FILES).map(|index| format!("{index}.jsonc")).collect();
    let first = FIRST.replace("[\"a\", \"b\"]", &json!(names).to_string());
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "{}")).collect();
    assert_eq!(found(&first, &files), ["limit-exceeded : document includes 257 files; the limit is 256; "]);
    let half = format!("{{ {} }}", " ".repeat(privet::limits::DOCUMENT_BYTES / 2));
    let expected = "limit-exceeded : included files take more than 16777216 bytes together, which is the limit; ";
    assert_eq!(found(FIRST, &[("a", &half), ("b", &half)]), [expected]);
}

#[test]
fn an_excerpt_is_of_the_file() {
    let files = [("a", "{}"), ("b", "{\n  \"privileges\": [{ \"id\": \"é\" }]\n}")];
    let all = check_files(FIRST, &files, true);
    let codes: Vec<Code> = all.iter().map(|it| it.code).collect();
    assert_eq!(codes, [Code::MissingKey, Code::MissingKey, Code::InvalidId]);
    let rendered = render_files(&all[2..], FIRST, &files);
    let expected = "error[invalid-id]: `é` is not an id
 --> b:2:26 (/privileges/0/id)
  |
2 |   \"privileges\": [{ \"id\": \"é\" }]
  |                          ^^^
";
    assert!(rendered.starts_with(expected), "{rendered}");
}
