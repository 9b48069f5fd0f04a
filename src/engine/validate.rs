//! The validation of a program section, once, when it is opened. What it proves the other files rely on.
//!
//! It reads only positions that exist itself: it compares a list with the section before it follows it.

use super::block::Block;
use super::program::{
    ENTRY, Engine, FACTS, FIRST_GRANT, HEADER, INPUTS, INSTRUCTION, INSTRUCTIONS_AT, ITEMS, LAYOUT, LENGTH, MENU_AT,
    NO_PARENT, OBLIGATIONS, OBLIGATIONS_AT, OPERATION, OPERATIONS, OPERATIONS_AT, PAIR, PRIVILEGES, VERBS, kind,
};

/// The format of tokens, the first byte of a layout.
const TOKEN_FORMAT: u32 = 2;
/// The limits that a program must keep, from `docs/format.md`.
const MOST_ROWS: u32 = 65_536;
const MOST_VERBS: u32 = 32;
const MOST_VALUES: u32 = 256;
const MOST_ANCESTORS: u32 = 64;
/// The greatest length in bytes, so that sums of positions are words.
const MOST_BYTES: u32 = 1 << 28;
/// The number of constants. Their slots precede all inputs.
const CONSTANTS: u32 = 2;
/// The kinds of facts, privileges and roles, a bit each.
const OF_FACT: u32 = 1 << kind::SWITCH | 1 << kind::LEVEL | 1 << kind::CHOICE | 1 << kind::NUMBER;
const OF_PRIVILEGE: u32 = 1 << kind::FLAG | 1 << kind::LEVEL | 1 << kind::SET | 1 << kind::CHOICE | 1 << kind::NUMBER;
const OF_ROLE: u32 = 1 << kind::ROLE;

impl<B: Block> Engine<B> {
    /// Whether the first `length` bytes of the block, at least as many as a header has, are a valid program, by the rules of
    /// `docs/format.md`, section Validity. O(length).
    pub fn is_valid(self, length: u32) -> bool {
        (HEADER..MOST_BYTES).contains(&length)
            && self.get(LENGTH) == length
            && self.has_header()
            && self.has_instructions()
            && self.has_entries()
            && self.has_operations()
            && self.has_menu()
    }

    /// The bytes of `count` rows of `bytes` bytes each. If they are not inside of the section, more than it has.
    fn list(self, at: u32, count: u32, bytes: u32) -> u32 {
        let length = self.get(LENGTH);
        if at.is_multiple_of(4) && at <= length && count <= (length - at) / bytes { count * bytes } else { MOST_BYTES }
    }

    /// Whether all of the rows are inside of the section.
    fn has(self, at: u32, count: u32, bytes: u32) -> bool {
        self.list(at, count, bytes) < MOST_BYTES
    }

    /// Whether words, `step` bytes apart, are references of slots, which are below twice the number of slots.
    fn refer(self, at: u32, count: u32, step: u32) -> bool {
        let slots = self.get(INPUTS) + (self.get(LENGTH) - self.get(INSTRUCTIONS_AT)) / INSTRUCTION;
        for index in 0..count {
            if self.get(at + step * index) / 2 >= slots {
                return false;
            }
        }
        true
    }

    /// Whether words, `step` bytes apart, ascend strictly.
    fn ascend(self, at: u32, count: u32, step: u32) -> bool {
        for index in 1..count {
            if self.get(at + step * index) <= self.get(at + step * index - step) {
                return false;
            }
        }
        true
    }

    fn has_header(self) -> bool {
        let mut count = FACTS;
        while count < VERBS {
            if self.get(count) > MOST_ROWS {
                return false;
            }
            count += 4;
        }
        self.get(LAYOUT) & 0xff == TOKEN_FORMAT
            && self.get(LAYOUT + 8) < 1 << 8
            && self.get(VERBS) <= MOST_VERBS
            && self.get(INPUTS) < MOST_BYTES
            && self.has(HEADER, self.entries(), ENTRY)
            && self.has(self.get(OPERATIONS_AT), self.get(OPERATIONS), OPERATION)
            && self.has(self.get(OBLIGATIONS_AT), self.get(OBLIGATIONS), 4)
            && self.has(self.get(MENU_AT), self.get(ITEMS), 4)
            && self.has(self.get(INSTRUCTIONS_AT), 0, 1)
    }

    /// Whether the operands of each instruction are slots before its result.
    fn has_instructions(self) -> bool {
        let mut at = self.get(INSTRUCTIONS_AT);
        let mut words = 2 * self.get(INPUTS);
        while at < self.get(LENGTH) {
            if self.get(LENGTH) - at < INSTRUCTION || self.get(at) >= words || self.get(at + 4) >= words {
                return false;
            }
            at += INSTRUCTION;
            words += 2;
        }
        true
    }

