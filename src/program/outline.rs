//! The outline: everything of a program but its instructions, as JSON text, which every reader of a pack has a parser for.
//!
//! ```text
//! { id, title, version, layout,
//!   verbs:      [[id, label]],
//!   guides:     [[id, label]],
//!   facts:      [[id, kind, options or comparisons, the value of one that is not given, or null]],
//!   privileges: [[id, kind, levels, options or comparisons, granted, effective, more]],
//!   roles:      [[id, [privilege, value, ...], held]],
//!   menu:       [[id, label, index of the parent, or -1]],
//!   operations: [[id, [index of a menu item], verbs as bits, 1 if it restricts, [obligation id]]] }
//! ```
//!
//! Kinds are their places in [`FactKind::ALL`] and [`PrivilegeKind::ALL`]; a comparison is two numbers, 0 for at least, 1 for
//! below, 2 for equal, and with what; slots are [`Slot::word`]s. `more` of a choice is where its roles clash, of a number
//! `[least, greatest, number that roles give, where, ...]`.

use super::{
    Comparison, Entry, Fact, Grant, MenuItem, Named, Obligation, Operation, Privilege, Program, Role, Slot, Table,
};
use crate::ground::{FactKind, PrivilegeKind, Verbs, ids, limits};
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{Map, Value};

impl Program {
    /// The outline. O(program).
    pub(super) fn outline(&self) -> Vec<u8> {
        let mut outline = Map::new();
        let mut put = |key: &str, value: Value| outline.insert(key.into(), value);
        put("id", self.id.as_str().into());
        put("title", self.title.as_str().into());
        put("version", self.version.as_str().into());
        put("layout", self.layout_text().into());
        put("verbs", list(&self.verbs, named));
        put("guides", list(&self.guides, named));
        put("facts", list(&self.facts, fact));
        put("privileges", list(&self.privileges, privilege));
        put("roles", list(&self.roles, role));
        put("menu", list(&self.menu, menu_item));
        put("operations", list(&self.operations, operation));
        alloc::format!("{}", Value::Object(outline)).into_bytes()
    }

    /// A program of which only the instructions are missing, and what the image says of them. Whatever it returns has ids,
    /// values and indices that exist; whether it is written in the one right form shows when it is written again.
    pub(super) fn from_outline(text: &[u8]) -> Option<Self> {
        let outline: Value = serde_json::from_slice(text).ok()?;
        let reader = &mut Reader { refused: false };
        let part = |key: &str| outline.get(key).unwrap_or(&Value::Null);
        let mut program = Self {
            id: reader.id(part("id")),
            title: reader.text(part("title")),
            version: reader.text(part("version")),
            verbs: reader.table(part("verbs"), read_named),
            guides: reader.table(part("guides"), read_named),
            facts: reader.table(part("facts"), read_fact),
            privileges: reader.table(part("privileges"), read_privilege),
            ..Self::default()
        };
        reader.expect(program.verbs.len() <= limits::VERBS);
        program.roles = reader.table(part("roles"), |reader, row| read_role(reader, row, &program.privileges));
        let mut depths = Vec::new();
        program.menu = reader.table(part("menu"), |reader, row| read_menu_item(reader, row, &mut depths));
        program.operations = reader.table(part("operations"), |reader, row| read_operation(reader, row, &program));
        program.lay_out();
        (!reader.refused).then_some(program)
    }
}

fn list<T>(table: &Table<T>, row: fn(&T) -> Vec<Value>) -> Value {
    table.iter().map(|entry| Value::Array(row(entry))).collect()
}

fn numbers(numbers: impl Iterator<Item = u32>) -> Value {
    numbers.map(Value::from).collect()
}

fn slots(slots: &[Slot]) -> Value {
    numbers(slots.iter().map(|slot| slot.0))
}

fn named(named: &Named) -> Vec<Value> {
    alloc::vec![named.id.as_str().into(), named.label.as_str().into()]
}

fn values(values: &[String], comparisons: &[Comparison]) -> Value {
    let compared = comparisons.iter().flat_map(|comparison| match *comparison {
        Comparison::AtLeast(number) => [0, number],
        Comparison::Below(number) => [1, number],
        Comparison::Equal(number) => [2, number],
    });
    values.iter().map(|value| Value::from(value.as_str())).chain(compared.map(Value::from)).collect()
}

fn fact(fact: &Fact) -> Vec<Value> {
    let kind = FactKind::ALL.iter().position(|kind| *kind == fact.kind);
    alloc::vec![fact.id.as_str().into(), kind.into(), values(&fact.options, &fact.comparisons), fact.absent.into()]
}

