//! The few policies that an engine keeps open, by the handles that it gave out.

use alloc::vec::Vec;
use wasm_bindgen::JsValue;

/// How many are kept. One that was pushed out is opened again by the owner of its pack when it is asked for, so nothing
/// needs to be closed and nothing leaks.
const MOST: usize = 8;

/// What is open.
pub(super) struct Kept<T> {
    open: Vec<(u32, T)>,
    given: u32,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { open: Vec::new(), given: 0 }
    }
}

impl<T> Kept<T> {
    /// Keeps something, in place of the oldest where there are too many, and gives it a handle.
    pub(super) fn keep(&mut self, value: T) -> u32 {
        if self.open.len() >= MOST {
            self.open.remove(0);
        }
        self.given = self.given.wrapping_add(1);
        self.open.push((self.given, value));
        self.given
    }

    /// The handle of something that is open already.
    pub(super) fn find(&self, same: impl Fn(&T) -> bool) -> Option<u32> {
        self.open.iter().find(|(_, value)| same(value)).map(|(handle, _)| *handle)
    }

    /// What has this handle; `null` is the error of one that is no longer open.
    pub(super) fn get(&self, handle: u32) -> Result<&T, JsValue> {
        self.open.iter().find(|(known, _)| *known == handle).map(|(_, value)| value).ok_or(JsValue::NULL)
    }
}
