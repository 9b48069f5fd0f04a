//! A list of entries that can also be looked up by id.

use hashbrown::HashMap;
use hashbrown::hash_map::EntryRef;

/// Something with an id.
pub trait Entry {
    /// Its id.
    fn id(&self) -> &str;
}

/// The ids of a table, whatever its entries are.
pub trait Ids {
    /// The id of the entry at `index`.
    fn id(&self, index: usize) -> Option<&str>;
}

impl<T: Entry> Ids for Table<T> {
    fn id(&self, index: usize) -> Option<&str> {
        self.get(index).map(Entry::id)
    }
}

/// Entries in policy order, found by index or by id in O(1).
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

/// The index follows from the rows.
impl<T: PartialEq> PartialEq for Table<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
    }
}

impl<T: Eq> Eq for Table<T> {}

impl<T: Entry> Table<T> {
    /// A table of `rows`. O(rows).
    ///
    /// # Errors
    /// The first id that an earlier row has too.
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

    /// The index of the entry with this id.
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

    /// The entry at an index that is stored in 32 bits.
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

    /// Whether it has no entry.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All entries, mutable. Their ids must stay as they are.
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
