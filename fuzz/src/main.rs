//! One binary for all targets, so that it is linked once: `PRIVET_FUZZ` names the target. The targets are those that the tests run with the
//! corpora (`tests/it/fuzz`), and the model that they compare with is that of the tests.
#![no_main]
#![allow(dead_code, reason = "the targets need a part of the model and of the helpers")]

#[path = "../../tests/it/fuzz/mod.rs"]
mod fuzz;
#[path = "../../tests/it/model/mod.rs"]
mod model;
#[path = "../../tests/it/support/mod.rs"]
mod support;

use std::sync::LazyLock;

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("PRIVET_FUZZ").unwrap_or_default();
    let names = fuzz::TARGETS.map(|(known, _)| known).join(", ");
    let target = fuzz::TARGETS.iter().find(|(known, _)| *known == name);
    target.unwrap_or_else(|| panic!("PRIVET_FUZZ is `{name}`; give one of {names}")).1
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| TARGET(data));
