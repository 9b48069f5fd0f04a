//! Looking names up: a subject or change becomes a [`State`], or an error that names the id and the nearest valid one.

use super::error::{SubjectError, SubjectFault};
use super::state::{Assignments, State};
use super::subject::{Change, RoleRef, Subject};
use crate::model::Value;
use crate::model::validate::{self, InvalidValue};
use crate::pack::{Entry, Grant, Ids, Program, Table};
use crate::util::suggest::did_you_mean;

pub(super) fn subject(program: &Program, subject: &Subject) -> Result<State, SubjectError> {
    let mut state = State { own: grants(program, &subject.grants, "`grants`")?, ..State::default() };
    let mut listed = Vec::new();
    for (index, role) in (0..).zip(&subject.roles) {
        match role {
            RoleRef::Known(id) => listed.push(id.as_str()),
            RoleRef::Inline(given) => {
                let place = format!("`roles[{}]`", index);
                state.inline.push(grants(program, given, &place)?);
            }
        }
    }
    state.roles = roles(program, &listed, "`roles`")?;
    state.facts = known_facts(program, &subject.facts)?;
    Ok(state)
}

/// The facts that are given a value.
pub(super) fn known_facts(program: &Program, entries: &[(String, Value)]) -> Result<Vec<(u32, u32)>, SubjectError> {
    let known = facts(program, entries)?;
    Ok(known.into_iter().filter_map(|(fact, value)| Some((fact, value?))).collect())
}

pub(super) fn change(program: &Program, change: &Change) -> Result<Assignments, SubjectError> {
    let mut set = Vec::new();
    for (index, id, value) in
        assignments(program, &|id| program.privileges.find(id), "privilege", &change.set, "`set`")?
    {
        let taken_away = *value == Value::Null;
        set.push((index, if taken_away { Vec::new() } else { grant(program, id, index, value)? }));
    }
    let list = |ids: &[String], place| roles(program, &ids.iter().map(String::as_str).collect::<Vec<_>>(), place);
    let (add, remove) = (list(&change.add, "`roles.add`")?, list(&change.remove, "`roles.remove`")?);
    if let Some(both) = add.iter().find(|role| remove.contains(role)).and_then(|&role| program.roles.at(role)) {
        let message = format!("role `{}` is both added and removed", both.id);
        return Err(SubjectError::new(SubjectFault::InvalidSubject, &both.id, message, "say one of the two".into()));
    }
    Ok(Assignments { facts: facts(program, &change.facts)?, set, add, remove })
}

/// Finds `id` in `table`, which holds what `what` says.
pub(super) fn find<T: Entry>(
    program: &Program,
    table: &Table<T>,
    what: &str,
    id: &str,
    place: &str,
) -> Result<u32, SubjectError> {
    let found = table.find(id).and_then(|index| u32::try_from(index).ok());
    found.ok_or_else(|| unknown(program, what, id, place))
}

/// The error for an id that the policy lacks, or has elsewhere.
pub(super) fn unknown<'a>(program: &'a Program, what: &str, id: &str, place: &str) -> SubjectError {
    let tables = program.tables();
    let ids = |table: &'a dyn Ids| (0..).map_while(move |index| table.id(index));
    let elsewhere = tables.iter().find(|(name, table)| *name != "verb" && ids(*table).any(|known| known == id));
    let asked = |name: &str| name == what || what.split([',', ' ']).any(|word| word == name);
    let known = tables.iter().filter(|(name, _)| asked(name)).flat_map(|(_, table)| ids(*table));
    let help = match (elsewhere, did_you_mean(id, known)) {
        (Some((other, _)), _) => format!("`{id}{}{other}", if *other == "operation" { "` is an " } else { "` is a " }),
        (None, Some(question)) => question,
        (None, None) => format!("the policy has no such {what}"),
    };
    let inside = if place.is_empty() { "" } else { " in " };
    SubjectError::new(SubjectFault::UnknownId, id, format!("unknown {what} `{id}`{inside}{place}"), help)
}

