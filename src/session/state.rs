//! States: subjects with their ids looked up, in canonical form.

use crate::pack::{Grant, Program, are_grants};
use crate::util::{sort, to_u32};
use std::ops::Range;

/// A subject as indices into a program. Its lists are sorted and distinct, except for the order of inline roles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct State {
    /// The known facts: index of the fact, and 0 or 1, the number, or the index of the option.
    pub facts: Vec<(u32, u32)>,
    /// The subject's own grants.
    pub own: Vec<Grant>,
    /// The indices of the listed roles.
    pub roles: Vec<u32>,
    /// The grants of each inline role, in the order of the subject.
    pub inline: Vec<Vec<Grant>>,
    /// The names of inline roles that have one, by their place.
    pub names: Vec<(usize, String)>,
    /// When own grants and listed roles end, in seconds since 1970, by their entry: facts, privileges and roles are counted
    /// consecutively. Sorted and distinct.
    pub ends: Vec<(u32, u32)>,
    /// The time for which it was looked up, in seconds since 1970.
    pub now: Option<u64>,
}

/// Privileges and the new grants of each; an empty list removes the grants.
pub(crate) type NewGrants = Vec<(u32, Vec<Grant>)>;

/// A change with its ids looked up by [`Policy::look_up`](crate::pack::Policy::look_up). Its lists are sorted by index and
/// distinct.
#[derive(Clone, Debug)]
pub struct Assignments {
    /// Facts and their new values; `None` makes the fact unknown.
    pub(crate) facts: Vec<(u32, Option<u32>)>,
    /// Privileges and the subject's new own grants; an empty list removes the grant.
    pub(crate) set: NewGrants,
    /// Roles to list.
    pub(crate) add: Vec<u32>,
    /// Roles to remove from the list.
    pub(crate) remove: Vec<u32>,
    /// Places of inline roles, and the new grants of each: privileges as in `set`.
    pub(crate) amend: Vec<(usize, NewGrants)>,
    /// When the new grants end, by their entry.
    pub(crate) ends: Vec<(u32, u32)>,
}

/// Replaces the grants of privileges in sorted grants. O(n log n) in both.
fn replace(grants: &mut Vec<Grant>, assigned: &[(u32, Vec<Grant>)]) {
    let is_assigned =
        |grant: &Grant| assigned.binary_search_by_key(&grant.privilege, |(privilege, _)| *privilege).is_ok();
    grants.retain(|grant| !is_assigned(grant));
    grants.extend(assigned.iter().flat_map(|(_, grants)| grants));
    sort::sort_by_key(grants, |grant| (grant.privilege, grant.value));
}

/// The range of one privilege in sorted grants; empty at the insertion point if there is no grant. O(log grants).
fn range_of(grants: &[Grant], privilege: u32) -> Range<usize> {
    let start = grants.partition_point(|grant| grant.privilege < privilege);
    start..grants.partition_point(|grant| grant.privilege <= privilege)
}

/// The grants of one privilege in sorted grants. O(log grants).
pub(crate) fn grants_of(grants: &[Grant], privilege: u32) -> &[Grant] {
    grants.get(range_of(grants, privilege)).unwrap_or_default()
}

impl State {
    /// The value of the fact at this index; `None` if the subject does not set it. O(log facts).
    pub fn fact(&self, index: usize) -> Option<u32> {
        let position = self.facts.binary_search_by(|(fact, _)| (*fact as usize).cmp(&index)).ok()?;
        self.facts.get(position).map(|(_, value)| *value)
    }

    /// The state after a change, with its lists still sorted. O(n log n) in state and change.
    pub(super) fn changed(&self, program: &Program, assignments: &Assignments) -> Self {
        let mut state = self.clone();
        let [privileges, roles] = first_entries(program);
        let set = assignments.set.iter().map(|(privilege, _)| privileges + privilege);
        let removed = assignments.remove.iter().map(|role| roles + role);
        // Privileges, then roles, each sorted: the whole is.
        let replaced: Vec<u32> = set.chain(removed).collect();
        state.ends.retain(|(entry, _)| replaced.binary_search(entry).is_err());
        state.ends.extend(&assignments.ends);
        sort::sort(&mut state.ends);
        let is_assigned = |fact: u32| assignments.facts.binary_search_by_key(&fact, |(assigned, _)| *assigned).is_ok();
        state.facts.retain(|(fact, _)| !is_assigned(*fact));
        state.facts.extend(assignments.facts.iter().filter_map(|&(fact, value)| Some((fact, value?))));
        sort::sort(&mut state.facts);
        replace(&mut state.own, &assignments.set);
        for (place, set) in &assignments.amend {
            state.inline.get_mut(*place).into_iter().for_each(|role| replace(role, set));
        }
        state.roles.retain(|role| assignments.remove.binary_search(role).is_err());
        state.roles.extend(&assignments.add);
        sort::sort(&mut state.roles);
        state.roles.dedup();
        state
    }

    /// The facts, own grants and listed roles, and the grants of all inline roles, as the engine takes them. O(state), and
    /// O(n log n) in the grants of several inline roles.
    pub(crate) fn pairs(&self, program: &Program) -> [Vec<[u32; 2]>; 2] {
        let [privileges, roles] = first_entries(program);
        let grant = |grant: &Grant| [privileges + grant.privilege, grant.value];
        let own = self.facts.iter().map(|&(fact, value)| [fact, value]).chain(self.own.iter().map(grant));
        let own = own.chain(self.roles.iter().map(|role| [roles + role, 1]));
        let mut inline: Vec<[u32; 2]> = self.inline.iter().flatten().map(grant).collect();
        if self.inline.len() > 1 {
            sort::sort(&mut inline);
        }
        [own.collect(), inline]
    }

