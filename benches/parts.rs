//! What the parts take natively, on the three built-in policies and on the documents of AWS IAM that `make bench` leaves
//! in `target/bench/iam`. `cargo bench --bench parts`; `make bench` runs it shortly and keeps its figures.
#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use privet::model::{FactKind, PrivilegeKind, Value};
use privet::pack::{Fact, Policy, Privilege};
use privet::policies;
use privet::session::{Change, Subject};
use privet::{FixOptions, Studio, Target};
use std::cell::Cell;
use std::hint::black_box;
use std::{fs, path::Path};

/// A policy with what is asked of it.
struct Asked {
    text: String,
    studio: Studio,
    /// Somebody with a third of the privileges, or about a thousand of them, of whom every fact is known that must be.
    subject: Subject,
    /// Granting and taking away the first flag.
    changes: [Change; 2],
}

impl Asked {
    fn of(text: String) -> Self {
        let studio = Studio::compile(&text, true).unwrap();
        let program = studio.policy().program();
        let step = (program.privileges.len() / 1000).max(3);
        let grants = program.privileges.iter().step_by(step).filter_map(|it| Some((it.id.clone(), granted(it)?)));
        let facts = program.facts.iter().filter(|it| it.absent.is_none()).map(|it| (it.id.clone(), known(it)));
        let subject = Subject { grants: grants.collect(), facts: facts.collect(), ..Subject::default() };
        let flag = program.privileges.iter().find(|it| it.kind == PrivilegeKind::Flag).unwrap().id.clone();
        let change = |value| Change { set: vec![(flag.clone(), value)], ..Change::default() };
        let changes = [change(Value::Flag(true)), change(Value::Null)];
        Self { text, studio, subject, changes }
    }

    /// The same policy, but that its first operation is allowed to everybody.
    fn changed(&self) -> Studio {
        let mut document: serde_json::Value = serde_json::from_slice(self.policy().document_section()).unwrap();
        *document.pointer_mut("/operations/0/requires").unwrap() = "true".into();
        Studio::compile(&document.to_string(), false).unwrap()
    }

    const fn policy(&self) -> &Policy {
        self.studio.policy()
    }
}

fn granted(privilege: &Privilege) -> Option<Value> {
    let last = || privilege.values.last().cloned().map(Value::Text);
    match privilege.kind {
        PrivilegeKind::Flag => Some(Value::Flag(true)),
        PrivilegeKind::Level | PrivilegeKind::Choice => last(),
        PrivilegeKind::Set => Some(Value::List(last().into_iter().collect())),
        PrivilegeKind::Number => Some(Value::Number(privilege.min.max(1))),
    }
}

fn known(fact: &Fact) -> Value {
    match fact.kind {
        FactKind::Switch => Value::Flag(true),
        FactKind::Number => Value::Number(1),
        FactKind::Choice | FactKind::Level => fact.values.first().cloned().map_or(Value::Null, Value::Text),
    }
}

/// Goes through things again and again: a bench asks about all of them in turn.
fn turns<'a>(things: impl Iterator<Item = &'a str>) -> impl Fn() -> &'a str {
    let (things, at) = (things.collect::<Vec<_>>(), Cell::new(0));
    move || {
        at.set((at.get() + 1) % things.len());
        things.get(at.get()).unwrap()
    }
}

fn policy(group: &mut BenchmarkGroup<WallTime>, asked: &Asked) {
    let policy = asked.policy();
    let session = policy.session(&asked.subject).unwrap();
    group.bench_function("compile", |it| it.iter(|| Studio::compile(black_box(&asked.text), true).unwrap()));
    group.bench_function("open", |it| it.iter(|| Policy::open(black_box(policy.pack())).unwrap()));
    group.bench_function("session", |it| it.iter(|| policy.session(black_box(&asked.subject)).unwrap()));
    group.bench_function("with", |it| {
        let ([grant, take], mut held) = (&asked.changes, false);
        it.iter(|| {
            held = !held;
            session.with(if held { grant } else { take }).unwrap()
        });
    });
    group.bench_function("whole menu", |it| it.iter(|| session.menu()));
    group.bench_function("token", |it| it.iter(|| session.token()));
    let token = session.token();
    group.bench_function("restore", |it| it.iter(|| policy.restore(black_box(&token), &asked.subject.facts).unwrap()));
}

fn questions(group: &mut BenchmarkGroup<WallTime>, asked: &Asked) {
    let studio = &asked.studio;
    let program = asked.policy().program();
    let nobody = asked.policy().session(&Subject::default()).unwrap();
    let (operation, privilege) = (turns(program.operations.ids()), turns(program.privileges.ids()));
    let options = FixOptions::default();
    group.bench_function("explain", |it| it.iter(|| studio.explain(&nobody, operation()).unwrap()));
    group.bench_function("fixes", |it| it.iter(|| studio.fixes(&nobody, operation(), &options).unwrap()));
    let impact = |id: &str| studio.impact(&Target::Privilege(id.into(), None)).unwrap();
    if program.operations.len() < 1000 {
        group.bench_function("impact", |it| it.iter(|| impact(privilege()))); // asks about each operation: seconds
    }
    let changed = asked.changed();
    group.bench_function("compare", |it| it.iter(|| studio.compare(&changed)));
}

fn built_in(criterion: &mut Criterion) {
    let all = [("vicidial", policies::VICIDIAL), ("contact", policies::CONTACT), ("dotdigital", policies::DOTDIGITAL)];
    for (id, text) in all {
        let asked = Asked::of(text.into());
        let mut group = criterion.benchmark_group(id);
        policy(&mut group, &asked);
        questions(&mut group, &asked);
        group.finish();
    }
}

/// The largest document of AWS IAM, if it has been made.
fn iam(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench/iam");
    let files = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap());
    let documents = files.filter(|file| file.file_name().to_string_lossy().starts_with("iam-"));
    let Some(largest) = documents.max_by_key(|file| file.metadata().unwrap().len()) else { return };
    let asked = Asked::of(fs::read_to_string(largest.path()).unwrap());
    let mut group = criterion.benchmark_group("iam");
    group.sample_size(10);
    policy(&mut group, &asked);
    questions(&mut group, &asked);
    group.finish();
}

criterion_group!(benches, built_in, iam);
criterion_main!(benches);
