//! Reads a program from its words and names. `docs/format.md` defines them.

use super::names::{Names, Text};
use super::{
    Entry, Fact, Grant, Instruction, MenuItem, Named, Obligation, Operation, Privilege, Program, Role, Slot, Table,
};
use crate::engine::{self, Engine, NO_PARENT, Words, kind};
use crate::model::json;
use crate::model::{Comparison, FactKind, PrivilegeKind, Verbs, limits};
use crate::util::{collect_ordered, to_u32};
use std::collections::BTreeMap;

/// The words of the header.
const HEADER: usize = 17;

/// Whether what only populations and the studio read of a program is needed: `host.wasm` has neither.
const IS_WHOLE: bool = !cfg!(all(feature = "host", target_arch = "wasm32"));

type Row<'a> = engine::Entry<Words<'a>>;

impl Program {
    /// The program of these words and names. `None` if the words are invalid, the names are not as many as they say, or two rows
    /// of a table have the same id. O(program).
    pub(super) fn new(names: &Names, words: &[u32]) -> Option<Self> {
        let engine = Engine(Words::program(words));
        if words.len() < HEADER || !engine.is_valid(u32::try_from(4 * words.len()).ok()?) {
            return None;
        }
        let mut program = Self {
            id: names.id.clone().into(),
            title: names.title.clone().into(),
            version: names.version.clone().into(),
            fingerprint: names.fingerprint.clone().into(),
            guides: table(&names.guides, to_u32(names.guides.len()), |_, id, rest| named(id, rest))?,
            verbs: table(&names.verbs, engine.verbs(), |_, id, rest| named(id, rest))?,
            instructions: engine.instructions().filter(|_| IS_WHOLE).map(Instruction::from_words).collect(),
            ..Self::default()
        };
        if program.guides.len() > limits::ENTRIES {
            return None;
        }
        program.layout.iter_mut().zip(0..).for_each(|(byte, index)| *byte = engine.layout(index).to_le_bytes()[0]);
        let (facts, first_role) = (engine.facts(), engine.first_role());
        program.words = words.into();
        program.facts = table(&names.facts, facts, |index, id, values| fact(engine.entry(index), id, values))?;
        program.privileges = table(&names.privileges, first_role - facts, |index, id, values| {
            privilege(engine.entry(facts + index), id, values)
        })?;
        program.roles = table(&names.roles, engine.entries() - first_role, |index, id, values| {
            let entry = engine.entry(first_role + index);
            let grants = entry.grants().map(|[privilege, value]| Grant { privilege, value });
            let held = Slot(entry.slots_at());
            let role = Role { id, grants: grants.collect(), held, input: entry.input() as usize };
            values.is_empty().then_some(role)
        })?;
        program.menu = table(&names.menu, engine.items(), |index, id, label| {
            let (label, meta) = match label {
                [label] => (label, None),
                [label, meta] => (label, Some(json::read_data(meta)?)),
                _ => return None,
            };
            let parent = Some(engine.parent(index)).filter(|parent| *parent != NO_PARENT);
            Some(MenuItem { id, label: text(label), parent, meta })
        })?;
        let mut owed = 0;
        program.operations = table(&names.operations, engine.operations(), |index, id, obligations| {
            let operation = engine.operation(index);
            let obligation = |(id, index): (&Text, u32)| Obligation { id: text(id), owed: Slot(engine.owed(index)) };
            let row = Operation {
                id,
                menu: operation.all_placements().collect(),
                verbs: Verbs::from_bits_retain(operation.verbs()),
                restricts: operation.restricts() == 1,
                decision: Slot(operation.decision()),
                obligations: obligations.iter().zip(owed..).map(obligation).collect(),
            };
            owed += operation.obligations();
            (to_u32(obligations.len()) == operation.obligations()).then_some(row)
        })?;
        program.renamed = renamed(&program, &names.renamed)?;
        Some(program)
    }
}

