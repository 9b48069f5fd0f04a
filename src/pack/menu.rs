//! The menu: operations by menu item, and the states of items.

use super::{Operation, Program, Slot};

/// Operations and children by menu item. Both lists have one more entry at the end: the root, whose children are the
/// top-level items.
pub(crate) struct MenuIndex<'p> {
    /// The operations placed at the item, with their indices, without those that restrict.
    pub(crate) operations: Vec<Vec<(usize, &'p Operation)>>,
    /// The indices of the item's children.
    pub(crate) children: Vec<Vec<usize>>,
}

impl Program {
    /// Builds the [`MenuIndex`]. O(operations × their menu items + items).
    pub(crate) fn menu_index(&self) -> MenuIndex<'_> {
        let root = self.menu.len();
        let mut operations = vec![Vec::new(); root + 1];
        let mut children = vec![Vec::new(); root + 1];
        for (index, operation) in self.operations.iter().enumerate().filter(|(_, operation)| !operation.restricts) {
            for item in &operation.menu {
                operations.get_mut(*item as usize).into_iter().for_each(|list| list.push((index, operation)));
            }
        }
        for (index, item) in self.menu.iter().enumerate() {
            let parent = item.parent.map_or(root, |parent| parent as usize);
            children.get_mut(parent).into_iter().for_each(|list| list.push(index));
        }
        MenuIndex { operations, children }
    }

    /// The state of each menu item: the disjunction of the decisions at or below it, without operations that restrict. `or`
    /// and `no` are the disjunction and its neutral element, `decided` maps a decision slot to its value.
    /// O(operations × their menu items + items).
    pub(crate) fn menu_states<T: Copy>(
        &self,
        no: T,
        decided: impl Fn(Slot) -> T,
        mut or: impl FnMut(T, T) -> T,
    ) -> Vec<T> {
        let mut states = vec![no; self.menu.len()];
        let mut add = |states: &mut [T], item: u32, value: T| {
            if let Some(state) = states.get_mut(item as usize) {
                *state = or(*state, value);
            }
        };
        for operation in self.operations.iter().filter(|operation| !operation.restricts) {
            operation.menu.iter().for_each(|item| add(&mut states, *item, decided(operation.decision)));
        }
        // Parents precede their children, so in reverse order an item is complete before it is added to its parent.
        for (index, item) in self.menu.iter().enumerate().rev() {
            if let (Some(parent), Some(state)) = (item.parent, states.get(index).copied()) {
                add(&mut states, parent, state);
            }
        }
        states
    }
}
