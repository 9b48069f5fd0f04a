//! Searches documents whose questions take long or much memory, by changing the numbers of those that were the worst so far:
//! `bash scripts/trust/bounds.sh`. `BOUNDS_SECONDS` is the time, `BOUNDS_SEED` the seed. Prints the worst document of each question on
//! standard error, and the figures as a line of JSON. With a document as its argument, as it prints them, it asks about that one. The exit status is 1 if a question took longer or more memory than docs/trust.md says.
#![allow(dead_code, reason = "the search needs a part of the helpers of the tests")]

#[path = "../../tests/it/hostile/mod.rs"]
mod hostile;
#[path = "../../tests/it/support/mod.rs"]
mod support;

use hostile::documents::{Hostile, KINDS, SHAPES};
use hostile::questions::{Asked, QUESTIONS};
use serde_json::json;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use support::random::Random;

/// Counts the bytes that this thread has allocated, and the most of them at once. Counters of a thread cost next to nothing, so they do not
/// change the times.
struct Counting;
thread_local! {
    static NOW: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is passed on as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.get() + layout.size();
        NOW.set(now);
        MOST.set(MOST.get().max(now));
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // What another thread allocated may be freed here
        NOW.set(NOW.get().saturating_sub(layout.size()));
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The bounds of every question: seconds of one core, and bytes.
const TIME: Duration = Duration::from_secs(1);
const MEMORY: usize = 256 << 20;

/// The processor time of this thread, so that a busy machine does not count.
fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a value of this type.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    Duration::new(time.tv_sec.cast_unsigned(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// What a question took.
#[derive(Clone)]
struct Taken {
    hostile: Hostile,
    time: Duration,
    memory: usize,
    ends: String,
}

/// The question that is being asked, and since when.
static ASKING: Mutex<Option<(String, Instant)>> = Mutex::new(None);
/// How long a question may run until the search stops with it. Well above the bound, since the machine may be busy.
const NO_END: Duration = Duration::from_secs(60);

/// Stops the search at a question that does not end.
fn watch() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(1));
        let asking = ASKING.lock().ok().and_then(|it| it.clone());
        if let Some((question, since)) = asking
            && since.elapsed() > NO_END
        {
            eprintln!("over the bound: no end in {} s: {question}", NO_END.as_secs());
            std::process::exit(1);
        }
    }
}

fn measure(asked: &Asked, hostile: &Hostile, question: &str) -> Taken {
    if let Ok(mut asking) = ASKING.lock() {
        *asking = Some((format!("{question}: {}", hostile.json()), Instant::now()));
    }
    let (before, start) = (NOW.get(), processor_time());
    MOST.set(before);
    let ends = asked.ask(question);
    let time = processor_time().saturating_sub(start);
    Taken { hostile: hostile.clone(), time, memory: MOST.get().saturating_sub(before), ends }
}

fn random(random: &mut Random) -> Hostile {
    Hostile {
        shape: random.of(&SHAPES).into(),
        kind: random.of(&KINDS).into(),
        size: random.of(&[4, 16, 40, 120, 500, 2_000]),
        values: random.of(&[1, 2, 5, 30, 256]),
        roles: random.of(&[0, 0, 3, 30, 300]),
        grants: random.of(&[1, 5, 50]),
        letters: random.of(&[1, 8, 120]),
        depth: random.of(&[0, 3, 64]),
        seed: random.bits() % 1_000,
    }
}

/// A document with some of its numbers changed; those of its size by a tenth or twofold.
fn changed(hostile: &Hostile, random: &mut Random) -> Hostile {
    let mut next = hostile.clone();
    let scaled = |number: usize, random: &mut Random, most: usize| {
        let factor = random.of(&[5, 9, 11, 20]);
        (number * factor / 10 + random.below(3)).clamp(1, most)
    };
    for _ in 0..=random.below(2) {
        match random.below(10) {
            0 => next.shape = random.of(&SHAPES).into(),
            1 => next.kind = random.of(&KINDS).into(),
            2 => next.values = scaled(next.values, random, 256),
            3 => next.roles = scaled(next.roles, random, 3_000),
            4 => next.grants = scaled(next.grants, random, 300),
            5 => next.letters = scaled(next.letters, random, 120),
            6 => next.depth = random.below(65),
            7 => next.seed = random.bits() % 1_000,
            _ => next.size = scaled(next.size, random, 20_000),
        }
    }
    next
}

