//! Looks up the ids and values of subjects and changes. The error for an unknown id suggests a similar known one.

use super::error::{SubjectError, SubjectFault};
use super::state::{Assignments, State};
use super::subject::{Change, RoleRef, Subject};
use crate::model::Value;
use crate::model::validate::{self, InvalidValue};
use crate::pack::{Entry, Grant, Ids, Program, Table};
use crate::util::suggest::did_you_mean;

/// The state of a subject. O(subject × log subject).
pub(super) fn subject(program: &Program, subject: &Subject) -> Result<State, SubjectError> {
    let mut state = State { own: grants(program, &subject.grants, "`grants`")?, ..State::default() };
    let mut listed = Vec::new();
    for (index, role) in (0..).zip(&subject.roles) {
        match role {
            RoleRef::Known(id) => listed.push(id.as_str()),
            RoleRef::Inline(entries) => {
                let place = format!("`roles[{index}]`");
                state.inline.push(grants(program, entries, &place)?);
            }
        }
    }
    state.roles = roles(program, &listed, "`roles`")?;
    state.facts = known_facts(program, &subject.facts)?;
    Ok(state)
}

/// The known facts of a subject: those whose value is not `null`.
pub(super) fn known_facts(program: &Program, entries: &[(String, Value)]) -> Result<Vec<(u32, u32)>, SubjectError> {
    let known = facts(program, entries)?;
    Ok(known.into_iter().filter_map(|(fact, value)| Some((fact, value?))).collect())
}

/// The assignments of a change. O(change × log change).
pub(super) fn change(program: &Program, change: &Change) -> Result<Assignments, SubjectError> {
    let mut set = Vec::new();
    for (index, id, value) in
        assignments(program, &|id| program.privileges.find(id), "privilege", &change.set, "`set`")?
    {
        set.push((index, if *value == Value::Null { Vec::new() } else { grant(program, id, index, value)? }));
    }
    let list = |ids: &[String], place| roles(program, &ids.iter().map(String::as_str).collect::<Vec<_>>(), place);
    let (add, remove) = (list(&change.add, "`roles.add`")?, list(&change.remove, "`roles.remove`")?);
    if let Some(both) = add.iter().find(|role| remove.contains(role)).and_then(|&role| program.roles.at(role)) {
        let message = format!("role `{}` is both added and removed", both.id);
        return Err(SubjectError::new(SubjectFault::InvalidSubject, &both.id, message, "keep one of them".into()));
    }
    Ok(Assignments { facts: facts(program, &change.facts)?, set, add, remove })
}

/// The index of `id` in `table`. `what` is the kind of its entries in messages, `place` where the id was found.
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

/// The error for an unknown id. The help names the table that contains the id, or else a similar id. `what` may name several
/// kinds, separated by commas or spaces.
pub(super) fn unknown<'a>(program: &'a Program, what: &str, id: &str, place: &str) -> SubjectError {
    let tables = program.tables();
    let ids = |table: &'a dyn Ids| (0..).map_while(move |index| table.id(index));
    let elsewhere = tables.iter().find(|(name, table)| *name != "verb" && ids(*table).any(|known| known == id));
    let is_expected = |name: &str| name == what || what.split([',', ' ']).any(|word| word == name);
    let known = tables.iter().filter(|(name, _)| is_expected(name)).flat_map(|(_, table)| ids(*table));
    let help = match (elsewhere, did_you_mean(id, known)) {
        (Some((other, _)), _) => format!("`{id}{}{other}", if *other == "operation" { "` is an " } else { "` is a " }),
        (None, Some(question)) => question,
        (None, None) => format!("the policy has no such {what}"),
    };
    let inside = if place.is_empty() { "" } else { " in " };
    SubjectError::new(SubjectFault::UnknownId, id, format!("unknown {what} `{id}`{inside}{place}"), help)
}

/// The indices of ids, each with its position in `ids`, sorted by index. A duplicate is an error.
fn indices(
    program: &Program,
    find: &dyn Fn(&str) -> Option<usize>,
    what: &str,
    ids: &[&str],
    place: &str,
) -> Result<Vec<(u32, usize)>, SubjectError> {
    let mut found = Vec::with_capacity(ids.len());
    for (position, id) in ids.iter().enumerate() {
        let index = find(id).and_then(|index| u32::try_from(index).ok());
        found.push((index.ok_or_else(|| unknown(program, what, id, place))?, position));
    }
    if !found.is_sorted() {
        found.sort_unstable();
    }
    let duplicate = found.windows(2).find_map(|pair| match pair {
        [(a, position), (b, _)] if a == b => ids.get(*position).copied(),
        _ => None,
    });
    let error = |id| {
        let message = format!("duplicate `{id}` in {place}");
        SubjectError::new(SubjectFault::InvalidSubject, id, message, "list it once".into())
    };
    duplicate.map_or(Ok(found), |id| Err(error(id)))
}

/// The entries with the indices of their ids, sorted by index. A duplicate is an error.
fn assignments<'a>(
    program: &Program,
    find: &dyn Fn(&str) -> Option<usize>,
    what: &str,
    entries: &'a [(String, Value)],
    place: &str,
) -> Result<Vec<(u32, &'a str, &'a Value)>, SubjectError> {
    let ids: Vec<&str> = entries.iter().map(|(id, _)| id.as_str()).collect();
    let found = indices(program, find, what, &ids, place)?;
    let entry =
        |(index, position)| entries.get(position).map(|(id, value): &(String, Value)| (index, id.as_str(), value));
    Ok(found.into_iter().filter_map(entry).collect())
}

fn roles(program: &Program, ids: &[&str], place: &str) -> Result<Vec<u32>, SubjectError> {
    let found = indices(program, &|id| program.roles.find(id), "role", ids, place)?;
    Ok(found.into_iter().map(|(index, _)| index).collect())
}

/// The facts and their encoded values, sorted by fact; `None` for `null`.
fn facts(program: &Program, entries: &[(String, Value)]) -> Result<Vec<(u32, Option<u32>)>, SubjectError> {
    let mut known = Vec::with_capacity(entries.len());
    for (index, id, value) in assignments(program, &|id| program.facts.find(id), "fact", entries, "`facts`")? {
        let Some(fact) = program.facts.at(index) else { continue };
        let value = match value {
            Value::Null => None,
            _ => Some(
                validate::fact(id, fact.kind, &fact.options, value).map_err(invalid(SubjectFault::InvalidFact, id))?,
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

/// Encodes a value of one privilege: no grant for `false` and `[]`, one per option for a set.
fn grant(program: &Program, id: &str, privilege: u32, value: &Value) -> Result<Vec<Grant>, SubjectError> {
    let Some(declared) = program.privileges.at(privilege) else { return Ok(Vec::new()) };
    let range = (declared.min, declared.max);
    let values = validate::grant(id, declared.kind, &declared.values, range, value);
    let values = values.map_err(invalid(SubjectFault::InvalidGrant, id))?;
    Ok(values.into_iter().map(|value| Grant { privilege, value }).collect())
}

fn invalid(fault: SubjectFault, id: &str) -> impl FnOnce(InvalidValue) -> SubjectError {
    move |invalid| SubjectError::invalid_value(fault, id, invalid)
}
