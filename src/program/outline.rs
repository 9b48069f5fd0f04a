//! The outline: everything of a program but its instructions, as JSON text, which every reader of a pack has a parser for.
//!
//! ```text
//! { id, title, version, layout,
//!   verbs:      [[id, label]],
//!   guides:     [[id, label]],
//!   facts:      [[id, kind, options or tests, the value of one that is not given, or null]],
//!   privileges: [[id, kind, levels, options or tests, verdict, numbers]],
//!   roles:      [[id, [[privilege, value]], verdict]],
//!   menu:       [[id, label, index of the parent, or -1]],
//!   operations: [[id, [index of a menu item], verbs as bits, 1 if it restricts, [[obligation id, verdict]]]] }
//! ```
//!
//! The tests of a number are two numbers for each of its inputs: 0 for at least, 1 for below, 2 for equal, and with what. A
//! verdict is its place among those of a session's planes ([`Program::outputs`]): of an operation or menu item its index, and
//! of a privilege that of the first. `numbers` are of a number the least and the greatest, and then those that roles give.

use super::{
    Comparison, Entry, Fact, Grant, MenuItem, Named, Obligation, Operation, Privilege, Program, Role, Slot, Table,
};
use crate::ground::{FactKind, PrivilegeKind, Verbs, ids, limits};
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{Map, Value};

/// The first test of a privilege that is a number.
const IS_SET: Comparison = Comparison::AtLeast(0);

