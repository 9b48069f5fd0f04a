//! The order in which things can be decided, and cycles, which cannot.

use super::decision_step::{DecisionStep, PerStep, all, step};
use super::resolved_exprs::ResolvedExprs;
use crate::diagnostic::{Code, Findings};
use crate::document::Document;
use crate::source::{Pointer, ROOT};
use crate::util::collect_set;
use hashbrown::HashSet;
use litemap::LiteMap;
use std::collections::BTreeSet;

/// Places of a ring, besides the first, that are pointed to.
const RING_NOTES: usize = 16;

/// The steps, each after those that it reads; those that lie on a cycle or read one are not among them.
pub(super) struct Order {
    pub(super) steps: Vec<DecisionStep>,
    /// What reads each step directly.
    pub(super) readers: PerStep<Vec<DecisionStep>>,
}

/// Orders everything that requirements decide, and reports each cycle once, by its shortest ring.
pub(super) fn order(document: &Document, exprs: &ResolvedExprs, findings: &mut Findings) -> Order {
    let reads = edges(document, exprs);
    let mut readers: PerStep<Vec<DecisionStep>> = PerStep::new(document, Vec::new());
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
    let mut free: Vec<DecisionStep> = all(document).filter(|step| waiting.get(*step) == Some(&0)).collect();
    free.reverse();
    let mut steps = Vec::with_capacity(free.len());
    while let Some(step) = free.pop() {
        steps.push(step);
        release(readers.get(step), &mut waiting, &mut free);
    }
    let stuck = collect_set(all(document).filter(|step| waiting.get(*step).is_some_and(|count| *count > 0)));
    if !stuck.is_empty() {
        report(document, &reads, &on_rings(document, &reads, &readers, &stuck), findings);
    }
    Order { steps, readers }
}

/// One thing less to wait for; what waits for nothing any more is free.
fn release(steps: Option<&Vec<DecisionStep>>, waiting: &mut PerStep<usize>, free: &mut Vec<DecisionStep>) {
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
    reads: &PerStep<Vec<DecisionStep>>,
    readers: &PerStep<Vec<DecisionStep>>,
    stuck: &BTreeSet<DecisionStep>,
) -> BTreeSet<DecisionStep> {
    let mut waiting = PerStep::new(document, 0);
    for step in stuck {
        let readers = readers.get(*step).into_iter().flatten();
        waiting.set(*step, readers.filter(|reader| stuck.contains(reader)).count());
    }
    let mut free: Vec<DecisionStep> = stuck.iter().copied().filter(|step| waiting.get(*step) == Some(&0)).collect();
    while let Some(step) = free.pop() {
        release(reads.get(step), &mut waiting, &mut free);
    }
    collect_set(stuck.iter().copied().filter(|step| waiting.get(*step).is_some_and(|count| *count > 0)))
}

/// What each step reads directly, in order.
fn edges(document: &Document, exprs: &ResolvedExprs) -> PerStep<Vec<DecisionStep>> {
    let mut edges = PerStep::new(document, Vec::new());
    for decided in all(document) {
        let mut read = Vec::new();
        if let Some(formula) = exprs.of_step(document, decided) {
            formula.atoms(&mut |atom, _| read.extend(step(document, atom)));
        }
        if read.len() > 1 {
            read.sort();
            read.dedup();
        }
        edges.set(decided, read);
    }
    edges
}

/// Reports rings among the stuck steps, shortest first, until each step that lies on one has been named or only
/// reads a ring that was.
fn report(
    document: &Document,
    reads: &PerStep<Vec<DecisionStep>>,
    stuck: &BTreeSet<DecisionStep>,
    findings: &mut Findings,
) {
    let mut seen = HashSet::new();
    for &start in stuck {
        let is_left = |step: &DecisionStep| stuck.contains(step) && !seen.contains(step);
        let ring = if is_left(&start) { ring(start, reads, &is_left) } else { None };
        seen.insert(start);
        let Some(ring) = ring else { continue };
        seen.extend(ring.iter().copied());
        let names: Vec<String> = ring.iter().map(|step| format!("`{}`", name(document, *step))).collect();
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
fn ring(
    start: DecisionStep,
    reads: &PerStep<Vec<DecisionStep>>,
    within: &dyn Fn(&DecisionStep) -> bool,
) -> Option<Vec<DecisionStep>> {
    let mut came_from = LiteMap::new_vec();
    let (mut queue, mut next) = (vec![start], 0);
    while let Some(step) = queue.get(next).copied() {
        next += 1;
        for next in reads.get(step).into_iter().flatten().filter(|next| within(next)) {
            if *next == start {
                let mut ring = vec![step];
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

fn name(document: &Document, step: DecisionStep) -> String {
    let id = |id: &crate::document::Id| String::from(&**id);
    match step {
        DecisionStep::Operation(index) => document.operations.get(index).map(|operation| id(&operation.id)),
        DecisionStep::Effect(index, level) => document.privileges.get(index).map(|privilege| {
            let level = privilege.levels.get(level).map(|level| format!(" >= {}", level.id));
            id(&privilege.id) + &level.unwrap_or_default()
        }),
    }
    .unwrap_or_default()
}

/// Says where a step is decided.
fn point(document: &Document, step: DecisionStep, say: impl FnOnce(&Pointer)) {
    match step {
        DecisionStep::Operation(index) => say(&document.operations.pointer(ROOT, "operations", index).at("requires")),
        DecisionStep::Effect(index, level) => {
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
