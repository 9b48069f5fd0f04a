//! Random policies with all features, decided for random subjects by the program and by the reference model; and
//! properties that hold for every policy: of packs, canonical documents, explanations and changes.
//!
//! `PROPTEST_CASES` sets the number of policies, `PROPTEST_RNG_SEED` the seed, which is the same in every run by
//! default. `PRIVET_DECISIONS` sets the number of decisions of populations that are compared with those of single
//! sessions (100000000 takes some minutes).

use crate::model::compare::compare;
use crate::model::{Model, Person};
use crate::model::{absent, changes, core_cases, decisions, policies, previews, sufficient};
use crate::support::random::Random;
use privet::check::{check, checked};
use privet::diagnostic::{Code, Diagnostic, Severity};
use privet::model::Verdict;
use privet::pack::Policy;
use privet::policies::{CONTACT, DOTDIGITAL, VICIDIAL};
use privet::session::{Session, Subject};
use privet::{NodeKind, Studio, TestNode};
use proptest::prelude::*;
use std::cell::Cell;
use std::io::Write;

const POLICIES: u32 = 1_000;
const SUBJECTS: usize = 4;
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
        if !is_accepted(&text, raw.careless)? {
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

/// Whether the checker accepts a document. It refuses exactly the documents for which it reports an error. Generated
/// documents are legal except for `absent` values.
fn is_accepted(text: &str, careless: bool) -> Result<bool, TestCaseError> {
    let (diagnostics, checked) = (check(text, true), checked(text));
    let errors: Vec<_> = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    prop_assert_eq!(errors.is_empty(), checked.is_some(), "errors and refusal: {:?}", diagnostics);
    let others: Vec<_> = errors.iter().filter(|error| error.code != Code::AbsentOpens).collect();
    prop_assert!(careless || others.is_empty(), "refused, though legal: {:?}", others);
    Ok(checked.is_some())
}

/// Checks all properties of an accepted policy. Returns the number of valid subjects.
fn policy(text: &str, seed: u64) -> Result<usize, String> {
    let studio = Studio::compile(text, false).map_err(|report| format!("{report:?}"))?;
    let warnings = check(text, false);
    packs(studio.policy())?;
    let model = Model::new(studio.checked().document());
    let mut random = Random::new(seed);
    if let Some(opened) = absent::opens(&model, &mut random, SUBJECTS) {
        return Err(opened);
    }
    let mut resolved = 0;
    for _ in 0..SUBJECTS {
        let subject = model.subject(&mut random);
        let change = changes::random(&model, &mut random);
        let about = |fault: String| format!("{fault}\n{subject:?}");
        if compare(&model, studio.policy(), &subject).map_err(about)? {
            resolved += 1;
            constants(&model, &warnings, &subject).map_err(about)?;
            explanations(&studio, &model, &subject).map_err(about)?;
            tokens(studio.policy(), &subject).map_err(about)?;
            changes::agree(&model, studio.policy(), &subject, &change)
                .map_err(|fault| format!("{fault}\n{subject:?}\n{change:?}"))?;
        }
    }
    previews::agree(&studio, &model, &mut random, SUBJECTS)?;
    Ok(resolved)
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

/// Writes `target/tmp/core-cases.jsonl`, with which `pkg/test/core.test.mjs` compares the package's core.
#[test]
fn core_cases_are_recorded_for_the_package() {
    let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/core-cases.jsonl");
    let file = std::fs::File::create(path).expect("a file in target/tmp");
    let file = std::cell::RefCell::new(std::io::BufWriter::new(file));
    let write = |text: &str, seed, subjects| {
        let Ok(studio) = Studio::compile(text, false) else { return };
        let model = Model::new(studio.checked().document());
        let line = core_cases::line(studio.policy(), &model, &mut Random::new(seed), subjects);
        writeln!(file.borrow_mut(), "{line}").expect("room in target/tmp");
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

/// A pack is read as it was written, and its document compiles to the same pack.
fn packs(policy: &Policy) -> Result<(), String> {
    let opened = Policy::open(policy.pack()).map_err(|error| error.to_string())?;
    ensure(opened == *policy, "the opened pack is another policy")?;
    let canonical = core::str::from_utf8(policy.document_section()).map_err(|error| error.to_string())?;
    let again = Policy::compile(canonical).map_err(|report| format!("canonical document: {report:?}"))?;
    ensure(again.pack() == policy.pack(), "the canonical document compiles to another pack")?;
    let studio = Studio::open(&opened).map_err(|error| error.to_string())?;
    ensure(studio.policy() == policy, "the studio opened another policy")
}

pub(crate) fn ensure(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

/// The checker's findings about all subjects hold for this subject. (`never` and `always` are about known facts, so an
/// undecided operation contradicts neither.)
fn constants(model: &Model, warnings: &[Diagnostic], subject: &Subject) -> Result<(), String> {
    let person = Person::new(model, subject).map_err(|clash| format!("{clash:?} clash"))?;
    for (place, operation) in model.document.operations.iter().enumerate() {
        let at = format!("/operations/{place}/requires");
        let is_reported = |code| warnings.iter().any(|warning| warning.code == code && warning.pointer == at);
        let refuted = match person.decision(operation) {
            Some(true) => is_reported(Code::NeverAllowed),
            Some(false) => is_reported(Code::AlwaysAllowed),
            None => false,
        };
        ensure(!refuted, &format!("`{}` is not always or never allowed", operation.id))?;
    }
    Ok(())
}

/// Restoring a token yields the same session.
fn tokens(policy: &Policy, subject: &Subject) -> Result<(), String> {
    let session = policy.session(subject).map_err(|error| error.to_string())?;
    let restored = policy.restore(&session.token(), &subject.facts).map_err(|error| error.to_string())?;
    // The planes are not compared: they also state which roles are held, which a token does not.
    let decided =
        |it: &Session| policy.program().operations.ids().map(|id| format!("{:?}", it.decide(id))).collect::<Vec<_>>();
    let same = decided(&restored) == decided(&session) && restored.menu() == session.menu();
    ensure(same, "a token came back as another session")?;
    ensure(restored.token() == session.token(), "a token that came back gives another")
}

/// The verdict of an explanation is the decision, and each node follows from its children.
fn explanations(studio: &Studio, model: &Model, subject: &Subject) -> Result<(), String> {
    let session = studio.policy().session(subject).map_err(|error| error.to_string())?;
    for operation in &studio.policy().program().operations {
        let decided = session.decide(&operation.id).map_err(|error| error.to_string())?;
        let explained = studio.explain(&session, &operation.id).map_err(|error| error.to_string())?;
        let decision = match decided.verdict {
            Verdict::Yes => "allowed",
            Verdict::No => "denied",
            Verdict::Unknown => "undecided",
        };
        let fault = |what: &str| format!("explanation of `{}`: {what}: {explained:?}", operation.id);
        ensure(explained.decision == decision, &fault("another decision"))?;
        ensure(explained.tree.verdict == decided.verdict, &fault("another verdict"))?;
        ensure(explained.obligations == decided.obligations, &fault("other obligations"))?;
        ensure(follows(&explained.tree), &fault("a node does not follow from its parts"))?;
        let facts = decision == "undecided" || explained.facts.is_empty() || has_unknown(&explained.tree);
        ensure(facts || explained.args.reasons.iter().any(|it| !it.through.is_empty()), &fault("facts"))?;
        let declared =
            |id: &String| model.facts.contains_key(id.as_str()) || model.privileges.contains_key(id.as_str());
        ensure(explained.decisive.iter().all(declared), &fault("what decides is neither a fact nor a privilege"))?;
        if decided.verdict == Verdict::Yes {
            sufficient::agrees(studio, model, (subject, &session), &explained)?;
        }
    }
    Ok(())
}

/// Whether each node of an explanation follows from its children. (An operation that is already explained has no
/// children; the child of a test on an operation is the requirement of that operation.)
fn follows(node: &TestNode) -> bool {
    let mut parts = node.children.iter().map(|part| part.verdict);
    let expected = match node.kind {
        NodeKind::All => parts.fold(Verdict::Yes, |all, part| all & part),
        NodeKind::Any => parts.fold(Verdict::No, |any, part| any | part),
        NodeKind::Not => parts.next().map_or(node.verdict, |part| !part),
        NodeKind::Test => parts.next().unwrap_or(node.verdict),
    };
    node.verdict == expected && node.children.iter().all(follows)
}

fn has_unknown(node: &TestNode) -> bool {
    node.verdict == Verdict::Unknown || node.children.iter().any(has_unknown)
}