impl Program {
    /// The outline. O(program).
    pub(super) fn outline(&self) -> Vec<u8> {
        let mut outline = Map::new();
        let mut put = |key: &str, value: Value| outline.insert(key.into(), value);
        let mut verdicts = self.operations.len() + self.menu.len();
        let mut verdict = |count: usize| {
            let first = verdicts;
            verdicts += count;
            Value::from(first)
        };
        put("id", self.id.as_str().into());
        put("title", self.title.as_str().into());
        put("version", self.version.as_str().into());
        put("layout", self.layout_text().into());
        put("verbs", list(&self.verbs, named));
        put("guides", list(&self.guides, named));
        put("menu", list(&self.menu, menu_item));
        put("operations", list(&self.operations, |it| operation(it, &mut verdict)));
        put("roles", list(&self.roles, |it| role(it, verdict(1))));
        put("facts", list(&self.facts, fact));
        put("privileges", list(&self.privileges, |it| privilege(it, &mut verdict)));
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

fn list<T>(table: &Table<T>, mut row: impl FnMut(&T) -> Vec<Value>) -> Value {
    table.iter().map(|entry| Value::Array(row(entry))).collect()
}

fn numbers(numbers: impl Iterator<Item = u32>) -> Value {
    numbers.map(Value::from).collect()
}

fn named(named: &Named) -> Vec<Value> {
    alloc::vec![named.id.as_str().into(), named.label.as_str().into()]
}

fn texts(texts: &[String]) -> Value {
    texts.iter().map(|text| Value::from(text.as_str())).collect()
}

fn tests(first: Option<Comparison>, comparisons: &[Comparison]) -> Value {
    numbers(first.iter().chain(comparisons).flat_map(|comparison| match *comparison {
        Comparison::AtLeast(number) => [0, number],
        Comparison::Below(number) => [1, number],
        Comparison::Equal(number) => [2, number],
    }))
}

fn fact(fact: &Fact) -> Vec<Value> {
    let is_number = fact.kind == FactKind::Number;
    let values = if is_number { tests(None, &fact.comparisons) } else { texts(&fact.options) };
    alloc::vec![fact.id.as_str().into(), fact.kind.name().into(), values, fact.absent.into()]
}

fn privilege(privilege: &Privilege, verdict: &mut dyn FnMut(usize) -> Value) -> Vec<Value> {
    let is_number = privilege.kind == PrivilegeKind::Number;
    let clash = usize::from(privilege.kind == PrivilegeKind::Choice);
    let verdicts = privilege.granted.len() + privilege.effective.len() + privilege.given.len() + clash;
    let range = [privilege.min, privilege.max].into_iter().chain(privilege.given.iter().map(|(number, _)| *number));
    alloc::vec![
        privilege.id.as_str().into(),
        privilege.kind.name().into(),
        // Whether it is set is whether it is 0 or more.
        if is_number { tests(Some(IS_SET), &privilege.comparisons) } else { texts(&privilege.values) },
        verdict(verdicts),
        numbers(range.filter(|_| is_number)),
    ]
}

fn role(role: &Role, verdict: Value) -> Vec<Value> {
    let grants = role.grants.iter().map(|grant| numbers([grant.privilege, grant.value].into_iter()));
    alloc::vec![role.id.as_str().into(), grants.collect(), verdict]
}

fn menu_item(item: &MenuItem) -> Vec<Value> {
    let parent = item.parent.map_or(Value::from(-1), Value::from);
    alloc::vec![item.id.as_str().into(), item.label.as_str().into(), parent]
}

fn operation(operation: &Operation, verdict: &mut dyn FnMut(usize) -> Value) -> Vec<Value> {
    let owed = operation.obligations.iter().map(|it| Value::Array(alloc::vec![it.id.as_str().into(), verdict(1)]));
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

    /// One of kinds, by its name.
    fn kind<K: Copy>(&mut self, value: &Value, kinds: &[K], name: fn(K) -> &'static str, otherwise: K) -> K {
        let kind = kinds.iter().copied().find(|kind| value.as_str() == Some(name(*kind)));
        self.expect(kind.is_some());
        kind.unwrap_or(otherwise)
    }

    fn table<T: Entry>(&mut self, value: &Value, mut read: impl FnMut(&mut Self, &Value) -> T) -> Table<T> {
        let rows: Vec<T> = self.list(value).iter().map(|row| read(self, row)).collect();
        self.expect(rows.len() <= limits::ENTRIES);
        let table = Table::new(rows);
        self.expect(table.is_ok());
        table.unwrap_or_default()
    }
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

/// Comparisons behind the first tests, of which there are so many.
fn read_comparisons(reader: &mut Reader, value: &Value, first: usize) -> Vec<Comparison> {
    let numbers = reader.numbers(value);
    let compared = |[kind, number]: &[u32; 2]| match kind {
        0 => Comparison::AtLeast(*number),
        1 => Comparison::Below(*number),
        _ => Comparison::Equal(*number),
    };
    let comparisons: Vec<Comparison> = numbers.as_chunks().0.iter().skip(first).map(compared).collect();
    reader.expect(comparisons.is_sorted_by(|a, b| a < b));
    comparisons
}

fn read_fact(reader: &mut Reader, row: &Value) -> Fact {
    let [id, kind, values, absent] = reader.row(row);
    let kind = reader.kind(kind, &FactKind::ALL, FactKind::name, FactKind::Switch);
    let fact = Fact {
        id: reader.id(id),
        kind,
        options: if kind == FactKind::Choice { read_values(reader, values) } else { Vec::new() },
        absent: if absent.is_null() { None } else { Some(reader.number(absent)) },
        comparisons: if kind == FactKind::Number { read_comparisons(reader, values, 0) } else { Vec::new() },
        input: 0,
    };
    reader.expect(fact.absent.is_none_or(|absent| fact.takes(absent)));
    fact
}

fn read_privilege(reader: &mut Reader, row: &Value) -> Privilege {
    let [id, kind, values, _, numbers] = reader.row(row);
    let kind = reader.kind(kind, &PrivilegeKind::ALL, PrivilegeKind::name, PrivilegeKind::Flag);
    let (is_number, is_flag) = (kind == PrivilegeKind::Number, kind == PrivilegeKind::Flag);
    let numbers = reader.numbers(numbers);
    let (range, given) = numbers.split_first_chunk().filter(|_| is_number).unwrap_or((&[0, u32::MAX], &[]));
    let [min, max] = *range;
    let mut privilege = Privilege {
        id: reader.id(id),
        kind,
        values: if is_number || is_flag { Vec::new() } else { read_values(reader, values) },
        min,
        max,
        comparisons: if is_number { read_comparisons(reader, values, 1) } else { Vec::new() },
        input: 0,
        granted: Vec::new(),
        effective: Vec::new(),
        clash: Slot::NO,
        given: given.iter().map(|number| (*number, Slot::NO)).collect(),
    };
    reader.expect(privilege.min <= privilege.max && privilege.given.is_sorted_by(|a, b| a.0 < b.0));
    privilege.granted.resize(privilege.places(), Slot::NO);
    privilege.effective.resize(privilege.parts(), Slot::NO);
    privilege
}

fn read_role(reader: &mut Reader, row: &Value, privileges: &Table<Privilege>) -> Role {
    let [id, grants, _] = reader.row(row);
    let mut grant = |grant| {
        let [privilege, value] = reader.row(grant).map(|number| reader.number(number));
        Grant { privilege, value }
    };
    let grants: Vec<Grant> = grants.as_array().into_iter().flatten().map(&mut grant).collect();
    let role = Role { id: reader.id(id), grants, held: Slot::NO, input: 0 };
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
        obligations: reader.list(obligations).iter().map(|row| obligation(reader, row)).collect(),
    };
    reader.expect(operation.verbs.indices().all(|verb| verb < program.verbs.len()));
    operation
}

fn obligation(reader: &mut Reader, row: &Value) -> Obligation {
    let [id, _] = reader.row(row);
    Obligation { id: reader.id(id), owed: Slot::NO }
}
