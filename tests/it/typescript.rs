//! The TypeScript types of the studio's answers are those of the Rust types.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use crate::support::golden::golden;
use std::path::Path;

#[test]
fn the_types_of_answers_are_generated() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("pkg/src/studio/answers.ts");
    if let Some(difference) = golden(&path, &privet::studio::typescript()) {
        panic!("{difference}");
    }
}
