//! Populations of random rows, compared with sessions that are evaluated one by one and, for some people, with the
//! reference interpreter.

use crate::model::Model;
use crate::model::compare;
use crate::support::random::Random;
use crate::support::rows;
use privet::model::{Value, Verdict};
use privet::session::{Session, Subject, SubjectError};
use privet::{Population, Studio};
use std::fmt;

/// The number of people in a population.
const PEOPLE: usize = 10_000;
/// One person in this many is also decided by the interpreter, which is slow.
const SAMPLE: usize = 997;

/// The number of comparisons and of differences.
#[derive(Default)]
pub(crate) struct Compared {
    pub(crate) decisions: usize,
    people: usize,
    refused: usize,
    interpreted: usize,
    pub(crate) differ: usize,
    first: Option<String>,
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { decisions, people, refused, interpreted, differ, first } = self;
        let first = first.as_ref().map(|first| format!(", the first: {first}")).unwrap_or_default();
        write!(
            f,
            "populations and single sessions: {decisions} decisions of {people} people compared ({refused} of them \
             refused, {interpreted} also interpreted), {differ} differ{first}"
        )
    }
}

impl Compared {
    fn expect(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.differ += 1;
            self.first.get_or_insert_with(what);
        }
    }
}

/// Compares at least this number of decisions of random people; one row in forty is damaged.
pub(crate) fn compare(studio: &Studio, least: usize, seed: u64, compared: &mut Compared) {
    let policy = studio.policy();
    let operations = policy.program().operations.len();
    let model = Model::new(studio.checked().document());
    let mut random = Random::new(seed);
    let mut left = least.div_ceil(operations);
    while left > 0 {
        let size = left.min(PEOPLE);
        left -= size;
        let mut people = rows::rows(policy, size, random.bits());
        for row in people.rows.chunks_mut(policy.row_width()) {
            if random.below(40) == 0 {
                let at = random.below(row.len());
                row[at] ^= 1 << random.below(8);
            }
        }
        let population = studio.policy().population_of_rows(&people).expect("no inline roles");
        let sessions: Vec<_> = people.rows.chunks(policy.row_width()).map(|row| policy.read_row(row)).collect();
        of_all(&population, &sessions, compared);
        for session in sessions.iter().flatten().step_by(SAMPLE) {
            let subject = subject(session);
            let agrees = compare::compare(&model, policy, &subject);
            compared.interpreted += 1;
            compared.expect(agrees == Ok(true), || format!("{agrees:?}: {subject:?}"));
        }
    }
}

/// Compares all decisions and errors of a population with those of its sessions.
pub(crate) fn of_all(population: &Population, sessions: &[Result<Session, SubjectError>], compared: &mut Compared) {
    let mut errors = population.errors().iter().peekable();
    for (row, session) in sessions.iter().enumerate() {
        let reported = errors.next_if(|error| error.row == row).map(|error| &error.error);
        compared.expect(reported == session.as_ref().err(), || {
            format!("row {row}: {reported:?}, {:?}", session.as_ref().err())
        });
        compared.refused += usize::from(session.is_err());
    }
    compared.people += sessions.len();
    let matrix = population.matrix();
    let Some(program) = sessions.iter().flatten().map(Session::program).next() else { return };
    for (column, operation) in program.operations.iter().enumerate() {
        let mut undecided = population.undecided(&operation.id).expect("an operation").into_iter().peekable();
        for (row, session) in sessions.iter().enumerate() {
            let expected = session.as_ref().map_or(Verdict::No, |session| session.verdict(operation.decision));
            let found = match (matrix.get(row, column), undecided.next_if_eq(&row)) {
                (true, None) => Some(Verdict::Yes),
                (false, None) => Some(Verdict::No),
                (false, Some(_)) => Some(Verdict::Unknown),
                (true, Some(_)) => None,
            };
            compared
                .expect(found == Some(expected), || format!("row {row}, `{}`: {found:?}, {expected:?}", operation.id));
        }
        compared.decisions += sessions.len();
    }
}

/// The subject of a session, by ids.
fn subject(session: &Session) -> Subject {
    let json: serde_json::Value = serde_json::from_str(&session.inputs(None).expect("the whole")).expect("JSON");
    Subject::from_value(Value::from(&json)).expect("a subject")
}
