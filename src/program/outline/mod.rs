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
//!   items:   [[label, parent or null, [operation placed there that stands for no restriction], [item below], output]] by menu item;
//!            behind the last one, what is below none,
//!   choices: [privilege],
//!   memory:  [end of the inputs, end of everything, first output], two bytes for each slot }
//! entry: { what: fact, privilege or role, index, id, kind, at, tests }, and
//!   names:              but of a number: what callers write, by the value that it stands for; null for a value that none has
//!   absent:             of a fact that has a value when nobody gives it: that value
//!   granted, effective: of a privilege: slots by part
//!   inline:             of a choice or number: where the inputs begin that inline roles fill
//!   clash:              of a choice: the slot of where its roles clash
//!   range:              of a number: least and greatest
//!   given:              of a number that is a privilege: those that roles give, each with its slot
//!   grants, held:       of a role: privileges, each with its value; a slot
//! ```
//!
//! `tests` has two numbers for each input: 0 at least, 1 below, 2 equal, and with what. Where inputs begin is told in bytes of the
//! working memory, which has two for each slot; slots are [`Slot::word`]s, whose even ones are the same.

mod read;

use super::{Comparison, Fact, Ids, MenuItem, Operation, Privilege, Program, Role, Slot};
use crate::ground::json::Json;
use crate::ground::{FactKind, PrivilegeKind};
use alloc::string::String;
use alloc::vec::Vec;

impl Program {
    /// The outline. O(program).
    pub(super) fn outline(&self) -> Vec<u8> {
        let (slots, outputs) = (self.slots(), self.outputs());
        let memory = [self.inputs(), slots, slots - outputs].map(|place| size(2 * place));
        let choices = self.choices().filter_map(|choice| self.privileges.find(&choice.id));
        let outline = Json::object()
            .with("id", &*self.id)
            .with("title", &*self.title)
            .with("version", &*self.version)
            .with("fingerprint", &*self.fingerprint)
            .with("layout", self.layout_text())
            .with("ids", self.ids())
            .with("entries", self.entries())
            .with("steps", self.steps())
            .with("items", self.items())
            .with("memory", list(memory.into_iter()))
            .with("choices", list(choices.map(size)));
        outline.text().into_bytes()
    }

    fn ids(&self) -> Json {
        let row = |(what, ids): (&str, &dyn Ids)| {
            let table = if what == "menu item" { "menu".into() } else { [what, "s"].concat() };
            let ids = list((0..).map_while(|index| ids.id(index)).map(Json::from));
            list([what.into(), table.into(), ids].into_iter())
        };
        list(self.tables().into_iter().map(row))
    }

    fn entries(&self) -> Json {
        Json::object()
            .with("fact", list(self.facts.iter().enumerate().map(|(index, it)| fact(index, it))))
            .with("privilege", list(self.privileges.iter().enumerate().map(|(index, it)| privilege(index, it))))
            .with("role", list(self.roles.iter().enumerate().map(|(index, it)| role(index, it))))
    }

    fn steps(&self) -> Json {
        let mut owed = self.operations.len();
        let step = |operation: &Operation| {
            let first = size(owed);
            owed += operation.obligations.len();
            let obligations = operation.obligations.iter().map(|obligation| Json::from(&*obligation.id));
            let verbs = operation.verbs.bits().into();
            let menu = numbers(operation.menu.iter().copied());
            list([verbs, u32::from(operation.restricts).into(), list(obligations), first, menu].into_iter())
        };
        list(self.operations.iter().map(step))
    }

    fn items(&self) -> Json {
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
        let row = |(place, item, placed, below): (usize, Option<&MenuItem>, Vec<Json>, Vec<Json>)| {
            let label = item.map_or("", |item| item.label.as_str());
            let parent = item.and_then(|item| item.parent);
            list([label.into(), parent.into(), placed.into(), below.into(), size(first + place)].into_iter())
        };
        let items = self.menu.iter().map(Some).chain([None]).enumerate();
        let rows = items.zip(placed.into_iter().zip(below));
        list(rows.map(|((place, item), (placed, below))| row((place, item, placed, below))))
    }
}

