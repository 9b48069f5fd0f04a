//! Golden tests of diagnostics: `tests/diagnostics/<code>[-<n>].jsonc` is a faulty document, and the `.txt` beside it
//! has the printed diagnostics. Files that it includes are in a folder of the same name. `PRIVET_BLESS=1 cargo test --test it diagnostics` rewrites the texts.

use privet::check::{check, check_files, checked_files};
use privet::diagnostic::{Code, Diagnostic, Severity, render, render_files};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The documents, each with the code that it must produce.
fn documents() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "jsonc") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            let code = name.trim_end_matches(|it: char| it.is_ascii_digit()).trim_end_matches('-');
            found.push((path.clone(), code.to_owned()));
        }
    }
    found.sort();
    found
}

/// The files beside a document that it may include.
fn included(path: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(path.with_extension("")).into_iter().flatten();
    let file = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    entries.map(|entry| file(entry.unwrap().path())).collect()
}

fn names_and_texts(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

/// The diagnostics of a text that the user wrote.
fn found(text: &str) -> Vec<Diagnostic> {
    check(text, true)
}

/// A document with these members and the required ones, on one line.
fn document(members: &str) -> String {
    format!(r#"{{ "format": 1, "id": "golden", "title": "Golden", "version": "1", {members} }}"#)
}

#[track_caller]
fn only(text: &str) -> Diagnostic {
    let mut all = found(text);
    assert_eq!(all.len(), 1, "{}", render(&all, text));
    all.pop().unwrap()
}

/// The part of the text at which the only diagnostic points, with line and column.
#[track_caller]
fn points_at(text: &str, part: &str, line: usize, column: usize) {
    let span = only(text).span.unwrap();
    assert_eq!((text.get(span.start..span.end), span.line, span.column), (Some(part), line, column));
}

#[test]
fn every_code_has_a_document_and_no_document_has_another() {
    let documents: BTreeSet<String> = documents().into_iter().map(|(_, code)| code).collect();
    let codes: BTreeSet<String> = Code::ALL.iter().map(|code| code.as_str().to_owned()).collect();
    assert_eq!(documents, codes);
}

#[test]
fn documents_are_rendered_as_in_the_golden_files() {
    let mut wrong = Vec::new();
    for (path, code) in documents() {
        let text = fs::read_to_string(&path).unwrap();
        let files = included(&path);
        let files = names_and_texts(&files);
        let all = check_files(&text, &files, true);
        if !all.iter().any(|it| it.code.as_str() == code) {
            wrong.push(format!("{} is not found to be about `{code}`", path.display()));
        }
        wrong.extend(crate::support::golden::golden(&path.with_extension("txt"), &render_files(&all, &text, &files)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_errors_keep_a_document_from_being_checked() {
    for (path, _) in documents() {
        let text = fs::read_to_string(&path).unwrap();
        let files = included(&path);
        let files = names_and_texts(&files);
        let (all, checked) = (check_files(&text, &files, true), checked_files(&text, &files));
        let errors = all.iter().any(|it| it.severity == Severity::Error);
        assert_eq!(checked.is_none(), errors, "{}", path.display());
    }
}

#[test]
fn without_the_text_there_are_pointers_and_no_spans() {
    for (path, _) in documents() {
        let text = fs::read_to_string(&path).unwrap();
        let all = check(&text, false);
        let related = all.iter().flat_map(|it| &it.related);
        assert!(all.iter().all(|it| it.span.is_none()), "{}", path.display());
        assert!(related.into_iter().all(|it| it.span.is_none()), "{}", path.display());

        let findings = |all: &[Diagnostic]| -> BTreeSet<_> {
            all.iter().map(|it| (it.code, it.pointer.clone(), it.message.clone())).collect()
        };
        assert_eq!(findings(&all), findings(&found(&text)), "{}", path.display());
    }
}

#[test]
fn a_rendering_without_spans_has_pointers() {
    let text = document(r#""menu": [{ "id": "door", "label": "Door", "parent": "house" }]"#);
    let expected = "error[unknown-id]: unknown menu item `house`\n --> /menu/0/parent\n\n";
    assert_eq!(render(&check(&text, false), ""), expected);
}

#[test]
fn the_built_in_policies_are_clean() {
    for text in [privet::policies::CONTACT, privet::policies::DOTDIGITAL, privet::policies::VICIDIAL] {
        assert_eq!(render(&found(text), text), "");
    }
}

/// One document with a fault for each pass: names, shape, references, requirements, order, restrictions, meaning.
const FAULTS: &str = r#"{
  "format": 1, "id": "golden", "title": "Golden", "version": "1", "colour": "red",
  "facts": [{ "id": "lit", "kind": "switch", "label": "Lit" }, { "id": "lit", "kind": "switch", "label": "Lit" }],
  "privileges": [
    { "id": "key", "kind": "flag", "label": "Key", "unit": "keys" },
    { "id": "blocked", "kind": "flag", "label": "Blocked", "requires": "key" },
    { "id": "spare", "kind": "flag", "label": "Spare" },
    { "id": "users", "kind": "level", "label": "Users" }
  ],
  "roles": [{ "id": "owner", "label": "Owner", "when": "key" }],
  "menu": [{ "id": "door", "label": "Door", "parent": "house" }],
  "operations": [
    { "id": "open", "label": "Open", "requires": "key and not blocked" },
    { "id": "shut", "label": "Shut", "requires": "kye and card" },
    { "id": "lock", "label": "Lock", "requires": "allowed(lock)" },
    { "id": "look", "label": "Look", "requires": "lit or not lit" },
    { "id": "wait", "label": "Wait", "requires": "lit &&" },
    { "id": "knock!", "label": "Knock", "requires": "lit" }
  ]
}"#;

#[test]
fn faults_of_all_passes_are_found_at_once_in_the_order_of_the_text() {
    let all = found(FAULTS);
    let places: Vec<String> = all.iter().map(|it| format!("{} {}", it.code, it.pointer)).collect();
    let expected = [
        "unknown-key /colour",
        "duplicate-id /facts/1/id",
        "wrong-kind /privileges/0/unit",
        "grant-takes-away /privileges/1",
        "restricting-requires /privileges/1/requires",
        "missing-key /privileges/3",
        "when-tests-grants /roles/0/when",
        "unknown-id /menu/0/parent",
        "unknown-id /operations/1/requires",
        "unknown-id /operations/1/requires",
        "cycle /operations/2/requires",
        "always-allowed /operations/3/requires",
        "requirement-syntax /operations/4/requires",
        "invalid-id /operations/5/id",
    ];
    assert_eq!(places, expected, "{}", render(&all, FAULTS));
}

#[test]
fn a_fault_within_a_requirement_is_pointed_at_word_by_word() {
    let text =
        document("\n  \"operations\": [{ \"id\": \"open\", \"label\": \"Open\", \"requires\": \"true and kye\" }]");
    points_at(&text, "kye", 2, 73);
    assert_eq!(only(&text).pointer, "/operations/0/requires");
}

#[test]
fn columns_count_characters_not_bytes() {
    let text =
        document("\n  \"operations\": [{ \"id\": \"open\", \"label\": \"Öffne dich 🔑\", \"requires\": \"kye\" }]");
    points_at(&text, "kye", 2, 72);
    points_at(&text.replace("Öffne dich ", &"🔑".repeat(3000)), "kye", 2, 3061);
}

#[test]
fn carriage_returns_belong_to_the_end_of_the_line() {
    let text = "{\r\n  \"format\": 1,\r\n  \"id\": \"golden\", \"title\": 7,\r\n  \"version\": \"1\"\r\n}\r\n";
    points_at(text, "7", 3, 28);
    let expected = "error[invalid-value]: expected a string, found a number\n --> 3:28 (/title)\n  |\n\
        3 |   \"id\": \"golden\", \"title\": 7,\n  |                            ^\n\n";
    assert_eq!(render(&found(text), text), expected);
}

#[test]
fn a_word_of_a_string_with_escapes_is_pointed_at() {
    let text = document(r#""operations": [{ "id": "open", "label": "Open", "requires": "true\u0020and kye" }]"#);
    points_at(&text, "kye", 1, 142);
}

#[test]
fn a_pointer_escapes_what_pointers_escape() {
    let text = document(r#""a/b~c": 1"#);
    assert_eq!(only(&text).pointer, "/a~1b~0c");
    points_at(&text, "\"a/b~c\"", 1, 67);
}

#[test]
fn an_entry_that_cannot_be_read_is_not_reported_again_where_it_is_named() {
    let text = document(
        r#""privileges": [{ "id": "key", "kind": "flags", "label": "Key" }],
        "roles": [{ "id": "owner", "label": "Owner", "grants": { "key": true } }],
        "operations": [{ "id": "open", "label": "Open", "requires": "key" }]"#,
    );
    assert_eq!(only(&text).pointer, "/privileges/0/kind");
}

#[test]
fn a_document_on_one_long_line_is_cut_around_the_place() {
    let menu = (0..40).map(|it| format!(r#"{{ "id": "m{it}", "label": "M" }}"#)).collect::<Vec<_>>().join(", ");
    let operations = r#"[{ "id": "open", "label": "Open", "requires": "kye" }]"#;
    let text = document(&format!(r#""menu": [{menu}], "operations": {operations}, "guides": [{}]"#, " ".repeat(99)));
    let rendered = render(&[only(&text)], &text);
    let lines: Vec<&str> = rendered.lines().collect();
    let (line, carets) = (lines.get(3).unwrap(), lines.get(4).unwrap());
    assert!(line.contains("\"requires\": \"kye\"") && line.chars().count() < 110, "{rendered}");
    let column = carets.chars().position(|it| it == '^').unwrap();
    assert_eq!(line.chars().skip(column).take(3).collect::<String>(), "kye", "{rendered}");
    assert_eq!(carets.matches('^').count(), 3, "{rendered}");
}

#[test]
fn limits_are_refused_by_name() {
    let exceeded = |text: &str, message: &str| {
        let all = found(text);
        let first = all.iter().find(|it| it.code == Code::LimitExceeded);
        assert_eq!(first.map(|it| it.message.as_str()), Some(message), "{:?}", all.first());
    };
    exceeded(&" ".repeat((16 << 20) + 1), "document takes 16777217 bytes; the limit is 16777216");
    exceeded(
        &document(&format!(r#""menu": [{}0]"#, "0,".repeat(65_536))),
        "list has 65537 entries; the limit is 65536",
    );
    let long = format!("true{}", " and true".repeat(2000));
    exceeded(
        &document(&format!(r#""operations": [{{ "id": "open", "label": "Open", "requires": "{long}" }}]"#)),
        "requirement takes 18004 bytes; the limit is 16384",
    );
    let nots = format!("{}true", "not ".repeat(65));
    exceeded(
        &document(&format!(r#""operations": [{{ "id": "open", "label": "Open", "requires": "{nots}" }}]"#)),
        "requirement is nested deeper than the limit of 64",
    );
    let options: Vec<String> = (0..257).map(|it| format!(r#"{{ "id": "o{it}", "label": "O" }}"#)).collect();
    let options = options.join(",");
    exceeded(
        &document(&format!(r#""privileges": [{{ "id": "s", "kind": "set", "label": "S", "options": [{options}] }}]"#)),
        "set privilege `s` has 257 options; the limit is 256",
    );
    exceeded(&format!("{}{}", "[".repeat(100), "]".repeat(100)), "document is nested deeper than the limit of 32");
    // The parser's own limit of nesting applies first, with the same message.
    exceeded(
        &format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)),
        "document is nested deeper than the limit of 32",
    );
    let menu = (0..66).map(|it| {
        let parent = if it == 0 { String::new() } else { format!(r#", "parent": "m{}""#, it - 1) };
        format!(r#"{{ "id": "m{it}", "label": "M"{parent} }}"#)
    });
    let menu = menu.collect::<Vec<_>>().join(",");
    exceeded(&document(&format!(r#""menu": [{menu}]"#)), "menu item `m65` is nested deeper than the limit of 64");
    let keys = (0..1001).map(|it| format!(r#""key{it}": 0"#)).collect::<Vec<_>>().join(",");
    exceeded(&document(&keys), "findings not shown: 1; fix these first");
}

#[test]
fn messages_keep_to_one_style() {
    for (path, _) in documents() {
        for found in found(&fs::read_to_string(&path).unwrap()) {
            for text in [Some(&found.message), found.help.as_ref()].into_iter().flatten() {
                let first = text.chars().next().unwrap_or_else(|| panic!("{}: empty message", path.display()));
                assert!(!first.is_uppercase(), "{}: {text}", path.display());
                assert!(!text.ends_with('.') && !text.contains('\n'), "{}: {text}", path.display());
                assert!(text.matches('`').count().is_multiple_of(2), "{}: {text}", path.display());
            }
        }
    }
}
