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

#[cfg(not(all(feature = "host", target_arch = "wasm32")))]
#[inline(never)]
fn sort_indices(order: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    order.sort_by(|a, b| compare(*a, *b));
}

/// Sorts by a heap: the sort of the standard library is 4 kB, much for `host.wasm`, which sorts short lists.
#[cfg(all(feature = "host", target_arch = "wasm32"))]
#[inline(never)]
fn sort_indices(order: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    let sift = |heap: &mut [usize], mut at: usize| loop {
        let mut largest = at;
        for child in [2 * at + 1, 2 * at + 2] {
            if let (Some(&a), Some(&b)) = (heap.get(largest), heap.get(child))
                && compare(a, b).then(a.cmp(&b)).is_lt()
            {
                largest = child;
            }
        }
        if largest == at {
            break;
        }
        heap.swap(at, largest);
        at = largest;
    };
    (0..order.len() / 2).rev().for_each(|at| sift(order, at));
    for end in (1..order.len()).rev() {
        order.swap(0, end);
        sift(order.get_mut(..end).unwrap_or_default(), 0);
    }
}
