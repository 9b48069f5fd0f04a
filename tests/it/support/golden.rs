//! What the tests share.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

/// Whether golden files are to be rewritten instead of compared.
pub(crate) fn blessing() -> bool {
    std::env::var_os("PRIVET_BLESS").is_some_and(|it| it == "1")
}

/// Compares a text with the golden file at `path`, or rewrites that; the difference when there is one.
pub(crate) fn golden(path: &Path, text: &str) -> Option<String> {
    if blessing() {
        std::fs::write(path, text).unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
        return None;
    }
    let known = std::fs::read_to_string(path).unwrap_or_default();
    let hint = "if the new text is right, run the test again with PRIVET_BLESS=1";
    (known != text).then(|| format!("{} differs; {hint}\n--- golden\n{known}\n--- now\n{text}", path.display()))
}
