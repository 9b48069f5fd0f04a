//! Random changes: a changed session equals the session of the changed subject.

use crate::model::lookup::Reassigned;
use crate::model::properties::ensure;
use crate::model::{Given, Model, Person, has_one_value, results};
use crate::support::random::Random;
use privet::model::Value;
use privet::pack::Policy;
use privet::session::{Change, Session, Subject, SubjectFault};

/// A random change with a few assignments.
pub(crate) fn random(model: &Model, random: &mut Random) -> Change {
    let mut change = Change::default();
    for privilege in model.document.privileges.iter() {
        match random.below(8) {
            0 => change.set.push((privilege.id.to_string(), Value::Null)),
            1 => change.set.push((privilege.id.to_string(), model.grant(random, privilege))),
            _ => {}
        }
    }
    for fact in model.document.facts.iter() {
        match random.below(8) {
            0 => change.facts.push((fact.id.to_string(), Value::Null)),
            1 => change.facts.push((fact.id.to_string(), random.of(&model.fact_values(fact)))),
            _ => {}
        }
    }
    for role in model.document.roles.iter() {
        match random.below(6) {
            0 => change.add.push(role.id.to_string()),
            1 => change.remove.push(role.id.to_string()),
            _ => {}
        }
    }
    change
}

/// Checks that a changed session equals the session of the changed subject, and that exactly those changes are refused
/// that a role undoes.
pub(crate) fn agree(model: &Model, policy: &Policy, subject: &Subject, change: &Change) -> Result<(), String> {
    let session = policy.session(subject).map_err(|error| error.to_string())?;
    let after = changed(subject, change);
    match (session.with(change), policy.session(&after)) {
        (Ok(changed), Ok(fresh)) => {
            ensure(!is_undone(model, &after, change), "a change that roles undo is accepted")?;
            same(&changed, &fresh)
        }
        (Err(error), Ok(_)) if matches!(error.fault(), SubjectFault::HeldByRole | SubjectFault::HeldByFact) => {
            ensure(is_undone(model, &after, change), &format!("no role undoes the change, but {error}"))
        }
        (Err(error), Err(fresh)) => ensure(error == fresh, &format!("with: {error}; fresh: {fresh}")),
        (changed, fresh) => Err(format!("with: {:?}; fresh: {:?}", changed.err(), fresh.err())),
    }
}

/// Rule 9: whether a role known to be held still grants the changed subject what the change removes.
fn is_undone(model: &Model, after: &Subject, change: &Change) -> bool {
    let Ok(person) = Person::new(model, after) else { return false };
    let assumed = |id: &String| {
        let role = model.document.roles.iter().find(|role| *role.id == **id);
        role.and_then(|role| role.when.as_ref()).is_some_and(|when| person.requirement(when.as_str()) == Some(true))
    };
    let less = |(id, value): &(String, Value)| {
        let privilege = model.privileges[id.as_str()];
        let by_roles = person.by_roles(privilege);
        let set = if *value == Value::Null { Given::default() } else { Given::of(privilege, value) };
        // An own choice or number counts whatever roles give, so only removing it can be undone.
        let stands = has_one_value(privilege) && *value != Value::Null;
        !stands && by_roles.join(&set) != set
    };
    change.remove.iter().any(assumed) || change.set.iter().any(less)
}

fn same(changed: &Session, fresh: &Session) -> Result<(), String> {
    ensure(changed.state() == fresh.state(), "the changed state is another")?;
    ensure(changed.held_roles() == fresh.held_roles(), "the changed session holds other roles")?;
    ensure(changed.outputs() == fresh.outputs(), "the changed session decides otherwise")?;
    for privilege in &fresh.program().privileges {
        ensure(changed.holds(&privilege.id) == fresh.holds(&privilege.id), "the changed session holds something else")?;
    }
    Ok(())
}

/// The subject after a change, computed by hand.
fn changed(subject: &Subject, change: &Change) -> Subject {
    let assigned = |values: &[(String, Value)]| {
        let value = |value: &Value| (*value != Value::Null).then(|| value.clone());
        values.iter().map(|(id, it)| (id.clone(), value(it))).collect()
    };
    let (set, facts) = (assigned(&change.set), assigned(&change.facts));
    results::changed(
        subject,
        &Reassigned { set, facts, add: change.add.clone(), remove: change.remove.clone(), amend: Vec::new() },
    )
}
