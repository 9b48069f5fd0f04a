//! The outline: everything of a program but its instructions, as JSON text, which every reader of a pack has a parser for.
//!
//! Evidence. A reader in JavaScript has to be small, and what follows from a policy follows once for all who open it.
//!
//! Decision. The outline has all that a reader needs in the form in which it is used: names by the value that they stand for,
//! what each input says of a value, where inputs and planes begin, which operations are at a menu item and which items below.
//!
//! ```text
//! { id, title, version, fingerprint, layout,
//!   ids:     [["fact", "facts", [id]], the same for privilege, role, operation, menu item (its list: menu), guide, verb]],
//!   entries: { fact: [entry], privilege: [entry], role: [entry] },
//!   steps:   [[verbs as bits, 1 if it restricts, [obligation id], output of its first obligation, [menu item]]] by operation,
//!   items:   [[label, parent or -1, [operation placed there that stands for no restriction], [item below], output]] by menu item;
//!            behind the last one, what is below none,
//!   choices: [privilege],
//!   memory:  [end of the inputs, end of everything, first output], two bytes for each slot }
//! entry: { what: fact, privilege or role, index, id, kind, at, tests }, and
//!   names:              but of a number: what callers write, by the value that it stands for; null for a value that none has
//!   absent:             of a fact that has a value when nobody gives it: that value
//!   granted, effective: of a privilege: slots by part
//!   inline:             of a choice or number: where the inputs begin that inline roles fill
//!   clash:              of a choice: the slot of where its roles clash
//!   more:               of a number: least, greatest, number that roles give, slot, ...
//!   grants, held:       of a role: privilege, value, ...; a slot
//! ```
//!
//! `tests` has two numbers for each input: 0 at least, 1 below, 2 equal, and with what. Where inputs begin is told in bytes of the
//! working memory, which has two for each slot; slots are [`Slot::word`]s, whose even ones are the same.

mod read;

use super::{Comparison, Fact, Ids, MenuItem, Operation, Privilege, Program, Role, Slot};
use crate::ground::{FactKind, PrivilegeKind};
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
        put("fingerprint", self.fingerprint.as_str().into());
        put("layout", self.layout_text().into());
        put("ids", self.ids());
        put("entries", self.entries());
        put("steps", self.steps());
        put("items", self.items());
        let (slots, outputs) = (self.slots(), self.outputs());
        put("memory", [self.inputs(), slots, slots - outputs].map(|place| size(2 * place)).into_iter().collect());
        put("choices", self.choices().filter_map(|choice| self.privileges.find(&choice.id)).map(size).collect());
        alloc::format!("{}", Value::Object(outline)).into_bytes()
    }

    fn ids(&self) -> Value {
        let tables: [(&str, &str, &dyn Ids); 7] = [
            ("fact", "facts", &self.facts),
            ("privilege", "privileges", &self.privileges),
            ("role", "roles", &self.roles),
            ("operation", "operations", &self.operations),
            ("menu item", "menu", &self.menu),
            ("guide", "guides", &self.guides),
            ("verb", "verbs", &self.verbs),
        ];
        let row = |(what, table, ids): (&str, &str, &dyn Ids)| {
            let ids: Value = (0..).map_while(|index| ids.id(index)).map(Value::from).collect();
            Value::Array(alloc::vec![what.into(), table.into(), ids])
        };
        tables.into_iter().map(row).collect()
    }

    fn entries(&self) -> Value {
        let mut entries = Map::new();
        entries.insert("fact".into(), self.facts.iter().enumerate().map(|(index, it)| fact(index, it)).collect());
        let privileges = self.privileges.iter().enumerate();
        entries.insert("privilege".into(), privileges.map(|(index, it)| privilege(index, it)).collect());
        entries.insert("role".into(), self.roles.iter().enumerate().map(|(index, it)| role(index, it)).collect());
        Value::Object(entries)
    }

    fn steps(&self) -> Value {
        let mut owed = self.operations.len();
        let step = |operation: &Operation| {
            let first = size(owed);
            owed += operation.obligations.len();
            let obligations = operation.obligations.iter().map(|obligation| Value::from(obligation.id.as_str()));
            Value::Array(alloc::vec![
                operation.verbs.bits().into(),
                u32::from(operation.restricts).into(),
                obligations.collect(),
                first,
                numbers(operation.menu.iter().copied()),
            ])
        };
        self.operations.iter().map(step).collect()
    }

    fn items(&self) -> Value {
        let end = self.menu.len();
        let mut placed = alloc::vec![Vec::new(); end + 1];
        let mut below = alloc::vec![Vec::new(); end + 1];
        for (index, operation) in self.operations.iter().enumerate().filter(|(_, operation)| !operation.restricts) {
            for item in &operation.menu {
                if let Some(placed) = placed.get_mut(*item as usize) {
                    placed.push(size(index));
                }
            }
        }
        for (index, item) in self.menu.iter().enumerate() {
            let parent = item.parent.map_or(end, |parent| parent as usize);
            if let Some(below) = below.get_mut(parent) {
                below.push(size(index));
            }
        }
        let first = self.outputs() - self.choices().count() - end;
        let row = |(place, item, placed, below): (usize, Option<&MenuItem>, Vec<Value>, Vec<Value>)| {
            let label = item.map_or("", |item| item.label.as_str());
            let parent = item.and_then(|item| item.parent).map_or(Value::from(-1), Value::from);
            Value::Array(alloc::vec![label.into(), parent, placed.into(), below.into(), size(first + place)])
        };
        let items = self.menu.iter().map(Some).chain([None]).enumerate();
        let rows = items.zip(placed.into_iter().zip(below));
        rows.map(|((place, item), (placed, below))| row((place, item, placed, below))).collect()
    }
}