fn privilege(privilege: &Privilege) -> Vec<Value> {
    let kind = PrivilegeKind::ALL.iter().position(|kind| *kind == privilege.kind);
    let more = match privilege.kind {
        PrivilegeKind::Choice => slots(&[privilege.clash]),
        PrivilegeKind::Number => {
            let given = privilege.given.iter().flat_map(|(number, slot)| [*number, slot.0]);
            numbers([privilege.min, privilege.max].into_iter().chain(given))
        }
        PrivilegeKind::Flag | PrivilegeKind::Level | PrivilegeKind::Set => numbers(core::iter::empty()),
    };
    alloc::vec![
        privilege.id.as_str().into(),
        kind.into(),
        values(&privilege.values, &privilege.comparisons),
        slots(&privilege.granted),
        slots(&privilege.effective),
        more,
    ]
}

fn role(role: &Role) -> Vec<Value> {
    let grants = role.grants.iter().flat_map(|grant| [grant.privilege, grant.value]);
    alloc::vec![role.id.as_str().into(), numbers(grants), role.held.0.into()]
}

fn menu_item(item: &MenuItem) -> Vec<Value> {
    let parent = item.parent.map_or(Value::from(-1), Value::from);
    alloc::vec![item.id.as_str().into(), item.label.as_str().into(), parent]
}

fn operation(operation: &Operation) -> Vec<Value> {
    let owed = operation.obligations.iter().map(|obligation| Value::from(obligation.id.as_str()));
    alloc::vec![
        operation.id.as_str().into(),
        numbers(operation.menu.iter().copied()),
        operation.verbs.bits().into(),
        u32::from(operation.restricts).into(),
        owed.collect(),
    ]
}

/// Reads an outline. The first thing that is not as it should be is remembered, and one look at the end refuses it all:
/// less code than a way out of every step.
struct Reader {
    refused: bool,
}

impl Reader {
    const fn expect(&mut self, holds: bool) {
        self.refused |= !holds;
    }

    fn list<'v>(&mut self, value: &'v Value) -> &'v [Value] {
        self.expect(value.is_array());
        value.as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// A list of so many.
    fn row<'v, const N: usize>(&mut self, value: &'v Value) -> [&'v Value; N] {
        let list = self.list(value);
        self.expect(list.len() == N);
        core::array::from_fn(|place| list.get(place).unwrap_or(&Value::Null))
    }

    fn text(&mut self, value: &Value) -> String {
        self.expect(value.is_string());
        value.as_str().unwrap_or_default().into()
    }

    fn id(&mut self, value: &Value) -> String {
        let id = self.text(value);
        self.expect(ids::check(&id).is_ok());
        id
    }

    fn number(&mut self, value: &Value) -> u32 {
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        self.expect(number.is_some());
        number.unwrap_or_default()
    }

    /// A number below `bound`; 0 where it is not.
    fn below(&mut self, value: &Value, bound: usize) -> u32 {
        let number = self.number(value);
        let fits = (number as usize) < bound;
        self.expect(fits);
        if fits { number } else { 0 }
    }

    fn numbers(&mut self, value: &Value) -> Vec<u32> {
        self.list(value).iter().map(|value| self.number(value)).collect()
    }

    /// Numbers two by two.
    fn pairs(&mut self, value: &Value) -> Vec<(u32, u32)> {
        pairs(&self.numbers(value)).collect()
    }

    fn slots(&mut self, value: &Value) -> Vec<Slot> {
        self.numbers(value).into_iter().map(Slot).collect()
    }

    fn table<T: Entry>(&mut self, value: &Value, mut read: impl FnMut(&mut Self, &Value) -> T) -> Table<T> {
        let rows: Vec<T> = self.list(value).iter().map(|row| read(self, row)).collect();
        self.expect(rows.len() <= limits::ENTRIES);
        let table = Table::new(rows);
        self.expect(table.is_ok());
        table.unwrap_or_default()
    }
}

/// What is left over is not read: it is not written again either.
fn pairs(numbers: &[u32]) -> impl Iterator<Item = (u32, u32)> {
    numbers.chunks_exact(2).filter_map(|pair| if let [first, second] = pair { Some((*first, *second)) } else { None })
}

fn read_named(reader: &mut Reader, row: &Value) -> Named {
    let [id, label] = reader.row(row);
    Named { id: reader.id(id), label: reader.text(label) }
}

/// The values of a kind that has values: one or more, none twice.
fn read_values(reader: &mut Reader, value: &Value) -> Vec<String> {
    let values = reader.table(value, |reader, id| Named { id: reader.id(id), label: String::new() });
    reader.expect(!values.is_empty() && values.len() <= limits::VALUES);
    values.ids().map(Into::into).collect()
}

