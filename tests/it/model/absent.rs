//! Rule 4 on the model: the `absent` value of a fact must not open anything that another value would not open.

use crate::model::{Model, Person};
use crate::support::random::Random;
use privet::document::{Fact, Operation};
use privet::session::Subject;

/// An operation that the `absent` value of a fact opens to one of some random subjects. (Rule 4 does not apply to
/// subjects whose roles clash under one of the values.)
pub(crate) fn opens(model: &Model, random: &mut Random, subjects: usize) -> Option<String> {
    (0..subjects).find_map(|_| {
        let subject = model.subject(random);
        let mut facts = model.document.facts.iter().filter(|fact| fact.absent.is_some());
        facts.find_map(|fact| opens_to(model, &subject, fact))
    })
}

fn opens_to(model: &Model, subject: &Subject, fact: &Fact) -> Option<String> {
    let mut given = subject.clone();
    given.facts.retain(|(id, _)| **id != *fact.id);
    let absent = Person::new(model, &given).ok()?;
    model.fact_values(fact).into_iter().find_map(|value| {
        let mut given = given.clone();
        given.facts.push((fact.id.to_string(), value.clone()));
        let other = Person::new(model, &given).ok()?;
        let opened = model.document.operations.iter().find(|operation| is_opened(&absent, &other, operation))?;
        Some(format!("`{}` absent opens `{}`, {value:?} would not, to {given:?}", fact.id, opened.id))
    })
}

/// Whether the first session is allowed more than the second, or owes less.
fn is_opened(absent: &Person, other: &Person, operation: &Operation) -> bool {
    let allowed = |person: &Person| person.decision(operation) == Some(true);
    let owed = absent.obligations(operation);
    let owes_less = || other.obligations(operation).iter().any(|id| !owed.contains(id));
    allowed(absent) && (!allowed(other) || owes_less())
}
