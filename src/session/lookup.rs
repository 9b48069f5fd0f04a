//! Looks up the ids and values of subjects and changes. The error for an unknown id suggests a similar known one.

use super::error::{SubjectError, SubjectFault};
use super::state::{Assignments, NewGrants, State, first_entries};
use super::subject::{Amendment, Change, RoleRef, Subject, grant_with_end};
use crate::model::Value;
use crate::model::validate::{self, InvalidValue};
use crate::pack::{Entry, Grant, Ids, Program, Table};
use crate::util::messages::message;
use crate::util::sort;
use crate::util::suggest::did_you_mean;

/// The state of a subject at a time: what has ended is checked and left out. O(subject × log subject).
pub(super) fn subject(program: &Program, subject: &Subject, now: Option<u64>) -> Result<State, SubjectError> {
    let mut ends = Ends { now, entries: Vec::new() };
    let own = own_grants(program, &subject.grants, "`grants`", false, &mut ends)?;
    let own = own.into_iter().flat_map(|(_, grants)| grants).collect();
    let mut state = State { own, now, ..State::default() };
    let mut listed = Vec::new();
    for (index, role) in (0..).zip(&subject.roles) {
        match role {
            RoleRef::Known(id) => listed.push((id.as_str(), None)),
            RoleRef::Until { role, until } => listed.push((role.as_str(), Some(*until))),
            RoleRef::Inline(entries) => {
                let place = format!("`roles[{index}]`");
                state.inline.push(grants(program, entries, &place)?);
            }
            RoleRef::Named { name, grants: entries } => {
                let place = format!("`roles[{index}].grants`");
                state.names.push((state.inline.len(), name.clone()));
                state.inline.push(grants(program, entries, &place)?);
            }
        }
    }
    state.roles = roles(program, listed.into_iter(), "`roles`", &mut ends)?;
    state.ends = ends.entries;
    sort::sort(&mut state.ends);
    state.facts = known_facts(program, &subject.facts)?;
    Ok(state)
}

/// The known facts of a subject: those whose value is not `null`.
pub(super) fn known_facts(program: &Program, entries: &[(String, Value)]) -> Result<Vec<(u32, u32)>, SubjectError> {
    let known = facts(program, entries)?;
    Ok(known.into_iter().filter_map(|(fact, value)| Some((fact, value?))).collect())
}

/// The assignments of a change at a time: what has ended is checked, and then not granted or added.
/// O(change × log change).
pub(super) fn change(program: &Program, change: &Change, now: Option<u64>) -> Result<Assignments, SubjectError> {
    let mut ends = Ends { now, entries: Vec::new() };
    let set = own_grants(program, &change.set, "`set`", true, &mut ends)?;
    let mut list = |ids: &[String], place| {
        let ids = ids.iter().map(|id| (id.as_str(), None));
        roles(program, ids, place, &mut ends)
    };
    let (add, remove) = (list(&change.add, "`roles.add`")?, list(&change.remove, "`roles.remove`")?);
    if let Some(both) =
        add.iter().find(|role| remove.binary_search(role).is_ok()).and_then(|&role| program.roles.at(role))
    {
        let text = message!(added_and_removed, both.id);
        return Err(SubjectError::say(SubjectFault::InvalidSubject, &both.id, text));
    }
    let amend = amend(program, &change.amend)?;
    Ok(Assignments { facts: facts(program, &change.facts)?, set, add, remove, amend, ends: ends.entries })
}

/// The amendments of inline roles, each at most once. That the roles exist is checked when the change is applied.
fn amend(program: &Program, all: &[Amendment]) -> Result<Vec<(usize, NewGrants)>, SubjectError> {
    let mut amend: Vec<(usize, _)> = Vec::with_capacity(all.len());
    for (index, amendment) in all.iter().enumerate() {
        let role = amendment.index as usize;
        if amend.iter().any(|(known, _)| *known == role) {
            return Err(SubjectError::say(SubjectFault::InvalidSubject, "amend", message!(amended_twice, role)));
        }
        let place = format!("`roles.amend[{index}].set`");
        let set =
            resolve(program, &program.privileges, "privilege", entries(&amendment.set), &place, |index, value| {
                if *value == Value::Null { Ok(Vec::new()) } else { grant(program, index, value) }
            })?;
        amend.push((role, set));
    }
    Ok(amend)
}