fn size(size: usize) -> Value {
    Value::from(u32::try_from(size).unwrap_or(u32::MAX))
}

fn numbers(numbers: impl Iterator<Item = u32>) -> Value {
    numbers.map(Value::from).collect()
}

fn slots(slots: &[Slot]) -> Value {
    numbers(slots.iter().map(|slot| slot.0))
}

/// An entry of whatever sort; `input` is the slot of its first.
fn entry(what: &str, index: usize, id: &str, kind: &str, input: usize) -> Map<String, Value> {
    let mut entry = Map::new();
    entry.insert("what".into(), what.into());
    entry.insert("index".into(), size(index));
    entry.insert("id".into(), id.into());
    entry.insert("kind".into(), kind.into());
    entry.insert("at".into(), size(2 * input));
    entry
}

/// What callers write, by value, and what each of so many inputs says of a value.
fn named(entry: &mut Map<String, Value>, names: impl Iterator<Item = Value>, tests: impl Iterator<Item = [u32; 2]>) {
    entry.insert("names".into(), names.collect());
    entry.insert("tests".into(), numbers(tests.flatten()));
}

/// The names of what is held or not, and its one test.
fn switch(entry: &mut Map<String, Value>) {
    named(entry, [Value::Null, true.into(), false.into()].into_iter(), [[AT_LEAST, 1]].into_iter());
}

/// The names of options, and a test for each.
fn options(entry: &mut Map<String, Value>, values: &[String]) {
    named(
        entry,
        values.iter().map(|value| value.as_str().into()),
        (0..).zip(values).map(|(option, _)| [EQUAL, option]),
    );
}

const AT_LEAST: u32 = 0;
const BELOW: u32 = 1;
const EQUAL: u32 = 2;

fn compared(comparisons: &[Comparison]) -> impl Iterator<Item = [u32; 2]> {
    comparisons.iter().map(|comparison| match *comparison {
        Comparison::AtLeast(number) => [AT_LEAST, number],
        Comparison::Below(number) => [BELOW, number],
        Comparison::Equal(number) => [EQUAL, number],
    })
}

fn fact(index: usize, fact: &Fact) -> Value {
    let mut entry = entry("fact", index, &fact.id, fact.kind.name(), fact.input);
    match fact.kind {
        FactKind::Switch => switch(&mut entry),
        FactKind::Choice => options(&mut entry, &fact.options),
        FactKind::Number => {
            entry.insert("tests".into(), numbers(compared(&fact.comparisons).flatten()));
        }
    }
    if let Some(absent) = fact.absent {
        entry.insert("absent".into(), absent.into());
    }
    Value::Object(entry)
}

fn privilege(index: usize, privilege: &Privilege) -> Value {
    let mut entry = entry("privilege", index, &privilege.id, privilege.kind.name(), privilege.input);
    let more = match privilege.kind {
        PrivilegeKind::Flag => {
            switch(&mut entry);
            None
        }
        PrivilegeKind::Level => {
            let names = privilege.values.iter().map(|value| value.as_str().into());
            let ranks = (1..).zip(&privilege.values).map(|(rank, _)| [AT_LEAST, rank]);
            named(&mut entry, [Value::Null].into_iter().chain(names), ranks);
            None
        }
        PrivilegeKind::Choice | PrivilegeKind::Set => {
            options(&mut entry, &privilege.values);
            None
        }
        PrivilegeKind::Number => {
            let tests = [[AT_LEAST, 0]].into_iter().chain(compared(&privilege.comparisons));
            entry.insert("tests".into(), numbers(tests.flatten()));
            let given = privilege.given.iter().flat_map(|(number, slot)| [*number, slot.0]);
            Some(numbers([privilege.min, privilege.max].into_iter().chain(given)))
        }
    };
    if let Some(more) = more {
        entry.insert("more".into(), more);
    }
    if privilege.kind == PrivilegeKind::Choice {
        entry.insert("clash".into(), privilege.clash.0.into());
    }
    if privilege.inputs() > privilege.places() {
        entry.insert("inline".into(), size(2 * (privilege.input + privilege.places())));
    }
    entry.insert("granted".into(), slots(&privilege.granted));
    entry.insert("effective".into(), slots(&privilege.effective));
    Value::Object(entry)
}

fn role(index: usize, role: &Role) -> Value {
    let mut entry = entry("role", index, &role.id, "flag", role.input);
    switch(&mut entry);
    entry.insert("grants".into(), numbers(role.grants.iter().flat_map(|grant| [grant.privilege, grant.value])));
    entry.insert("held".into(), role.held.0.into());
    Value::Object(entry)
}
