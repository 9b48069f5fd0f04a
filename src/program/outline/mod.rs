//! The outline: everything of a program but its instructions, as JSON text, which every reader of a pack has a parser for.
//!
//! Evidence. A reader in JavaScript has to be small, and what follows from a policy follows once for all who open it.
//!
//! Decision. The outline has all that a reader needs in the form in which it is used: names by the value that they stand for,
//! what each input says of a value, where inputs begin, which operations are at a menu item and which items below.
//!
//! ```text
//! { id, title, version, fingerprint, layout,
//!   ids:     [["fact", "facts", [id]], the same for privilege, role, operation, menu item (its list: menu), guide, verb]],
//!   entries: { fact: [entry], privilege: [entry], role: [entry] },
//!   operations: [[verbs as bits, 1 if it restricts, [obligation id], output of its first obligation, [menu item]]] by operation,
//!   menu:    [[label, parent or null, [operation placed there that stands for no restriction], [item below]]] by menu item;
//!            behind the last one the whole menu: what is below none,
//!   sizes:   [inputs, slots, and the numbers of 16 bits that the outputs are packed into],
//!   choicePrivileges: [privilege] }
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
//! `tests` has two numbers for each input: 0 at least, 1 below, 2 equal, and with what. `at` and `inline` count slots; what is a
//! slot otherwise is a [`Slot::word`], and so may be read negated.

mod read;

use super::menu::Arranged;
use super::words::OUTPUTS;
use super::{Comparison, Fact, Privilege, Program, Role};
use crate::ground::json::{Tell, Told, text};
use crate::ground::{FactKind, PrivilegeKind, size};
use alloc::string::String;
use alloc::vec::Vec;

impl Program {
    /// The outline. O(program).
    pub(super) fn outline(&self) -> Vec<u8> {
        let numbers = self.outputs().len().div_ceil(OUTPUTS);
        let sizes = [self.inputs(), self.slots(), numbers].map(size);
        let choices = self.choices().filter_map(|choice| self.privileges.find(&choice.id));
        text(|to| {
            to.object(|to| {
                to.with("id", &self.id);
                to.with("title", &self.title);
                to.with("version", &self.version);
                to.with("fingerprint", &self.fingerprint);
                to.with("layout", self.layout_text());
                to.key("ids");
                to.list(|to| self.ids(to));
                to.key("entries");
                to.object(|to| self.entries(to));
                to.key("operations");
                to.list(|to| self.steps(to));
                to.key("menu");
                to.list(|to| self.items(to));
                to.list_of("sizes", sizes);
                to.list_of("choicePrivileges", choices.map(size));
            });
        })
    }

    fn ids(&self, to: &mut dyn Told) {
        for (what, ids) in self.tables() {
            let table = if what == "menu item" { "menu".into() } else { [what, "s"].concat() };
            to.list(|to| {
                to.text(what);
                to.text(&table);
                to.all((0..).map_while(|index| ids.id(index)));
            });
        }
    }

    fn entries(&self, to: &mut dyn Told) {
        to.key("fact");
        let mut places = 0..;
        to.list(|to| self.facts.iter().zip(&mut places).for_each(|(it, index)| fact(to, index, it)));
        to.key("privilege");
        to.list(|to| self.privileges.iter().zip(&mut places).for_each(|(it, index)| privilege(to, index, it)));
        to.key("role");
        to.list(|to| self.roles.iter().zip(&mut places).for_each(|(it, index)| role(to, index, it)));
    }

    fn steps(&self, to: &mut dyn Told) {
        let mut owed = self.operations.len();
        for operation in &self.operations {
            to.list(|to| {
                operation.verbs.bits().tell(to);
                u32::from(operation.restricts).tell(to);
                to.all(operation.obligations.iter().map(|obligation| &*obligation.id));
                size(owed).tell(to);
                to.all(&operation.menu);
            });
            owed += operation.obligations.len();
        }
    }

