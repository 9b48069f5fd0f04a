//! The TypeScript types of the studio's answers and messages are those of the Rust types and the English messages.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use crate::support::golden::golden;
use std::path::Path;

#[track_caller]
fn is_generated(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("pkg/src/studio").join(file);
    if let Some(difference) = golden(&path, text) {
        panic!("{difference}");
    }
}

#[test]
fn the_types_of_answers_are_generated() {
    is_generated("answers.ts", &privet::studio::typescript());
}

#[test]
fn the_types_of_messages_are_generated() {
    is_generated("messages.ts", &privet::studio::typescript_of_messages());
}
