//! Sorting and gathering in few bytes of code.
//!
//! Evidence. The sort of the standard library is a few kilobytes of code for each type that is sorted, and so is
//! collecting into a `BTreeMap` or `BTreeSet`, which sorts first: in the wasm module of the studio that was a sixth of
//! all code, for lists of a few dozen items.
//!
//! Decision. One merge sort of places, which knows nothing of the items, is in the module once; a type adds how two of
//! its items compare and swap. Sets and maps are filled one by one.

use alloc::vec::Vec;

/// Sorts stably. O(n log n).
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, |a, b| a < b);
}

/// Sorts stably by a key, which is made anew for each comparison. O(n log n).
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a) < key(b));
}

fn sort_by<T>(items: &mut [T], before: impl Fn(&T, &T) -> bool) {
    let order = order(items.len(), &|a, b| matches!((items.get(a), items.get(b)), (Some(a), Some(b)) if before(a, b)));
    rearrange(order, &mut |a, b| items.swap(a, b));
}

/// The places from 0 to `count` in the order of what stands there, equal ones as they stand. `before` says whether what
/// stands at its first place comes before what stands at its second. O(n log n).
pub fn order(count: usize, before: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    let mut run = 1;
    while run < count {
        let mut merged = Vec::with_capacity(count);
        for pair in places.chunks(2 * run) {
            let (left, right) = pair.split_at(run.min(pair.len()));
            let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
            while let Some(&place) = match (left.peek(), right.peek()) {
                (Some(&&a), Some(&&b)) if before(b, a) => right.next(),
                (None, _) => right.next(),
                _ => left.next(),
            } {
                merged.push(place);
            }
        }
        places = merged;
        run *= 2;
    }
    places
}

/// Brings items into an order by swapping two at a time. O(n).
pub(super) fn rearrange(mut order: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut here = start;
        while let Some(place) = order.get_mut(here) {
            let next = core::mem::replace(place, here);
            if next == start || next == here {
                break;
            }
            swap(here, next);
            here = next;
        }
    }
}

/// Gathering into sets and maps.
pub trait Gather: Iterator + Sized {
    /// Like `collect`, for what grows item by item: of several entries with one key the last stays.
    fn gather<C: Default + Extend<Self::Item>>(self) -> C {
        let mut all = C::default();
        all.extend(self);
        all
    }

    /// Like `collect` into a list, with half of its code: an item is taken in one place, and nobody asks how many there
    /// will be.
    fn listed(self) -> Vec<Self::Item> {
        let mut all = Vec::new();
        for item in self {
            all.push(item);
        }
        all
    }
}

impl<I: Iterator> Gather for I {}
