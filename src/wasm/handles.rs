//! A FIFO cache keyed by handle.

use wasm_bindgen::JsValue;

/// The capacity. JavaScript opens a pack again if its handle was evicted, so nothing must be closed and memory stays bounded.
const CAPACITY: usize = 8;

/// At most [`CAPACITY`] values by handle.
pub(super) struct Handles<T> {
    open: Vec<(u32, T)>,
    /// The last handle that was assigned.
    last: u32,
}

impl<T> Default for Handles<T> {
    fn default() -> Self {
        Self { open: Vec::new(), last: 0 }
    }
}

impl<T> Handles<T> {
    /// Stores a value under a new handle, and evicts the oldest one if the cache is full.
    pub(super) fn insert(&mut self, value: T) -> u32 {
        if self.open.len() >= CAPACITY {
            self.open.remove(0);
        }
        self.last = self.last.wrapping_add(1);
        self.open.push((self.last, value));
        self.last
    }

    /// The handle of the first value that matches.
    pub(super) fn find(&self, matches: impl Fn(&T) -> bool) -> Option<u32> {
        self.open.iter().find(|(_, value)| matches(value)).map(|(handle, _)| *handle)
    }

    /// The value of a handle.
    ///
    /// # Errors
    /// `null` for a handle that was evicted.
    pub(super) fn get(&self, handle: u32) -> Result<&T, JsValue> {
        self.open.iter().find(|(known, _)| *known == handle).map(|(_, value)| value).ok_or(JsValue::NULL)
    }
}
