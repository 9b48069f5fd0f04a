//! A list of entries that can also be found by id.

use crate::ground::Gather;
use crate::ground::quick::Quick;
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

/// The ids of a table of whatever entries.
pub trait Ids {
    /// The id of the entry at `index`.
    fn id(&self, index: usize) -> Option<&str>;
}

impl<T: Entry> Ids for Table<T> {
    fn id(&self, index: usize) -> Option<&str> {
        self.get(index).map(Entry::id)
    }
}

/// Entries in policy order, found by index in O(1) and by id in O(log n).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table<T> {
    rows: Vec<T>,
    /// The hash of each id and the index of its entry, in the order of [`Quick`].
    by_id: Vec<(u64, usize)>,
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
        let mut table = Self { rows, by_id: Vec::new() };
        table.by_id = by_id(&table, table.len())?;
        Ok(table)
    }

    /// The index of the entry with this id.
    pub fn find(&self, id: &str) -> Option<usize> {
        let wanted = Quick::of(id);
        let compare = |known: &(u64, usize)| {
            known.0.cmp(&wanted.hash()).then_with(|| self.rows.get(known.1).map(Entry::id).cmp(&Some(id)))
        };
        let place = self.by_id.binary_search_by(compare).ok()?;
        self.by_id.get(place).map(|(_, index)| *index)
    }

    /// The ids, in policy order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(Entry::id)
    }
}

/// The hashes of the ids and the indices of their entries, in the order of [`Quick`], or the id that comes twice.
fn by_id(of: &dyn Ids, count: usize) -> Result<Vec<(u64, usize)>, String> {
    let ids: Vec<Quick> = (0..count).filter_map(|index| of.id(index)).map(Quick::of).listed();
    let order = order(count, &|a, b| ids.get(a) < ids.get(b));
    let twice = order.windows(2).find_map(|pair| match *pair {
        [a, b] if ids.get(a) == ids.get(b) => of.id(a),
        _ => None,
    });
    let hash = |index: usize| ids.get(index).map_or(0, |id| id.hash());
    twice.map_or_else(|| Ok(order.into_iter().map(|index| (hash(index), index)).listed()), |twice| Err(twice.into()))
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
