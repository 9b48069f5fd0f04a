//! A subject with its names looked up: what a session keeps, in one canonical form.

use crate::pack::{Grant, Program, are_grants};
use crate::util::to_u32;
use std::ops::Range;

/// A subject as indices into a program, sorted and without repetition: equal states are equal subjects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Known facts: index of the fact, and 0 or 1, the number, or the index of the option.
    pub facts: Vec<(u32, u32)>,
    /// The subject's own grants.
    pub own: Vec<Grant>,
    /// Indices of the roles that are listed.
    pub roles: Vec<u32>,
    /// The roles that only this subject has.
    pub inline: Vec<Vec<Grant>>,
}

/// A change with its names looked up: [`Policy::look_up`](crate::pack::Policy::look_up) makes it.
#[derive(Clone, Debug)]
pub struct Assignments {
    /// `None` takes the fact away, no grants a grant.
    pub(crate) facts: Vec<(u32, Option<u32>)>,
    pub(crate) set: Vec<(u32, Vec<Grant>)>,
    pub(crate) add: Vec<u32>,
    pub(crate) remove: Vec<u32>,
}

/// Where the grants of one privilege stand, or would stand, in sorted grants. O(log grants).
fn place_of(grants: &[Grant], privilege: u32) -> Range<usize> {
    let start = grants.partition_point(|grant| grant.privilege < privilege);
    start..grants.partition_point(|grant| grant.privilege <= privilege)
}

/// Those of sorted grants that are of one privilege. O(log grants).
pub(crate) fn grants_of(grants: &[Grant], privilege: u32) -> &[Grant] {
    grants.get(place_of(grants, privilege)).unwrap_or_default()
}

impl State {
    /// The value of the fact at this index, where the subject gives it. O(log facts).
    pub fn fact(&self, index: usize) -> Option<u32> {
        let place = self.facts.binary_search_by(|(known, _)| (*known as usize).cmp(&index)).ok()?;
        self.facts.get(place).map(|(_, value)| *value)
    }

    /// The state after a change. Each list stays sorted: what is assigned goes where what it replaces stood.
    pub(super) fn changed(&self, assignments: &Assignments) -> Self {
        let mut state = self.clone();
        for &(fact, value) in &assignments.facts {
            let start = state.facts.partition_point(|known| known.0 < fact);
            let end = state.facts.partition_point(|known| known.0 <= fact);
            state.facts.splice(start..end, value.map(|value| (fact, value)));
        }
        for (privilege, grants) in &assignments.set {
            let place = place_of(&state.own, *privilege);
            state.own.splice(place, grants.iter().copied());
        }
        state.roles.retain(|role| !assignments.remove.contains(role));
        for role in &assignments.add {
            if let Err(place) = state.roles.binary_search(role) {
                state.roles.insert(place, *role);
            }
        }
        state
    }

    /// The state as words: what is given of facts, privileges and roles, which are counted through in this order, and what each
    /// inline role grants. Each list stands behind its length. O(state).
    pub fn words(&self, program: &Program) -> Vec<u32> {
        let [privileges, roles] = firsts(program);
        let couple = |grant: &Grant| [privileges.saturating_add(grant.privilege), grant.value];
        let mut words = vec![to_u32(self.facts.len() + self.own.len() + self.roles.len())];
        words.extend(self.facts.iter().flat_map(|&(fact, value)| [fact, value]));
        words.extend(self.own.iter().flat_map(couple));
        words.extend(self.roles.iter().flat_map(|role| [roles.saturating_add(*role), 1]));
        words.push(to_u32(self.inline.len()));
        for role in &self.inline {
            words.push(to_u32(role.len()));
            words.extend(role.iter().flat_map(couple));
        }
        words
    }

    /// Reads what [`State::words`] wrote for this program; `None` for any other words. O(words).
    pub fn from_words(program: &Program, words: &[u32]) -> Option<Self> {
        let [privileges, roles] = firsts(program);
        let mut reader = Words(words.iter());
        let given = reader.list(Words::couple)?;
        let mut state = Self::default();
        for &(place, value) in &given {
            match (place.checked_sub(roles), place.checked_sub(privileges)) {
                (Some(role), _) if value == 1 => state.roles.push(role),
                (Some(_), _) => return None,
                (_, Some(privilege)) => state.own.push(Grant { privilege, value }),
                _ => state.facts.push((place, value)),
            }
        }
        for role in reader.list(|reader| reader.list(Words::couple))? {
            let grant = |(place, value): (u32, u32)| Some(Grant { privilege: place.checked_sub(privileges)?, value });
            state.inline.push(role.into_iter().map(grant).collect::<Option<_>>()?);
        }
        (reader.0.len() == 0 && given.is_sorted() && state.fits(program)).then_some(state)
    }

    fn fits(&self, program: &Program) -> bool {
        let fact = |&(fact, value): &(u32, u32)| program.facts.at(fact).is_some_and(|fact| fact.takes(value));
        self.facts.iter().all(fact)
            && self.facts.is_sorted_by(|a, b| a.0 < b.0)
            && self.roles.iter().all(|&role| program.roles.at(role).is_some())
            && self.roles.is_sorted_by(|a, b| a < b)
            && self.inline.iter().chain([&self.own]).all(|grants| are_grants(&program.privileges, grants))
    }
}

/// Where privileges and roles begin when facts, privileges and roles are counted through.
fn firsts(program: &Program) -> [u32; 2] {
    let facts = program.facts.len();
    [to_u32(facts), to_u32(facts + program.privileges.len())]
}

struct Words<'a>(std::slice::Iter<'a, u32>);

impl Words<'_> {
    fn word(&mut self) -> Option<u32> {
        self.0.next().copied()
    }

    /// Items of one word or more behind their number, of which there are never more than words are left.
    fn list<T>(&mut self, item: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.word().filter(|&count| count as usize <= self.0.len())?;
        let mut items = Vec::with_capacity(count as usize);
        for _ in 0..count {
            items.push(item(self)?);
        }
        Some(items)
    }

    fn couple(&mut self) -> Option<(u32, u32)> {
        Some((self.word()?, self.word()?))
    }
}
