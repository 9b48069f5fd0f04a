//! Impact and least privilege, compared with brute force over all possible subjects of small random policies.

use crate::model::Model;
use crate::model::policies;
use privet::model::{Value, Verdict};
use privet::pack::Policy;
use privet::session::{RoleRef, Session, Subject};
use privet::{Impact, LeastPrivilegeBy, LeastPrivilegeOptions, Studio, Target};
use proptest::prelude::*;
use std::cell::Cell;
use std::collections::BTreeSet;

const POLICIES: u32 = 400;
/// The maximum number of subjects of a policy; larger policies are skipped.
const PEOPLE: usize = 3_000;

#[test]
fn impact_agrees_with_brute_force() {
    let asked = Cell::new(0);
    policies::each(POLICIES, 3, |raw, _| {
        let text = raw.document().to_string();
        let Ok(studio) = Studio::compile(&text, false) else { return Ok(()) };
        let model = Model::new(studio.checked().document());
        let Some(people) = all_subjects(&model) else { return Ok(()) };
        let sessions: Vec<(Subject, Session)> = people
            .into_iter()
            .filter_map(|it| studio.policy().session(&it).ok().map(|session| (it, session)))
            .collect();
        for privilege in model.document.privileges.iter() {
            asked.set(asked.get() + 1);
            let id = privilege.id.to_string();
            let found = studio
                .impact(&Target::Privilege(id.clone(), None))
                .map_err(|it| TestCaseError::fail(it.to_string()))?;
            let expected = brute_force(&studio, &sessions, &id);
            prop_assert_eq!(lists(&found), lists(&expected), "impact of `{}`", id);
            let Some(sole) = sole_ways(&raw.document(), &studio, &sessions, &id) else { continue };
            prop_assert_eq!(&found.sole_way_to, &sole, "sole ways by `{}`", id);
            // An operation needs a privilege exactly if the privilege is a sole way to it.
            for operation in studio.policy().program().operations.ids() {
                let target = Target::Operation(operation.to_owned());
                let needed = studio.impact(&target).map_err(|it| TestCaseError::fail(it.to_string()))?.needed;
                prop_assert_eq!(
                    needed.contains(&id),
                    sole.iter().any(|it| it == operation),
                    "needed by `{}`",
                    operation
                );
            }
        }
        least(&studio, &sessions).map_err(TestCaseError::fail)?;
        Ok(())
    });
    println!("{} targets", asked.get());
    assert!(asked.get() > 100, "too few policies are small enough to test much");
}

/// All subjects that requirements can distinguish: each combination of own grants, facts and roles.
fn all_subjects(model: &Model) -> Option<Vec<Subject>> {
    let mut people = vec![Subject::default()];
    let mut spread = |each: &dyn Fn(&Subject) -> Vec<Subject>| {
        people = people.iter().flat_map(each).collect();
        people.len() <= PEOPLE
    };
    for privilege in model.document.privileges.iter() {
        let given = entries(&privilege.id, model.grants(privilege));
        if !spread(&|subject| each(subject, &given, |it| &mut it.grants)) {
            return None;
        }
    }
    for fact in model.document.facts.iter() {
        let known = entries(&fact.id, model.fact_values(fact));
        if !spread(&|subject| each(subject, &known, |it| &mut it.facts)) {
            return None;
        }
    }
    for role in model.document.roles.iter() {
        let with = |subject: &Subject| {
            let mut listed = subject.clone();
            listed.roles.push(RoleRef::Known(role.id.to_string()));
            vec![subject.clone(), listed]
        };
        if !spread(&with) {
            return None;
        }
    }
    Some(people)
}

type Entry = (String, Value);

fn entries(id: &str, values: Vec<Value>) -> Vec<Entry> {
    values.into_iter().map(|value| (id.to_owned(), value)).collect()
}

/// A subject, and the subject with each of the entries.
fn each(subject: &Subject, entries: &[Entry], list: fn(&mut Subject) -> &mut Vec<Entry>) -> Vec<Subject> {
    let with = entries.iter().map(|entry| {
        let mut subject = subject.clone();
        list(&mut subject).push(entry.clone());
        subject
    });
    with.chain([subject.clone()]).collect()
}

