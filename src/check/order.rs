//! The topological order of decision steps, and the cycles that prevent one.

use super::decision_step::{DecisionStep, PerStep, all, step};
use super::resolved_exprs::ResolvedExprs;
use crate::diagnostic::{Code, Findings};
use crate::document::Document;
use crate::source::{Pointer, ROOT};
use crate::util::collect_set;
use crate::util::sort;
use hashbrown::HashSet;
use litemap::LiteMap;
use std::collections::BTreeSet;

/// The number of steps of a cycle, besides the first, that get a note.
const CYCLE_NOTES: usize = 16;

/// The steps in topological order: each after the steps that it reads. Steps that are on a cycle, or depend on one, are
/// missing.
pub(super) struct Order {
    pub(super) steps: Vec<DecisionStep>,
    /// The steps that read each step directly.
    pub(super) readers: PerStep<Vec<DecisionStep>>,
}

/// Orders the steps and reports the cycles. O(steps + reads), plus the search for cycles if there are any.
pub(super) fn order(document: &Document, exprs: &ResolvedExprs, findings: &mut Findings) -> Order {
    let reads = dependencies(document, exprs);
    let mut readers: PerStep<Vec<DecisionStep>> = PerStep::new(document, Vec::new());
    let mut remaining = PerStep::new(document, 0);
    for step in all(document) {
        let reads = reads.get(step).map(Vec::as_slice).unwrap_or_default();
        remaining.set(step, reads.len());
        for read in reads {
            if let Some(readers) = readers.get_mut(*read) {
                readers.push(step);
            }
        }
    }
    // Kahn's algorithm. It does not recurse, so a long dependency chain cannot overflow the stack.
    let mut ready: Vec<DecisionStep> = all(document).filter(|step| remaining.get(*step) == Some(&0)).collect();
    ready.reverse();
    let mut steps = Vec::with_capacity(ready.len());
    while let Some(step) = ready.pop() {
        steps.push(step);
        decrement(readers.get(step), &mut remaining, &mut ready);
    }
    let unordered = collect_set(all(document).filter(|step| remaining.get(*step).is_some_and(|count| *count > 0)));
    if !unordered.is_empty() {
        report_cycles(document, &reads, &between_cycles(document, &reads, &readers, &unordered), findings);
    }
    Order { steps, readers }
}

/// Decrements the count of each step and adds those that reach 0 to `ready`.
fn decrement(steps: Option<&Vec<DecisionStep>>, remaining: &mut PerStep<usize>, ready: &mut Vec<DecisionStep>) {
    for step in steps.into_iter().flatten() {
        if let Some(count) = remaining.get_mut(*step).filter(|count| **count > 0) {
            *count -= 1;
            ready.extend((*count == 0).then_some(*step));
        }
    }
}

/// The unordered steps that are on a cycle or on a path between two cycles. Steps that no other unordered step reads
/// are removed until none is left.
fn between_cycles(
    document: &Document,
    reads: &PerStep<Vec<DecisionStep>>,
    readers: &PerStep<Vec<DecisionStep>>,
    unordered: &BTreeSet<DecisionStep>,
) -> BTreeSet<DecisionStep> {
    let mut remaining = PerStep::new(document, 0);
    for step in unordered {
        let readers = readers.get(*step).into_iter().flatten();
        remaining.set(*step, readers.filter(|reader| unordered.contains(reader)).count());
    }
    let mut ready: Vec<DecisionStep> =
        unordered.iter().copied().filter(|step| remaining.get(*step) == Some(&0)).collect();
    while let Some(step) = ready.pop() {
        decrement(reads.get(step), &mut remaining, &mut ready);
    }
    collect_set(unordered.iter().copied().filter(|step| remaining.get(*step).is_some_and(|count| *count > 0)))
}

/// The steps that each step reads directly, sorted.
fn dependencies(document: &Document, exprs: &ResolvedExprs) -> PerStep<Vec<DecisionStep>> {
    let mut dependencies = PerStep::new(document, Vec::new());
    for decided in all(document) {
        let mut read = Vec::new();
        if let Some(formula) = exprs.of_step(document, decided) {
            formula.atoms(&mut |atom, _| read.extend(step(document, atom)));
        }
        if read.len() > 1 {
            sort::sort(&mut read);
            read.dedup();
        }
        dependencies.set(decided, read);
    }
    dependencies
}

/// Reports cycles: for each step in order that was not part of a report, the shortest cycle through it and other such
/// steps.
fn report_cycles(
    document: &Document,
    reads: &PerStep<Vec<DecisionStep>>,
    unordered: &BTreeSet<DecisionStep>,
    findings: &mut Findings,
) {
    let mut reported = HashSet::new();
    for &start in unordered {
        let is_unreported = |step: &DecisionStep| unordered.contains(step) && !reported.contains(step);
        let cycle = if is_unreported(&start) { shortest_cycle(start, reads, &is_unreported) } else { None };
        reported.insert(start);
        let Some(cycle) = cycle else { continue };
        reported.extend(cycle.iter().copied());
        let names: Vec<String> = cycle.iter().map(|step| format!("`{}`", name(document, *step))).collect();
        let first = names.first().cloned().unwrap_or_default();
        let message = match names.as_slice() {
            [_] => format!("{first} requires itself"),
            [_, rest @ ..] => format!("{first} requires {}, which requires {first}", rest.join(", which requires ")),
            [] => String::new(),
        };
        let help = Some("remove one of these requirements".into());
        at_requirement(document, start, |at| findings.add(Code::Cycle, at, message, help));
        for step in cycle.iter().skip(1).take(CYCLE_NOTES) {
            let message = format!("`{}` requires this", name(document, *step));
            at_requirement(document, *step, |at| findings.relate(at, message));
        }
    }
}

/// The shortest cycle through a step and the steps in `within`, by breadth-first search.
fn shortest_cycle(
    start: DecisionStep,
    reads: &PerStep<Vec<DecisionStep>>,
    within: &dyn Fn(&DecisionStep) -> bool,
) -> Option<Vec<DecisionStep>> {
    let mut predecessor = LiteMap::new_vec();
    let (mut queue, mut next) = (vec![start], 0);
    while let Some(step) = queue.get(next).copied() {
        next += 1;
        for next in reads.get(step).into_iter().flatten().filter(|next| within(next)) {
            if *next == start {
                let mut cycle = vec![step];
                let mut here = step;
                while here != start {
                    here = *predecessor.get(&here)?;
                    cycle.push(here);
                }
                cycle.reverse();
                return Some(cycle);
            }
            if !predecessor.contains_key(next) {
                predecessor.insert(*next, step);
                queue.push(*next);
            }
        }
    }
    None
}

/// The step as it is written in a requirement.
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

/// Calls `visit` with the pointer to the requirement of a step. A level without `requires` points to the requirement of
/// its privilege, or to itself if that has none.
fn at_requirement(document: &Document, step: DecisionStep, visit: impl FnOnce(&Pointer)) {
    match step {
        DecisionStep::Operation(index) => visit(&document.operations.pointer(ROOT, "operations", index).at("requires")),
        DecisionStep::Effect(index, level) => {
            let at = document.privileges.pointer(ROOT, "privileges", index);
            let privilege = document.privileges.get(index);
            let own = privilege.and_then(|privilege| privilege.levels.get(level));
            match (own.map(|own| own.requires.is_some()), privilege.is_some_and(|it| it.requires.is_some())) {
                (Some(true), _) => visit(&at.entry("levels", level).at("requires")),
                (Some(false), false) => visit(&at.entry("levels", level)),
                _ => visit(&at.at("requires")),
            }
        }
    }
}
