//! A list with an index by id.

use hashbrown::HashMap;
use hashbrown::hash_map::EntryRef;

/// An entry of a [`Table`].
pub trait Entry {
    /// The id of the entry.
    fn id(&self) -> &str;
}

/// The ids of a [`Table`], independent of the type of its entries.
pub trait Ids {
    /// The id of the entry at `index`.
    fn id(&self, index: usize) -> Option<&str>;
}

impl<T: Entry> Ids for Table<T> {
    fn id(&self, index: usize) -> Option<&str> {
        self.get(index).map(Entry::id)
    }
}

/// Entries in policy order, with lookup by index or id in O(1). The ids are distinct.
#[derive(Clone, Debug)]
pub struct Table<T> {
    rows: Vec<T>,
    by_id: HashMap<String, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), by_id: HashMap::new() }
    }
}

/// Compares only the rows, since they determine the index.
impl<T: PartialEq> PartialEq for Table<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
    }
}

impl<T: Eq> Eq for Table<T> {}

impl<T: Entry> Table<T> {
    /// Builds a table. O(rows).
    ///
    /// # Errors
    /// The first id that occurs twice.
    pub fn new(rows: Vec<T>) -> Result<Self, String> {
        let mut by_id = HashMap::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            match by_id.entry_ref(row.id()) {
                EntryRef::Occupied(_) => return Err(row.id().into()),
                EntryRef::Vacant(vacant) => vacant.insert(index),
            };
        }
        Ok(Self { rows, by_id })
    }

    /// The index of the entry with this id. O(1).
    pub fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
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

    /// The entry at a 32-bit index.
    pub fn at(&self, index: u32) -> Option<&T> {
        self.rows.get(index as usize)
    }

    /// All entries, in policy order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the table has no entries.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All entries, mutable. The caller must not change an id, since the index would no longer match.
    #[cfg(feature = "studio")]
    pub(crate) fn rows_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.rows.iter_mut()
    }
}

impl<'a, T> IntoIterator for &'a Table<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}