    fn items(&self, to: &mut dyn Told) {
        let Arranged { placed, below } = self.arranged();
        let items = self.menu.iter().map(Some).chain([None]);
        for (item, (placed, below)) in items.zip(placed.iter().zip(below)) {
            to.list(|to| {
                to.text(item.map_or("", |item| item.label.as_str()));
                item.and_then(|item| item.parent).tell(to);
                to.all(placed.iter().map(|(index, _)| size(*index)));
                to.all(below.into_iter().map(size));
            });
        }
    }
}

/// An entry of whatever sort; `input` is the slot of its first.
fn entry(to: &mut dyn Told, what: &str, index: usize, id: &str, kind: &str, input: usize) {
    to.with("what", what);
    to.with("index", size(index));
    to.with("id", id);
    to.with("kind", kind);
    to.with("at", size(input));
}

/// The names of what is held or not, and its one test.
fn switch(to: &mut dyn Told) {
    to.list_of("names", [None, Some(true), Some(false)]);
    to.list_of("tests", [AT_LEAST, 1]);
}

/// The names of options, and a test for each.
fn options(to: &mut dyn Told, values: &[String]) {
    to.list_of("names", values);
    to.list_of("tests", (0..).zip(values).flat_map(|(option, _)| [EQUAL, option]));
}

const AT_LEAST: u32 = 0;
const BELOW: u32 = 1;
const EQUAL: u32 = 2;

fn compared(comparisons: &[Comparison]) -> impl Iterator<Item = u32> {
    comparisons.iter().flat_map(|comparison| match *comparison {
        Comparison::AtLeast(number) => [AT_LEAST, number],
        Comparison::Below(number) => [BELOW, number],
        Comparison::Equal(number) => [EQUAL, number],
    })
}

fn fact(to: &mut dyn Told, index: usize, fact: &Fact) {
    to.object(|to| {
        entry(to, "fact", index, &fact.id, fact.kind.name(), fact.input);
        match fact.kind {
            FactKind::Switch => switch(to),
            FactKind::Choice => options(to, &fact.options),
            FactKind::Number => {
                to.list_of("tests", compared(&fact.comparisons));
                to.list_of("range", [0, u32::MAX]);
            }
        }
        if let Some(absent) = fact.absent {
            to.with("absent", absent);
        }
    });
}

fn privilege(to: &mut dyn Told, index: usize, privilege: &Privilege) {
    let inline = size(privilege.input + privilege.places());
    to.object(|to| {
        entry(to, "privilege", index, &privilege.id, privilege.kind.name(), privilege.input);
        match privilege.kind {
            PrivilegeKind::Flag => switch(to),
            PrivilegeKind::Level => {
                to.list_of("names", [None].into_iter().chain(privilege.values.iter().map(Some)));
                to.list_of("tests", (1..).zip(&privilege.values).flat_map(|(rank, _)| [AT_LEAST, rank]));
            }
            PrivilegeKind::Set => options(to, &privilege.values),
            PrivilegeKind::Choice => {
                options(to, &privilege.values);
                to.with("clash", privilege.clash.0);
                to.with("inline", inline);
            }
            PrivilegeKind::Number => {
                to.list_of("tests", [AT_LEAST, 0].into_iter().chain(compared(&privilege.comparisons)));
                to.list_of("range", [privilege.min, privilege.max]);
                to.list_of("given", privilege.given.iter().map(|(number, slot)| [*number, slot.0]));
                to.with("inline", inline);
            }
        }
        to.list_of("granted", privilege.granted.iter().map(|slot| slot.0));
        to.list_of("effective", privilege.effective.iter().map(|slot| slot.0));
    });
}

fn role(to: &mut dyn Told, index: usize, role: &Role) {
    to.object(|to| {
        entry(to, "role", index, &role.id, "flag", role.input);
        switch(to);
        to.list_of("grants", role.grants.iter().map(|grant| [grant.privilege, grant.value]));
        to.with("held", role.held.0);
    });
}
