//! Questions about everybody, linked: what packed rows say, the program, and the planes that are query for, as one list of
//! instructions with nothing in it that the answer does not rest on.

use super::row_circuit::{Outputs, RowCircuit};
use crate::model::PrivilegeKind;
use crate::pack::{Policy, Privilege, Program, Slot};
use crate::session::Assignments;

/// What is query.
#[derive(Clone, Debug)]
pub(crate) enum Query {
    /// Who is allowed each operation.
    Allowed,
    /// For whom the operation at this index is undecided.
    Undecided(usize),
    /// Whose grant of each privilege is dormant.
    Dormant,
    /// What a change does that is made to everybody: of each of [`everything`], who has it afterwards and had it not, and
    /// the reverse.
    Change(Assignments),
}

/// A plane of the answer: where the first two slots say so and the last two do not. Two slots say so where the first is
/// known to hold and the second is not.
pub(super) type Plane = [u32; 4];

/// A linked query.
#[derive(Clone, Debug)]
pub(crate) struct CompiledQuery {
    /// Bytes of a row, and the words of 64 bits that they fill.
    pub(super) width: usize,
    pub(super) words: usize,
    /// The first input for inline roles.
    pub(super) inline: Option<usize>,
    /// How many slots come before the first instruction's result.
    pub(super) inputs: usize,
    pub(super) steps: Vec<[u32; 2]>,
    /// Where it is decided who is refused and, of a change, who was before it.
    pub(super) refused: [u32; 2],
    /// Why people are refused, and were not before a change, each of whom that is the first reason; and whether all of them
    /// are told the same.
    pub(super) reasons: Vec<(Plane, bool)>,
    /// The answer. Nobody who is refused, or was, is in it.
    pub(super) planes: Vec<Plane>,
}

impl CompiledQuery {
    /// Links a query about rows, some of them with inline roles or none. O(program), times the bits of a field for what
    /// is read of it.
    pub(crate) fn new(policy: &Policy, query: &Query, inline: bool) -> Self {
        let (program, width) = (policy.program(), policy.row_width());
        let words = width.div_ceil(8);
        let mut circuit = RowCircuit::new(program, width, 64 * words, inline);
        let before = circuit.people(None);
        let no = [Slot::NO; 2];
        let simple = |holds: Slot| [[holds, Slot::NO], no];
        let mut after = None;
        let mut planes: Vec<[[Slot; 2]; 2]> = match query {
            Query::Allowed => program.operations.iter().map(|it| simple(before.at(it.decision))).collect(),
            Query::Undecided(operation) => {
                let decision = program.operations.get(*operation).map_or(Slot::NO, |it| before.at(it.decision));
                vec![[[Slot::YES, known(&mut circuit, decision)], no]]
            }
            Query::Dormant => program.privileges.iter().map(|it| simple(dormant(&mut circuit, &before, it))).collect(),
            Query::Change(change) => {
                let after = after.insert(circuit.people(Some(change)));
                let (was, is) = (everything(program, &mut circuit, &before), everything(program, &mut circuit, after));
                let both = was.into_iter().zip(is);
                both.flat_map(|(was, is)| if was == is { [[no, no]; 2] } else { [[is, was], [was, is]] }).collect()
            }
        };
        let any = |circuit: &mut RowCircuit, people: &Outputs| {
            circuit.builder.any(people.reasons.iter().map(|reason| reason.slot))
        };
        let (now, was) = match &after {
            Some(after) => (after, any(&mut circuit, &before)),
            None => (&before, Slot::NO),
        };
        let mut told = was;
        let mut is_same = Vec::new();
        for reason in &now.reasons {
            is_same.push(reason.is_same);
            planes.push([[reason.slot, told], no]);
            told = circuit.builder.or(told, reason.slot);
        }
        planes.push([[told, Slot::NO], [was, Slot::NO]]);
        let inputs = circuit.builder.inputs;
        let steps = circuit.builder.instructions.iter().map(|step| [step.left, step.right]).collect();
        let (steps, mut planes) = only_needed(inputs, steps, planes);
        let refused = planes.pop().map_or([0; 2], |[is, _, was, _]| [is, was]);
        let reasons = planes.split_off(planes.len() - is_same.len()).into_iter().zip(is_same).collect();
        Self { width, words, inline: circuit.first_inline(), inputs, steps, refused, reasons, planes }
    }
}

