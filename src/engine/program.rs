//! The tables of a program and their rows. `docs/format.md` describes them.

use super::block::Block;

/// The positions of the header's words.
pub(super) const FACTS: u32 = 0;
pub(super) const PRIVILEGES: u32 = 4;
pub(super) const ROLES: u32 = 8;
pub(super) const OPERATIONS: u32 = 12;
pub(super) const ITEMS: u32 = 16;
pub(super) const VERBS: u32 = 20;
pub(super) const OBLIGATIONS: u32 = 24;
/// The positions of tables. The entries begin at [`HEADER`].
pub(super) const OPERATIONS_AT: u32 = 28;
pub(super) const OBLIGATIONS_AT: u32 = 32;
pub(super) const MENU_AT: u32 = 36;
pub(super) const INSTRUCTIONS_AT: u32 = 40;
/// The bytes of the section, and so the position of the memory.
pub(super) const LENGTH: u32 = 44;
/// The slot of the first input that is not of a fact.
pub(super) const FIRST_GRANT: u32 = 48;
/// The number of slots before the first result.
pub(super) const INPUTS: u32 = 52;
/// The layout: 9 bytes in three words.
pub(super) const LAYOUT: u32 = 56;
pub(super) const HEADER: u32 = 68;

/// The bytes of rows.
pub(super) const ENTRY: u32 = 40;
pub(super) const OPERATION: u32 = 24;
pub(super) const INSTRUCTION: u32 = 8;
/// The bytes of a slot in the memory, and of a pair.
pub(super) const SLOT: u32 = 8;
pub(super) const PAIR: u32 = 8;

/// The parent of a top-level menu item.
pub const NO_PARENT: u32 = u32::MAX;

/// The kinds of entries. Their order matters: an entry up to `LEVEL` satisfies its input *i* with a value above *i*, one up to
/// `CHOICE` with the value *i*; from `CHOICE` on a privilege has a group of inputs for inline roles.
pub mod kind {
    /// A fact that is on or off.
    pub const SWITCH: u32 = 0;
    /// A privilege that is held or not.
    pub const FLAG: u32 = 1;
    /// A role.
    pub const ROLE: u32 = 2;
    /// A privilege with ordered levels.
    pub const LEVEL: u32 = 3;
    /// A privilege with any of its options.
    pub const SET: u32 = 4;
    /// A fact or privilege with exactly one of its options.
    pub const CHOICE: u32 = 5;
    /// A fact or privilege with a number.
    pub const NUMBER: u32 = 6;
}

/// A block with a valid program.
#[derive(Clone, Copy, Debug)]
pub struct Engine<B>(pub B);

/// A row of the table of entries: a fact, privilege or role.
#[derive(Clone, Copy, Debug)]
pub struct Entry<B> {
    block: B,
    at: u32,
}

impl<B: Block> Entry<B> {
    fn word(self, word: u32) -> u32 {
        self.block.get(self.at + 4 * word)
    }

    /// The kind, see [`kind`].
    pub fn kind(self) -> u32 {
        self.word(0)
    }

    /// The slot of the first input.
    pub fn input(self) -> u32 {
        self.word(1)
    }

    /// The number of levels or options; 1 for any other kind.
    pub fn values(self) -> u32 {
        self.word(2)
    }

    /// The position of the comparisons of a number.
    pub(super) fn comparisons_at(self) -> u32 {
        self.word(3)
    }

    /// The number of comparisons.
    pub(super) fn comparisons(self) -> u32 {
        self.word(4)
    }

    /// Of a privilege: the position of its slot references, the granted ones, then the effective ones. Of a role: the slot
    /// reference of whether it is held.
    pub fn slots_at(self) -> u32 {
        self.word(5)
    }

    /// The position of a privilege's role numbers.
    pub(super) fn numbers_at(self) -> u32 {
        self.word(6)
    }

    /// The number of a privilege's role numbers.
    pub(super) fn numbers(self) -> u32 {
        self.word(7)
    }

    /// Of a fact: 1 if it has an `absent` value. Of a number privilege: its minimum. Of a choice privilege: the slot reference of
    /// a conflict. Of a role: the position of its grants.
    pub fn a(self) -> u32 {
        self.word(8)
    }

    /// Of a fact: its `absent` value. Of a number privilege: its maximum. Of a role: the number of its grants.
    pub fn b(self) -> u32 {
        self.word(9)
    }

    /// The number of inputs of one group.
    pub fn group(self) -> u32 {
        if self.kind() == kind::NUMBER { self.comparisons() } else { self.values() }
    }

    /// Whether a value satisfies an input of the group of an entry of this kind.
    pub(super) fn satisfies(self, kind: u32, value: u32, input: u32) -> bool {
        if kind <= kind::LEVEL {
            return value > input;
        }
        if kind != kind::NUMBER {
            return value == input;
        }
        let at = self.comparisons_at() + PAIR * input;
        let operand = self.block.get(at + 4);
        match self.block.get(at) {
            0 => value >= operand,
            1 => value < operand,
            _ => value == operand,
        }
    }

    /// Whether `value` is an encoded value of the privilege, role, switch or choice.
    pub(super) fn accepts(self, value: u32) -> bool {
        if self.kind() == kind::NUMBER {
            return value >= self.a() && value <= self.b();
        }
        // Options are counted from 0, everything else from 1.
        let first = u32::from(self.kind() <= kind::LEVEL);
        value.wrapping_sub(first) < self.values()
    }

    /// Pairs of words from a position on.
    fn pairs(self, at: u32, count: u32) -> impl Iterator<Item = [u32; 2]> {
        (0..count).map(move |index| [self.block.get(at + PAIR * index), self.block.get(at + PAIR * index + 4)])
    }

