//! Measures the crate beside the other hosts, and prints one JSON object: cargo bench --bench host -- PACK
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark")]

use privet::{Policy, Subject, Value};
use serde_json::json;
use std::hint::black_box;
use std::time::Instant;

const OPERATION: &str = "calls.flows.define";

/// Microseconds of a call: the least of several rounds.
fn least<T>(calls: u32, mut call: impl FnMut() -> T) -> f64 {
    let mut round = || {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(call());
        }
        start.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
    };
    (0..7).map(|_| round()).fold(f64::INFINITY, f64::min)
}

fn main() {
    let file = std::env::args().nth(1).unwrap();
    let pack = std::fs::read(file).unwrap();
    let policy = Policy::open(&pack).unwrap();
    let subject = Subject::from_value(Value::from(&json!({ "roles": ["administrator"] }))).unwrap();
    let session = policy.session(&subject).unwrap();
    let row = json!({
        "host": "Rust, natively",
        "open": least(20, || Policy::open(&pack).unwrap()),
        "session": least(2000, || policy.session(&subject).unwrap().can(OPERATION).unwrap()),
        "can": least(100_000, || session.can(OPERATION).unwrap()),
    });
    println!("{row}");
}
