//! The menu: what stands where, and what of it is shown.

use super::{Operation, Program, Slot};

/// What is at each menu item, in policy order; behind the last item, the whole menu.
pub(crate) struct MenuIndex<'p> {
    /// The operations that are placed at it and stand for no restriction, with their places among all.
    pub(crate) placed: Vec<Vec<(usize, &'p Operation)>>,
    /// The items below it.
    pub(crate) below: Vec<Vec<usize>>,
}

impl Program {
    /// What is at each menu item. O(operations × their places + items).
    pub(crate) fn menu_index(&self) -> MenuIndex<'_> {
        let end = self.menu.len();
        let mut placed = vec![Vec::new(); end + 1];
        let mut below = vec![Vec::new(); end + 1];
        for (index, operation) in self.operations.iter().enumerate().filter(|(_, operation)| !operation.restricts) {
            for item in &operation.menu {
                placed.get_mut(*item as usize).into_iter().for_each(|placed| placed.push((index, operation)));
            }
        }
        for (index, item) in self.menu.iter().enumerate() {
            let parent = item.parent.map_or(end, |parent| parent as usize);
            below.get_mut(parent).into_iter().for_each(|below| below.push(index));
        }
        MenuIndex { placed, below }
    }

    /// By menu item, whether it is shown: whether an operation that is placed at or below it and stands for no restriction is
    /// allowed, as `decided` and `or` say, beginning with `no`. O(operations × their places + items).
    pub(crate) fn shown<T: Copy>(&self, no: T, decided: impl Fn(Slot) -> T, mut or: impl FnMut(T, T) -> T) -> Vec<T> {
        let mut shown = vec![no; self.menu.len()];
        let mut add = |shown: &mut [T], item: u32, more: T| {
            if let Some(shown) = shown.get_mut(item as usize) {
                *shown = or(*shown, more);
            }
        };
        for operation in self.operations.iter().filter(|operation| !operation.restricts) {
            operation.menu.iter().for_each(|item| add(&mut shown, *item, decided(operation.decision)));
        }
        // Parents come first, so what is below an item is complete before it is added to its parent.
        for (place, item) in self.menu.iter().enumerate().rev() {
            if let (Some(parent), Some(below)) = (item.parent, shown.get(place).copied()) {
                add(&mut shown, parent, below);
            }
        }
        shown
    }
}
