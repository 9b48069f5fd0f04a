//! Sorting by indices. `slice::sort` is compiled for each type that is sorted, some 4 kB of WebAssembly for each of thirty types:
//! together a tenth of the studio's download. Here it is compiled once, for indices; the elements are only compared and swapped.

#[cfg(all(feature = "host", target_arch = "wasm32"))]
use heap::sort_indices;
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

/// `host.wasm` sorts by the heap of the standard library. Its sort of slices would make the download 60.8 kB instead of 58.8 kB; it is to
/// be at most 60 kB.
#[cfg(all(feature = "host", target_arch = "wasm32"))]
mod heap {
    use std::cmp::Ordering;
    use std::collections::BinaryHeap;

    pub(super) fn sort_indices(order: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
        let heap: BinaryHeap<Element> = order.iter().map(|index| Element { index: *index, compare }).collect();
        for (place, element) in order.iter_mut().zip(heap.into_sorted_vec()) {
            *place = element.index;
        }
    }

    /// An element by its index; equal ones are ordered by their indices.
    struct Element<'a> {
        index: usize,
        compare: &'a dyn Fn(usize, usize) -> Ordering,
    }

    impl Ord for Element<'_> {
        fn cmp(&self, other: &Self) -> Ordering {
            (self.compare)(self.index, other.index).then(self.index.cmp(&other.index))
        }
    }

    impl PartialOrd for Element<'_> {
        fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
            Some(self.cmp(other))
        }
    }

    impl PartialEq for Element<'_> {
        fn eq(&self, other: &Self) -> bool {
            self.cmp(other).is_eq()
        }
    }

    impl Eq for Element<'_> {}
}
