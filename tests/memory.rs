//! The memory that a population of a million people takes, measured as the peak of the process: at most twice the size
//! of its packed rows, these included.
//!
//! It is a binary of its own, because the peak belongs to the process.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "it/support/random.rs"]
mod random;
#[path = "it/support/rows.rs"]
mod rows;

use privet::PackedRows;
use privet::policies::CONTACT;
use privet::studio::Studio;

const PEOPLE: usize = 1_000_000;
/// The memory for the program, the instructions and the block of people that is being evaluated; it does not depend on
/// the number of people.
const OVERHEAD: usize = 4 << 20;

/// The peak memory of this process, in bytes.
fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("the kernel tells");
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<usize>().ok()).unwrap() * 1024
}

#[test]
fn a_population_takes_no_more_than_twice_its_rows() {
    let studio = Studio::compile(CONTACT, false).expect("a built-in policy");
    let some = rows::rows(studio.policy(), 1_000, 1);
    let without = peak_memory();
    let mut people = Vec::with_capacity(some.rows.len() * PEOPLE / 1_000);
    (0..PEOPLE / 1_000).for_each(|_| people.extend_from_slice(&some.rows));
    let input = people.len();
    let people = PackedRows { rows: people, inline: Vec::new() };
    let population = studio.policy().population_of_rows(&people).expect("no inline roles");
    assert_eq!(population.size(), PEOPLE);
    let taken = peak_memory() - without;
    assert!(taken >= input, "{taken} bytes are less than the rows");
    assert!(taken <= 2 * input + OVERHEAD, "{taken} bytes for {input} bytes of rows");
    let program = studio.policy().program();
    let counts = population.counts();
    assert_eq!(counts.len(), program.operations.len());
    assert!(counts.iter().any(|count| *count > 0), "nobody is allowed anything");
}
