//! What decides an allowed operation, by brute force over all sets of the ids that the subject holds.

use super::reads::Reads;
use super::{Model, Person};
use privet::document::Role;
use privet::model::Value;
use privet::session::{Holding, Session, Subject};
use privet::{Explanation, Studio};

/// Subjects with more held ids are skipped.
const MOST: usize = 9;

/// Checks `decisive` and `redundant` of an explanation. Some ids suffice if the operation is allowed with them alone, and with any of
/// the others besides; a set that cannot be resolved refutes nothing. Returns whether it was checked.
pub(crate) fn agrees(
    studio: &Studio,
    model: &Model,
    (subject, session): (&Subject, &Session),
    explained: &Explanation,
) -> Result<bool, String> {
    let operation = model.operations[explained.operation.as_str()];
    let reads = Reads::of_requirement(model, operation.requires.as_str());
    let (facts, privileges) = held(model, (subject, session), &reads);
    if facts.len() + privileges.len() > MOST {
        return Ok(false);
    }
    let ids: Vec<&str> = facts.iter().chain(&privileges).map(|(id, _)| id.as_str()).collect();
    let cost = |id: &str| model.privileges.get(id).map_or(100, |it| it.cost.unwrap_or(1));
    let sets = 1_usize << ids.len();
    let allowed = |set: usize| -> Option<bool> {
        let chosen = |list: &[(String, Value)]| -> Vec<(String, Value)> {
            let is_in = |id: &str| ids.iter().position(|it| *it == id).is_some_and(|place| set >> place & 1 == 1);
            list.iter().filter(|(id, _)| is_in(id)).cloned().collect()
        };
        // What the operation does not read may prevent that roles conflict.
        let unread = |list: &[(String, Value)]| -> Vec<(String, Value)> {
            list.iter().filter(|(id, _)| !reads.has(id)).cloned().collect()
        };
        let part = Subject {
            facts: [chosen(&facts), unread(&subject.facts)].concat(),
            grants: [chosen(&privileges), unread(&subject.grants)].concat(),
            roles: Vec::new(),
        };
        Some(Person::new(model, &part).ok()?.decision(operation) == Some(true))
    };
    let verdicts: Vec<Option<bool>> = (0..sets).map(allowed).collect();
    let suffices = |set: usize| {
        verdicts[set] == Some(true) && (0..sets).filter(|it| it & set == set).all(|it| verdicts[it] != Some(false))
    };
    let members = |set: usize| (0..ids.len()).filter(move |place| set >> place & 1 == 1);
    let least = (0..sets).filter(|set| suffices(*set)).min_by_key(|set| {
        let cost: u32 = members(*set).map(|place| cost(ids[place])).sum();
        (cost, members(*set).collect::<Vec<_>>())
    });
    let least = least.ok_or("nothing suffices")?;
    let decisive: Vec<&str> = members(least).map(|place| ids[place]).collect();
    // An own grant may hide or add to what roles give, which then decides, too.
    let may_give = |role: &Role| role.when.is_some() && !model.role_grants[&*role.id].is_empty();
    let has_roles = !subject.roles.is_empty() || model.document.roles.iter().any(may_give);
    let is_exact = subject.grants.is_empty() || !has_roles;
    let known = |id: &String| ids.contains(&id.as_str());
    if !explained.decisive.iter().all(known) || is_exact && explained.decisive != decisive {
        return Err(format!("decisive of `{}`: {:?} instead of {decisive:?}", operation.id, explained.decisive));
    }
    // The model also reads the requirements of levels that no test reaches; what is left out must make no difference.
    let matters = |id: &str| {
        let bit = 1_usize << ids.iter().position(|it| *it == id).expect("a held id");
        (0..sets).any(|set| verdicts[set] != verdicts[set ^ bit])
    };
    let others = privileges.iter().map(|(id, _)| id.as_str()).filter(|id| !decisive.contains(id));
    let redundant: Vec<&str> =
        others.filter(|id| explained.redundant.iter().any(|it| it == id) || matters(id)).collect();
    let redundant = if is_exact { redundant } else { explained.redundant.iter().map(String::as_str).collect() };
    if explained.redundant != redundant {
        return Err(format!("redundant of `{}`: {:?} instead of {redundant:?}", operation.id, explained.redundant));
    }
    // Without what is redundant, the operation is still allowed to the subject itself, where roles do not give it.
    let mut without = subject.clone();
    without.grants.retain(|(id, _)| !redundant.contains(&id.as_str()));
    match studio.policy().session(&without) {
        Ok(session) if session.can(&operation.id) != Ok(true) => {
            Err(format!("`{}` is denied without {redundant:?}", operation.id))
        }
        _ => Ok(true),
    }
}

type Values = Vec<(String, Value)>;

/// The known facts and the privileges that the subject holds and the operation reads, with what is surely granted.
fn held(model: &Model, (subject, session): (&Subject, &Session), reads: &Reads) -> (Values, Values) {
    let mut facts = Vec::new();
    for fact in model.document.facts.iter().filter(|fact| reads.has(&fact.id)) {
        let given = subject.facts.iter().find(|(id, value)| **id == *fact.id && *value != Value::Null);
        facts.extend(given.cloned());
    }
    let mut privileges = Vec::new();
    for (place, privilege) in model.document.privileges.iter().enumerate().filter(|(_, it)| reads.has(&it.id)) {
        if let Holding::Value(value) = session.surely_granted(place).0 {
            privileges.push((privilege.id.to_string(), value));
        }
    }
    (facts, privileges)
}
