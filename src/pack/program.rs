//! The program: the compiled form of a policy.
//!
//! Every test of a requirement is an *input*. Roles, joins and requirements are straight-line instructions over inputs and
//! earlier results, in topological order. The only instruction is *and*; its two operands may be negated, so it expresses all
//! requirements. Menu states are computed from the decisions, without instructions.

use super::slot::{Instruction, Slot};
use super::table::{Entry, Ids, Table};
use crate::engine::{Engine, Evaluated, Words};
use crate::model::json::Data;
use crate::model::{Comparison, FactKind, PrivilegeKind, Verbs};
use crate::util::to_u32;
use std::collections::BTreeMap;

/// A compiled policy. Its slots are, in this order: the constants *yes* and *unknown*, the inputs of facts, the inputs of
/// privileges, one input for each role, and the results of the instructions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// The policy's id.
    pub id: String,
    /// The policy's title, for display.
    pub title: String,
    /// The policy's version, for display.
    pub version: String,
    /// The SHA-256 of the canonical document, in hexadecimal.
    pub fingerprint: String,
    /// The verbs. Verb `n` is bit `n` of [`Verbs`].
    pub verbs: Table<Named>,
    /// The facts.
    pub facts: Table<Fact>,
    /// The privileges.
    pub privileges: Table<Privilege>,
    /// The roles.
    pub roles: Table<Role>,
    /// The menu items. Parents precede their children.
    pub menu: Table<MenuItem>,
    /// The operations.
    pub operations: Table<Operation>,
    /// The guides.
    pub guides: Table<Named>,
    /// The present ids of facts, privileges and roles by the ids that they had in earlier versions.
    pub renamed: BTreeMap<String, String>,
    /// The instructions, in topological order.
    pub instructions: Vec<Instruction>,
    /// The layout of tokens: the prefix of all tokens of the policy.
    pub layout: [u8; 9],
    /// The program section of the pack: all of the above but the names, as the engine evaluates it. Compiling sets it, and
    /// so does [`Policy::open`](super::Policy::open).
    pub words: Vec<u32>,
}

/// An entry with only an id: a verb or guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The id.
    pub id: String,
}

/// A compiled fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The id.
    pub id: String,
    /// The kind.
    pub kind: FactKind,
    /// The options of a choice, or the levels of a level, lowest first.
    pub values: Vec<String>,
    /// The value if the subject does not set the fact: 0 or 1 for a switch, the number, the index of an option, or the rank of
    /// a level, from 1. `None` if the fact is then unknown.
    pub absent: Option<u32>,
    /// The comparisons of a number in requirements, one input each. Sorted and distinct.
    pub comparisons: Vec<Comparison>,
    /// The slot of the first input.
    pub input: usize,
}

/// A compiled privilege.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Privilege {
    /// The id.
    pub id: String,
    /// The kind.
    pub kind: PrivilegeKind,
    /// The levels, lowest first, or the options.
    pub values: Vec<String>,
    /// The minimum of a number.
    pub min: u32,
    /// The maximum of a number.
    pub max: u32,
    /// The comparisons of a number in requirements. Sorted and distinct.
    pub comparisons: Vec<Comparison>,
    /// The slot of the first input. Inputs are the flag, each level, each option, or whether the number is set and each
    /// comparison. A choice or number has a second group of inputs for inline roles, since grants of roles count only if the
    /// subject has no grant of its own.
    pub input: usize,
    /// The slots of the joined grants: the flag, each level, each option, or whether the number is set and each comparison.
    pub granted: Vec<Slot>,
    /// The slots of the effective grant: the flag, each level, each option, or whether the number is set.
    pub effective: Vec<Slot>,
    /// Of a choice: yes if held roles grant different options and the subject has no option of its own. Otherwise
    /// [`Slot::NO`].
    pub conflict: Slot,
    /// The numbers that roles of the policy grant, ascending, each with a slot: whether held roles grant at least that number.
    pub role_numbers: Vec<(u32, Slot)>,
}

/// A compiled role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The id.
    pub id: String,
    /// The grants, as [`are_grants`] requires.
    pub grants: Vec<Grant>,
    /// The slot that is yes if the role is held: it is listed, or its `when` holds.
    pub held: Slot,
    /// The slot of the input: whether the role is listed.
    pub input: usize,
}

