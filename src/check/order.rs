//! The order in which things can be decided, and cycles, which cannot.

use super::formula::{Formula, Part};
use super::step;
use super::trees::Trees;
use crate::diagnostic::{Code, Findings};
use crate::document::Document;
use crate::ground::Map;
use crate::ground::Set;
use crate::ground::{Gather, PrivilegeKind};
use crate::source::{Pointer, ROOT};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Places of a ring, besides the first, that are pointed to.
const RING_NOTES: usize = 16;

/// Something that is decided once and read by others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The effect of a privilege, or of one of its levels (others have the single part 0).
    Effect(usize, usize),
    /// The decision on an operation.
    Operation(usize),
}

/// The steps, each after those that it reads, and the steps that lie on a cycle or read one.
pub(super) struct Order {
    pub(super) steps: Vec<Step>,
    pub(super) stuck: Set<Step>,
    /// What reads each step directly.
    pub(super) readers: Map<Step, Vec<Step>>,
}

/// Orders everything that requirements decide, and reports each cycle once, by its shortest ring.
pub(super) fn order(document: &Document, trees: &Trees, findings: &mut Findings) -> Order {
    let reads = edges(document, trees);
    let mut order = Order { steps: Vec::with_capacity(reads.len()), stuck: Set::new(), readers: Map::new() };
    let mut waiting: Map<Step, usize> = reads.iter().map(|(step, reads)| (*step, reads.len())).gather();
    let mut readers: Map<Step, Vec<Step>> = Map::new();
    for (step, read) in &reads {
        for read in read {
            readers.or_default(*read).push(*step);
        }
    }
    // Kahn's algorithm: no recursion, so a chain of any length is only as deep as a list.
    let mut free: Vec<Step> = waiting.iter().filter(|(_, count)| **count == 0).map(|(step, _)| *step).collect();
    free.reverse();
    while let Some(step) = free.pop() {
        order.steps.push(step);
        for reader in readers.get(&step).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(reader) {
                *count -= 1;
                if *count == 0 {
                    free.push(*reader);
                }
            }
        }
    }
    order.stuck = waiting.into_iter().filter(|(_, count)| *count > 0).map(|(step, _)| step).gather();
    report(document, &reads, &on_rings(&reads, &readers, &order.stuck), findings);
    order.readers = readers;
    order
}

/// The stuck steps that lie on a ring or between two: what is left when those that no stuck step reads are peeled off.
fn on_rings(reads: &Map<Step, Set<Step>>, readers: &Map<Step, Vec<Step>>, stuck: &Set<Step>) -> Set<Step> {
    let readers_left = |step: &Step| readers.get(step).into_iter().flatten().filter(|it| stuck.contains(it)).count();
    let mut counts: Map<Step, usize> = stuck.iter().map(|step| (*step, readers_left(step))).gather();
    let mut free: Vec<Step> = counts.iter().filter(|(_, count)| **count == 0).map(|(step, _)| *step).collect();
    while let Some(step) = free.pop() {
        for read in reads.get(&step).into_iter().flatten() {
            if let Some(count) = counts.get_mut(read) {
                *count -= 1;
                if *count == 0 {
                    free.push(*read);
                }
            }
        }
    }
    counts.into_iter().filter(|(_, count)| *count > 0).map(|(step, _)| step).gather()
}

/// What each step reads directly.
fn edges(document: &Document, trees: &Trees) -> Map<Step, Set<Step>> {
    let read = |formula: Option<Formula>| {
        let mut read = Set::new();
        if let Some(formula) = formula {
            formula.atoms(&mut |atom, _| read.extend(step(document, atom)));
        }
        read
    };
    let mut edges = Map::new();
    for (index, privilege) in document.privileges.iter().enumerate() {
        let levels = if privilege.kind == PrivilegeKind::Level { privilege.levels.len() } else { 1 };
        for level in 0..levels {
            let requirement = trees.requirement(document, index, Part::Value(level));
            edges.insert(Step::Effect(index, level), read(requirement));
        }
    }
    for index in 0..document.operations.len() {
        edges.insert(Step::Operation(index), read(trees.operation(document, index)));
    }
    edges
}

/// Reports rings among the stuck steps, shortest first, until each step that lies on one has been named or only
/// reads a ring that was.
fn report(document: &Document, reads: &Map<Step, Set<Step>>, stuck: &Set<Step>, findings: &mut Findings) {
    let mut seen = Set::new();
    for &start in stuck {
        let is_left = |step: &Step| stuck.contains(step) && !seen.contains(step);
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
fn ring(start: Step, reads: &Map<Step, Set<Step>>, within: &dyn Fn(&Step) -> bool) -> Option<Vec<Step>> {
    let mut came_from = Map::new();
    let mut queue = alloc::collections::VecDeque::from([start]);
    while let Some(step) = queue.pop_front() {
        for next in reads.get(&step).into_iter().flatten().filter(|next| within(next)) {
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
                queue.push_back(*next);
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