/// Asks every question about one document, and prints what each took.
fn show(hostile: &Hostile) {
    let asked = Asked::new(hostile);
    for question in QUESTIONS {
        let Taken { time, memory, ends, .. } = measure(&asked, hostile, question);
        println!("{question:16} {:6} ms {:4} MiB  {ends}", time.as_millis(), memory >> 20);
    }
}

fn main() {
    std::thread::spawn(|| watch());
    if let Some(document) = std::env::args().nth(1) {
        return show(&Hostile::read(&serde_json::from_str(&document).unwrap_or_default()));
    }
    let number = |name: &str, default: u64| std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(default);
    let end = Instant::now() + Duration::from_secs(number("BOUNDS_SECONDS", 20));
    let mut generator = Random::new(number("BOUNDS_SEED", 1));
    let mut slowest: BTreeMap<&str, Taken> = BTreeMap::new();
    let mut largest: BTreeMap<&str, Taken> = BTreeMap::new();
    let (mut documents, mut questions, mut over) = (0_usize, 0_usize, 0_usize);
    while Instant::now() < end {
        // A question whose worst document is changed; at first, and now and then, a new one
        let known: Vec<&Taken> = slowest.values().chain(largest.values()).collect();
        let hostile = match known.len() {
            0 => random(&mut generator),
            _ if documents < 60 || generator.below(5) == 0 => random(&mut generator),
            count => changed(&known[generator.below(count)].hostile, &mut generator),
        };
        let asked = Asked::new(&hostile);
        documents += 1;
        for question in QUESTIONS {
            let mut taken = measure(&asked, &hostile, question);
            questions += 1;
            if taken.time > TIME || taken.memory > MEMORY {
                // Once more, since the first time may have met a cold cache
                let again = measure(&asked, &hostile, question);
                taken.time = taken.time.min(again.time);
                if taken.time > TIME || taken.memory > MEMORY {
                    over += 1;
                    eprintln!("over the bound: {question} {} ms, {} MiB: {}", taken.time.as_millis(), taken.memory >> 20, hostile.json());
                }
            }
            let worse = |map: &BTreeMap<&str, Taken>, by: fn(&Taken) -> u128| map.get(question).is_none_or(|it| by(&taken) > by(it));
            let is_slower = worse(&slowest, |it| it.time.as_nanos());
            if worse(&largest, |it| it.memory as u128) {
                largest.insert(question, taken.clone());
            }
            if is_slower {
                slowest.insert(question, taken);
            }
        }
    }
    for question in QUESTIONS {
        for (what, found) in [("time", slowest.get(question)), ("memory", largest.get(question))] {
            let Some(taken) = found else { continue };
            eprintln!(
                "{}",
                json!({
                    "question": question, "most": what, "ms": taken.time.as_micros() as f64 / 1_000.0, "mib": taken.memory as f64 / 1_048_576.0,
                    "ends": taken.ends, "document": taken.hostile.json(),
                })
            );
        }
    }
    let most = |map: &BTreeMap<&str, Taken>, by: fn(&Taken) -> f64| map.values().map(by).fold(0.0, f64::max);
    let figures = json!({
        "part": "bounds", "documents": documents, "questions": questions, "over bounds": over,
        "mostMs": most(&slowest, |it| it.time.as_secs_f64() * 1_000.0).round(),
        "mostMib": most(&largest, |it| it.memory as f64 / 1_048_576.0).round(),
    });
    println!("{figures}");
    if over > 0 {
        std::process::exit(1);
    }
}
