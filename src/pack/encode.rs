//! Writes the names and the program section of a pack. `docs/format.md` defines them.

use super::names::{Names, Row, Text};
use super::{Entry, MenuItem, Privilege, Program};
use crate::engine::{NO_PARENT, kind};
use crate::model::{Comparison, FactKind, PrivilegeKind};
use crate::util::to_u32;

/// The bytes of the header, and of the row of an entry.
const HEADER: usize = 68;
const ENTRY: usize = 40;

/// The lists and tables behind the entries. They are referred to by position: the number of bytes before them in the section.
struct Lists {
    start: usize,
    words: Vec<u32>,
}

impl Lists {
    fn new(start: usize) -> Self {
        Self { start, words: Vec::new() }
    }

    /// Appends words and returns their position.
    fn add(&mut self, words: &[u32]) -> u32 {
        let at = to_u32(self.end());
        self.words.extend_from_slice(words);
        at
    }

    /// The position of the next word.
    fn end(&self) -> usize {
        self.start + 4 * self.words.len()
    }
}

/// An entry before its lists have positions.
struct EntryRow {
    kind: u32,
    input: usize,
    values: usize,
    comparisons: Vec<[u32; 2]>,
    slots: Vec<u32>,
    role_numbers: Vec<[u32; 2]>,
    pair: [u32; 2],
}

fn comparisons(all: &[Comparison]) -> impl Iterator<Item = [u32; 2]> {
    all.iter().map(|comparison| match *comparison {
        Comparison::AtLeast(number) => [0, number],
        Comparison::Below(number) => [1, number],
        Comparison::Equal(number) => [2, number],
    })
}

fn privilege(privilege: &Privilege) -> EntryRow {
    let (kind, pair) = match privilege.kind {
        PrivilegeKind::Flag => (kind::FLAG, [0, 0]),
        PrivilegeKind::Level => (kind::LEVEL, [0, 0]),
        PrivilegeKind::Set => (kind::SET, [0, 0]),
        PrivilegeKind::Choice => (kind::CHOICE, [privilege.conflict.word(), 0]),
        PrivilegeKind::Number => (kind::NUMBER, [privilege.min, privilege.max]),
    };
    // A number begins with the comparison that every number satisfies.
    let is_set = (kind == kind::NUMBER).then_some([0, 0]);
    EntryRow {
        kind,
        input: privilege.input,
        values: privilege.parts(),
        comparisons: is_set.into_iter().chain(comparisons(&privilege.comparisons)).collect(),
        slots: privilege.granted.iter().chain(&privilege.effective).map(|slot| slot.word()).collect(),
        role_numbers: privilege.role_numbers.iter().map(|(number, slot)| [*number, slot.word()]).collect(),
        pair,
    }
}

impl Program {
    fn entry_rows(&self) -> Vec<EntryRow> {
        let facts = self.facts.iter().map(|fact| EntryRow {
            kind: match fact.kind {
                FactKind::Switch => kind::SWITCH,
                FactKind::Choice => kind::CHOICE,
                FactKind::Level => kind::LEVEL,
                FactKind::Number => kind::NUMBER,
            },
            input: fact.input,
            values: fact.values.len().max(1),
            comparisons: comparisons(&fact.comparisons).collect(),
            slots: Vec::new(),
            role_numbers: Vec::new(),
            pair: fact.absent.map_or([0, 0], |value| [1, value]),
        });
        facts.chain(self.privileges.iter().map(privilege)).collect()
    }

