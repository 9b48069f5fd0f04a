//! Helpers that do not depend on policies.

pub(crate) mod messages;
pub(crate) mod sort;
pub mod suggest;

#[cfg(feature = "studio")]
use litemap::LiteMap;
use std::collections::BTreeMap;
#[cfg(feature = "studio")]
use std::collections::BTreeSet;

/// Inserts entries one by one; a later entry replaces an earlier one with the same key. `LiteMap`'s `extend` and `collect` sort,
/// and the sort is compiled for each type of iterator: they made the studio module 10 % larger.
#[cfg(feature = "studio")]
pub fn insert_all<K: Ord, V>(map: &mut LiteMap<K, V>, entries: impl IntoIterator<Item = (K, V)>) {
    for (key, value) in entries {
        map.insert(key, value);
    }
}

/// Collects into a map with [`insert_all`].
#[cfg(feature = "studio")]
pub fn collect_map<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> LiteMap<K, V> {
    let mut map = LiteMap::new_vec();
    insert_all(&mut map, entries);
    map
}

/// Collects into a set by insertion, for the same reason as [`insert_all`]: `BTreeSet`'s `collect` sorts too.
#[cfg(feature = "studio")]
pub fn collect_set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

/// Collects into an ordered map by insertion, for the same reason.
pub fn collect_ordered<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(entries);
    map
}

/// Converts a length or index to the 32 bits that packs, tokens and WebAssembly use. Saturates at `u32::MAX`, which no document
/// within [`limits`](crate::model::limits) reaches.
pub fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
