//! Warnings about menu items that no operation shows, and about those that lead to nothing.
//!
//! A menu item is shown when an operation at or below it is allowed; operations that restrict do not count. So an item without
//! operations at or below it is never shown, and a container, an item with items below it, that has operations only of its own
//! is shown with nothing in it.

use super::input::AnalysisInput;
use crate::diagnostic::{Code, Findings};
use crate::source::ROOT;
use hashbrown::HashMap;

/// Reports the menu items, a container in place of the items below it. Skipped if a part of the document could not be read, or
/// the menu is not a tree. O(menu × depth + operations × their menu items).
pub(super) fn check(input: &AnalysisInput, findings: &mut Findings) {
    if findings.has_errors() {
        return;
    }
    let document = input.document;
    let places: HashMap<&str, usize> = (0..).zip(&*document.menu).map(|(place, item)| (&*item.id, place)).collect();
    let parent = |place: usize| {
        let parent = document.menu.get(place)?.parent.as_ref()?;
        places.get(&**parent).copied()
    };
    // Whether each item has an operation of its own, and one below it, and whether it has items below it.
    let mut items = vec![(false, false, false); document.menu.len()];
    for operation in document.operations.iter().filter(|it| !it.restricts) {
        for place in operation.menu.iter().filter_map(|item| places.get(&**item)) {
            items.get_mut(*place).into_iter().for_each(|item| item.0 = true);
        }
    }
    for place in 0..document.menu.len() {
        let own = items.get(place).is_some_and(|item| item.0);
        for (distance, above) in std::iter::successors(parent(place), |above| parent(*above)).enumerate() {
            let Some(item) = items.get_mut(above) else { continue };
            item.1 |= own;
            item.2 |= distance == 0;
        }
    }
    let state = |place: usize| items.get(place).copied().unwrap_or_default();
    for (place, (at, item)) in document.menu.at(ROOT, "menu").enumerate() {
        let above = parent(place).map(state);
        match state(place) {
            (true, false, true) => {
                let message = format!(
                    "menu item `{}` is shown by its own operations alone: no item below it has an operation",
                    item.id
                );
                let help = "place operations at the items below it, or remove those items".into();
                findings.add(Code::EmptyContainer, &at, message, Some(help));
            }
            // An item above it that has no operations below it either is reported in its place.
            (false, false, _) if above.is_none_or(|(_, below, _)| below) => {
                let message =
                    format!("menu item `{}` is never shown: no operation is placed at it or below it", item.id);
                let help = "place an operation at it, or remove it".into();
                findings.add(Code::EmptyMenuItem, &at, message, Some(help));
            }
            _ => {}
        }
    }
}
