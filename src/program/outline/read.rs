//! Reading an outline: a program of which only the instructions are missing.

use super::{AT_LEAST, BELOW};
use crate::ground::sort::sort;
use crate::ground::{FactKind, Gather, PrivilegeKind, Verbs, ids, limits};
use crate::program::{
    Comparison, Entry, Fact, Grant, MenuItem, Named, Obligation, Operation, Privilege, Program, Role, Slot, Table,
    are_grants,
};
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

impl Program {
    /// A program of which only the instructions are missing, and what the image says of them. Whatever it returns has ids,
    /// values and indices that exist; whether it is written in the one right form shows when it is written again.
    pub(in crate::program) fn from_outline(text: &[u8]) -> Option<Self> {
        let outline: Value = serde_json::from_slice(text).ok()?;
        let reader = &mut Reader { refused: false };
        let part = |key: &str| part(&outline, key);
        let tables = reader.row::<7>(part("ids")).map(|table| {
            let [_, _, ids] = reader.row::<3>(table);
            reader.list(ids)
        });
        let [_, _, _, operations, menu, guides, verbs] = tables;
        let [facts, privileges, roles] =
            ["fact", "privilege", "role"].map(|what| reader.list(self::part(part("entries"), what)));
        let mut program = Self {
            id: reader.id(part("id")),
            title: reader.text(part("title")),
            version: reader.text(part("version")),
            fingerprint: reader.text(part("fingerprint")),
            verbs: reader.table(verbs, read_id),
            guides: reader.table(guides, read_id),
            facts: reader.table(facts, read_fact),
            privileges: reader.table(privileges, read_privilege),
            ..Self::default()
        };
        reader.expect(program.verbs.len() <= limits::VERBS);
        program.roles = reader.table(roles, |reader, row| read_role(reader, row, &program.privileges));
        let mut depths = Vec::new();
        let mut items = reader.list(part("menu")).iter();
        program.menu = reader
            .table(menu, |reader, id| read_menu_item(reader, id, items.next().unwrap_or(&Value::Null), &mut depths));
        let mut steps = reader.list(part("operations")).iter();
        program.operations = reader
            .table(operations, |reader, id| read_operation(reader, id, steps.next().unwrap_or(&Value::Null), &program));
        program.lay_out();
        (!reader.refused).then_some(program)
    }
}

/// What an object has by this name, or nothing.
fn part<'v>(value: &'v Value, key: &str) -> &'v Value {
    value.get(key).unwrap_or(&Value::Null)
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
        self.list(value).iter().map(|value| self.number(value)).listed()
    }

    /// What the inputs of a fact or privilege are tested for: two numbers each. What is left over is not read: it is not
    /// written again either.
    fn tests(&mut self, value: &Value) -> Vec<[u32; 2]> {
        let numbers = self.numbers(value);
        let (tests, _) = numbers.as_chunks();
        tests.to_vec()
    }

    fn pair(&mut self, value: &Value) -> [u32; 2] {
        self.row(value).map(|value| self.number(value))
    }

    fn pairs(&mut self, value: &Value) -> Vec<[u32; 2]> {
        self.list(value).iter().map(|value| self.pair(value)).listed()
    }

    fn slots(&mut self, value: &Value) -> Vec<Slot> {
        self.numbers(value).into_iter().map(Slot).listed()
    }

    fn table<T: Entry>(&mut self, rows: &[Value], mut read: impl FnMut(&mut Self, &Value) -> T) -> Table<T> {
        let rows: Vec<T> = rows.iter().map(|row| read(self, row)).listed();
        self.expect(rows.len() <= limits::ENTRIES);
        let table = Table::new(rows);
        self.expect(table.is_ok());
        table.unwrap_or_default()
    }
}

fn read_id(reader: &mut Reader, id: &Value) -> Named {
    Named { id: reader.id(id) }
}

/// The values of a kind that has values, one or more, none twice, behind so many names of something else.
fn read_values(reader: &mut Reader, entry: &Value, behind: usize) -> Vec<String> {
    let names = reader.list(part(entry, "names")).get(behind..).unwrap_or_default();
    let values = reader.table(names, read_id);
    reader.expect(!values.is_empty() && values.len() <= limits::VALUES);
    values.ids().map(Into::into).listed()
}

fn read_comparisons(tests: &[[u32; 2]]) -> Vec<Comparison> {
    let compared = |&[kind, number]: &[u32; 2]| match kind {
        AT_LEAST => Comparison::AtLeast(number),
        BELOW => Comparison::Below(number),
        _ => Comparison::Equal(number),
    };
    tests.iter().map(compared).listed()
}

