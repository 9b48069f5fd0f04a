//! Reads the metadata section: a program without its instructions.

use super::{
    AT_LEAST, BELOW, FactEntry, FactKind, IdValue, MenuRow, Metadata, Name, OperationRow, PrivilegeEntry,
    PrivilegeKind, Program, RoleEntry, Text,
};
use crate::model::{Comparison, Verbs, ids, limits};
use crate::pack::{
    Entry, Fact, Grant, MenuItem, Named, Obligation, Operation, Privilege, Role, Slot, Table, are_grants,
};

impl Program {
    /// Reads a program without its instructions. `None` if an id, value or index is invalid. Slots and derived data are not
    /// validated: the caller checks the slots and compares [`Program::metadata`] with the section. O(length).
    pub(in crate::pack) fn from_metadata(section: &[u8]) -> Option<Self> {
        let metadata: Metadata = serde_json::from_slice(section).ok()?;
        let [_, _, _, operations, menu, guides, verbs] = metadata.ids.map(|(_, _, ids)| ids);
        let mut program = Self {
            id: id(metadata.id)?,
            title: metadata.title.into(),
            version: metadata.version.into(),
            fingerprint: metadata.fingerprint.into(),
            verbs: named(verbs)?,
            guides: named(guides)?,
            facts: table(metadata.entries.fact, fact)?,
            privileges: table(metadata.entries.privilege, privilege)?,
            ..Self::default()
        };
        if program.verbs.len() > limits::VERBS {
            return None;
        }
        program.roles = table(metadata.entries.role, |entry| role(entry, &program.privileges))?;
        // The last row is the root of the menu.
        if metadata.menu.len() != menu.len() + 1 || metadata.operations.len() != operations.len() {
            return None;
        }
        let mut depths = Vec::with_capacity(menu.len());
        program.menu = table(menu.into_iter().zip(metadata.menu), |(id, row)| menu_item(id, row, &mut depths))?;
        let rows = operations.into_iter().zip(metadata.operations);
        program.operations = table(rows, |(id, row)| operation(id, row, &program))?;
        program.assign_inputs();
        Some(program)
    }
}

/// Reads a table of at most [`limits::ENTRIES`] rows with distinct ids.
fn table<R, T: Entry>(rows: impl IntoIterator<Item = R>, read: impl FnMut(R) -> Option<T>) -> Option<Table<T>> {
    let rows: Vec<T> = rows.into_iter().map(read).collect::<Option<_>>()?;
    Table::new(rows).ok().filter(|table| table.len() <= limits::ENTRIES)
}

fn id(text: Text) -> Option<String> {
    ids::check(&text).is_ok().then(|| text.into())
}

fn named(ids: Vec<Text>) -> Option<Table<Named>> {
    table(ids, |text| Some(Named { id: id(text)? }))
}

/// The levels or options in `names` after the first `skip` names: from 1 to [`limits::VALUES`].
fn values(names: Option<Vec<Option<Name>>>, skip: usize) -> Option<Vec<String>> {
    let names = names?.into_iter().skip(skip);
    let text = |name| match name {
        Some(Name::Text(text)) => Some(text),
        _ => None,
    };
    let values = named(names.map(text).collect::<Option<_>>()?)?;
    let count = values.len();
    (count > 0 && count <= limits::VALUES).then(|| values.ids().map(Into::into).collect())
}

/// The comparisons in `tests` after the first `skip`, which must be sorted and distinct.
fn comparisons(tests: &[u32], skip: usize) -> Option<Vec<Comparison>> {
    let (tests, rest) = tests.as_chunks();
    let comparison = |&[kind, number]: &[u32; 2]| match kind {
        AT_LEAST => Comparison::AtLeast(number),
        BELOW => Comparison::Below(number),
        _ => Comparison::Equal(number),
    };
    let comparisons: Vec<_> = tests.iter().skip(skip).map(comparison).collect();
    (rest.is_empty() && comparisons.is_sorted_by(|a, b| a < b)).then_some(comparisons)
}

fn fact(entry: FactEntry) -> Option<Fact> {
    let is_number = entry.kind == FactKind::Number;
    let fact = Fact {
        id: id(entry.id)?,
        kind: entry.kind,
        options: if entry.kind == FactKind::Choice { values(entry.names, 0)? } else { Vec::new() },
        absent: entry.absent,
        comparisons: if is_number { comparisons(&entry.tests, 0)? } else { Vec::new() },
        input: 0,
    };
    fact.absent.is_none_or(|absent| fact.accepts(absent)).then_some(fact)
}

fn privilege(entry: PrivilegeEntry) -> Option<Privilege> {
    let is_number = entry.kind == PrivilegeKind::Number;
    let [min, max] = if is_number { entry.range? } else { [0, u32::MAX] };
    let role_numbers = if is_number { entry.role_numbers? } else { Vec::new() };
    let privilege = Privilege {
        id: id(entry.id)?,
        kind: entry.kind,
        values: match entry.kind {
            PrivilegeKind::Flag | PrivilegeKind::Number => Vec::new(),
            PrivilegeKind::Level => values(entry.names, 1)?,
            PrivilegeKind::Choice | PrivilegeKind::Set => values(entry.names, 0)?,
        },
        min,
        max,
        comparisons: if is_number { comparisons(&entry.tests, 1)? } else { Vec::new() },
        input: 0,
        granted: entry.granted,
        effective: entry.effective,
        conflict: Slot::NO,
        role_numbers: role_numbers.into_iter().map(|[number, slot]| (number, Slot(slot))).collect(),
    };
    let is_valid = privilege.min <= privilege.max
        && privilege.role_numbers.is_sorted_by(|a, b| a.0 < b.0)
        && privilege.granted.len() == privilege.inputs_per_grant()
        && privilege.effective.len() == privilege.parts();
    is_valid.then_some(privilege)
}

fn role(entry: RoleEntry, privileges: &Table<Privilege>) -> Option<Role> {
    let grants = entry.grants.into_iter().map(|[privilege, value]: IdValue| Grant { privilege, value });
    let role = Role { id: id(entry.id)?, grants: grants.collect(), held: entry.held, input: 0 };
    are_grants(privileges, &role.grants).then_some(role)
}

/// Reads a menu item. `depths` contains the depths of the preceding items, since parents precede their children.
fn menu_item(id: Text, row: MenuRow, depths: &mut Vec<usize>) -> Option<MenuItem> {
    let MenuRow(label, parent, ..) = row;
    let depth = match parent {
        Some(parent) => depths.get(parent as usize)? + 1,
        None => 0,
    };
    depths.push(depth);
    let item = MenuItem { id: self::id(id)?, label: label.into(), parent };
    (depth <= limits::MENU_DEPTH).then_some(item)
}

fn operation(id: Text, row: OperationRow, program: &Program) -> Option<Operation> {
    let OperationRow(verbs, restricts, obligations, _, menu) = row;
    let obligation = |text| Some(Obligation { id: self::id(text)?, owed: Slot::NO });
    let operation = Operation {
        id: self::id(id)?,
        menu,
        verbs: Verbs::from_bits_retain(verbs),
        restricts: restricts == 1,
        decision: Slot::NO,
        obligations: obligations.into_iter().map(obligation).collect::<Option<_>>()?,
    };
    let mut items = operation.menu.clone();
    items.sort_unstable();
    let is_valid = restricts < 2
        && items.iter().all(|item| program.menu.at(*item).is_some())
        && items.is_sorted_by(|a, b| a < b)
        && operation.verbs.indices().all(|verb| verb < program.verbs.len());
    is_valid.then_some(operation)
}