    /// Reads the pairs that a token contains: own grants and listed roles, and the join of inline roles.
    pub(super) fn from_pairs(program: &Program, own: &[[u32; 2]], inline: &[[u32; 2]]) -> Self {
        let [privileges, roles] = first_entries(program);
        let grant = |[entry, value]: &[u32; 2]| {
            let privilege = entry.checked_sub(privileges).filter(|_| *entry < roles)?;
            Some(Grant { privilege, value: *value })
        };
        let inline: Vec<Grant> = inline.iter().filter_map(grant).collect();
        Self {
            facts: Vec::new(),
            own: own.iter().filter_map(grant).collect(),
            roles: own.iter().filter_map(|[entry, _]| entry.checked_sub(roles)).collect(),
            inline: if inline.is_empty() { Vec::new() } else { vec![inline] },
            ..Self::default()
        }
    }

    /// The name of the inline role at this place, if it has one.
    pub(crate) fn inline_name(&self, place: usize) -> Option<&str> {
        self.names.iter().find(|(named, _)| *named == place).map(|(_, name)| name.as_str())
    }

    /// Encodes the state as words, without the ends of its grants and roles. O(state).
    ///
    /// ```text
    /// number of pairs, pairs, number of inline roles, (number of pairs, pairs) for each inline role, number of names, names
    /// pair: entry, value
    /// name: place of the inline role, number of characters, characters
    /// ```
    ///
    /// Entries are facts, privileges and roles, numbered consecutively in this order. The value of a listed role is 1.
    pub fn words(&self, program: &Program) -> Vec<u32> {
        let [privileges, roles] = first_entries(program);
        let pair = |grant: &Grant| [privileges.saturating_add(grant.privilege), grant.value];
        let mut words = vec![to_u32(self.facts.len() + self.own.len() + self.roles.len())];
        words.extend(self.facts.iter().flat_map(|&(fact, value)| [fact, value]));
        words.extend(self.own.iter().flat_map(pair));
        words.extend(self.roles.iter().flat_map(|role| [roles.saturating_add(*role), 1]));
        words.push(to_u32(self.inline.len()));
        for role in &self.inline {
            words.push(to_u32(role.len()));
            words.extend(role.iter().flat_map(pair));
        }
        words.push(to_u32(self.names.len()));
        for (place, name) in &self.names {
            words.extend([to_u32(*place), to_u32(name.chars().count())]);
            words.extend(name.chars().map(u32::from));
        }
        words
    }

    /// Decodes [`State::words`]. `None` if the words are not a valid state of this program. O(words).
    pub fn from_words(program: &Program, words: &[u32]) -> Option<Self> {
        let [privileges, roles] = first_entries(program);
        let mut reader = WordReader(words.iter());
        let pairs = reader.list(WordReader::pair)?;
        let mut state = Self::default();
        for &(entry, value) in &pairs {
            match (entry.checked_sub(roles), entry.checked_sub(privileges)) {
                (Some(role), _) if value == 1 => state.roles.push(role),
                (Some(_), _) => return None,
                (_, Some(privilege)) => state.own.push(Grant { privilege, value }),
                _ => state.facts.push((entry, value)),
            }
        }
        for role in reader.list(|reader| reader.list(WordReader::pair))? {
            let grant = |(entry, value): (u32, u32)| Some(Grant { privilege: entry.checked_sub(privileges)?, value });
            state.inline.push(role.into_iter().map(grant).collect::<Option<_>>()?);
        }
        state.names = reader.list(WordReader::name)?;
        (reader.0.len() == 0 && pairs.is_sorted() && state.is_valid(program)).then_some(state)
    }

    /// Whether the state refers only to entries and values of the program, and is in canonical form.
    fn is_valid(&self, program: &Program) -> bool {
        let fact = |&(fact, value): &(u32, u32)| program.facts.at(fact).is_some_and(|fact| fact.accepts(value));
        self.facts.iter().all(fact)
            && self.facts.is_sorted_by(|a, b| a.0 < b.0)
            && self.roles.iter().all(|&role| program.roles.at(role).is_some())
            && self.roles.is_sorted_by(|a, b| a < b)
            && self.inline.iter().chain([&self.own]).all(|grants| are_grants(&program.privileges, grants))
            && self.names.iter().all(|(place, _)| *place < self.inline.len())
            && self.names.is_sorted_by(|a, b| a.0 < b.0)
    }
}

/// The numbers of the first privilege and the first role in the consecutive numbering of entries.
pub(super) fn first_entries(program: &Program) -> [u32; 2] {
    let facts = program.facts.len();
    [to_u32(facts), to_u32(facts + program.privileges.len())]
}

struct WordReader<'a>(std::slice::Iter<'a, u32>);

impl WordReader<'_> {
    fn word(&mut self) -> Option<u32> {
        self.0.next().copied()
    }

    /// Reads a length and that number of items. An item has at least one word, so a length above the number of remaining words
    /// is invalid; checking it first bounds the allocation.
    fn list<T>(&mut self, item: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.word().filter(|&count| count as usize <= self.0.len())?;
        let mut items = Vec::with_capacity(count as usize);
        for _ in 0..count {
            items.push(item(self)?);
        }
        Some(items)
    }

    /// A place and a text. What is no character, such as half of a surrogate pair, is replaced.
    fn name(&mut self) -> Option<(usize, String)> {
        let place = self.word()?;
        let character = |it: u32| char::from_u32(it).unwrap_or(char::REPLACEMENT_CHARACTER);
        Some((place as usize, self.list(Self::word)?.into_iter().map(character).collect()))
    }

    fn pair(&mut self) -> Option<(u32, u32)> {
        Some((self.word()?, self.word()?))
    }
}
