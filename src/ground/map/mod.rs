//! Maps and sets in few bytes of code.
//!
//! Evidence. A `BTreeMap` of the standard library is some kilobytes of code for each type of key and value; with forty of
//! them it was a fifth of the studio.
//!
//! Decision. Entries stay where they were put; what finds them, and keeps their order, is in the module once and knows
//! places only. A type adds how two of its keys compare.

mod order;

use super::sort::rearrange;
use crate::ground::Gather;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::cmp::Ordering;
use order::{Order, Places};

/// A map in the order of its keys. Finding and adding are O(log n) comparisons.
#[derive(Clone, Debug)]
pub struct Map<K, V> {
    entries: Vec<(K, V)>,
    order: Order,
}

/// A set in the order of its items.
#[derive(Clone, Debug)]
pub struct Set<T>(Map<T, ()>);

/// Entries, in the order of their keys.
#[derive(Clone, Debug)]
pub struct Iter<'a, K, V> {
    entries: &'a [(K, V)],
    places: Places<'a>,
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.entries.get(self.places.next()?).map(|(key, value)| (key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.entries.len()))
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Map<K, V> {
    /// A map without entries.
    pub const fn new() -> Self {
        Self { entries: Vec::new(), order: Order::new() }
    }

    /// How many entries it has.
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Its entries, in order.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter { entries: &self.entries, places: self.order.places(self.entries.len()) }
    }

    /// Its keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    /// Its values, in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// Its entries with values that may be changed, in no order.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// Takes all entries out.
    pub fn clear(&mut self) {
        *self = Self::new();
    }
}

impl<K: Ord, V> Map<K, V> {
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        self.order.find(self.entries.len(), &|place| compare(&self.entries, place, key))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.entries.get(self.find(key)?).map(|(_, value)| value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.find(key)?;
        self.entries.get_mut(place).map(|(_, value)| value)
    }

    /// Whether it has the key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_some()
    }

    /// Puts a value at a key; what was there before is returned.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let there = self.order.enter(self.entries.len(), &|place| compare(&self.entries, place, &key));
        let Some(place) = there else {
            self.entries.push((key, value));
            return None;
        };
        self.entries.get_mut(place).map(|(_, there)| core::mem::replace(there, value))
    }

    /// The value of a key, which is put there unless there is one.
    pub fn or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let there = self.order.enter(self.entries.len(), &|place| compare(&self.entries, place, &key));
        let place = there.unwrap_or(self.entries.len());
        if there.is_none() {
            self.entries.push((key, V::default()));
        }
        #[expect(clippy::indexing_slicing, reason = "an order has places of entries only")]
        &mut self.entries[place].1
    }

    /// Keeps the entries that `wanted` says yes to. O(n log n).
    pub fn retain(&mut self, mut wanted: impl FnMut(&K, &mut V) -> bool) {
        let entries = core::mem::take(self).entries;
        self.extend(
            entries.into_iter().filter_map(|(key, mut value)| wanted(&key, &mut value).then_some((key, value))),
        );
    }
}

/// How the key of an entry compares with another one.
fn compare<K: Borrow<Q>, V, Q: Ord + ?Sized>(entries: &[(K, V)], place: usize, key: &Q) -> Ordering {
    entries.get(place).map_or(Ordering::Equal, |(known, _)| known.borrow().cmp(key))
}

impl<K, V> Extend<(K, V)> for Map<K, V>
where
    K: Ord,
{
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = alloc::vec::IntoIter<(K, V)>;

    fn into_iter(mut self) -> Self::IntoIter {
        if !self.order.is_plain() {
            let places = self.order.places(0).listed();
            rearrange(places, &mut |a, b| self.entries.swap(a, b));
        }
        self.entries.into_iter()
    }
}

impl<'a, K, V> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other)
    }
}

impl<K: Eq, V: Eq> Eq for Map<K, V> {}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Set<T> {
    /// A set without items.
    pub const fn new() -> Self {
        Self(Map::new())
    }

    /// How many items it has.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its items, in order.
    pub fn iter(&self) -> Items<'_, T> {
        Items(self.0.iter())
    }
}

impl<T: Ord> Set<T> {
    /// Whether it has the item.
    pub fn contains<Q: Ord + ?Sized>(&self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.0.contains_key(item)
    }

    /// Puts an item in; whether it was not there.
    pub fn insert(&mut self, item: T) -> bool {
        self.0.insert(item, ()).is_none()
    }
}

/// Items, in order.
#[derive(Clone, Debug)]
pub struct Items<'a, T>(Iter<'a, T, ()>);

impl<'a, T> Iterator for Items<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        self.0.next().map(|(item, ())| item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<T: Ord> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            self.insert(item);
        }
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = core::iter::Map<alloc::vec::IntoIter<(T, ())>, fn((T, ())) -> T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().map(|(item, ())| item)
    }
}

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = Items<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: PartialEq> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: Eq> Eq for Set<T> {}

#[cfg(feature = "studio")]
impl<K: serde::Serialize, V: serde::Serialize> serde::Serialize for Map<K, V> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

#[cfg(feature = "schema")]
impl<K: schemars::JsonSchema, V: schemars::JsonSchema> schemars::JsonSchema for Map<K, V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        alloc::collections::BTreeMap::<K, V>::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        alloc::collections::BTreeMap::<K, V>::json_schema(generator)
    }
}
