//! The order in which things can be decided, and cycles, which cannot.

use super::step::{PerStep, Step, all, step};
use super::trees::Trees;
use crate::diagnostic::{Code, Findings};
use crate::document::Document;
use crate::ground::sort::sort;
use crate::ground::{Gather, Map, Set};
use crate::source::{Pointer, ROOT};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Places of a ring, besides the first, that are pointed to.
const RING_NOTES: usize = 16;

/// The steps, each after those that it reads; those that lie on a cycle or read one are not among them.
pub(super) struct Order {
    pub(super) steps: Vec<Step>,
    /// What reads each step directly.
    pub(super) readers: PerStep<Vec<Step>>,
}

/// Orders everything that requirements decide, and reports each cycle once, by its shortest ring.
pub(super) fn order(document: &Document, trees: &Trees, findings: &mut Findings) -> Order {
    let reads = edges(document, trees);
    let mut readers: PerStep<Vec<Step>> = PerStep::new(document, Vec::new());
    let mut waiting = PerStep::new(document, 0);
    for step in all(document) {
        let reads = reads.get(step).map(Vec::as_slice).unwrap_or_default();
        waiting.set(step, reads.len());
        for read in reads {
            if let Some(readers) = readers.get_mut(*read) {
                readers.push(step);
            }
        }
    }
    // Kahn's algorithm: no recursion, so a chain of any length is only as deep as a list.
    let mut free: Vec<Step> = all(document).filter(|step| waiting.get(*step) == Some(&0)).listed();
    free.reverse();
    let mut steps = Vec::with_capacity(free.len());
    while let Some(step) = free.pop() {
        steps.push(step);
        release(readers.get(step), &mut waiting, &mut free);
    }
    let stuck: Set<Step> = all(document).filter(|step| waiting.get(*step).is_some_and(|count| *count > 0)).gather();
    if !stuck.is_empty() {
        report(document, &reads, &on_rings(document, &reads, &readers, &stuck), findings);
    }
    Order { steps, readers }
}

/// One thing less to wait for; what waits for nothing any more is free.
fn release(steps: Option<&Vec<Step>>, waiting: &mut PerStep<usize>, free: &mut Vec<Step>) {
    for step in steps.into_iter().flatten() {
        if let Some(count) = waiting.get_mut(*step).filter(|count| **count > 0) {
            *count -= 1;
            free.extend((*count == 0).then_some(*step));
        }
    }
}

/// The stuck steps that lie on a ring or between two: what is left when those that no stuck step reads are peeled off.
fn on_rings(
    document: &Document,
    reads: &PerStep<Vec<Step>>,
    readers: &PerStep<Vec<Step>>,
    stuck: &Set<Step>,
) -> Set<Step> {
    let mut waiting = PerStep::new(document, 0);
    for step in stuck {
        let readers = readers.get(*step).into_iter().flatten();
        waiting.set(*step, readers.filter(|reader| stuck.contains(reader)).count());
    }
    let mut free: Vec<Step> = stuck.iter().copied().filter(|step| waiting.get(*step) == Some(&0)).listed();
    while let Some(step) = free.pop() {
        release(reads.get(step), &mut waiting, &mut free);
    }
    stuck.iter().copied().filter(|step| waiting.get(*step).is_some_and(|count| *count > 0)).gather()
}

/// What each step reads directly, in order.
fn edges(document: &Document, trees: &Trees) -> PerStep<Vec<Step>> {
    let mut edges = PerStep::new(document, Vec::new());
    for decided in all(document) {
        let mut read = Vec::new();
        if let Some(formula) = trees.of_step(document, decided) {
            formula.atoms(&mut |atom, _| read.extend(step(document, atom)));
        }
        if read.len() > 1 {
            sort(&mut read);
            read.dedup();
        }
        edges.set(decided, read);
    }
    edges
}

/// Reports rings among the stuck steps, shortest first, until each step that lies on one has been named or only
/// reads a ring that was.
fn report(document: &Document, reads: &PerStep<Vec<Step>>, stuck: &Set<Step>, findings: &mut Findings) {
    let mut seen = Set::new();
    for &start in stuck {
        let is_left = |step: &Step| stuck.contains(step) && !seen.contains(step);
        let ring = if is_left(&start) { ring(start, reads, &is_left) } else { None };
        seen.insert(start);
        let Some(ring) = ring else { continue };
        seen.extend(ring.iter().copied());
        let names: Vec<String> = ring.iter().map(|step| format!("`{}`", name(document, *step))).listed();
        let first = names.first().cloned().unwrap_or_default();
        let message = match names.as_slice() {
            [_] => format!("{first} requires itself"),
            [_, rest @ ..] => format!("{first} requires {}, which requires {first}", rest.join(", which requires ")),
            [] => String::new(),
        };
        let help = Some("take one of these requirements away".into());
        point(document, start, |at| findings.add(Code::Cycle, at, message, help));
        for step in ring.iter().skip(1).take(RING_NOTES) {
            let message = format!("`{}` requires this", name(document, *step));
            point(document, *step, |at| findings.relate(at, message));
        }
    }
}

/// The shortest way from a step back to itself.
fn ring(start: Step, reads: &PerStep<Vec<Step>>, within: &dyn Fn(&Step) -> bool) -> Option<Vec<Step>> {
    let mut came_from = Map::new();
    let (mut queue, mut next) = (alloc::vec![start], 0);
    while let Some(step) = queue.get(next).copied() {
        next += 1;
        for next in reads.get(step).into_iter().flatten().filter(|next| within(next)) {
            if *next == start {
                let mut ring = alloc::vec![step];
                let mut here = step;
                while here != start {
                    here = *came_from.get(&here)?;
                    ring.push(here);
                }
                ring.reverse();
                return Some(ring);
            }
            if !came_from.contains_key(next) {
                came_from.insert(*next, step);
                queue.push(*next);
            }
        }
    }
    None
}

fn name(document: &Document, step: Step) -> String {
    let id = |id: &crate::document::Id| String::from(&**id);
    match step {
        Step::Operation(index) => document.operations.get(index).map(|operation| id(&operation.id)),
        Step::Effect(index, level) => document.privileges.get(index).map(|privilege| {
            let level = privilege.levels.get(level).map(|level| format!(" >= {}", level.id));
            id(&privilege.id) + &level.unwrap_or_default()
        }),
    }
    .unwrap_or_default()
}

/// Says where a step is decided.
fn point(document: &Document, step: Step, say: impl FnOnce(&Pointer)) {
    match step {
        Step::Operation(index) => say(&document.operations.pointer(ROOT, "operations", index).at("requires")),
        Step::Effect(index, level) => {
            let at = document.privileges.pointer(ROOT, "privileges", index);
            let privilege = document.privileges.get(index);
            let own = privilege.and_then(|privilege| privilege.levels.get(level));
            match (own.map(|own| own.requires.is_some()), privilege.is_some_and(|it| it.requires.is_some())) {
                (Some(true), _) => say(&at.entry("levels", level).at("requires")),
                (Some(false), false) => say(&at.entry("levels", level)),
                _ => say(&at.at("requires")),
            }
        }
    }
}