/// The present ids by old ids. An old id occurs once and is not an id any more; a new one is that of a fact, privilege or role.
fn renamed(program: &Program, rows: &[Vec<Text>]) -> Option<BTreeMap<String, String>> {
    let has = |id: &str| [program.facts.find(id), program.privileges.find(id), program.roles.find(id)] != [None; 3];
    let pair = |row: &Vec<Text>| match row.as_slice() {
        [old, new] if !has(old) && has(new) => Some((text(old), text(new))),
        _ => None,
    };
    let pairs: Vec<_> = rows.iter().map(pair).collect::<Option<_>>()?;
    pairs.is_sorted_by(|a, b| a.0 < b.0).then(|| collect_ordered(pairs))
}

/// A table with `count` rows. `row` takes the index of a row, its id and its other strings.
fn table<'n, T: Entry>(
    rows: &'n [Vec<Text<'n>>],
    count: u32,
    mut row: impl FnMut(u32, String, &'n [Text<'n>]) -> Option<T>,
) -> Option<Table<T>> {
    if rows.len() != count as usize {
        return None;
    }
    let rows = (0..).zip(rows).map(|(index, names)| {
        let (id, rest) = names.split_first()?;
        row(index, text(id), rest)
    });
    let rows = rows.collect::<Option<_>>()?;
    Table::new(rows).ok()
}

fn text(text: &Text) -> String {
    text.as_ref().into()
}

fn named(id: String, rest: &[Text]) -> Option<Named> {
    rest.is_empty().then_some(Named { id })
}

/// The levels or options of an entry, if they are as many as it says.
fn values(entry: Row, names: &[Text]) -> Option<Vec<String>> {
    let has_values = matches!(entry.kind(), kind::LEVEL | kind::CHOICE | kind::SET);
    let expected = if has_values { entry.values() as usize } else { 0 };
    (names.len() == expected).then(|| names.iter().map(text).collect())
}

fn fact(entry: Row, id: String, names: &[Text]) -> Option<Fact> {
    Some(Fact {
        id,
        kind: match entry.kind() {
            kind::SWITCH => FactKind::Switch,
            kind::CHOICE => FactKind::Choice,
            kind::LEVEL => FactKind::Level,
            _ => FactKind::Number,
        },
        values: values(entry, names)?,
        absent: (entry.a() == 1).then_some(entry.b()),
        comparisons: comparisons(entry).collect(),
        input: entry.input() as usize,
    })
}

fn privilege(entry: Row, id: String, names: &[Text]) -> Option<Privilege> {
    let is_number = entry.kind() == kind::NUMBER;
    let slots = |from: u32, count: u32| {
        entry.slots().filter(|_| IS_WHOLE).map(Slot).skip(from as usize).take(count as usize).collect()
    };
    let [min, max] = if is_number { [entry.a(), entry.b()] } else { [0, u32::MAX] };
    Some(Privilege {
        id,
        kind: match entry.kind() {
            kind::LEVEL => PrivilegeKind::Level,
            kind::CHOICE => PrivilegeKind::Choice,
            kind::SET => PrivilegeKind::Set,
            kind::NUMBER => PrivilegeKind::Number,
            _ => PrivilegeKind::Flag,
        },
        values: values(entry, names)?,
        min,
        max,
        // The first comparison of a number is that it is set.
        comparisons: comparisons(entry).skip(1).collect(),
        input: entry.input() as usize,
        granted: slots(0, entry.group()),
        effective: slots(entry.group(), entry.values()),
        conflict: if entry.kind() == kind::CHOICE { Slot(entry.a()) } else { Slot::NO },
        role_numbers: entry.role_numbers().filter(|_| IS_WHOLE).map(|[number, slot]| (number, Slot(slot))).collect(),
    })
}

fn comparisons(entry: Row) -> impl Iterator<Item = Comparison> {
    entry.all_comparisons().filter(|_| IS_WHOLE).map(|[operator, operand]| match operator {
        0 => Comparison::AtLeast(operand),
        1 => Comparison::Below(operand),
        _ => Comparison::Equal(operand),
    })
}