    /// The comparisons of a number: operator and operand.
    pub fn all_comparisons(self) -> impl Iterator<Item = [u32; 2]> {
        self.pairs(self.comparisons_at(), self.comparisons())
    }

    /// The grants of a role: privilege and value.
    pub fn grants(self) -> impl Iterator<Item = [u32; 2]> {
        self.pairs(self.a(), self.b())
    }

    /// The role numbers of a privilege: number and slot reference.
    pub fn role_numbers(self) -> impl Iterator<Item = [u32; 2]> {
        self.pairs(self.numbers_at(), self.numbers())
    }

    /// The slot references of a privilege: the granted ones, then the effective ones.
    pub fn slots(self) -> impl Iterator<Item = u32> {
        (0..self.group() + self.values()).map(move |index| self.block.get(self.slots_at() + 4 * index))
    }
}

/// A row of the table of operations.
#[derive(Clone, Copy, Debug)]
pub struct Operation<B> {
    block: B,
    at: u32,
}

impl<B: Block> Operation<B> {
    fn word(self, word: u32) -> u32 {
        self.block.get(self.at + 4 * word)
    }

    /// The slot reference of the decision.
    pub fn decision(self) -> u32 {
        self.word(0)
    }

    /// The bits of its verbs.
    pub fn verbs(self) -> u32 {
        self.word(1)
    }

    /// 1 if it represents a restriction, else 0.
    pub fn restricts(self) -> u32 {
        self.word(2)
    }

    /// The number of its obligations.
    pub fn obligations(self) -> u32 {
        self.word(3)
    }

    /// The position of the menu items at which it is placed.
    pub(super) fn placements_at(self) -> u32 {
        self.word(4)
    }

    /// The number of menu items at which it is placed.
    pub(super) fn placements(self) -> u32 {
        self.word(5)
    }

    /// The menu items at which it is placed.
    pub fn all_placements(self) -> impl Iterator<Item = u32> {
        (0..self.placements()).map(move |index| self.block.get(self.placements_at() + 4 * index))
    }
}

impl<B: Block> Engine<B> {
    /// The word of the program at a position.
    pub(super) fn get(self, at: u32) -> u32 {
        self.0.get(at)
    }

    /// The word behind the program at a position.
    pub(super) fn load(self, at: u32) -> u32 {
        self.0.load(at)
    }

    /// Replaces the word at a position.
    pub(super) fn set(self, at: u32, word: u32) {
        self.0.set(at, word);
    }

    /// The positions of answer and arguments.
    pub fn places(self) -> [u32; 2] {
        let results = self.get(LENGTH) - self.get(INSTRUCTIONS_AT);
        let answer = self.get(LENGTH) + SLOT * self.get(INPUTS) + results;
        // Room for the longest answer: of `decide` at most five words, and one for each operation, obligation and role; of `menu` one
        // for each item; of `reads` one for each entry; of `holding` two lists of 257 words, a number and at most 256 values.
        let words = 520 + self.entries() + self.get(OPERATIONS) + self.get(ITEMS) + self.get(OBLIGATIONS);
        [answer, answer + 4 * words]
    }

    /// The number of facts.
    pub fn facts(self) -> u32 {
        self.get(FACTS)
    }

    /// The index of the first role among the entries.
    pub fn first_role(self) -> u32 {
        self.get(FACTS) + self.get(PRIVILEGES)
    }

    /// The number of facts, privileges and roles.
    pub fn entries(self) -> u32 {
        self.first_role() + self.get(ROLES)
    }

    /// The number of operations.
    pub fn operations(self) -> u32 {
        self.get(OPERATIONS)
    }

    /// The number of menu items.
    pub fn items(self) -> u32 {
        self.get(ITEMS)
    }

    /// The number of verbs.
    pub fn verbs(self) -> u32 {
        self.get(VERBS)
    }

    /// A byte of the layout, from 0 to 8.
    pub fn layout(self, byte: u32) -> u32 {
        self.get(LAYOUT + byte / 4 * 4) >> (byte % 4 * 8) & 0xff
    }

    /// The entry at `index`, which exists, among facts, privileges and roles.
    pub fn entry(self, index: u32) -> Entry<B> {
        Entry { block: self.0, at: HEADER + ENTRY * index }
    }

    /// The operation at `index`, which exists.
    pub fn operation(self, index: u32) -> Operation<B> {
        Operation { block: self.0, at: self.get(OPERATIONS_AT) + OPERATION * index }
    }

    /// The slot reference of the obligation at `index`, which exists, among those of all operations.
    pub fn owed(self, index: u32) -> u32 {
        self.get(self.get(OBLIGATIONS_AT) + 4 * index)
    }

    /// The parent of the menu item at `index`, which exists, or [`NO_PARENT`].
    pub fn parent(self, index: u32) -> u32 {
        self.get(self.get(MENU_AT) + 4 * index)
    }

    /// The operands of each instruction.
    pub fn instructions(self) -> impl Iterator<Item = [u32; 2]> {
        let at = self.get(INSTRUCTIONS_AT);
        let count = (self.get(LENGTH) - at) / INSTRUCTION;
        (0..count).map(move |index| [self.get(at + INSTRUCTION * index), self.get(at + INSTRUCTION * index + 4)])
    }

    /// 1 if the slot reference is known to be true, else 0. For `reference ^ 1`: 1 if it is known to be false.
    pub(super) fn is(self, reference: u32) -> u32 {
        self.load(self.get(LENGTH) + 4 * reference)
    }
}
