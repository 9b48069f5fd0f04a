//! A list with an index by id.

use index::Index;

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
    by_id: Index,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), by_id: Index::default() }
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
        let by_id = Index::new(&rows)?;
        Ok(Self { rows, by_id })
    }

    /// The index of the entry with this id. O(1).
    pub fn find(&self, id: &str) -> Option<usize> {
        self.by_id.find(&self.rows, id)
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

#[cfg(not(all(feature = "host", target_arch = "wasm32")))]
mod index {
    use super::Entry;
    use hashbrown::HashMap;
    use hashbrown::hash_map::EntryRef;

    /// The places of rows by id.
    #[derive(Clone, Debug, Default)]
    pub(super) struct Index(HashMap<String, usize>);

    impl Index {
        /// # Errors
        /// The first id that occurs twice.
        pub(super) fn new<T: Entry>(rows: &[T]) -> Result<Self, String> {
            let mut by_id = HashMap::with_capacity(rows.len());
            for (index, row) in rows.iter().enumerate() {
                match by_id.entry_ref(row.id()) {
                    EntryRef::Occupied(_) => return Err(row.id().into()),
                    EntryRef::Vacant(vacant) => vacant.insert(index),
                };
            }
            Ok(Self(by_id))
        }

        pub(super) fn find<T>(&self, _: &[T], id: &str) -> Option<usize> {
            self.0.get(id).copied()
        }
    }
}

/// In `host.wasm`, whose download is to be at most 60 kB, the places are sorted by id: it is 58.8 kB so, 61.8 kB with hash tables, and
/// 59.9 kB with `BTreeMap`, which leaves no room for another compiler.
#[cfg(all(feature = "host", target_arch = "wasm32"))]
mod index {
    use super::Entry;
    use crate::util::sort;

    /// The places of rows, sorted by their ids.
    #[derive(Clone, Debug, Default)]
    pub(super) struct Index(Vec<usize>);

    impl Index {
        /// # Errors
        /// An id that occurs twice.
        pub(super) fn new<T: Entry>(rows: &[T]) -> Result<Self, String> {
            let id = |index: &usize| rows.get(*index).map_or("", Entry::id);
            let mut places: Vec<usize> = (0..rows.len()).collect();
            sort::sort_by_key(&mut places, id);
            let twice = places.windows(2).find_map(|pair| match pair {
                [a, b] if id(a) == id(b) => Some(id(a)),
                _ => None,
            });
            twice.map_or(Ok(Self(places)), |id| Err(id.into()))
        }

        pub(super) fn find<T: Entry>(&self, rows: &[T], id: &str) -> Option<usize> {
            let place = self.0.binary_search_by(|index| rows.get(*index).map_or("", Entry::id).cmp(id)).ok()?;
            self.0.get(place).copied()
        }
    }
}
