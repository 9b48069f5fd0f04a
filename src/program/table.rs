//! A list of entries that can also be found by id.

use crate::ground::sort::order;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Fact, MenuItem, Named, Operation, Privilege, Role};

/// Something with an id.
pub trait Entry {
    /// Its id.
    fn id(&self) -> &str;
}

macro_rules! entries {
    ($($entry:ty),*) => { $(impl Entry for $entry { fn id(&self) -> &str { &self.id } })* };
}
entries!(Named, Fact, Privilege, Role, MenuItem, Operation);

/// Entries in policy order, found by index in O(1) and by id in O(log n).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table<T> {
    rows: Vec<T>,
    by_id: Vec<usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), by_id: Vec::new() }
    }
}

impl<T: Entry> Table<T> {
    /// A table of `rows`.
    ///
    /// # Errors
    /// The id that two rows share.
    pub fn new(rows: Vec<T>) -> Result<Self, String> {
        let id = |place: usize| rows.get(place).map_or("", Entry::id);
        let by_id = order(rows.len(), &|a, b| id(a) < id(b));
        let twice = by_id.windows(2).find_map(|pair| match *pair {
            [a, b] if id(a) == id(b) => Some(id(a)),
            _ => None,
        });
        match twice {
            Some(twice) => Err(twice.into()),
            None => Ok(Self { rows, by_id }),
        }
    }

    /// The index of the entry with this id.
    pub fn find(&self, id: &str) -> Option<usize> {
        let place = self.by_id.binary_search_by(|&index| self.rows.get(index).map(Entry::id).cmp(&Some(id)));
        place.ok().and_then(|place| self.by_id.get(place).copied())
    }

    /// The ids, in policy order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(Entry::id)
    }
}

impl<T> Table<T> {
    /// The entry at `index`.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.rows.get(index)
    }

    /// The entry at an index that is stored as a word.
    pub fn at(&self, index: u32) -> Option<&T> {
        self.rows.get(index as usize)
    }

    /// All entries, in policy order.
    pub fn iter(&self) -> core::slice::Iter<'_, T> {
        self.rows.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All entries, to change anything but their ids.
    pub(crate) fn rows_mut(&mut self) -> core::slice::IterMut<'_, T> {
        self.rows.iter_mut()
    }
}

impl<'a, T> IntoIterator for &'a Table<T> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}