/// Everything in which a change may make a difference, as two slots each: operations, without those that stand for a
/// restriction; obligations, in the order of operations; menu items; dormant grants by privilege.
fn everything(program: &Program, circuit: &mut RowCircuit, people: &Outputs) -> Vec<[Slot; 2]> {
    let allowed = program.operations.iter().map(|it| if it.restricts { Slot::NO } else { people.at(it.decision) });
    let mut all: Vec<[Slot; 2]> = allowed.map(|allowed| [allowed, Slot::NO]).collect();
    for operation in &program.operations {
        let excused = operation.obligations.iter().map(|obligation| !people.at(obligation.owed));
        all.extend(excused.map(|excused| [people.at(operation.decision), excused]));
    }
    let shown = program.shown(Slot::NO, |slot| people.at(slot), |any, more| circuit.builder.or(any, more));
    all.extend(shown.into_iter().map(|shown| [shown, Slot::NO]));
    all.extend(program.privileges.iter().map(|it| [dormant(circuit, people, it), Slot::NO]));
    all
}

/// Yes where it is known whether a slot holds, and never no.
fn known(circuit: &mut RowCircuit, slot: Slot) -> Slot {
    !circuit.builder.and(slot, !slot)
}

/// Yes exactly where a privilege's grant is dormant: what is granted and what has an effect are known, and differ.
fn dormant(circuit: &mut RowCircuit, people: &Outputs, privilege: &Privilege) -> Slot {
    let slots = |slots: &[Slot]| -> Vec<Slot> { slots.iter().map(|slot| people.at(*slot)).collect() };
    let (granted, effective) = (slots(&privilege.granted), slots(&privilege.effective));
    let mut all_known = Slot::YES;
    let mut and = |circuit: &mut RowCircuit, slot| all_known = circuit.builder.and(all_known, slot);
    if privilege.kind == PrivilegeKind::Number {
        // Its own number, or the greatest that is given: no role gives a greater one, perhaps.
        let own = Slot::at(privilege.input).map_or(Slot::NO, |own| people.at(own));
        for (place, (_, given)) in privilege.given.iter().enumerate() {
            let certain = known(circuit, people.at(*given));
            let inline = circuit.inline_number(privilege, place);
            let given = circuit.builder.any([own, certain, inline]);
            and(circuit, given);
        }
    } else {
        for slot in granted.iter().chain(&effective) {
            let certain = known(circuit, *slot);
            and(circuit, certain);
        }
    }
    // The highest level alone is compared: it is what is held. Whatever has an effect is granted.
    let (mut idle, mut above) = (Slot::NO, Slot::NO);
    for (granted, effective) in granted.iter().zip(&effective).rev() {
        let mut lost = circuit.builder.and(*granted, !*effective);
        if privilege.kind == PrivilegeKind::Level {
            lost = circuit.builder.and(lost, !above);
            above = circuit.builder.or(above, *granted);
        }
        idle = circuit.builder.or(idle, lost);
    }
    circuit.builder.and(all_known, idle)
}

/// Leaves the instructions out on which no plane rests. O(instructions).
fn only_needed(inputs: usize, steps: Vec<[Slot; 2]>, planes: Vec<[[Slot; 2]; 2]>) -> (Vec<[u32; 2]>, Vec<Plane>) {
    let mut needed = vec![false; inputs + steps.len()];
    let need = |needed: &mut [bool], slot: &Slot| needed.get_mut(slot.index()).into_iter().for_each(|it| *it = true);
    planes.iter().flatten().flatten().for_each(|slot| need(&mut needed, slot));
    for (index, step) in steps.iter().enumerate().rev() {
        if needed.get(inputs + index) == Some(&true) {
            for slot in step {
                need(&mut needed, slot);
            }
        }
    }
    let mut places: Vec<Slot> = (0..inputs).filter_map(Slot::at).collect();
    let place = |places: &[Slot], slot: Slot| {
        let place = places.get(slot.index()).copied().unwrap_or(Slot::UNKNOWN);
        if slot.negated() { (!place).word() } else { place.word() }
    };
    let mut kept = Vec::new();
    for (step, is_needed) in steps.into_iter().zip(needed.iter().skip(inputs)) {
        places.push(Slot::at(inputs + kept.len()).filter(|_| *is_needed).unwrap_or(Slot::UNKNOWN));
        if *is_needed {
            kept.push(step.map(|slot| place(&places, slot)));
        }
    }
    let planes = planes.into_iter().map(|[[a, b], [c, d]]| [a, b, c, d].map(|slot| place(&places, slot)));
    let planes = planes.collect();
    (kept, planes)
}