/// One grant, encoded as two numbers. A set with several options is several grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// The index of the privilege.
    pub privilege: u32,
    /// 1 for a flag, the rank (from 1) of a level, the index of an option, or the number itself.
    pub value: u32,
}

/// A compiled menu item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuItem {
    /// The id.
    pub id: String,
    /// The label.
    pub label: String,
    /// The index of the parent; `None` for a top-level item.
    pub parent: Option<u32>,
    /// Data of the product, which is not interpreted.
    pub meta: Option<Data>,
}

/// A compiled operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The id.
    pub id: String,
    /// The indices of the menu items at which it is placed.
    pub menu: Vec<u32>,
    /// The verbs.
    pub verbs: Verbs,
    /// Whether it represents a restriction: it shows no menu item and is not listed as allowed.
    pub restricts: bool,
    /// The slot of the decision.
    pub decision: Slot,
    /// The obligations, owed only if the operation is allowed.
    pub obligations: Vec<Obligation>,
}

/// A compiled obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// The id.
    pub id: String,
    /// The slot of its condition. The obligation is owed unless this is known to be false.
    pub owed: Slot,
}

/// The number of constants. Their slots precede all inputs.
pub(crate) const CONSTANTS: usize = 2;

impl Program {
    /// Assigns the first input of each fact, privilege and role, in the order of declaration.
    /// O(facts + privileges + roles).
    #[cfg(feature = "studio")]
    pub(crate) fn assign_inputs(&mut self) {
        let mut next = CONSTANTS;
        for fact in self.facts.rows_mut() {
            fact.input = next;
            next += fact.inputs();
        }
        for privilege in self.privileges.rows_mut() {
            privilege.input = next;
            next += privilege.inputs();
        }
        for role in self.roles.rows_mut() {
            role.input = next;
            next += 1;
        }
    }

    /// Computes the layout and the program section of a program whose other fields are final. O(program).
    #[cfg(feature = "studio")]
    pub(crate) fn complete(mut self) -> Self {
        self.layout = self.compute_layout();
        self.words = self.to_words();
        self
    }

    /// The engine, for what it reads from the program alone.
    pub fn engine(&self) -> Engine<Words<'_>> {
        Engine(Words::program(&self.words))
    }

    /// The engine with the words that [`Self::room`] made.
    pub fn engine_in<'a>(&'a self, rest: &'a mut [u32]) -> Engine<Words<'a>> {
        Engine(Words::new(&self.words, rest, self.engine().places()))
    }

    /// The engine with words that [`Self::room`] made and an earlier call filled, and an answer beside them.
    pub fn evaluated<'a>(&'a self, rest: &'a [u32], answer: &'a mut [u32]) -> Engine<Evaluated<'a>> {
        Engine(Evaluated::new(&self.words, rest, answer, self.engine().places()))
    }

    /// The words that the engine needs behind the program: memory, answer and these arguments, with room for `more` words.
    pub fn room<'a>(&self, arguments: impl IntoIterator<Item = &'a [u32]>, more: u32) -> Vec<u32> {
        let [_, first_argument] = self.engine().places();
        let mut words = vec![0; first_argument as usize / 4 - self.words.len()];
        arguments.into_iter().for_each(|pairs| words.extend_from_slice(pairs));
        words.resize(words.len() + more as usize, 0);
        words
    }

    /// The index of a position in the words that [`Self::room`] makes.
    pub fn index_of(&self, position: u32) -> usize {
        (position as usize / 4).saturating_sub(self.words.len())
    }

    /// The number of slots before the result of the first instruction: constants and inputs. O(facts + privileges).
    pub fn inputs(&self) -> usize {
        let facts: usize = self.facts.iter().map(Fact::inputs).sum();
        let privileges: usize = self.privileges.iter().map(Privilege::inputs).sum();
        CONSTANTS + facts + privileges + self.roles.len()
    }

    /// The number of slots: constants, inputs and results. O(facts + privileges).
    pub fn slots(&self) -> usize {
        self.inputs() + self.instructions.len()
    }

    /// All tables of ids with the name of an entry in messages, in the order in which an unknown id is searched in them.
    pub(crate) fn tables(&self) -> [(&'static str, &dyn Ids); 7] {
        [
            ("fact", &self.facts),
            ("privilege", &self.privileges),
            ("role", &self.roles),
            ("operation", &self.operations),
            ("menu item", &self.menu),
            ("guide", &self.guides),
            ("verb", &self.verbs),
        ]
    }

    /// The choice privileges.
    pub(crate) fn choices(&self) -> impl Iterator<Item = &Privilege> {
        self.privileges.iter().filter(|privilege| privilege.kind == PrivilegeKind::Choice)
    }
}