    /// The program section. O(program).
    pub(super) fn to_words(&self) -> Vec<u32> {
        let rows = self.entry_rows();
        let mut lists = Lists::new(HEADER + ENTRY * (rows.len() + self.roles.len()));
        let first_grant = rows.get(self.facts.len()).map(|row| row.input);
        let first_grant = first_grant.or(self.roles.get(0).map(|role| role.input)).unwrap_or(self.inputs());
        let mut entries = Vec::new();
        for row in rows {
            let [values, compared, numbers] = [row.values, row.comparisons.len(), row.role_numbers.len()].map(to_u32);
            entries.extend([row.kind, to_u32(row.input), values]);
            entries.extend([lists.add(row.comparisons.as_flattened()), compared]);
            entries.extend([lists.add(&row.slots), lists.add(row.role_numbers.as_flattened()), numbers]);
            entries.extend(row.pair);
        }
        for role in &self.roles {
            let grants: Vec<[u32; 2]> = role.grants.iter().map(|grant| [grant.privilege, grant.value]).collect();
            let none = to_u32(lists.end());
            entries.extend([kind::ROLE, to_u32(role.input), 1, none, 0, role.held.word(), none, 0]);
            entries.extend([lists.add(grants.as_flattened()), to_u32(grants.len())]);
        }
        let (mut operations, mut obligations) = (Vec::new(), Vec::new());
        for operation in &self.operations {
            operations.extend([operation.decision.word(), operation.verbs.bits(), operation.restricts.into()]);
            operations.extend([to_u32(operation.obligations.len()), lists.add(&operation.menu)]);
            operations.push(to_u32(operation.menu.len()));
            obligations.extend(operation.obligations.iter().map(|obligation| obligation.owed.word()));
        }
        let parents: Vec<u32> = self.menu.iter().map(|item| item.parent.unwrap_or(NO_PARENT)).collect();
        let instructions: Vec<u32> =
            self.instructions.iter().flat_map(|it| [it.left.word(), it.right.word()]).collect();
        let counts = [
            self.facts.len(),
            self.privileges.len(),
            self.roles.len(),
            self.operations.len(),
            self.menu.len(),
            self.verbs.len(),
            obligations.len(),
        ];
        let mut words: Vec<u32> = counts.map(to_u32).into();
        words.extend([lists.add(&operations), lists.add(&obligations), lists.add(&parents), lists.add(&instructions)]);
        words.extend([lists.end(), first_grant, self.inputs()].map(to_u32));
        let mut layout = [0_u8; 12];
        layout.iter_mut().zip(self.layout).for_each(|(byte, of_layout)| *byte = of_layout);
        words.extend(layout.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)));
        words.extend(entries);
        words.extend(lists.words);
        words
    }
}

fn menu_row(item: &MenuItem) -> Row<'_> {
    let meta = item.meta.as_ref().map(|meta| Text::from(meta.to_string()));
    [Text::from(&item.id), (&item.label).into()].into_iter().chain(meta).collect()
}

impl<'a> Names<'a> {
    /// The names of a program. O(program).
    pub(super) fn of(program: &'a Program) -> Self {
        fn rows<'a, T: Entry + 'a>(
            table: impl IntoIterator<Item = &'a T>,
            more: impl Fn(&'a T) -> Vec<&'a str>,
        ) -> Vec<Row<'a>> {
            let row = |entry: &'a T| [entry.id()].into_iter().chain(more(entry)).map(Text::from).collect();
            table.into_iter().map(row).collect()
        }
        let texts = |texts: &'a [String]| texts.iter().map(String::as_str).collect();
        Self {
            id: (&program.id).into(),
            title: (&program.title).into(),
            version: (&program.version).into(),
            fingerprint: (&program.fingerprint).into(),
            facts: rows(&program.facts, |fact| texts(&fact.values)),
            privileges: rows(&program.privileges, |privilege| texts(&privilege.values)),
            roles: rows(&program.roles, |_| Vec::new()),
            operations: rows(&program.operations, |it| it.obligations.iter().map(|it| it.id.as_str()).collect()),
            menu: program.menu.iter().map(menu_row).collect(),
            guides: rows(&program.guides, |_| Vec::new()),
            verbs: rows(&program.verbs, |_| Vec::new()),
            renamed: program.renamed.iter().map(|(old, new)| vec![old.into(), new.into()]).collect(),
        }
    }
}
