//! The operations and children of menu items.

use super::{Operation, Program};

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
}
