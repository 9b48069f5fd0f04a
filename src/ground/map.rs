//! Maps and sets in few bytes of code.
//!
//! Evidence. A `BTreeMap` of the standard library is some kilobytes of code for each type of key and value; with forty of
//! them it was a fifth of the studio.
//!
//! Decision. Entries stay where they were put; what finds them, and keeps their order, is in the module once and knows
//! places only. A type adds how two of its keys compare.

use super::sort::rearrange;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::cmp::Ordering;

/// A map in the order of its keys. Finding and adding are O(log n) comparisons.
#[derive(Clone, Debug)]
pub struct Map<K, V> {
    entries: Vec<(K, V)>,
    order: Order,
}

/// A set in the order of its items.
#[derive(Clone, Debug)]
pub struct Set<T>(Map<T, ()>);

/// The places of entries in the order of their keys, in runs of which none is long: to put one in between moves few. While
/// keys come in order, as most do, there are no runs: a place stands where it is.
#[derive(Clone, Debug, Default)]
struct Order {
    runs: Vec<Vec<u32>>,
}

/// Where in an order a place stands or belongs: the run, and where in it.
type Spot = (usize, usize);

/// Places in a run.
const RUN: usize = 512;

impl Order {
    /// Where the place stands of so many that compares as equal, or where it belongs.
    fn find(&self, count: usize, compare: &dyn Fn(usize) -> Ordering) -> Result<Spot, Spot> {
        if self.runs.is_empty() {
            return among(count, compare).map(|at| (0, at)).map_err(|at| (0, at));
        }
        let is_before = |run: &Vec<u32>| run.last().is_some_and(|last| compare(*last as usize).is_lt());
        let run = self.runs.partition_point(is_before);
        let Some(places) = self.runs.get(run) else {
            // It comes after all of them: at the end of the last run.
            return Err(self.runs.last().map_or((0, 0), |last| (run - 1, last.len())));
        };
        let place = |at: usize| places.get(at).map_or(Ordering::Equal, |place| compare(*place as usize));
        among(places.len(), &place).map(|at| (run, at)).map_err(|at| (run, at))
    }

    fn at(&self, (run, at): Spot) -> usize {
        if self.runs.is_empty() {
            return at;
        }
        self.runs.get(run).and_then(|run| run.get(at)).map_or(usize::MAX, |place| *place as usize)
    }

    fn insert(&mut self, (run, at): Spot, place: usize) {
        if self.runs.is_empty() {
            if at == place {
                return;
            }
            let all: Vec<u32> = (0..).take(place).collect();
            self.runs = all.chunks(RUN).map(Into::into).collect();
            return self.insert((at / RUN, at % RUN), place);
        }
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        let Some(places) = self.runs.get_mut(run) else { return };
        places.insert(at, place);
        if places.len() > RUN {
            // What grows at its end keeps full runs behind it.
            let rest = places.split_off(if at == RUN { RUN } else { RUN / 2 });
            self.runs.insert(run + 1, rest);
        }
    }

    fn places(&self, count: usize) -> Places<'_> {
        let count = if self.runs.is_empty() { count } else { 0 };
        Places { there: 0..count, runs: self.runs.iter(), run: [].iter() }
    }
}

/// Which of so many compares as equal, or where it would stand.
fn among(count: usize, compare: &dyn Fn(usize) -> Ordering) -> Result<usize, usize> {
    let (mut from, mut to) = (0, count);
    while from < to {
        let middle = usize::midpoint(from, to);
        match compare(middle) {
            Ordering::Less => from = middle + 1,
            Ordering::Equal => return Ok(middle),
            Ordering::Greater => to = middle,
        }
    }
    Err(from)
}

/// Places, in order.
#[derive(Clone, Debug)]
struct Places<'a> {
    /// Those that stand where they are.
    there: core::ops::Range<usize>,
    runs: core::slice::Iter<'a, Vec<u32>>,
    run: core::slice::Iter<'a, u32>,
}

impl Iterator for Places<'_> {
    type Item = usize;

    #[inline(never)]
    fn next(&mut self) -> Option<usize> {
        if let Some(place) = self.there.next() {
            return Some(place);
        }
        loop {
            if let Some(place) = self.run.next() {
                return Some(*place as usize);
            }
            self.run = self.runs.next()?.iter();
        }
    }
}

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
        Self { entries: Vec::new(), order: Order { runs: Vec::new() } }
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
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<Spot, Spot>
    where
        K: Borrow<Q>,
    {
        let entries = self.entries.as_slice();
        self.order.find(entries.len(), &|place| match entries.get(place) {
            Some((known, _)) => known.borrow().cmp(key),
            None => Ordering::Equal,
        })
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let spot = self.find(key).ok()?;
        self.entries.get(self.order.at(spot)).map(|(_, value)| value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let spot = self.find(key).ok()?;
        self.entries.get_mut(self.order.at(spot)).map(|(_, value)| value)
    }

    /// Whether it has the key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// Puts a value at a key; what was there before is returned.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(spot) => {
                let place = self.order.at(spot);
                self.entries.get_mut(place).map(|(_, there)| core::mem::replace(there, value))
            }
            Err(spot) => {
                self.order.insert(spot, self.entries.len());
                self.entries.push((key, value));
                None
            }
        }
    }

    /// The value of a key, which is put there unless there is one.
    pub fn or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let place = match self.find(&key) {
            Ok(spot) => self.order.at(spot),
            Err(spot) => {
                self.order.insert(spot, self.entries.len());
                self.entries.push((key, V::default()));
                self.entries.len() - 1
            }
        };
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
        if !self.order.runs.is_empty() {
            let places = self.order.places(0).collect();
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