/// The time, and when grants and roles end that have not ended yet, by their entry.
struct Ends {
    now: Option<u64>,
    entries: Vec<(u32, u32)>,
}

impl Ends {
    /// Whether a grant or role counts: it has no end, or ends later than now.
    fn counts(&mut self, entry: u32, id: &str, until: Option<u32>) -> Result<bool, SubjectError> {
        let Some(until) = until else { return Ok(true) };
        let Some(now) = self.now else {
            return Err(SubjectError::say(SubjectFault::TimeMissing, id, message!(time_missing, id)));
        };
        let counts = now < until.into();
        if counts {
            self.entries.push((entry, until));
        }
        Ok(counts)
    }
}

/// The subject's own grants by privilege; no grants for `null`, which only a change may have, and for what has ended.
fn own_grants(
    program: &Program,
    all: &[(String, Value)],
    place: &str,
    is_change: bool,
    ends: &mut Ends,
) -> Result<Vec<(u32, Vec<Grant>)>, SubjectError> {
    let [first, _] = first_entries(program);
    resolve(program, &program.privileges, "privilege", entries(all), place, |index, value| {
        if is_change && *value == Value::Null {
            return Ok(Vec::new());
        }
        let (value, until) = grant_with_end(value)?;
        let grants = grant(program, index, &value)?;
        let id = program.privileges.at(index).map_or("", |it| &it.id);
        Ok(if ends.counts(first + index, id, until)? { grants } else { Vec::new() })
    })
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
pub(crate) fn unknown<'a>(program: &'a Program, what: &str, id: &str, place: &str) -> SubjectError {
    let tables = program.tables();
    let ids = |table: &'a dyn Ids| (0..).map_while(move |index| table.id(index));
    let elsewhere = tables.iter().find(|(name, table)| *name != "verb" && ids(*table).any(|known| known == id));
    let is_expected = |name: &str| name == what || what.split([',', ' ']).any(|word| word == name);
    let known = tables.iter().filter(|(name, _)| is_expected(name)).flat_map(|(_, table)| ids(*table));
    let help = match (elsewhere, did_you_mean(id, known)) {
        (Some((other, _)), _) => message!(is_a, id, if *other == "operation" { "n" } else { "" }, other),
        (None, Some(question)) => question,
        (None, None) => message!(no_such, what),
    };
    let place = if place.is_empty() { String::new() } else { message!(in_place, place) };
    SubjectError::say(SubjectFault::UnknownId, id, message!(unknown_id, what, id, place, help))
}

fn entries(all: &[(String, Value)]) -> impl Iterator<Item = (&str, &Value)> {
    all.iter().map(|(id, value)| (id.as_str(), value))
}

/// Looks up ids, or what they were renamed to, and encodes their values in the given order, and sorts the result by index. A
/// duplicate is an error.
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
        let id = program.renamed.get(id).map_or(id, String::as_str);
        let index = find(program, table, what, id, place)?;
        found.push((index, encode(index, value)?));
    }
    sort::sort_by_key(&mut found, |(index, _)| *index);
    let twice = found.windows(2).find_map(|pair| match pair {
        [(a, _), (b, _)] if a == b => table.at(*a),
        _ => None,
    });
    let Some(twice) = twice else { return Ok(found) };
    let text = message!(duplicate, twice.id(), place);
    Err(SubjectError::say(SubjectFault::InvalidSubject, twice.id(), text))
}

/// The roles with these ids that have not ended.
fn roles<'a>(
    program: &Program,
    listed: impl Iterator<Item = (&'a str, Option<u32>)>,
    place: &str,
    ends: &mut Ends,
) -> Result<Vec<u32>, SubjectError> {
    let [_, first] = first_entries(program);
    let found = resolve(program, &program.roles, "role", listed, place, |index, until| {
        ends.counts(first + index, program.roles.at(index).map_or("", |role| &role.id), until)
    })?;
    Ok(found.into_iter().filter_map(|(index, counts)| counts.then_some(index)).collect())
}

/// The facts and their encoded values, sorted by fact; `None` for `null`.
fn facts(program: &Program, all: &[(String, Value)]) -> Result<Vec<(u32, Option<u32>)>, SubjectError> {
    resolve(program, &program.facts, "fact", entries(all), "`facts`", |index, value| {
        let Some(fact) = program.facts.at(index).filter(|_| *value != Value::Null) else { return Ok(None) };
        let encoded = validate::fact(&fact.id, fact.kind, &fact.values, value);
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
