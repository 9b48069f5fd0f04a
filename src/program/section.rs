//! The core section of a pack: a [`Program`] as bytes, field by field in the order of the struct.

use super::wire::{Malformed, Reader};
use super::{
    Comparison, Connective, Entry, Fact, Grant, Instruction, MenuItem, Named, Obligation, Operation, Privilege,
    Program, Role, Slot, Table,
};
use crate::ground::{FactKind, PrivilegeKind, Verbs, limits};
use alloc::vec::Vec;

/// Reads a program. Whatever it returns is sound: every index exists, every operand is decided before it is read.
pub(super) fn decode(bytes: &[u8]) -> Result<Program, Malformed> {
    let mut reader = Reader::new(bytes);
    let mut program = Program {
        id: reader.id()?,
        title: reader.text()?,
        version: reader.text()?,
        verbs: table(&mut reader, named)?,
        facts: table(&mut reader, fact)?,
        ..Program::default()
    };
    if program.verbs.len() > limits::VERBS {
        return Err(reader.malformed());
    }
    program.privileges = table(&mut reader, privilege)?;
    program.roles = table(&mut reader, |reader| role(reader, &program.privileges))?;
    let mut depths = Vec::new();
    program.menu = table(&mut reader, |reader| menu_item(reader, &mut depths))?;
    program.operations = table(&mut reader, |reader| operation(reader, &program))?;
    program.guides = table(&mut reader, named)?;
    program.lay_out();
    instructions(&mut reader, &mut program)?;
    if reader.is_at_end() && slots_exist(&program) { Ok(program) } else { Err(reader.malformed()) }
}

fn table<T: Entry>(
    reader: &mut Reader,
    read: impl FnMut(&mut Reader) -> Result<T, Malformed>,
) -> Result<Table<T>, Malformed> {
    let rows = reader.list(read)?;
    if rows.len() > limits::ENTRIES {
        return Err(reader.malformed());
    }
    Table::new(rows).map_err(|_| reader.malformed())
}

fn named(reader: &mut Reader) -> Result<Named, Malformed> {
    Ok(Named { id: reader.id()?, label: reader.text()? })
}

fn slot(reader: &mut Reader) -> Result<Slot, Malformed> {
    reader.number().map(Slot)
}

/// The values of a kind that has values: one or more, none twice; of any other kind: none.
fn values(reader: &mut Reader, has_values: bool) -> Result<Vec<alloc::string::String>, Malformed> {
    let values = table(reader, |reader| Ok(Named { id: reader.id()?, label: alloc::string::String::new() }))?;
    if values.is_empty() == has_values || values.len() > limits::VALUES {
        return Err(reader.malformed());
    }
    Ok(values.ids().map(Into::into).collect())
}

fn comparisons(reader: &mut Reader, is_number: bool) -> Result<Vec<Comparison>, Malformed> {
    let comparisons = reader.list(|reader| {
        let kind = reader.below(3)?;
        let number = reader.number()?;
        Ok(match kind {
            0 => Comparison::AtLeast(number),
            1 => Comparison::Below(number),
            _ => Comparison::Equal(number),
        })
    })?;
    if comparisons.is_empty() || is_number && comparisons.is_sorted_by(|a, b| a < b) {
        Ok(comparisons)
    } else {
        Err(reader.malformed())
    }
}

fn fact(reader: &mut Reader) -> Result<Fact, Malformed> {
    let id = reader.id()?;
    let kind = reader.below(FactKind::ALL.len())?;
    let kind = FactKind::ALL.get(kind as usize).copied().ok_or_else(|| reader.malformed())?;
    let options = values(reader, kind == FactKind::Choice)?;
    let absent = reader.option(|reader| match kind {
        FactKind::Switch => reader.below(2),
        FactKind::Choice => reader.below(options.len()),
        FactKind::Number => reader.number(),
    })?;
    Ok(Fact { id, kind, options, absent, comparisons: comparisons(reader, kind == FactKind::Number)?, input: 0 })
}

