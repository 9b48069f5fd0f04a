//! The core section of a pack: a [`Program`] as bytes, field by field in the order of the struct.

use super::wire::Reader;
use super::{
    Comparison, Connective, Entry, Fact, Grant, Instruction, MenuItem, Named, Obligation, Operation, Privilege,
    Program, Role, Slot, Table,
};
use crate::ground::{FactKind, PrivilegeKind, Verbs, limits};
use alloc::string::String;
use alloc::vec::Vec;

/// Reads a program. Whatever it returns is sound: every index exists, every operand is decided before it is read.
///
/// # Errors
/// How many bytes were left when it showed that these are none.
pub(super) fn decode(bytes: &[u8]) -> Result<Program, usize> {
    let reader = &mut Reader::new(bytes);
    let mut program = Program {
        id: reader.id(),
        title: reader.text(),
        version: reader.text(),
        verbs: table(reader, named),
        facts: table(reader, fact),
        ..Program::default()
    };
    reader.expect(program.verbs.len() <= limits::VERBS);
    program.privileges = table(reader, privilege);
    program.roles = table(reader, |reader| role(reader, &program.privileges));
    let mut depths = Vec::new();
    program.menu = table(reader, |reader| menu_item(reader, &mut depths));
    program.operations = table(reader, |reader| operation(reader, &program));
    program.guides = table(reader, named);
    program.lay_out();
    instructions(reader, &mut program);
    reader.expect_end();
    reader.expect(slots_exist(&program));
    reader.refused().map_or(Ok(program), Err)
}

fn table<T: Entry>(reader: &mut Reader, read: impl FnMut(&mut Reader) -> T) -> Table<T> {
    let rows = reader.list(read);
    reader.expect(rows.len() <= limits::ENTRIES);
    let table = Table::new(rows);
    reader.expect(table.is_ok());
    table.unwrap_or_default()
}

fn named(reader: &mut Reader) -> Named {
    Named { id: reader.id(), label: reader.text() }
}

fn slot(reader: &mut Reader) -> Slot {
    Slot(reader.number())
}

/// The values of a kind that has values: one or more, none twice; of any other kind: none.
fn values(reader: &mut Reader, has_values: bool) -> Vec<String> {
    let values = table(reader, |reader| Named { id: reader.id(), label: String::new() });
    reader.expect(values.is_empty() != has_values && values.len() <= limits::VALUES);
    values.ids().map(Into::into).collect()
}

fn comparisons(reader: &mut Reader, is_number: bool) -> Vec<Comparison> {
    let comparisons = reader.list(|reader| {
        let kind = reader.below(3);
        let number = reader.number();
        match kind {
            0 => Comparison::AtLeast(number),
            1 => Comparison::Below(number),
            _ => Comparison::Equal(number),
        }
    });
    reader.expect(comparisons.is_empty() || is_number && comparisons.is_sorted_by(|a, b| a < b));
    comparisons
}

fn fact(reader: &mut Reader) -> Fact {
    let id = reader.id();
    let kind = reader.below(FactKind::ALL.len());
    let kind = FactKind::ALL.get(kind as usize).copied().unwrap_or(FactKind::Switch);
    let options = values(reader, kind == FactKind::Choice);
    let absent = reader.option(|reader| match kind {
        FactKind::Switch => reader.below(2),
        FactKind::Choice => reader.below(options.len()),
        FactKind::Number => reader.number(),
    });
    Fact { id, kind, options, absent, comparisons: comparisons(reader, kind == FactKind::Number), input: 0 }
}

fn privilege(reader: &mut Reader) -> Privilege {
    let id = reader.id();
    let kind = reader.below(PrivilegeKind::ALL.len());
    let kind = PrivilegeKind::ALL.get(kind as usize).copied().unwrap_or(PrivilegeKind::Flag);
    let is_number = kind == PrivilegeKind::Number;
    let values = values(reader, !is_number && kind != PrivilegeKind::Flag);
    let (min, max) = if is_number { (reader.number(), reader.number()) } else { (0, u32::MAX) };
    let comparisons = comparisons(reader, is_number);
    let effective = reader.list(slot);
    let privilege = Privilege { id, kind, values, min, max, comparisons, input: 0, effective };
    reader.expect(min <= max && privilege.effective.len() == privilege.parts());
    privilege
}

fn role(reader: &mut Reader, privileges: &Table<Privilege>) -> Role {
    let id = reader.id();
    let grants = reader.list(|reader| {
        let grant = Grant { privilege: reader.number(), value: reader.number() };
        reader.expect(privileges.at(grant.privilege).is_some_and(|privilege| privilege.takes(grant.value)));
        grant
    });
    let sorted = grants.is_sorted_by(|a, b| a < b);
    let role = Role { id, grants, when: reader.option(slot) };
    reader.expect(sorted);
    role
}

/// Reads a menu item; `depths` has how many stand above each of those before it.
fn menu_item(reader: &mut Reader, depths: &mut Vec<usize>) -> MenuItem {
    let Named { id, label } = named(reader);
    let parent = reader.option(|reader| reader.below(depths.len()));
    let above = parent.and_then(|parent| depths.get(parent as usize));
    let depth = above.map_or(0, |above| above + 1);
    depths.push(depth);
    reader.expect(depth <= limits::MENU_DEPTH);
    MenuItem { id, label, parent, state: slot(reader) }
}

fn operation(reader: &mut Reader, program: &Program) -> Operation {
    let operation = Operation {
        id: reader.id(),
        menu: reader.list(|reader| reader.below(program.menu.len())),
        verbs: Verbs::from_bits_retain(reader.number()),
        restricts: reader.below(2) == 1,
        decision: slot(reader),
        obligations: reader.list(|reader| Obligation { id: reader.id(), owed: slot(reader) }),
    };
    reader.expect(operation.verbs.indices().all(|verb| verb < program.verbs.len()));
    operation
}

fn instructions(reader: &mut Reader, program: &mut Program) {
    let early = reader.number() as usize;
    let inputs = program.inputs();
    let facts = program.facts.iter().last().map_or(1, |fact| fact.input + fact.inputs());
    let mut next = inputs;
    program.instructions = reader.list(|reader| {
        let connective = if reader.below(2) == 0 { Connective::And } else { Connective::Or };
        let instruction = Instruction { connective, left: slot(reader), right: slot(reader) };
        let is_early = next - inputs < early;
        let reads_facts = |slot: Slot| slot.index() < facts || slot.index() >= inputs;
        let fits = |slot: Slot| slot.index() < next && (!is_early || reads_facts(slot));
        reader.expect(fits(instruction.left) && fits(instruction.right));
        next += 1;
        instruction
    });
    program.early = early;
    reader.expect(early <= program.instructions.len());
    let decided = |slot: Slot| slot.index() < facts || slot.index().checked_sub(inputs).is_some_and(|at| at < early);
    reader.expect(program.roles.iter().filter_map(|role| role.when).all(decided));
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