/// The effects of an own grant of a privilege, by evaluating every subject with it and without it.
fn brute_force(studio: &Studio, sessions: &[(Subject, Session)], id: &str) -> Impact {
    let mut impact = Impact::default();
    let operations = &studio.policy().program().operations;
    let own = |subject: &Subject| subject.grants.iter().any(|(own, _)| own == id);
    let without = |subject: &Subject| {
        let mut subject = subject.clone();
        subject.grants.retain(|(own, _)| own != id);
        subject
    };
    for operation in operations {
        let allowed = |session: &Session| session.verdict(operation.decision) == Verdict::Yes;
        let (mut gained, mut lost) = (false, false);
        for (subject, session) in sessions.iter().filter(|(subject, _)| own(subject)) {
            let Ok(bare) = studio.policy().session(&without(subject)) else { continue };
            gained |= allowed(session) && !allowed(&bare);
            lost |= !allowed(session) && allowed(&bare);
        }
        impact.unlocks.extend(gained.then(|| operation.id.clone()));
        impact.takes_away.extend(lost.then(|| operation.id.clone()));
    }
    impact
}

/// The operations that are allowed to some subject, and to none where nobody holds the privilege: its grants are taken from all
/// subjects and roles. `None` if the checker refuses the policy without them.
fn sole_ways(
    document: &serde_json::Value,
    studio: &Studio,
    sessions: &[(Subject, Session)],
    id: &str,
) -> Option<Vec<String>> {
    let mut document = document.clone();
    for role in document["roles"].as_array_mut()? {
        role["grants"].as_object_mut()?.remove(id);
    }
    let stripped = Studio::compile(&document.to_string(), false).ok()?;
    let without = |subject: &Subject| {
        let mut subject = subject.clone();
        subject.grants.retain(|(own, _)| own != id);
        subject
    };
    let bare: Vec<Session> =
        sessions.iter().filter_map(|(subject, _)| stripped.policy().session(&without(subject)).ok()).collect();
    let allowed = |session: &Session, operation: &str| session.can(operation) == Ok(true);
    let operations = studio.policy().program().operations.ids().filter(|operation| {
        sessions.iter().any(|(_, session)| allowed(session, operation))
            && !bare.iter().any(|session| allowed(session, operation))
    });
    Some(operations.map(str::to_owned).collect())
}

/// The comparisons that hold for every policy.
fn lists(impact: &Impact) -> [BTreeSet<&String>; 2] {
    [&impact.unlocks, &impact.takes_away].map(|list| list.iter().collect())
}

/// The cost of the least privilege for all operations is at most that of each subject that is allowed all of them.
fn least(studio: &Studio, sessions: &[(Subject, Session)]) -> Result<(), String> {
    let policy: &Policy = studio.policy();
    let open: Vec<&str> =
        policy.program().operations.iter().filter(|it| !it.restricts).map(|it| it.id.as_str()).collect();
    let options = LeastPrivilegeOptions { by: LeastPrivilegeBy::Cost, ..LeastPrivilegeOptions::default() };
    let found = studio.least_privilege(&open, &options).map_err(|error| error.to_string())?;
    let all = |session: &Session| open.iter().all(|id| session.can(id).expect("declared"));
    let cost = |subject: &Subject| {
        let given = |value: &Value| !matches!(value, Value::Null | Value::Flag(false));
        let grants = subject.grants.iter().filter(|(_, value)| given(value)).count();
        u64::try_from(grants + 100 * subject.facts.len()).expect("small")
    };
    let restricted = |subject: &Subject| {
        subject.grants.iter().any(|(id, _)| {
            let place = policy.program().privileges.find(id).expect("declared");
            studio.checked().is_restricting(place)
        })
    };
    let direct =
        sessions.iter().filter(|(subject, session)| subject.roles.is_empty() && !restricted(subject) && all(session));
    let cheapest = direct.map(|(subject, _)| cost(subject)).min();
    let least = found.fixes.fixes.first().map(|fix| fix.cost);
    match (least, cheapest) {
        (None, Some(cost)) => {
            Err(format!("a subject is allowed all operations for {cost}, but there is no least privilege"))
        }
        (Some(least), Some(cost)) if least > cost => {
            Err(format!("the least privilege costs {least}, a subject has it for {cost}"))
        }
        _ => Ok(()),
    }
}