fn size(size: usize) -> Json {
    Json::from(u32::try_from(size).unwrap_or(u32::MAX))
}

fn list(mut items: impl Iterator<Item = Json>) -> Json {
    Json::list(&mut items)
}

fn numbers(numbers: impl Iterator<Item = u32>) -> Json {
    list(numbers.map(Json::from))
}

fn couples(couples: impl Iterator<Item = [u32; 2]>) -> Json {
    list(couples.map(|couple| numbers(couple.into_iter())))
}

fn slots(slots: &[Slot]) -> Json {
    numbers(slots.iter().map(|slot| slot.0))
}

/// An entry of whatever sort; `input` is the slot of its first.
fn entry(what: &str, index: usize, id: &str, kind: &str, input: usize) -> Json {
    Json::object()
        .with("what", what)
        .with("index", size(index))
        .with("id", id)
        .with("kind", kind)
        .with("at", size(2 * input))
}

/// What callers write, by value, and what each of so many inputs says of a value.
fn named(entry: Json, names: impl Iterator<Item = Json>, tests: impl Iterator<Item = [u32; 2]>) -> Json {
    entry.with("names", list(names)).with("tests", numbers(tests.flatten()))
}

/// The names of what is held or not, and its one test.
fn switch(entry: Json) -> Json {
    named(entry, [Json::null(), true.into(), false.into()].into_iter(), [[AT_LEAST, 1]].into_iter())
}

/// The names of options, and a test for each.
fn options(entry: Json, values: &[String]) -> Json {
    let tests = (0..).zip(values).map(|(option, _)| [EQUAL, option]);
    named(entry, values.iter().map(|value| value.as_str().into()), tests)
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

fn fact(index: usize, fact: &Fact) -> Json {
    let entry = entry("fact", index, &fact.id, fact.kind.name(), fact.input);
    let entry = match fact.kind {
        FactKind::Switch => switch(entry),
        FactKind::Choice => options(entry, &fact.options),
        FactKind::Number => {
            let tests = numbers(compared(&fact.comparisons).flatten());
            entry.with("tests", tests).with("range", numbers([0, u32::MAX].into_iter()))
        }
    };
    match fact.absent {
        Some(absent) => entry.with("absent", absent),
        None => entry,
    }
}

fn privilege(index: usize, privilege: &Privilege) -> Json {
    let entry = entry("privilege", index, &privilege.id, privilege.kind.name(), privilege.input);
    let inline = size(2 * (privilege.input + privilege.places()));
    let entry = match privilege.kind {
        PrivilegeKind::Flag => switch(entry),
        PrivilegeKind::Level => {
            let names = privilege.values.iter().map(|value| value.as_str().into());
            let ranks = (1..).zip(&privilege.values).map(|(rank, _)| [AT_LEAST, rank]);
            named(entry, [Json::null()].into_iter().chain(names), ranks)
        }
        PrivilegeKind::Set => options(entry, &privilege.values),
        PrivilegeKind::Choice => {
            options(entry, &privilege.values).with("clash", privilege.clash.0).with("inline", inline)
        }
        PrivilegeKind::Number => {
            let tests = [[AT_LEAST, 0]].into_iter().chain(compared(&privilege.comparisons));
            let given = couples(privilege.given.iter().map(|(number, slot)| [*number, slot.0]));
            entry
                .with("tests", numbers(tests.flatten()))
                .with("range", numbers([privilege.min, privilege.max].into_iter()))
                .with("given", given)
                .with("inline", inline)
        }
    };
    entry.with("granted", slots(&privilege.granted)).with("effective", slots(&privilege.effective))
}

fn role(index: usize, role: &Role) -> Json {
    let grants = couples(role.grants.iter().map(|grant| [grant.privilege, grant.value]));
    let entry = switch(entry("role", index, &role.id, "flag", role.input));
    entry.with("grants", grants).with("held", role.held.0)
}
