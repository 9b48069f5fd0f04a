//! The built-in policies, decided by the compiled program and by the reference model in `model`.
//!
//! For every operation, obligation and dependency of a privilege, *all* assignments of the inputs that it reads are
//! compared. This proves that the program means what the document states. Random subjects compare whole sessions,
//! listed and inline roles included. `cargo test --test it second_opinion -- --nocapture` prints the counts.

use crate::model::compare::{compare, truth};
use crate::model::reads::Reads;
use crate::model::{Model, Person};
use crate::support::random::Random;
use privet::model::Value;
use privet::policies::{CONTACT, DOTDIGITAL, VICIDIAL};
use privet::session::{RoleRef, Session, Subject};
use privet::studio::Studio;
use std::io::Write;

/// The maximum number of assignments of one requirement. No built-in policy comes near it.
const MOST_ASSIGNMENTS: usize = 200_000;
const RANDOM_SUBJECTS: u64 = 2_000;
/// For each of these subjects, every operation is decided again from its record.
const RECORDED_SUBJECTS: u64 = 40;

#[test]
fn contact_agrees_with_the_model() {
    agrees_with_the_model("contact", CONTACT, 600);
}

#[test]
fn dotdigital_agrees_with_the_model() {
    agrees_with_the_model("dotdigital", DOTDIGITAL, 600);
}

#[test]
fn vicidial_agrees_with_the_model() {
    agrees_with_the_model("vicidial", VICIDIAL, 60_000);
}

fn agrees_with_the_model(name: &str, text: &str, at_least: usize) {
    let studio = Studio::compile(text, true).unwrap_or_else(|report| panic!("{name}: {report:?}"));
    let model = Model::new(studio.checked().document());
    let operations = prove_operations(&studio, &model);
    let obligations = prove_obligations(&studio, &model);
    let privileges = prove_privileges(&studio, &model);
    // Written to the terminal directly, so that every run shows the number of proved items.
    let _ = writeln!(
        std::io::stderr(),
        "{name}: proved {operations} cases of {} operations, {obligations} of obligations, {privileges} of {} privileges, \
         {RANDOM_SUBJECTS} random subjects",
        model.document.operations.len(),
        model.document.privileges.len()
    );
    assert!(operations + obligations + privileges >= at_least, "{name}: fewer cases than expected");
    for seed in 0..RANDOM_SUBJECTS {
        let subject = model.subject(&mut Random::new(seed));
        if let Err(difference) = compare(&model, studio.policy(), &subject) {
            panic!("{name}: {difference}\n{subject:?}");
        }
        if seed < RECORDED_SUBJECTS {
            replay(&studio, &model, &subject);
        }
    }
}

/// The record of an operation yields the same decision, and contains only inputs that its requirements name.
fn replay(studio: &Studio, model: &Model, subject: &Subject) {
    let Ok(session) = studio.policy().session(subject) else { return };
    let resolved = |text: &str| {
        let value = Value::from(&serde_json::from_str::<serde_json::Value>(text).unwrap());
        Subject::from_value(value).unwrap()
    };
    let whole = resolved(&session.inputs(None).unwrap());
    assert_eq!(studio.policy().session(&whole).unwrap().state(), session.state());
    for operation in model.document.operations.iter() {
        let mut reads = Reads::of_requirement(model, operation.requires.as_str());
        operation.obligations.iter().for_each(|owed| reads.requirement(model, owed.when.as_str()));
        let text = session.inputs(Some(&operation.id)).unwrap();
        let part = resolved(&text);
        let again = studio.policy().session(&part).unwrap();
        assert_eq!(again.decide(&operation.id), session.decide(&operation.id), "{} of {text}", operation.id);
        let inline = part.roles.iter().filter_map(RoleRef::inline_grants);
        for (id, _) in inline.flatten().chain(&part.grants).chain(&part.facts) {
            assert!(reads.has(id), "{} does not read `{id}`, which is in {text}", operation.id);
        }
    }
}

fn prove_operations(studio: &Studio, model: &Model) -> usize {
    let operations = model.document.operations.iter().map(|operation| {
        let reads = Reads::of_requirement(model, operation.requires.as_str());
        prove(studio, model, &operation.id, &reads, |session, person| {
            let decided = session.decide(&operation.id).unwrap().verdict;
            (format!("{:?}", truth(decided)), format!("{:?}", person.decision(operation)))
        })
    });
    operations.sum()
}

/// Obligations are read from the program's slots, because `decide` returns those of allowed operations only.
fn prove_obligations(studio: &Studio, model: &Model) -> usize {
    let program = studio.policy().program();
    let declared = model.document.operations.iter().zip(&program.operations);
    let obligations = declared.flat_map(|(operation, decided)| operation.obligations.iter().zip(&decided.obligations));
    let obligations = obligations.map(|(obligation, decided)| {
        let when = obligation.when.as_str();
        prove(studio, model, &obligation.id, &Reads::of_requirement(model, when), |session, person| {
            let owed = session.verdict(decided.owed);
            (format!("{:?}", truth(owed)), format!("{:?}", person.requirement(when)))
        })
    });
    obligations.sum()
}

fn prove_privileges(studio: &Studio, model: &Model) -> usize {
    let privileges = model.document.privileges.iter().map(|privilege| {
        let reads = Reads::of_privilege(model, &privilege.id);
        prove(studio, model, &privilege.id, &reads, |session, person| {
            (format!("{:?}", session.holds(&privilege.id).unwrap()), format!("{:?}", person.holds(privilege)))
        })
    });
    privileges.sum()
}

/// Compares two evaluations for all assignments of the inputs that they read. Returns the number of assignments.
fn prove(
    studio: &Studio,
    model: &Model,
    id: &str,
    reads: &Reads,
    answers: impl Fn(&Session, &Person) -> (String, String),
) -> usize {
    let assignments = reads.assignments(model);
    let size = assignments.size();
    assert!(size <= MOST_ASSIGNMENTS, "`{id}` reads too much to try everything: {size} assignments");
    for subject in assignments {
        let (session, person) = both(studio, model, &subject);
        let (decided, expected) = answers(&session, &person);
        assert_eq!(decided, expected, "`{id}` for {subject:?}");
    }
    size
}

/// Without listed roles there is no clash.
fn both<'a>(studio: &'a Studio, model: &'a Model, subject: &Subject) -> (Session<'a>, Person<'a>) {
    let person = Person::new(model, subject).unwrap_or_else(|clash| panic!("{clash:?} clash for {subject:?}"));
    (studio.policy().session(subject).unwrap(), person)
}
