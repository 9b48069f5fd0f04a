//! Sorting by indices. `slice::sort` is compiled for each type that is sorted, some 4 kB of WebAssembly for each of thirty types:
//! together a tenth of the studio's download. Here it is compiled once, for indices; the elements are only compared and swapped.

use std::cmp::Ordering;

/// Sorts elements; equal ones keep their order. O(n log n).
pub(crate) fn sort<T: Ord>(elements: &mut [T]) {
    sort_by(elements, &T::cmp);
}

/// Sorts elements by a key; those with equal keys keep their order. O(n log n).
pub(crate) fn sort_by_key<T, K: Ord>(elements: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(elements, &|a, b| key(a).cmp(&key(b)));
}

fn sort_by<T>(elements: &mut [T], compare: &dyn Fn(&T, &T) -> Ordering) {
    let mut order: Vec<usize> = (0..elements.len()).collect();
    sort_indices(&mut order, &|a, b| match (elements.get(a), elements.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    for start in 0..order.len() {
        // Each cycle of places is followed once: what belongs at a place is swapped there, and what was there moves on.
        let mut here = start;
        while let Some(from) =
            order.get_mut(here).map(|from| std::mem::replace(from, here)).filter(|from| *from != start)
        {
            elements.swap(here, from);
            here = from;
        }
    }
}

#[inline(never)]
fn sort_indices(order: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    order.sort_by(|a, b| compare(*a, *b));
}
