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
    let set = resolve(program, &program.privileges, "privilege", entries(&change.set), "`set`", |index, value| {
        if *value == Value::Null { Ok(Vec::new()) } else { grant(program, index, value) }
    })?;
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

fn entries(all: &[(String, Value)]) -> impl Iterator<Item = (&str, &Value)> {
    all.iter().map(|(id, value)| (id.as_str(), value))
}

/// Looks up ids and encodes their values in the given order, and sorts the result by index. A duplicate is an error.
/// O(entries × log entries).
fn resolve<'a, T: Entry, V, W>(
    program: &Program,
    table: &Table<T>,
    what: &str,
    entries: impl Iterator<Item = (&'a str, V)>,
    place: &str,
    mut encode: impl FnMut(u32, V) -> Result<W, SubjectError>,
) -> Result<Vec<(u32, W)>, SubjectError> {
    let mut found = Vec::new();
    for (id, value) in entries {
        let index = find(program, table, what, id, place)?;
        found.push((index, encode(index, value)?));
    }
    found.sort_by_key(|(index, _)| *index);
    let twice = found.windows(2).find_map(|pair| match pair {
        [(a, _), (b, _)] if a == b => table.at(*a),
        _ => None,
    });
    let Some(twice) = twice else { return Ok(found) };
    let message = format!("duplicate `{}` in {place}", twice.id());
    Err(SubjectError::new(SubjectFault::InvalidSubject, twice.id(), message, "list it once".into()))
}

fn roles(program: &Program, ids: &[&str], place: &str) -> Result<Vec<u32>, SubjectError> {
    let ids = ids.iter().map(|id| (*id, ()));
    let found = resolve(program, &program.roles, "role", ids, place, |_, ()| Ok(()))?;
    Ok(found.into_iter().map(|(index, ())| index).collect())
}

/// The facts and their encoded values, sorted by fact; `None` for `null`.
fn facts(program: &Program, all: &[(String, Value)]) -> Result<Vec<(u32, Option<u32>)>, SubjectError> {
    resolve(program, &program.facts, "fact", entries(all), "`facts`", |index, value| {
        let Some(fact) = program.facts.at(index).filter(|_| *value != Value::Null) else { return Ok(None) };
        let encoded = validate::fact(&fact.id, fact.kind, &fact.options, value);
        encoded.map(Some).map_err(invalid(SubjectFault::InvalidFact, &fact.id))
    })
}

fn grants(program: &Program, all: &[(String, Value)], place: &str) -> Result<Vec<Grant>, SubjectError> {
    let encode = |index, value: &Value| grant(program, index, value);
    let found = resolve(program, &program.privileges, "privilege", entries(all), place, encode)?;
    Ok(found.into_iter().flat_map(|(_, grants)| grants).collect())
}

/// Encodes a value of one privilege: no grant for `false` and `[]`, one per option for a set.
fn grant(program: &Program, privilege: u32, value: &Value) -> Result<Vec<Grant>, SubjectError> {
    let Some(declared) = program.privileges.at(privilege) else { return Ok(Vec::new()) };
    let range = (declared.min, declared.max);
    let values = validate::grant(&declared.id, declared.kind, &declared.values, range, value);
    let values = values.map_err(invalid(SubjectFault::InvalidGrant, &declared.id))?;
    Ok(values.into_iter().map(|value| Grant { privilege, value }).collect())
}

fn invalid(fault: SubjectFault, id: &str) -> impl FnOnce(InvalidValue) -> SubjectError {
    move |invalid| SubjectError::invalid_value(fault, id, invalid)
}
