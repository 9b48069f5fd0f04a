//! Compares a session with the model: all answers about one subject.

use super::{Model, Person, Truth};
use privet::model::Verdict;
use privet::pack::Policy;
use privet::session::{MenuNode, Session, Subject, SubjectFault};
use serde_json::{Value as Json, json};
use std::fmt::Debug;

/// A verdict in the notation of the model.
pub(crate) fn truth(verdict: Verdict) -> Truth {
    match verdict {
        Verdict::Yes => Some(true),
        Verdict::No => Some(false),
        Verdict::Unknown => None,
    }
}

/// Returns whether the subject is valid; the error is the first difference between session and model.
pub(crate) fn compare(model: &Model, policy: &Policy, subject: &Subject) -> Result<bool, String> {
    match (policy.session(subject), Person::new(model, subject)) {
        (Ok(session), Ok(person)) => everything(model, &session, &person).map(|()| true),
        (Err(error), Err(clash)) if error.fault() == SubjectFault::ConflictingChoice && clash.contains(error.id()) => {
            Ok(false)
        }
        (session, person) => {
            Err(format!("session: {:?}; model: {:?}", session.err(), person.err().unwrap_or_default()))
        }
    }
}

fn everything(model: &Model, session: &Session, person: &Person) -> Result<(), String> {
    for operation in model.document.operations.iter() {
        let decision = session.decide(&operation.id).map_err(|error| error.to_string())?;
        same("decision", &operation.id, &truth(decision.verdict), &person.decision(operation))?;
        same("obligations", &operation.id, &decision.obligations, &texts(&person.obligations(operation)))?;
        same("can", &operation.id, &session.can(&operation.id), &Ok(person.decision(operation) == Some(true)))?;
    }
    for privilege in model.document.privileges.iter() {
        same("holds", &privilege.id, &session.holds(&privilege.id), &Ok(person.holds(privilege)))?;
        let from = session.from(&privilege.id).map_err(|error| error.to_string())?;
        let mut from = json!(from);
        let expected = person.from(privilege);
        leave_out_inexact(&mut from, &expected);
        same("from", &privilege.id, &from, &expected)?;
    }
    let allowed: Vec<&str> = person.allowed().map(|operation| &*operation.id).collect();
    same("allowed", "operations", &session.allowed(), &allowed)?;
    menu(model, session, person)?;
    outputs(model, session, person)
}

/// Facts that the model does not know exactly are not compared.
fn leave_out_inexact(found: &mut Json, expected: &Json) {
    if expected == "some" {
        *found = json!("some");
    }
    match (found, expected) {
        (Json::Array(found), Json::Array(expected)) => {
            found.iter_mut().zip(expected).for_each(|(found, expected)| leave_out_inexact(found, expected));
        }
        (Json::Object(found), Json::Object(expected)) => {
            let known = found.iter_mut().filter_map(|(key, found)| Some((found, expected.get(key)?)));
            known.for_each(|(found, expected)| leave_out_inexact(found, expected));
        }
        _ => {}
    }
}

fn texts(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn same<T: PartialEq + Debug>(what: &str, id: &str, session: &T, model: &T) -> Result<(), String> {
    if session == model { Ok(()) } else { Err(format!("{what} of `{id}`: session {session:?}, model {model:?}")) }
}

/// The session's menu is a tree; the model's is a list of items with their parents.
fn menu(model: &Model, session: &Session, person: &Person) -> Result<(), String> {
    let tree = session.menu();
    let mut nodes = Vec::new();
    flatten(&tree, None, &mut nodes);
    same("items", "menu", &nodes.len(), &model.document.menu.len())?;
    for item in person.menu() {
        let found = nodes.iter().find(|(_, node)| node.id == item.id);
        let (parent, node) = found.ok_or_else(|| format!("the session's menu lacks `{}`", item.id))?;
        let verbs: Vec<&str> = node.verbs.indices().map(|verb| &*model.document.verbs[verb].id).collect();
        same("parent", item.id, parent, &item.parent)?;
        same("state", item.id, &truth(node.state), &item.state)?;
        same("verbs", item.id, &verbs, &item.verbs)?;
        same("operations", item.id, &node.operations, &item.operations)?;
    }
    Ok(())
}

fn flatten<'n, 'p>(
    nodes: &'n [MenuNode<'p>],
    parent: Option<&'p str>,
    all: &mut Vec<(Option<&'p str>, &'n MenuNode<'p>)>,
) {
    for node in nodes {
        all.push((parent, node));
        flatten(&node.children, Some(node.id), all);
    }
}

/// Checks that the outputs agree with the model on operations and obligations.
fn outputs(model: &Model, session: &Session, person: &Person) -> Result<(), String> {
    let verdict = |holds: Option<bool>| holds.map_or(Verdict::Unknown, Verdict::from);
    let operations = || model.document.operations.iter();
    let decided = operations().map(|operation| verdict(person.decision(operation)));
    let obligations = operations().flat_map(|operation| operation.obligations.iter());
    let owed = obligations.map(|owed| verdict(person.requirement(owed.when.as_str())));
    let expected: Vec<Verdict> = decided.chain(owed).collect();
    let found = session.outputs();
    same("outputs", "session", &found.get(..expected.len()), &Some(expected.as_slice()))
}
