//! The corpora of `make fuzz`, and what it found: each input through its target. A target fails by panicking.

use crate::fuzz::{TARGETS, run};
use std::path::{Path, PathBuf};

/// The files of a folder in order; none if there is no such folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

#[test]
fn every_input_of_the_corpora_passes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    for (target, _) in TARGETS {
        let corpus = files(&root.join("corpus").join(target));
        assert!(corpus.len() >= 3, "{target} has {} inputs", corpus.len());
        for path in corpus.into_iter().chain(files(&root.join("found").join(target))) {
            let data = std::fs::read(&path).unwrap();
            let passes = std::panic::catch_unwind(|| run(target, &data));
            assert!(passes.is_ok(), "{} fails as `{target}`", path.display());
        }
    }
}

/// Folders in `fuzz` are those of targets: an input under a wrong name would never run.
#[test]
fn every_corpus_belongs_to_a_target() {
    for folder in ["corpus", "found"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder);
        let Ok(entries) = std::fs::read_dir(root) else { continue };
        for entry in entries {
            let name = entry.unwrap().file_name();
            let is_target = TARGETS.iter().any(|(target, _)| *target == name.to_string_lossy());
            assert!(is_target || name == "sheets", "{folder}/{} belongs to no target", name.display());
        }
    }
}