fn read_fact(reader: &mut Reader, entry: &Value) -> Fact {
    let kind = reader.text(part(entry, "kind"));
    let kind = FactKind::ALL.into_iter().find(|known| known.name() == kind);
    reader.expect(kind.is_some());
    let kind = kind.unwrap_or(FactKind::Switch);
    let tests = reader.tests(part(entry, "tests"));
    let absent = entry.get("absent");
    let fact = Fact {
        id: reader.id(part(entry, "id")),
        kind,
        options: if kind == FactKind::Choice { read_values(reader, entry, 0) } else { Vec::new() },
        absent: absent.map(|absent| reader.number(absent)),
        comparisons: if kind == FactKind::Number { read_comparisons(&tests) } else { Vec::new() },
        input: 0,
    };
    reader.expect(fact.absent.is_none_or(|absent| fact.takes(absent)));
    reader.expect(fact.comparisons.is_sorted_by(|a, b| a < b));
    fact
}

fn read_privilege(reader: &mut Reader, entry: &Value) -> Privilege {
    let kind = reader.text(part(entry, "kind"));
    let kind = PrivilegeKind::ALL.into_iter().find(|known| known.name() == kind);
    reader.expect(kind.is_some());
    let kind = kind.unwrap_or(PrivilegeKind::Flag);
    let is_number = kind == PrivilegeKind::Number;
    let tests = reader.tests(part(entry, "tests"));
    let [min, max] = if is_number { reader.pair(part(entry, "range")) } else { [0, u32::MAX] };
    let given = if is_number { reader.pairs(part(entry, "given")) } else { Vec::new() };
    let privilege = Privilege {
        id: reader.id(part(entry, "id")),
        kind,
        values: match kind {
            PrivilegeKind::Flag | PrivilegeKind::Number => Vec::new(),
            PrivilegeKind::Level => read_values(reader, entry, 1),
            PrivilegeKind::Choice | PrivilegeKind::Set => read_values(reader, entry, 0),
        },
        min,
        max,
        comparisons: if is_number { read_comparisons(tests.get(1..).unwrap_or_default()) } else { Vec::new() },
        input: 0,
        granted: reader.slots(part(entry, "granted")),
        effective: reader.slots(part(entry, "effective")),
        clash: Slot::NO,
        given: given.into_iter().map(|[number, slot]| (number, Slot(slot))).listed(),
    };
    reader.expect(privilege.min <= privilege.max && privilege.given.is_sorted_by(|a, b| a.0 < b.0));
    reader.expect(privilege.comparisons.is_sorted_by(|a, b| a < b));
    reader.expect(privilege.granted.len() == privilege.places() && privilege.effective.len() == privilege.parts());
    privilege
}

fn read_role(reader: &mut Reader, entry: &Value, privileges: &Table<Privilege>) -> Role {
    let grants = reader.pairs(part(entry, "grants"));
    let role = Role {
        id: reader.id(part(entry, "id")),
        grants: grants.into_iter().map(|[privilege, value]| Grant { privilege, value }).listed(),
        held: Slot(reader.number(part(entry, "held"))),
        input: 0,
    };
    reader.expect(are_grants(privileges, &role.grants));
    role
}

/// Reads a menu item; `depths` has how many stand above each of those before it.
fn read_menu_item(reader: &mut Reader, id: &Value, item: &Value, depths: &mut Vec<usize>) -> MenuItem {
    let [label, parent, ..] = reader.row::<4>(item);
    let parent = if parent.is_null() { None } else { Some(reader.below(parent, depths.len())) };
    let above = parent.and_then(|parent| depths.get(parent as usize));
    let depth = above.map_or(0, |above| above + 1);
    depths.push(depth);
    reader.expect(depth <= limits::MENU_DEPTH);
    MenuItem { id: reader.id(id), label: reader.text(label), parent }
}

fn read_operation(reader: &mut Reader, id: &Value, step: &Value, program: &Program) -> Operation {
    let [verbs, restricts, obligations, _, places] = reader.row::<5>(step);
    let obligations = reader.list(obligations).iter();
    let operation = Operation {
        id: reader.id(id),
        menu: reader.list(places).iter().map(|item| reader.below(item, program.menu.len())).listed(),
        verbs: Verbs::from_bits_retain(reader.number(verbs)),
        restricts: reader.below(restricts, 2) == 1,
        decision: Slot::NO,
        obligations: obligations.map(|id| Obligation { id: reader.id(id), owed: Slot::NO }).listed(),
    };
    let mut places = operation.menu.clone();
    sort(&mut places);
    reader.expect(places.is_sorted_by(|a, b| a < b));
    reader.expect(operation.verbs.indices().all(|verb| verb < program.verbs.len()));
    operation
}
