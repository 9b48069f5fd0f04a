//! A million people of Contact, from packed rows: who is allowed what, and what is asked of everybody afterwards.
#![expect(clippy::expect_used, reason = "a bench")]

#[path = "../tests/util/rows.rs"]
mod rows;

use criterion::{Criterion, criterion_group, criterion_main};
use privet::ground::Value;
use privet::policies::CONTACT;
use privet::session::Change;
use privet::studio::Studio;
use std::hint::black_box;
use std::time::Duration;

const PEOPLE: usize = 1_000_000;

fn population(criterion: &mut Criterion) {
    let (studio, _) = Studio::compile(CONTACT, false).expect("a built-in policy");
    let policy = studio.policy();
    let rows = rows::rows(policy, PEOPLE, 1);
    let operations = policy.program().operations.len();
    let mut group = criterion.benchmark_group(format!("population of {PEOPLE} x {operations}"));
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    group.bench_function("decide, from rows", |bencher| bencher.iter(|| black_box(studio.population_of_rows(&rows))));
    let population = studio.population_of_rows(&rows);
    let first = policy.program().operations.ids().next().expect("an operation");
    group.bench_function("undecided", |bencher| bencher.iter(|| black_box(population.undecided(first))));
    group.bench_function("counts", |bencher| bencher.iter(|| black_box(population.counts())));
    group.bench_function("dormant", |bencher| bencher.iter(|| black_box(population.dormant())));
    let id = policy.program().privileges.ids().next().expect("a privilege");
    let change = Change { set: vec![(id.into(), Value::Null)], ..Change::default() };
    group.bench_function("preview of a change", |bencher| bencher.iter(|| black_box(population.preview(&change))));
    group.finish();
}

criterion_group!(benches, population);
criterion_main!(benches);