/// Looks ids up: their indices with their places in the list, sorted by index, each at most once.
fn look_up(
    program: &Program,
    known: &dyn Fn(&str) -> Option<usize>,
    what: &str,
    ids: &[&str],
    place: &str,
) -> Result<Vec<(u32, usize)>, SubjectError> {
    let mut found = Vec::with_capacity(ids.len());
    for (position, id) in ids.iter().enumerate() {
        let index = known(id).and_then(|index| u32::try_from(index).ok());
        found.push((index.ok_or_else(|| unknown(program, what, id, place))?, position));
    }
    if !found.is_sorted() {
        found.sort();
    }
    let twice = found.windows(2).find_map(|pair| match pair {
        [(a, position), (b, _)] if a == b => ids.get(*position).copied(),
        _ => None,
    });
    let duplicate = |id| {
        let message = format!("duplicate `{id}` in {place}");
        SubjectError::new(SubjectFault::InvalidSubject, id, message, "give it once".into())
    };
    twice.map_or(Ok(found), |id| Err(duplicate(id)))
}

/// Looks up the ids of `entries`, sorted by index, each at most once.
fn assignments<'a>(
    program: &Program,
    known: &dyn Fn(&str) -> Option<usize>,
    what: &str,
    entries: &'a [(String, Value)],
    place: &str,
) -> Result<Vec<(u32, &'a str, &'a Value)>, SubjectError> {
    let ids: Vec<&str> = entries.iter().map(|(id, _)| id.as_str()).collect();
    let found = look_up(program, known, what, &ids, place)?;
    let entry =
        |(index, position)| entries.get(position).map(|(id, value): &(String, Value)| (index, id.as_str(), value));
    Ok(found.into_iter().filter_map(entry).collect())
}

fn roles(program: &Program, ids: &[&str], place: &str) -> Result<Vec<u32>, SubjectError> {
    let found = look_up(program, &|id| program.roles.find(id), "role", ids, place)?;
    Ok(found.into_iter().map(|(index, _)| index).collect())
}

fn facts(program: &Program, entries: &[(String, Value)]) -> Result<Vec<(u32, Option<u32>)>, SubjectError> {
    let mut known = Vec::with_capacity(entries.len());
    for (index, id, value) in assignments(program, &|id| program.facts.find(id), "fact", entries, "`facts`")? {
        let Some(fact) = program.facts.at(index) else { continue };
        let value = match value {
            Value::Null => None,
            _ => Some(
                validate::fact(id, fact.kind, &fact.options, value).map_err(misfit(SubjectFault::InvalidFact, id))?,
            ),
        };
        known.push((index, value));
    }
    Ok(known)
}

fn grants(program: &Program, entries: &[(String, Value)], place: &str) -> Result<Vec<Grant>, SubjectError> {
    let mut all = Vec::with_capacity(entries.len());
    for (index, id, value) in assignments(program, &|id| program.privileges.find(id), "privilege", entries, place)? {
        all.extend(grant(program, id, index, value)?);
    }
    Ok(all)
}

/// The grants that a value of one privilege stands for: none for `false` and `[]`, several for a set.
fn grant(program: &Program, id: &str, privilege: u32, value: &Value) -> Result<Vec<Grant>, SubjectError> {
    let Some(declared) = program.privileges.at(privilege) else { return Ok(Vec::new()) };
    let range = (declared.min, declared.max);
    let values = validate::grant(id, declared.kind, &declared.values, range, value);
    let values = values.map_err(misfit(SubjectFault::InvalidGrant, id))?;
    Ok(values.into_iter().map(|value| Grant { privilege, value }).collect())
}

fn misfit(fault: SubjectFault, id: &str) -> impl FnOnce(InvalidValue) -> SubjectError {
    move |misfit| SubjectError::misfit(fault, id, misfit)
}
