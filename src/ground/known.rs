//! What is known already: values by three words, found by hashing.

use alloc::vec::Vec;

/// Three words that are looked for.
pub(crate) type Key = [u32; 3];

/// Keys in the order in which they came, with a table of where each stands.
#[derive(Default)]
pub(crate) struct Keys {
    rows: Vec<Key>,
    /// Places in `rows` from 1, each at the hash of its key or the next that was free; 0 is free. At least half are.
    slots: Vec<u32>,
}

impl Keys {
    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.rows.len()
    }

    /// The key at a place.
    pub(crate) fn get(&self, place: usize) -> Option<Key> {
        self.rows.get(place).copied()
    }

    /// Where the key stands. O(1).
    pub(crate) fn find(&self, key: Key) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash(key) & mask;
        loop {
            let place = (*self.slots.get(at)? as usize).checked_sub(1)?;
            if self.get(place) == Some(key) {
                return Some(place);
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds a key that is not there yet. O(1), spread over all.
    pub(crate) fn add(&mut self, key: Key) {
        if self.slots.len() <= self.rows.len() * 2 {
            self.slots = alloc::vec![0; (self.slots.len() * 4).max(64)];
            (1..).zip(&self.rows).for_each(|(place, key)| enter(&mut self.slots, *key, place));
        }
        self.rows.push(key);
        if let Ok(place) = u32::try_from(self.rows.len()) {
            enter(&mut self.slots, key, place);
        }
    }
}

/// Puts the place of a key that has none at its hash, or in the next slot that is free.
fn enter(slots: &mut [u32], key: Key, place: u32) {
    let mask = slots.len().wrapping_sub(1);
    let mut at = hash(key) & mask;
    while let Some(slot) = slots.get_mut(at) {
        if *slot == 0 {
            *slot = place;
            return;
        }
        at = (at + 1) & mask;
    }
}

fn hash(key: Key) -> usize {
    let mixed = key.iter().fold(0_u32, |mixed, word| (mixed.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9));
    (mixed ^ (mixed >> 15)) as usize
}

/// Values by keys.
pub(crate) struct Known<T> {
    keys: Keys,
    values: Vec<T>,
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self { keys: Keys::default(), values: Vec::new() }
    }
}

impl<T: Copy> Known<T> {
    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.values.len()
    }

    /// The value of a key. O(1).
    pub(crate) fn get(&self, key: Key) -> Option<T> {
        self.values.get(self.keys.find(key)?).copied()
    }

    /// Adds what is not known yet.
    pub(crate) fn add(&mut self, key: Key, value: T) {
        self.keys.add(key);
        self.values.push(value);
    }
}
