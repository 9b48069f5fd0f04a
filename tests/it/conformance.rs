//! The conformance suite: `conformance/5/*`, which hosts of other languages run too.
//!
//! The expected answers are those of the reference model (`model`), never those of the library. One test compares the
//! files with what the generator writes (`PRIVET_BLESS=1` rewrites them), one validates them against the schema, and one
//! compares the library's answers with the files.

mod doc;
mod faults;
mod forge;
mod packs;
mod policies;
mod programs;
mod run;
mod snapshots;
mod sums;

use crate::model::json::Json;
use crate::support::golden::golden;
use forge::Small;
use serde::Deserialize;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

/// The most bytes of all files together.
const MOST_BYTES: usize = 2_900_000;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("conformance")
}

/// All files by their path in `conformance/5`.
fn generated() -> Vec<(String, String)> {
    let mut files = policies::files();
    files.push(("packs.json".into(), lines(&packs::all())));
    files.push(("snapshots.json".into(), lines(&snapshots::all())));
    files
}

/// A list with one item in each line.
fn lines(items: &[Json]) -> String {
    format!("[\n{}\n]\n", items.iter().map(Json::to_string).collect::<Vec<_>>().join(",\n"))
}

fn read(file: &str) -> Json {
    let path = folder().join("5").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Json::parse(&text)
}

/// The names of the files of policies.
fn policy_files() -> Vec<String> {
    let names = fs::read_dir(folder().join("5/policies")).expect("a folder");
    let mut names: Vec<String> =
        names.map(|entry| format!("policies/{}", entry.expect("a file").file_name().to_string_lossy())).collect();
    names.sort();
    names
}

#[test]
fn the_files_are_what_the_model_answers() {
    let files = generated();
    if crate::support::golden::blessing() {
        fs::create_dir_all(folder().join("5/policies")).expect("a folder");
        for old in policy_files() {
            fs::remove_file(folder().join("5").join(old)).expect("a file");
        }
    }
    let differ = |(name, text): &(String, String)| golden(&folder().join("5").join(name), text).map(|_| name.clone());
    let differing: Vec<String> = files.iter().filter_map(differ).collect();
    assert!(differing.is_empty(), "{differing:?} differ; if the new text is right, run again with PRIVET_BLESS=1");
    let known: Vec<&String> = files.iter().map(|(name, _)| name).filter(|name| name.starts_with("policies/")).collect();
    assert_eq!(policy_files().iter().collect::<Vec<_>>(), known);
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    assert!(bytes < MOST_BYTES, "{bytes} bytes");
}

#[test]
fn the_files_follow_their_schema() {
    let parse = |text: &str| {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        deserializer.disable_recursion_limit();
        serde_json::Value::deserialize(&mut deserializer).expect("JSON")
    };
    let schema = parse(&fs::read_to_string(folder().join("schema.json")).expect("a schema"));
    assert!(jsonschema::meta::is_valid(&schema));
    let mut all = vec![String::from("packs.json"), "snapshots.json".into()];
    all.extend(policy_files());
    for file in all {
        let kind = file.split(['/', '.']).next().expect("a name");
        let mut of_kind = schema.clone();
        of_kind["$ref"] = format!("#/$defs/{kind}").into();
        let validator = jsonschema::validator_for(&of_kind).expect("a schema");
        let text = fs::read_to_string(folder().join("5").join(&file)).expect("a file");
        let errors: Vec<String> = validator.iter_errors(&parse(&text)).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0], "{file}");
    }
}

/// Packs that are too large for the files.
#[test]
fn large_packs_are_opened_and_refused() {
    let guides = |count| Small { guides: forge::rows(count), ..Small::new() };
    let open = |small: &Small| privet::Policy::open(&small.pack().write()).is_ok();
    assert!(open(&guides(65_536)), "65,536 guides");
    assert!(!open(&guides(65_537)), "65,537 guides");
    assert!(open(&overlapping(2, 3)), "two facts that share comparisons");
    assert!(
        !open(&overlapping(1 << 4, 1 << 4)),
        "shared comparisons that are longer, taken together, than the section"
    );
    // 2^32 input slots, of which a sum of 32 bits is 0.
    let opened = std::panic::catch_unwind(|| open(&overlapping(1 << 15, 1 << 17)));
    assert_eq!(opened.ok(), Some(false), "2^32 input slots");
}

/// Number facts that share their comparisons.
fn overlapping(facts: u32, comparisons: u32) -> Small {
    let entry = |fact: u32| [6, 2_u32.wrapping_add(fact.wrapping_mul(comparisons)), 1, 0, comparisons, 0, 0, 0, 0, 0];
    let inputs = facts.wrapping_mul(comparisons);
    Small {
        facts: forge::rows(facts as usize),
        entries: (0..facts).map(entry).collect(),
        lists: vec![0; 2 * comparisons as usize],
        counts: [facts, 0, 0, inputs, inputs],
        ..Small::new()
    }
}

#[test]
fn the_library_conforms() {
    let mut compared = run::Compared::default();
    for file in policy_files() {
        run::policy(&file, &read(&file), &mut compared);
    }
    run::packs(&read("packs.json"), &mut compared);
    run::snapshots(&read("snapshots.json"), &mut compared);
    // Written to the terminal directly, so that every run shows the number of comparisons.
    let _ = writeln!(std::io::stderr(), "conformance: {} comparisons", compared.count);
    assert!(
        compared.differ.is_empty(),
        "{} of {} differ:\n{}",
        compared.differ.len(),
        compared.count,
        compared.differ.join("\n")
    );
}
