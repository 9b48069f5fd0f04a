//! A million people of Contact, from packed rows: who is allowed what, and what is asked of everybody afterwards.
//!
//! What is measured is the time that one core works for it, as the kernel tells (elsewhere than on Linux the time that
//! passes): the same on a machine that does other things as well.
#![expect(clippy::expect_used, reason = "a bench")]

#[path = "../tests/it/support/rows.rs"]
mod rows;
#[path = "../tests/it/support/random.rs"]
mod random;

use criterion::{Criterion, criterion_group, criterion_main};
use privet::model::Value;
use privet::pack::Policy;
use privet::policies::CONTACT;
use privet::session::{Change, Session};
use privet::studio::Studio;
use privet::{PackedRows, Verdict};
use std::hint::black_box;
use std::time::{Duration, Instant};

const PEOPLE: usize = 1_000_000;
/// Decisions that are compared with those of sessions.
const DECISIONS: usize = 100_000_000;

/// Runs something so often, and says how long this thread worked for it.
fn worked<T>(times: u64, mut run: impl FnMut() -> T) -> Duration {
    let worked = || {
        let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    };
    let (start, before) = (Instant::now(), worked());
    (0..times).for_each(|_| drop(black_box(run())));
    worked().zip(before).map_or_else(|| start.elapsed(), |(now, before)| now.saturating_sub(before))
}

/// Decides people one by one, as sessions, and compares how many are allowed each operation with the counts of their population.
fn compare_with_sessions(policy: &Policy, rows: &PackedRows) {
    let operations = &policy.program().operations;
    let people = DECISIONS.div_ceil(operations.len());
    let part = rows.rows.get(..people * policy.row_width()).expect("as many people");
    let (mut counts, mut refused) = (vec![0; operations.len()], 0);
    for row in part.chunks_exact(policy.row_width()) {
        let state = policy.state_of_row(row).expect("a valid row");
        let Ok(session) = Session::evaluate(policy.program(), state) else {
            refused += 1;
            continue;
        };
        for (count, operation) in counts.iter_mut().zip(operations) {
            *count += usize::from(session.verdict(operation.decision) == Verdict::Yes);
        }
    }
    let packed = PackedRows { rows: part.to_vec(), ..PackedRows::default() };
    let population = policy.population_of_rows(&packed).expect("no inline roles");
    assert_eq!((population.counts(), population.errors().len()), (counts, refused));
    println!("{} decisions by sessions, one by one: those of the population", people * operations.len());
}

fn population(criterion: &mut Criterion) {
    let studio = Studio::compile(CONTACT, false).expect("a built-in policy");
    let policy = studio.policy();
    let rows = rows::rows(policy, PEOPLE, 1);
    let operations = policy.program().operations.len();
    compare_with_sessions(policy, &rows);
    let mut group = criterion.benchmark_group(format!("population of {PEOPLE} x {operations}"));
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    group.bench_function("decide, from rows", |bencher| {
        bencher.iter_custom(|times| worked(times, || studio.policy().population_of_rows(&rows)));
    });
    let population = studio.policy().population_of_rows(&rows).expect("no inline roles");
    let first = policy.program().operations.ids().next().expect("an operation");
    group.bench_function("undecided", |bencher| {
        bencher.iter_custom(|times| worked(times, || population.undecided(first)));
    });
    group.bench_function("counts", |bencher| {
        bencher.iter_custom(|times| worked(times, || population.counts()));
    });
    group.bench_function("dormant", |bencher| {
        bencher.iter_custom(|times| worked(times, || population.dormant()));
    });
    let id = policy.program().privileges.ids().next().expect("a privilege");
    let change = Change { set: vec![(id.into(), Value::Null)], ..Change::default() };
    group.bench_function("preview of a change", |bencher| {
        bencher.iter_custom(|times| worked(times, || population.preview(&change)));
    });
    group.finish();
}

criterion_group!(benches, population);
criterion_main!(benches);
