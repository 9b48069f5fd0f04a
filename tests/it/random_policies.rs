//! Random policies with all features, decided for random subjects by the program and by the reference model; and
//! properties that hold for every policy: of packs, canonical documents, explanations and changes.
//!
//! `PROPTEST_CASES` sets the number of policies, `PROPTEST_RNG_SEED` the seed, which is the same in every run by
//! default. `PRIVET_DECISIONS` sets the number of decisions of populations that are compared with those of single
//! sessions (100000000 takes some minutes).

use crate::model::properties::{is_accepted, policy};
use crate::model::{Model, core_cases, decisions, policies, previews};
use crate::support::random::Random;
use privet::Studio;
use privet::policies::{CONTACT, DOTDIGITAL, VICIDIAL};
use proptest::prelude::*;
use std::cell::Cell;
use std::io::Write;

const POLICIES: u32 = 1_000;
/// The number of policies that are recorded for the package's core.
const CORE_POLICIES: u32 = 400;

#[test]
fn random_policies_agree_with_the_model() {
    let accepted = Cell::new(0);
    let tried = Cell::new(0);
    let resolved = Cell::new(0);
    policies::each(POLICIES, 1, |raw, seed| {
        let text = raw.document().to_string();
        tried.set(tried.get() + 1);
        if !is_accepted(&text, raw.careless).map_err(TestCaseError::fail)? {
            return Ok(());
        }
        accepted.set(accepted.get() + 1);
        let subjects = policy(&text, seed).map_err(TestCaseError::fail)?;
        resolved.set(resolved.get() + subjects);
        Ok(())
    });
    println!("{} of {} policies accepted, {} subjects resolved", accepted.get(), tried.get(), resolved.get());
    assert!(accepted.get() * 2 >= tried.get(), "too few policies are legal to test much");
    assert!(resolved.get() >= accepted.get(), "too few subjects can be resolved to test much");
}

/// Reduced failures of earlier random policies. Each document is legal.
const FOUND: [&str; 2] = [
    // An overflow in the checker: the minimum is the greatest number.
    r#""privileges": [{ "id": "p", "kind": "number", "label": "", "min": 4294967295 }],
       "operations": [{ "id": "o", "label": "", "requires": "p <= 0" }]"#,
    // Rule 1: a test on an unknown number is unknown, even if no number passes it.
    r#""facts": [{ "id": "f", "kind": "number", "label": "" }],
       "operations": [{ "id": "o", "label": "", "requires": "f > 4294967295" }]"#,
];

#[test]
fn earlier_failures_are_fixed() {
    let faults = FOUND.iter().filter_map(|parts| {
        let text = format!(r#"{{ "format": 1, "id": "found", "title": "", "version": "", {parts} }}"#);
        // A panic in the checker counts as a failure, and the remaining documents are still checked.
        let tried = std::panic::catch_unwind(|| policy(&text, 1)).unwrap_or_else(|_| Err("panics".into()));
        tried.err().map(|fault| format!("{fault}\n{text}"))
    });
    let faults: Vec<String> = faults.collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

/// Populations of more people than a word has bits, in the three built-in policies.
#[test]
fn populations_agree_with_sessions() {
    for text in [CONTACT, DOTDIGITAL, VICIDIAL] {
        let studio = Studio::compile(text, false).expect("a built-in policy");
        let model = Model::new(studio.checked().document());
        let mut random = Random::new(7);
        for size in [0, 1, 30, 31, 32, 70, 300] {
            if let Err(fault) = previews::agree(&studio, &model, &mut random, size) {
                panic!("{}: {fault}", model.document.id);
            }
        }
    }
}

/// Writes `target/tmp/core-cases.jsonl`, or the file of `PRIVET_CORE_CASES`, with which `pkg/test/core.test.mjs` compares the package's core.
#[test]
fn core_cases_are_recorded_for_the_package() {
    let fixed = concat!(env!("CARGO_TARGET_TMPDIR"), "/core-cases.jsonl").to_owned();
    let path = std::env::var("PRIVET_CORE_CASES").unwrap_or(fixed);
    let file = std::fs::File::create(path).expect("a file in a folder that exists");
    let file = std::cell::RefCell::new(std::io::BufWriter::new(file));
    let write = |text: &str, seed, subjects| {
        let Ok(studio) = Studio::compile(text, false) else { return };
        let model = Model::new(studio.checked().document());
        let line = core_cases::line(studio.policy(), &model, &mut Random::new(seed), subjects);
        writeln!(file.borrow_mut(), "{line}").expect("room for the file");
    };
    for text in [CONTACT, DOTDIGITAL, VICIDIAL] {
        write(text, 11, 20);
    }
    policies::each(CORE_POLICIES, 5, |raw, seed| {
        write(&raw.document().to_string(), seed, 6);
        Ok(())
    });
}

const DECISIONS: usize = 1_000_000;

/// Half of the decisions are of the three built-in policies, half of random ones.
#[test]
fn populations_decide_as_sessions_do() {
    let knob = std::env::var("PRIVET_DECISIONS").map(|count| count.parse().expect("PRIVET_DECISIONS is a number"));
    let least = knob.unwrap_or(DECISIONS) / 2;
    let mut compared = decisions::Compared::default();
    for (text, seed) in [CONTACT, DOTDIGITAL, VICIDIAL].into_iter().zip(1..) {
        let studio = Studio::compile(text, false).expect("a built-in policy");
        decisions::compare(&studio, least / 3, seed, &mut compared);
    }
    let built_in = compared.decisions;
    let compared = std::cell::RefCell::new(compared);
    let mut seed = 1;
    while compared.borrow().decisions < built_in + least {
        policies::each(100, seed, |raw, random| {
            if let Ok(studio) = Studio::compile(&raw.document().to_string(), false) {
                decisions::compare(&studio, least.min(20_000), random, &mut compared.borrow_mut());
            }
            Ok(())
        });
        seed += 1;
    }
    let compared = compared.into_inner();
    // Written to the terminal directly, so that every run shows the number of comparisons.
    let _ = writeln!(std::io::stderr(), "{compared}");
    assert_eq!(compared.differ, 0, "{compared}");
}