fn read_comparisons(reader: &mut Reader, value: &Value) -> Vec<Comparison> {
    let compared = |(kind, number): (u32, u32)| match kind {
        0 => Comparison::AtLeast(number),
        1 => Comparison::Below(number),
        _ => Comparison::Equal(number),
    };
    let comparisons: Vec<Comparison> = reader.pairs(value).into_iter().map(compared).collect();
    reader.expect(comparisons.is_sorted_by(|a, b| a < b));
    comparisons
}

fn read_fact(reader: &mut Reader, row: &Value) -> Fact {
    let [id, kind, values, absent] = reader.row(row);
    let kind = FactKind::ALL.get(reader.below(kind, FactKind::ALL.len()) as usize).copied().unwrap_or(FactKind::Switch);
    let fact = Fact {
        id: reader.id(id),
        kind,
        options: if kind == FactKind::Choice { read_values(reader, values) } else { Vec::new() },
        absent: if absent.is_null() { None } else { Some(reader.number(absent)) },
        comparisons: if kind == FactKind::Number { read_comparisons(reader, values) } else { Vec::new() },
        input: 0,
    };
    reader.expect(fact.absent.is_none_or(|absent| fact.takes(absent)));
    fact
}

fn read_privilege(reader: &mut Reader, row: &Value) -> Privilege {
    let [id, kind, values, granted, effective, more] = reader.row(row);
    let kind = reader.below(kind, PrivilegeKind::ALL.len()) as usize;
    let kind = PrivilegeKind::ALL.get(kind).copied().unwrap_or(PrivilegeKind::Flag);
    let (is_number, is_flag) = (kind == PrivilegeKind::Number, kind == PrivilegeKind::Flag);
    let more = reader.numbers(more);
    let (range, given) = if is_number { more.split_at(more.len().min(2)) } else { (&[0, u32::MAX][..], &[][..]) };
    let privilege = Privilege {
        id: reader.id(id),
        kind,
        values: if is_number || is_flag { Vec::new() } else { read_values(reader, values) },
        min: range.first().copied().unwrap_or_default(),
        max: range.get(1).copied().unwrap_or_default(),
        comparisons: if is_number { read_comparisons(reader, values) } else { Vec::new() },
        input: 0,
        granted: reader.slots(granted),
        effective: reader.slots(effective),
        clash: more.first().filter(|_| kind == PrivilegeKind::Choice).map_or(Slot::NO, |slot| Slot(*slot)),
        given: pairs(given).map(|(number, slot)| (number, Slot(slot))).collect(),
    };
    reader.expect(privilege.min <= privilege.max && privilege.given.is_sorted_by(|a, b| a.0 < b.0));
    reader.expect(privilege.granted.len() == privilege.places() && privilege.effective.len() == privilege.parts());
    privilege
}

fn read_role(reader: &mut Reader, row: &Value, privileges: &Table<Privilege>) -> Role {
    let [id, grants, held] = reader.row(row);
    let grants = reader.pairs(grants).into_iter().map(|(privilege, value)| Grant { privilege, value });
    let role = Role { id: reader.id(id), grants: grants.collect(), held: Slot(reader.number(held)), input: 0 };
    let takes = |grant: &Grant| privileges.at(grant.privilege).is_some_and(|privilege| privilege.takes(grant.value));
    reader.expect(role.grants.iter().all(takes) && role.grants.is_sorted_by(|a, b| a < b));
    role
}

/// Reads a menu item; `depths` has how many stand above each of those before it.
fn read_menu_item(reader: &mut Reader, row: &Value, depths: &mut Vec<usize>) -> MenuItem {
    let [id, label, parent] = reader.row(row);
    let is_top = parent.as_i64() == Some(-1);
    let parent = if is_top { None } else { Some(reader.below(parent, depths.len())) };
    let above = parent.and_then(|parent| depths.get(parent as usize));
    let depth = above.map_or(0, |above| above + 1);
    depths.push(depth);
    reader.expect(depth <= limits::MENU_DEPTH);
    MenuItem { id: reader.id(id), label: reader.text(label), parent, state: Slot::NO }
}

fn read_operation(reader: &mut Reader, row: &Value, program: &Program) -> Operation {
    let [id, menu, verbs, restricts, obligations] = reader.row(row);
    let operation = Operation {
        id: reader.id(id),
        menu: reader.list(menu).iter().map(|item| reader.below(item, program.menu.len())).collect(),
        verbs: Verbs::from_bits_retain(reader.number(verbs)),
        restricts: reader.below(restricts, 2) == 1,
        decision: Slot::NO,
        obligations: reader
            .list(obligations)
            .iter()
            .map(|id| Obligation { id: reader.id(id), owed: Slot::NO })
            .collect(),
    };
    reader.expect(operation.verbs.indices().all(|verb| verb < program.verbs.len()));
    operation
}
