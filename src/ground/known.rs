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
        let (_, place) = self.probe(key)?;
        place
    }

    /// Adds a key that is not there yet. O(1), spread over all.
    pub(crate) fn add(&mut self, key: Key) {
        if self.slots.len() <= self.rows.len() * 2 {
            self.slots = alloc::vec![0; (self.slots.len() * 2).max(64)];
            for place in 0..self.rows.len() {
                self.enter(place);
            }
        }
        self.rows.push(key);
        self.enter(self.rows.len() - 1);
    }

    fn enter(&mut self, place: usize) {
        let Some((at, _)) = self.get(place).and_then(|key| self.probe(key)) else { return };
        if let (Some(slot), Ok(place)) = (self.slots.get_mut(at), u32::try_from(place + 1)) {
            *slot = place;
        }
    }

    /// The slot of a key and where the key stands; without that, the slot where it belongs. Nothing while there are no
    /// slots.
    fn probe(&self, key: Key) -> Option<(usize, Option<usize>)> {
        let mask = self.slots.len().checked_sub(1)?;
        let mixed = key.iter().fold(0_u32, |mixed, word| (mixed.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9));
        let mut at = (mixed ^ (mixed >> 15)) as usize & mask;
        loop {
            let place = (*self.slots.get(at)? as usize).checked_sub(1);
            if place.is_none_or(|place| self.get(place) == Some(key)) {
                return Some((at, place));
            }
            at = (at + 1) & mask;
        }
    }
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