fn privilege(reader: &mut Reader) -> Result<Privilege, Malformed> {
    let id = reader.id()?;
    let kind = reader.below(PrivilegeKind::ALL.len())?;
    let kind = PrivilegeKind::ALL.get(kind as usize).copied().ok_or_else(|| reader.malformed())?;
    let is_number = kind == PrivilegeKind::Number;
    let values = values(reader, !is_number && kind != PrivilegeKind::Flag)?;
    let (min, max) = if is_number { (reader.number()?, reader.number()?) } else { (0, u32::MAX) };
    let comparisons = comparisons(reader, is_number)?;
    let effective = reader.list(slot)?;
    let privilege = Privilege { id, kind, values, min, max, comparisons, input: 0, effective };
    if min <= max && privilege.effective.len() == privilege.parts() { Ok(privilege) } else { Err(reader.malformed()) }
}

fn role(reader: &mut Reader, privileges: &Table<Privilege>) -> Result<Role, Malformed> {
    let id = reader.id()?;
    let grants = reader.list(|reader| {
        let grant = Grant { privilege: reader.number()?, value: reader.number()? };
        let fits = privileges.at(grant.privilege).is_some_and(|privilege| privilege.takes(grant.value));
        if fits { Ok(grant) } else { Err(reader.malformed()) }
    })?;
    let sorted = grants.is_sorted_by(|a, b| a < b);
    let role = Role { id, grants, when: reader.option(slot)? };
    if sorted { Ok(role) } else { Err(reader.malformed()) }
}

/// Reads a menu item; `depths` has how many stand above each of those before it.
fn menu_item(reader: &mut Reader, depths: &mut Vec<usize>) -> Result<MenuItem, Malformed> {
    let Named { id, label } = named(reader)?;
    let parent = reader.option(|reader| reader.below(depths.len()))?;
    let above = parent.and_then(|parent| depths.get(parent as usize));
    let depth = above.map_or(0, |above| above + 1);
    depths.push(depth);
    if depth > limits::MENU_DEPTH {
        return Err(reader.malformed());
    }
    Ok(MenuItem { id, label, parent, state: slot(reader)? })
}

fn operation(reader: &mut Reader, program: &Program) -> Result<Operation, Malformed> {
    let operation = Operation {
        id: reader.id()?,
        menu: reader.list(|reader| reader.below(program.menu.len()))?,
        verbs: Verbs::from_bits_retain(reader.number()?),
        restricts: reader.below(2)? == 1,
        decision: slot(reader)?,
        obligations: reader.list(|reader| Ok(Obligation { id: reader.id()?, owed: slot(reader)? }))?,
    };
    let declared = operation.verbs.indices().all(|verb| verb < program.verbs.len());
    if declared { Ok(operation) } else { Err(reader.malformed()) }
}

fn instructions(reader: &mut Reader, program: &mut Program) -> Result<(), Malformed> {
    let early = reader.number()? as usize;
    let inputs = program.inputs();
    let facts = program.facts.iter().last().map_or(1, |fact| fact.input + fact.inputs());
    let mut next = inputs;
    program.instructions = reader.list(|reader| {
        let connective = if reader.below(2)? == 0 { Connective::And } else { Connective::Or };
        let instruction = Instruction { connective, left: slot(reader)?, right: slot(reader)? };
        let is_early = next - inputs < early;
        let reads_facts = |slot: Slot| slot.index() < facts || slot.index() >= inputs;
        let fits = |slot: Slot| slot.index() < next && (!is_early || reads_facts(slot));
        let sound = fits(instruction.left) && fits(instruction.right);
        next += 1;
        if sound { Ok(instruction) } else { Err(reader.malformed()) }
    })?;
    program.early = early;
    if early > program.instructions.len() {
        return Err(reader.malformed());
    }
    let decided = |slot: Slot| slot.index() < facts || (inputs..inputs + early).contains(&slot.index());
    let whens = program.roles.iter().filter_map(|role| role.when).all(decided);
    if whens { Ok(()) } else { Err(reader.malformed()) }
}

