//! Lists that overlap: taken together they have at most as many bytes as the section. For each kind of list a pack with exactly
//! as many, and one whose section is a word too short.

use super::forge::{Forge, Small, row, rows};

pub(super) fn all(forge: &mut Forge) {
    for (name, small) in [
        ("comparisons", comparisons()),
        ("slot references", slots()),
        ("role numbers", role_numbers()),
        ("grants of roles", grants()),
    ] {
        let exact = Small { lists: [&small.lists[..], &[0]].concat(), ..small };
        forge.add(&format!("{name} that overlap, together as long as the section"), &exact.pack().write(), true);
        let short = Small { lists: exact.lists[..exact.lists.len() - 1].to_vec(), ..exact };
        forge.add(
            &format!("{name} that overlap, together a word longer than the section"),
            &short.pack().write(),
            false,
        );
    }
    forge.add("placements that overlap, together as long as the section", &placements(35).pack().write(), true);
    forge.add("placements that overlap, together longer than the section", &placements(36).pack().write(), false);
}

/// Two number facts with the same 19 comparisons.
fn comparisons() -> Small {
    let number = |input: u32| [6, input, 1, 0, 19, 0, 0, 0, 0, 0];
    Small {
        facts: rows(2),
        entries: vec![number(2), number(21)],
        lists: vec![0; 2 * 19],
        counts: [2, 0, 0, 38, 38],
        ..Small::new()
    }
}

/// Two levels with the same 38 slot references.
fn slots() -> Small {
    let level = |input: u32| [3, input, 19, 0, 0, 0, 0, 0, 0, 0];
    Small {
        privileges: format!("{},{}", row("p", 19), row("q", 19)),
        entries: vec![level(2), level(21)],
        lists: vec![1; 38],
        counts: [0, 2, 0, 0, 38],
        ..Small::new()
    }
}

/// Two number privileges with the same comparison, slot references and 17 role numbers.
fn role_numbers() -> Small {
    let number = |input: u32| [6, input, 1, 0, 1, 8, 16, 17, 0, u32::MAX];
    Small {
        privileges: rows(2),
        entries: vec![number(2), number(4)],
        lists: [0, 0, 1, 1].into_iter().chain((0..17).flat_map(|number| [number, 1])).collect(),
        counts: [0, 2, 0, 0, 4],
        ..Small::new()
    }
}

/// Two roles with the same 24 grants of a flag.
fn grants() -> Small {
    let role = |input: u32| [2, input, 1, 0, 0, 2 * input, 0, 0, 8, 24];
    Small {
        privileges: rows(1),
        roles: rows(2),
        entries: vec![[1, 2, 1, 0, 0, 0, 0, 0, 0, 0], role(3), role(4)],
        lists: [1, 1].into_iter().chain((0..24).flat_map(|_| [0, 1])).collect(),
        counts: [0, 1, 0, 0, 3],
        ..Small::new()
    }
}

/// Three operations with the same placements, at all menu items.
fn placements(items: u32) -> Small {
    let menu: Vec<String> = (0..items).map(|item| format!("[\"m{item}\",\"\"]")).collect();
    Small {
        operations: rows(3),
        menu: menu.join(","),
        steps: vec![[1, 0, 0, 0, 0, items]; 3],
        lists: (0..items).collect(),
        parents: vec![u32::MAX; items as usize],
        ..Small::new()
    }
}
