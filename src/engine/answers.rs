//! Answers: menu states, holdings, what an operation reads.

use super::block::Block;
use super::evaluate::BITS;
use super::program::{Engine, INSTRUCTION, INSTRUCTIONS_AT, ITEMS, LENGTH, NO_PARENT, OPERATIONS, PAIR, SLOT, kind};

/// What the state of a menu item is the disjunction of.
#[derive(Clone, Copy, Debug)]
pub enum Below {
    /// The decision of the operation at this index, which is placed at the item.
    Operation(u32),
    /// The state of the item at this index, a child, which is complete.
    Item(u32),
}

/// The two values of a privilege: what is granted, and what of it has an effect. They are the bytes between the start of the
/// answer of [`Engine::holding`] and the value: how many values there are, or [`UNDECIDED`], and then these.
pub const GRANTED: u32 = 0;
/// See [`GRANTED`].
pub const EFFECTIVE: u32 = 4 * 257;
/// The words of an answer of [`Engine::holding`].
pub const HOLDING_WORDS: usize = 2 * 257;
/// The value depends on an unknown fact.
pub const UNDECIDED: u32 = u32::MAX;

impl<B: Block> Engine<B> {
    /// Calls `add` with each menu item and each part of its state; without a part an item is hidden. Operations that restrict do
    /// not count. O(placements + menu items).
    pub fn menu_states(self, add: &mut impl FnMut(u32, Below)) {
        for index in 0..self.get(OPERATIONS) {
            let operation = self.operation(index);
            let mut at = operation.placements_at();
            let end = at + 4 * operation.placements() * (1 - operation.restricts());
            while at < end {
                add(self.get(at), Below::Operation(index));
                at += 4;
            }
        }
        // Parents precede their children, so in reverse order an item is complete before it is added to its parent.
        for item in (0..self.get(ITEMS)).rev() {
            if self.parent(item) != NO_PARENT {
                add(self.parent(item), Below::Item(item));
            }
        }
    }

    /// The states of menu items. The arguments are the first two lists of the answer of [`Engine::decide`]. The answer: for each
    /// item 2 if it is shown, 1 if undecided, else 0. O(placements + menu items).
    pub fn menu(self) {
        let (answer, allowed) = (self.0.answer(), self.0.arguments());
        let denied = allowed + 4 * self.get(OPERATIONS).div_ceil(BITS);
        for item in 0..self.get(ITEMS) {
            self.set(answer + 4 * item, 0);
        }
        self.menu_states(&mut |item, below| {
            let state = match below {
                Below::Operation(index) => {
                    let bit = |list: u32| self.load(list + 4 * (index / BITS)) >> (index % BITS) & 1;
                    1 + bit(allowed) - bit(denied)
                }
                Below::Item(child) => self.load(answer + 4 * child),
            };
            let at = answer + 4 * item;
            if state > self.load(at) {
                self.set(at, state);
            }
        });
    }

    /// The values of the privilege with the entry at `index`, for the subject of the arguments. The answer: see [`GRANTED`]; of a set
    /// there are all values, else at most one. O(program + pairs).
    pub fn holding(self, own: u32, inline: u32, index: u32) {
        self.evaluate(own, inline);
        self.held(own, inline, index);
    }

    /// As [`Self::holding`], for a subject that is already evaluated. O(privilege + pairs).
    pub fn held(self, own: u32, inline: u32, index: u32) {
        self.held_as(own, inline, index, GRANTED);
        self.held_as(own, inline, index, EFFECTIVE);
    }

    /// Writes one of the two values into the answer.
    fn held_as(self, own: u32, inline: u32, index: u32, which: u32) {
        let privilege = self.entry(index);
        let kind = privilege.kind();
        let answer = self.0.answer() + which;
        let mut at = privilege.slots_at();
        if which == EFFECTIVE {
            at += 4 * privilege.group();
        }
        // Of a set all values whose slots are yes, else the last.
        let mut count = 0;
        for value in 0..privilege.values() {
            let slot = self.get(at + 4 * value);
            if self.is(slot) == 1 {
                count = if kind == kind::SET { count + 1 } else { 1 };
                self.set(answer + 4 * count, value + u32::from(kind <= kind::LEVEL));
            } else if self.is(slot ^ 1) == 0 {
                count = UNDECIDED;
                break;
            }
        }
        // What is granted of a number follows from its own rules, and so does what has an effect if it has one.
        if kind == kind::NUMBER && (count == 1 || which == GRANTED) {
            count = self.number(own, inline, index, answer);
        }
        self.set(answer, count);
    }

    /// Writes the granted number, the subject's own, else the largest that roles grant, into the word behind `answer`. Returns how
    /// many numbers there are, or [`UNDECIDED`].
    fn number(self, own: u32, inline: u32, index: u32, answer: u32) -> u32 {
        let privilege = self.entry(index);
        let mut count = 0;
        for pair in 0..own + inline {
            let at = self.0.arguments() + PAIR * pair;
            if self.load(at) == index {
                self.set(answer + 4, self.load(at + 4));
                count = 1;
                if pair < own {
                    return count;
                }
            }
        }
        // Role numbers ascend, so one that is held overrules smaller ones that are unknown.
        for number in 0..privilege.numbers() {
            let at = privilege.numbers_at() + PAIR * number;
            if count == 0 || count == UNDECIDED || self.get(at) > self.load(answer + 4) {
                if self.is(self.get(at + 4)) == 1 {
                    self.set(answer + 4, self.get(at));
                    count = 1;
                } else if self.is(self.get(at + 4) ^ 1) == 0 {
                    count = UNDECIDED;
                }
            }
        }
        count
    }

    /// What slots read: those that the `count` slot references in the arguments name. The answer: for each entry 1 if they depend on
    /// one of its inputs, else 0. The memory is overwritten. O(program).
    pub fn reads(self, count: u32) {
        let memory = self.get(LENGTH);
        let mut at = memory;
        while at < self.0.answer() {
            self.set(at, 0);
            at += 4;
        }
        for index in 0..count {
            self.mark(self.load(self.0.arguments() + 4 * index));
        }
        at = memory;
        let mut result = self.0.answer();
        while at > self.get(INSTRUCTIONS_AT) {
            at -= INSTRUCTION;
            result -= SLOT;
            if self.load(result) == 1 {
                self.mark(self.get(at));
                self.mark(self.get(at + 4));
            }
        }
        // The first result stands behind the last input. The inputs of an entry end where those of the next begin.
        let mut end = result;
        for index in (0..self.entries()).rev() {
            let input = memory + SLOT * self.entry(index).input();
            let mut is_read = 0;
            while end > input {
                end -= SLOT;
                is_read |= self.load(end);
            }
            self.set(self.0.answer() + 4 * index, is_read);
        }
    }

    /// Marks a slot as read, in its first word.
    fn mark(self, reference: u32) {
        self.set(self.get(LENGTH) + SLOT * (reference / 2), 1);
    }
}