impl Fact {
    /// Whether `value` is a valid encoded value.
    pub fn accepts(&self, value: u32) -> bool {
        match self.kind {
            FactKind::Switch => value < 2,
            FactKind::Choice => (value as usize) < self.values.len(),
            FactKind::Level => value >= 1 && value as usize <= self.values.len(),
            FactKind::Number => true,
        }
    }

    /// The highest valid encoded value.
    pub fn max_value(&self) -> u32 {
        match self.kind {
            FactKind::Switch => 1,
            FactKind::Choice => to_u32(self.values.len()).saturating_sub(1),
            FactKind::Level => to_u32(self.values.len()),
            FactKind::Number => u32::MAX,
        }
    }

    /// Whether the fact's input number `input`, from 0, is yes if the fact has this value.
    pub fn holds(&self, input: u32, value: u32) -> bool {
        match self.kind {
            FactKind::Switch => value == 1,
            FactKind::Choice => value == input,
            FactKind::Level => value > input,
            FactKind::Number => self.comparisons.get(input as usize).is_some_and(|comparison| comparison.holds(value)),
        }
    }

    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        match self.kind {
            FactKind::Switch => 1,
            FactKind::Choice | FactKind::Level => self.values.len(),
            FactKind::Number => self.comparisons.len(),
        }
    }
}

impl Privilege {
    /// Whether `value` is a valid [`Grant::value`].
    pub fn accepts(&self, value: u32) -> bool {
        match self.kind {
            PrivilegeKind::Flag => value == 1,
            PrivilegeKind::Level => value >= 1 && value as usize <= self.values.len(),
            PrivilegeKind::Choice | PrivilegeKind::Set => (value as usize) < self.values.len(),
            PrivilegeKind::Number => (self.min..=self.max).contains(&value),
        }
    }

    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        match self.kind {
            PrivilegeKind::Choice | PrivilegeKind::Number => 2 * self.inputs_per_grant(),
            PrivilegeKind::Flag | PrivilegeKind::Level | PrivilegeKind::Set => self.inputs_per_grant(),
        }
    }

    /// The number of inputs of one grant, and the length of [`Privilege::granted`].
    pub fn inputs_per_grant(&self) -> usize {
        self.parts() + self.comparisons.len()
    }

    /// The number of parts that take effect separately, and the length of [`Privilege::effective`].
    pub fn parts(&self) -> usize {
        match self.kind {
            PrivilegeKind::Flag | PrivilegeKind::Number => 1,
            PrivilegeKind::Level | PrivilegeKind::Choice | PrivilegeKind::Set => self.values.len(),
        }
    }
}

/// Whether the grants are valid as those of one subject or role: their privileges exist, their values are valid, they are sorted
/// and distinct, and only a set has several. O(grants).
pub fn are_grants(privileges: &Table<Privilege>, grants: &[Grant]) -> bool {
    let takes = |grant: &Grant| privileges.at(grant.privilege).is_some_and(|privilege| privilege.accepts(grant.value));
    let is_set = |index| privileges.at(index).is_some_and(|privilege| privilege.kind == PrivilegeKind::Set);
    let follows = |a: &Grant, b: &Grant| a < b && (a.privilege < b.privilege || is_set(a.privilege));
    grants.iter().all(takes) && grants.is_sorted_by(follows)
}

impl Role {
    /// Whether the role has a `when`, so that it may be held without being listed.
    pub fn has_when(&self) -> bool {
        Slot::at(self.input) != Some(self.held)
    }
}

macro_rules! entries {
    ($($entry:ty),*) => { $(impl Entry for $entry { fn id(&self) -> &str { &self.id } })* };
}
entries!(Named, Fact, Privilege, Role, MenuItem, Operation);
