//! The program: what remains of a policy when only deciding matters, and the pack that carries it.
//!
//! Every test of every requirement is one *input*; roles and requirements are straight-line instructions over inputs and
//! earlier results, in topological order. There is one instruction, *and*, of two slots that are read as they are or
//! negated: it says all that requirements say, and what joins roles. Nothing in it can loop, allocate or fail. What a menu
//! shows follows from what is decided, without instructions.

use super::table::{Entry, Ids, Table};
use crate::model::{Comparison, FactKind, PrivilegeKind, Verbs};

/// A policy, ready to decide. The first slots are the constants *yes* and *unknown*; then come the inputs of facts, those
/// of privileges, one for each role, and the results of the instructions, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// The policy's id.
    pub id: String,
    /// The policy's title, for people.
    pub title: String,
    /// The policy's version, for people.
    pub version: String,
    /// The SHA-256 of the canonical document that it was compiled from, in hexadecimal.
    pub fingerprint: String,
    /// The verbs; verb `n` is bit `n` of [`Verbs`].
    pub verbs: Table<Named>,
    /// The facts.
    pub facts: Table<Fact>,
    /// The privileges.
    pub privileges: Table<Privilege>,
    /// The roles.
    pub roles: Table<Role>,
    /// The menu, every parent before its children.
    pub menu: Table<MenuItem>,
    /// The operations.
    pub operations: Table<Operation>,
    /// The guides.
    pub guides: Table<Named>,
    /// All instructions.
    pub instructions: Vec<Instruction>,
}

/// Something with an id and nothing else that deciding needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub id: String,
}

/// A fact as the program sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: FactKind,
    /// The options of a choice.
    pub options: Vec<String>,
    /// The value it has when the subject does not give it: 0 or 1 for a switch, an option's index for a choice.
    pub absent: Option<u32>,
    /// The comparisons that requirements make with a number: one input each.
    pub comparisons: Vec<Comparison>,
    /// Its first input.
    pub input: usize,
}

/// A privilege as the program sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Privilege {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: PrivilegeKind,
    /// The levels, lowest first, or the options.
    pub values: Vec<String>,
    /// The least number that may be granted.
    pub min: u32,
    /// The greatest number that may be granted.
    pub max: u32,
    /// The comparisons that are made with a number.
    pub comparisons: Vec<Comparison>,
    /// The first input of the subject's own grant: the flag, a level each, an option each, or whether the number is set and
    /// a comparison each. Those of a choice and a number come twice: once more for inline roles, since these give what only
    /// counts where the subject has nothing of its own.
    pub input: usize,
    /// Where it is decided what is granted, by whomever: the flag, each level, each option, or whether the number is set and
    /// each comparison.
    pub granted: Vec<Slot>,
    /// Where its effect is decided: the flag, each level, each option, or whether the number is set.
    pub effective: Vec<Slot>,
    /// Where it shows that roles which are surely held give a choice different options, and the subject has none of its own.
    pub clash: Slot,
    /// The numbers that roles of the policy give, ascending, and where it is decided whether they give so much or more.
    pub given: Vec<(u32, Slot)>,
}

/// A role as the program sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: String,
    /// What it grants.
    pub grants: Vec<Grant>,
    /// Where it is decided whether it is held: listed, or assumed by facts.
    pub held: Slot,
    /// Its input: whether it is listed.
    pub input: usize,
}

/// One grant, as two numbers. A set of several options is several grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// Index of the privilege.
    pub privilege: u32,
    /// 1 for a flag, the rank (from 1) of a level, the index of an option, or the number itself.
    pub value: u32,
}

/// A menu item as the program sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuItem {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: String,
    /// Index of its parent.
    pub parent: Option<u32>,
}

/// An operation as the program sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its id.
    pub id: String,
    /// Indices of the menu items that it is placed at.
    pub menu: Vec<u32>,
    /// What it does there.
    pub verbs: Verbs,
    /// Whether it stands for a restriction: it shows no menu item and is not listed as allowed.
    pub restricts: bool,
    /// Where it is decided.
    pub decision: Slot,
    /// What it owes when allowed.
    pub obligations: Vec<Obligation>,
}

/// An obligation of an operation as the program sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// Its id.
    pub id: String,
    /// Where it is decided whether it is owed: owed unless known not to be.
    pub owed: Slot,
}

/// A place in the program's working memory, read as it is or negated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Slot(pub(super) u32);

impl Slot {
    /// The constant that always holds.
    pub const YES: Self = Self(0);
    /// The constant that never holds.
    pub const NO: Self = Self(1);
    /// The constant of which it is not known whether it holds.
    pub const UNKNOWN: Self = Self(2);

    /// The slot at `index`; `None` above 2³¹ − 1.
    pub fn at(index: usize) -> Option<Self> {
        u32::try_from(index).ok().filter(|index| *index < 1 << 31).map(|index| Self(index << 1))
    }

    /// Its place and how it is read, as one number: twice the place, and one more where it is negated.
    pub const fn word(self) -> u32 {
        self.0
    }

    /// Its place.
    pub const fn index(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// Whether it is read negated.
    pub const fn negated(self) -> bool {
        self.0 & 1 == 1
    }
}

impl std::ops::Not for Slot {
    type Output = Self;

    fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// One step: both operands hold. Its result is the next slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instruction {
    /// First operand.
    pub left: Slot,
    /// Second operand.
    pub right: Slot,
}

/// How many slots are constants: they come first.
pub(crate) const CONSTANTS: usize = 2;

impl Program {
    /// Gives every fact, privilege and role its first input. The layout follows from the declarations alone, so a pack
    /// does not carry it. O(facts + privileges + roles).
    pub(crate) fn lay_out(&mut self) {
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

    /// How many slots come before the first instruction's result. O(facts + privileges).
    pub fn inputs(&self) -> usize {
        let facts: usize = self.facts.iter().map(Fact::inputs).sum();
        let privileges: usize = self.privileges.iter().map(Privilege::inputs).sum();
        CONSTANTS + facts + privileges + self.roles.len()
    }

    /// How many slots deciding needs. O(facts + privileges).
    pub fn slots(&self) -> usize {
        self.inputs() + self.instructions.len()
    }

    /// Whether every slot exists that is read beside the outputs.
    pub(super) fn slots_exist(&self) -> bool {
        let slots = self.slots();
        let privileges = self.privileges.iter().flat_map(|privilege| {
            let given = privilege.given.iter().map(|(_, slot)| slot);
            privilege.granted.iter().chain(&privilege.effective).chain(given)
        });
        privileges.chain(self.roles.iter().map(|role| &role.held)).all(|slot| slot.index() < slots)
    }

    /// Everything that has an id, by the word for it, in the order in which an id is looked for elsewhere.
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

    /// The privileges of which exactly one option counts.
    pub(crate) fn choices(&self) -> impl Iterator<Item = &Privilege> {
        self.privileges.iter().filter(|privilege| privilege.kind == PrivilegeKind::Choice)
    }
}

impl Fact {
    /// Whether it may have this value.
    pub fn takes(&self, value: u32) -> bool {
        match self.kind {
            FactKind::Switch => value < 2,
            FactKind::Choice => (value as usize) < self.options.len(),
            FactKind::Number => true,
        }
    }

    /// The highest value that it may have.
    pub fn last(&self) -> u32 {
        match self.kind {
            FactKind::Switch => 1,
            FactKind::Choice => u32::try_from(self.options.len()).map_or(u32::MAX, |count| count.saturating_sub(1)),
            FactKind::Number => u32::MAX,
        }
    }

    /// Whether its input at this place holds when it has this value.
    pub fn holds(&self, place: u32, value: u32) -> bool {
        match self.kind {
            FactKind::Switch => value == 1,
            FactKind::Choice => value == place,
            FactKind::Number => self.comparisons.get(place as usize).is_some_and(|comparison| comparison.holds(value)),
        }
    }

    /// How many inputs it has.
    pub fn inputs(&self) -> usize {
        match self.kind {
            FactKind::Switch => 1,
            FactKind::Choice => self.options.len(),
            FactKind::Number => self.comparisons.len(),
        }
    }
}

impl Privilege {
    /// Whether a [`Grant`] of it may have this value.
    pub fn takes(&self, value: u32) -> bool {
        match self.kind {
            PrivilegeKind::Flag => value == 1,
            PrivilegeKind::Level => value >= 1 && value as usize <= self.values.len(),
            PrivilegeKind::Choice | PrivilegeKind::Set => (value as usize) < self.values.len(),
            PrivilegeKind::Number => (self.min..=self.max).contains(&value),
        }
    }

    /// How many inputs it has.
    pub fn inputs(&self) -> usize {
        match self.kind {
            PrivilegeKind::Choice | PrivilegeKind::Number => 2 * self.places(),
            PrivilegeKind::Flag | PrivilegeKind::Level | PrivilegeKind::Set => self.places(),
        }
    }

    /// How many inputs stand for a grant of it: the length of [`Privilege::granted`].
    pub fn places(&self) -> usize {
        self.parts() + self.comparisons.len()
    }

    /// How many parts of it have an effect of their own.
    pub fn parts(&self) -> usize {
        match self.kind {
            PrivilegeKind::Flag | PrivilegeKind::Number => 1,
            PrivilegeKind::Level | PrivilegeKind::Choice | PrivilegeKind::Set => self.values.len(),
        }
    }
}

/// Whether these are grants of one giver: of privileges that there are, with values that they take, sorted, and only of a set
/// more than one. O(grants).
pub fn are_grants(privileges: &Table<Privilege>, grants: &[Grant]) -> bool {
    let takes = |grant: &Grant| privileges.at(grant.privilege).is_some_and(|privilege| privilege.takes(grant.value));
    let is_set = |index| privileges.at(index).is_some_and(|privilege| privilege.kind == PrivilegeKind::Set);
    let follows = |a: &Grant, b: &Grant| a < b && (a.privilege < b.privilege || is_set(a.privilege));
    grants.iter().all(takes) && grants.is_sorted_by(follows)
}

impl Role {
    /// Whether facts may assume it.
    pub fn is_assumed(&self) -> bool {
        Slot::at(self.input) != Some(self.held)
    }
}

macro_rules! entries {
    ($($entry:ty),*) => { $(impl Entry for $entry { fn id(&self) -> &str { &self.id } })* };
}
entries!(Named, Fact, Privilege, Role, MenuItem, Operation);