/// Whether every slot that is read after the last instruction exists.
fn slots_exist(program: &Program) -> bool {
    let slots = program.slots();
    let exists = |slot: &Slot| slot.index() < slots;
    program.privileges.iter().flat_map(|privilege| &privilege.effective).all(exists)
        && program.menu.iter().all(|item| exists(&item.state))
        && program.operations.iter().all(|operation| {
            exists(&operation.decision) && operation.obligations.iter().all(|obligation| exists(&obligation.owed))
        })
}

#[cfg(feature = "studio")]
pub(super) use encode::encode;

#[cfg(feature = "studio")]
mod encode {
    use super::super::wire::Writer;
    use super::{
        Comparison, Connective, Fact, MenuItem, Named, Operation, Privilege, PrivilegeKind, Program, Role, Slot,
    };
    use crate::ground::FactKind;
    use alloc::string::String;
    use alloc::vec::Vec;

    /// Writes a program so that `decode` reads the same.
    pub(in super::super) fn encode(program: &Program) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.text(&program.id);
        writer.text(&program.title);
        writer.text(&program.version);
        writer.list(program.verbs.iter(), named);
        writer.list(program.facts.iter(), fact);
        writer.list(program.privileges.iter(), privilege);
        writer.list(program.roles.iter(), role);
        writer.list(program.menu.iter(), menu_item);
        writer.list(program.operations.iter(), operation);
        writer.list(program.guides.iter(), named);
        writer.size(program.early);
        writer.list(program.instructions.iter(), |writer, instruction| {
            writer.number(u32::from(instruction.connective == Connective::Or));
            slot(writer, instruction.left);
            slot(writer, instruction.right);
        });
        writer.bytes
    }

    fn slot(writer: &mut Writer, slot: Slot) {
        writer.number(slot.0);
    }

    fn named(writer: &mut Writer, named: &Named) {
        writer.text(&named.id);
        writer.text(&named.label);
    }

    fn values(writer: &mut Writer, values: &[String]) {
        writer.list(values.iter(), |writer, value| writer.text(value));
    }

    fn comparisons(writer: &mut Writer, comparisons: &[Comparison]) {
        writer.list(comparisons.iter(), |writer, comparison| {
            let (kind, number) = match *comparison {
                Comparison::AtLeast(number) => (0, number),
                Comparison::Below(number) => (1, number),
                Comparison::Equal(number) => (2, number),
            };
            writer.number(kind);
            writer.number(number);
        });
    }

    fn fact(writer: &mut Writer, fact: &Fact) {
        writer.text(&fact.id);
        writer.size(FactKind::ALL.iter().position(|kind| *kind == fact.kind).unwrap_or(0));
        values(writer, &fact.options);
        writer.option(fact.absent, Writer::number);
        comparisons(writer, &fact.comparisons);
    }

    fn privilege(writer: &mut Writer, privilege: &Privilege) {
        writer.text(&privilege.id);
        writer.size(PrivilegeKind::ALL.iter().position(|kind| *kind == privilege.kind).unwrap_or(0));
        values(writer, &privilege.values);
        if privilege.kind == PrivilegeKind::Number {
            writer.number(privilege.min);
            writer.number(privilege.max);
        }
        comparisons(writer, &privilege.comparisons);
        writer.list(privilege.effective.iter(), |writer, effect| slot(writer, *effect));
    }

    fn role(writer: &mut Writer, role: &Role) {
        writer.text(&role.id);
        writer.list(role.grants.iter(), |writer, grant| {
            writer.number(grant.privilege);
            writer.number(grant.value);
        });
        writer.option(role.when, slot);
    }

    fn menu_item(writer: &mut Writer, item: &MenuItem) {
        writer.text(&item.id);
        writer.text(&item.label);
        writer.option(item.parent, Writer::number);
        slot(writer, item.state);
    }

    fn operation(writer: &mut Writer, operation: &Operation) {
        writer.text(&operation.id);
        writer.list(operation.menu.iter(), |writer, item| writer.number(*item));
        writer.number(operation.verbs.bits());
        writer.number(u32::from(operation.restricts));
        slot(writer, operation.decision);
        writer.list(operation.obligations.iter(), |writer, obligation| {
            writer.text(&obligation.id);
            slot(writer, obligation.owed);
        });
    }
}