    fn has_entries(self) -> bool {
        // Lists may overlap, but their sum is bounded by the section, and so are time and memory.
        let mut used = 0;
        let mut input = CONSTANTS;
        let mut index = 0;
        while index < self.entries() {
            let entry = self.entry(index);
            let (kind, values, a, b) = (entry.kind(), entry.values(), entry.a(), entry.b());
            let is_fact = index < self.get(FACTS);
            let is_role = index >= self.first_role();
            let is_number = kind == kind::NUMBER;
            let kinds = if is_fact {
                OF_FACT
            } else if is_role {
                OF_ROLE
            } else {
                OF_PRIVILEGE
            };
            let most = if kind >= kind::LEVEL && !is_number { MOST_VALUES } else { 1 };
            if kind > kind::NUMBER
                || kinds >> kind & 1 == 0
                || entry.input() != input
                || values.wrapping_sub(1) >= most
                || !(is_number || entry.comparisons() == 0)
                || (index == self.get(FACTS) && input != self.get(FIRST_GRANT))
                // So that the sum does not exceed a word
                || input > self.get(INPUTS)
            {
                return false;
            }
            used += self.list(entry.comparisons_at(), entry.comparisons(), PAIR);
            used += self.list(entry.numbers_at(), entry.numbers(), PAIR);
            if used > self.get(LENGTH) {
                return false;
            }
            let group = entry.group();
            input += group;
            let is_valid = if is_fact {
                // Levels are counted from 1, and a switch has the values 0 and 1.
                let value = b.wrapping_sub(u32::from(kind == kind::LEVEL));
                let is_value = is_number || value < values + u32::from(kind == kind::SWITCH);
                a <= 1 && if a == 1 { is_value } else { b == 0 }
            } else if is_role {
                used += self.list(a, b, PAIR);
                self.refer(HEADER + ENTRY * index + 20, 1, 4) && used <= self.get(LENGTH) && self.are_grants(a, b)
            } else {
                if kind >= kind::CHOICE {
                    input += group;
                }
                used += self.list(entry.slots_at(), group + values, 4);
                used <= self.get(LENGTH)
                    && self.refer(entry.slots_at(), group + values, 4)
                    && self.refer(entry.numbers_at() + 4, entry.numbers(), PAIR)
                    && self.ascend(entry.numbers_at(), entry.numbers(), PAIR)
                    && match kind {
                        // The first comparison of a number holds of every number.
                        kind::NUMBER => group > 0 && self.is_certain(entry.comparisons_at()) && a <= b,
                        kind::CHOICE => self.refer(HEADER + ENTRY * index + 32, 1, 4) && b == 0,
                        _ => a | b == 0,
                    }
            };
            // Only number privileges have role numbers.
            if !is_valid || (entry.numbers() > 0 && (is_fact || !is_number)) {
                return false;
            }
            index += 1;
        }
        input == self.get(INPUTS) && (self.entries() > self.get(FACTS) || input == self.get(FIRST_GRANT))
    }

    /// Whether the comparison at a position is `>= 0`.
    fn is_certain(self, at: u32) -> bool {
        self.get(at) | self.get(at + 4) == 0
    }

    /// Whether grants name privileges and values that exist.
    fn are_grants(self, at: u32, count: u32) -> bool {
        for grant in 0..count {
            let at = at + PAIR * grant;
            if self.get(at) >= self.get(PRIVILEGES)
                || !self.entry(self.get(FACTS) + self.get(at)).accepts(self.get(at + 4))
            {
                return false;
            }
        }
        true
    }

    fn has_operations(self) -> bool {
        let mut owed = 0;
        let mut used = 0;
        for index in 0..self.get(OPERATIONS) {
            let operation = self.operation(index);
            let placements = operation.placements();
            used += self.list(operation.placements_at(), placements, 4);
            if operation.obligations() > self.get(OBLIGATIONS) - owed
                || operation.restricts() > 1
                || u64::from(operation.verbs()) >> self.get(VERBS) != 0
                || used > self.get(LENGTH)
                || !self.ascend(operation.placements_at(), placements, 4)
                || (placements > 0 && self.get(operation.placements_at() + 4 * placements - 4) >= self.get(ITEMS))
            {
                return false;
            }
            owed += operation.obligations();
        }
        owed == self.get(OBLIGATIONS)
            && self.refer(self.get(OPERATIONS_AT), self.get(OPERATIONS), OPERATION)
            && self.refer(self.get(OBLIGATIONS_AT), owed, 4)
    }

    /// Whether each parent precedes its item, and no item has too many ancestors.
    fn has_menu(self) -> bool {
        for item in 0..self.get(ITEMS) {
            let mut item = item;
            let mut left = MOST_ANCESTORS + 1;
            while self.parent(item) < item && left > 0 {
                item = self.parent(item);
                left -= 1;
            }
            if left == 0 || self.parent(item) != NO_PARENT {
                return false;
            }
        }
        true
    }
}
