//! Golden files.
//!
//! The crate `insta` is not used: each golden file here is also read by people or published (the text beside each
//! faulty document, the JSON Schema), so it has its own name and no header, and twenty lines suffice to compare it.

use std::path::Path;

/// Whether golden files are rewritten instead of compared.
pub(crate) fn blessing() -> bool {
    std::env::var_os("PRIVET_BLESS").is_some_and(|it| it == "1")
}

/// Compares a text with the golden file at `path`, or rewrites the file. Returns the difference, if there is one.
pub(crate) fn golden(path: &Path, text: &str) -> Option<String> {
    if blessing() {
        std::fs::write(path, text).unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
        return None;
    }
    let known = std::fs::read_to_string(path).unwrap_or_default();
    let hint = "if the new text is right, run the test again with PRIVET_BLESS=1";
    (known != text).then(|| format!("{} differs; {hint}\n--- golden\n{known}\n--- now\n{text}", path.display()))
}
