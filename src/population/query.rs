//! Queries over populations. A query is compiled into one list of instructions that decodes packed rows, evaluates the program
//! and computes the planes of the answer; instructions that no plane depends on are removed.

use super::gates::{Gates, Plane};
use super::row_circuit::{FIRST_BIT, Outputs, RowCircuit};
use crate::engine::Below;
use crate::pack::{Policy, Privilege, Program, Slot};
use crate::session::{Assignments, Change, SubjectError, SubjectFault};

/// A query over a population.
#[derive(Clone, Debug)]
pub(crate) enum Query {
    /// One plane per operation: the subjects to whom it is allowed.
    Allowed,
    /// One plane: the subjects for whom the operation at this index is undecided.
    Undecided(usize),
    /// One plane per privilege: the subjects whose grant is dormant, in whole or in part.
    Dormant,
    /// Two planes per item of [`comparable_items`]: the subjects that have it only after the change, and only before it.
    Change(Assignments),
}

impl Query {
    /// The query about the effects of a change. An amendment names an inline role of one subject by its place, so it has no
    /// meaning for many.
    pub(crate) fn change(policy: &Policy, change: &Change, now: Option<u64>) -> Result<Self, SubjectError> {
        if !change.amend.is_empty() {
            let message = "a change to many subjects amends an inline role".into();
            let help = "preview the change for each subject, or set the privileges with `set`".into();
            return Err(SubjectError::new(SubjectFault::InvalidSubject, "amend", message, help));
        }
        policy.look_up(change, now).map(Self::Change)
    }
}

/// A compiled query.
#[derive(Clone, Debug)]
pub(crate) struct CompiledQuery {
    /// Bytes of a row.
    pub(super) width: usize,
    /// The first input for inline roles; `None` if the query has no such inputs.
    pub(super) inline: Option<usize>,
    /// The instructions.
    pub(super) gates: Gates,
    /// The place of a block: the subjects that are refused (for a change: before or after it).
    pub(super) refused: u32,
    /// For each reason to refuse a subject: the place of the subjects for which it is the first one, without those that are refused
    /// before the change; and whether all of them get the same error.
    pub(super) reasons: Vec<(u32, bool)>,
    /// The places of the planes of the answer, from which those who are `refused` are to be taken.
    pub(super) planes: Vec<u32>,
}

impl CompiledQuery {
    /// Compiles a query. `has_inline`: whether a subject has an inline role. O(program × bits of a field).
    pub(crate) fn new(policy: &Policy, query: &Query, has_inline: bool) -> Self {
        let (program, width) = (policy.program(), policy.row_width());
        let mut circuit = RowCircuit::new(program, width, has_inline);
        let before = circuit.build(None);
        let no = [Slot::NO; 2];
        let plane = |slot: Slot| [[slot, Slot::NO], no];
        let mut after = None;
        let mut planes: Vec<[[Slot; 2]; 2]> = match query {
            Query::Allowed => program.operations.iter().map(|it| plane(before.slot(it.decision))).collect(),
            Query::Undecided(operation) => {
                let decision = program.operations.get(*operation).map_or(Slot::NO, |it| before.slot(it.decision));
                vec![[[Slot::YES, is_known(&mut circuit, decision)], no]]
            }
            Query::Dormant => program.privileges.iter().map(|it| plane(dormant(&mut circuit, &before, it))).collect(),
            Query::Change(change) => {
                let after = after.insert(circuit.build(Some(change)));
                let old = comparable_items(program, &mut circuit, &before);
                let new = comparable_items(program, &mut circuit, after);
                let pairs = old.into_iter().zip(new);
                pairs.flat_map(|(old, new)| if old == new { [[no, no]; 2] } else { [[new, old], [old, new]] }).collect()
            }
        };
        let any_reason = |circuit: &mut RowCircuit, outputs: &Outputs| {
            circuit.builder.any(outputs.reasons.iter().map(|reason| reason.slot))
        };
        let (outputs, mut refused) = match &after {
            Some(after) => (after, any_reason(&mut circuit, &before)),
            None => (&before, Slot::NO),
        };
        let mut has_same_error = Vec::new();
        for reason in &outputs.reasons {
            has_same_error.push(reason.has_same_error);
            planes.push([[reason.slot, refused], no]);
            refused = circuit.builder.or(refused, reason.slot);
        }
        planes.push(plane(refused));
        let instructions: Vec<[u32; 2]> =
            circuit.builder.instructions.iter().map(|it| [it.left.word(), it.right.word()]).collect();
        let planes: Vec<Plane> = planes.into_iter().map(|[[a, b], [c, d]]| [a, b, c, d].map(Slot::word)).collect();
        let (gates, mut planes) = Gates::new(circuit.builder.inputs - FIRST_BIT, &instructions, &planes);
        let refused = planes.pop().unwrap_or_default();
        let reasons = planes.split_off(planes.len() - has_same_error.len()).into_iter().zip(has_same_error).collect();
        let inline = circuit.first_inline().map(|first| first - FIRST_BIT);
        Self { width, inline, gates, refused, reasons, planes }
    }
}

/// The items that a change may affect, each as two slots, *yes* and *unless*: operations, without those that restrict;
/// obligations, in the order of operations; menu items; dormant grants by privilege.
fn comparable_items(program: &Program, circuit: &mut RowCircuit, outputs: &Outputs) -> Vec<[Slot; 2]> {
    let allowed = program.operations.iter().map(|it| if it.restricts { Slot::NO } else { outputs.slot(it.decision) });
    let mut items: Vec<[Slot; 2]> = allowed.map(|allowed| [allowed, Slot::NO]).collect();
    for operation in &program.operations {
        // Owed unless known not to be.
        let not_owed = operation.obligations.iter().map(|obligation| !outputs.slot(obligation.owed));
        items.extend(not_owed.map(|not_owed| [outputs.slot(operation.decision), not_owed]));
    }
    let mut shown = vec![Slot::NO; program.menu.len()];
    program.engine().menu_states(&mut |item, below| {
        let below = match below {
            Below::Operation(index) => program.operations.at(index).map(|it| outputs.slot(it.decision)),
            Below::Item(child) => shown.get(child as usize).copied(),
        };
        if let (Some(state), Some(below)) = (shown.get_mut(item as usize), below) {
            *state = circuit.builder.or(*state, below);
        }
    });
    items.extend(shown.into_iter().map(|shown| [shown, Slot::NO]));
    items.extend(program.privileges.iter().map(|it| [dormant(circuit, outputs, it), Slot::NO]));
    items
}

/// Yes if a slot is known, unknown if it is not.
fn is_known(circuit: &mut RowCircuit, slot: Slot) -> Slot {
    !circuit.builder.and(slot, !slot)
}

/// Yes exactly if the grant of a privilege is dormant: some part of it is surely granted and known to have no effect.
fn dormant(circuit: &mut RowCircuit, outputs: &Outputs, privilege: &Privilege) -> Slot {
    let parts = privilege.granted.iter().zip(&privilege.effective);
    let without_effect =
        parts.map(|(granted, effective)| circuit.builder.and(outputs.slot(*granted), !outputs.slot(*effective)));
    let without_effect: Vec<Slot> = without_effect.collect();
    circuit.builder.any(without_effect)
}
