//! Graphs of entries that refer to each other by index.

/// The entries, each after those that `reads` lists for it, and the cycles, each from its smallest index. Entries on a cycle,
/// and those that depend on one, are in no order. Not recursive. O(entries + references), and O(entries) for each cycle.
pub(super) fn topological(reads: &[Vec<usize>]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut readers = vec![Vec::new(); reads.len()];
    for (entry, reads) in reads.iter().enumerate() {
        for read in reads {
            readers.get_mut(*read).into_iter().for_each(|readers| readers.push(entry));
        }
    }
    let mut waits_for: Vec<usize> = reads.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = (0..reads.len()).filter(|entry| waits_for.get(*entry) == Some(&0)).collect();
    let mut next = 0;
    while let Some(entry) = order.get(next).copied() {
        next += 1;
        for reader in readers.get(entry).into_iter().flatten() {
            if let Some(left) = waits_for.get_mut(*reader) {
                *left -= 1;
                order.extend((*left == 0).then_some(*reader));
            }
        }
    }
    let mut cycles = Vec::new();
    for start in 0..reads.len() {
        // Each entry that waits reads one that waits, so the path leads to a cycle, or to one that was found before.
        let mut path = Vec::new();
        let mut here = Some(start).filter(|start| waits_for.get(*start) != Some(&0));
        while let Some(entry) = here {
            path.push(entry);
            waits_for.get_mut(entry).into_iter().for_each(|left| *left = 0);
            let waits = |read: &&usize| waits_for.get(**read) != Some(&0);
            here = reads.get(entry).and_then(|reads| reads.iter().find(waits)).copied();
        }
        let last = path.last().and_then(|last| reads.get(*last)).map_or(&[][..], Vec::as_slice);
        if let Some(first) = path.iter().position(|entry| last.contains(entry)) {
            let mut cycle = path.split_off(first);
            let smallest = cycle.iter().enumerate().min_by_key(|(_, entry)| **entry).map_or(0, |(place, _)| place);
            cycle.rotate_left(smallest);
            cycles.push(cycle);
        }
    }
    (order, cycles)
}

/// A cycle in words: ``role `a` inherits `b`, which inherits `a` ``. `names` are in backticks.
pub(super) fn describe_cycle(what: &str, verb: &str, names: &[String]) -> String {
    match names {
        [first, rest @ ..] if !rest.is_empty() => {
            let link = format!(", which {verb} ");
            format!("{what} {first} {verb} {}{link}{first}", rest.join(&link))
        }
        _ => format!("{what} {} {verb} itself", names.concat()),
    }
}
