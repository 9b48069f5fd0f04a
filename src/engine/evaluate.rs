//! Evaluation: the inputs of a subject, the join of its inline roles, the decisions.

use super::block::Block;
use super::program::{
    ENTRY, Engine, Entry, FACTS, FIRST_GRANT, HEADER, INPUTS, INSTRUCTION, INSTRUCTIONS_AT, LENGTH, OBLIGATIONS,
    OBLIGATIONS_AT, OPERATION, OPERATIONS, OPERATIONS_AT, PAIR, ROLES, SLOT, kind,
};

/// The bits of an answer's word that are used: small integers in every JavaScript engine.
pub(super) const BITS: u32 = 16;

impl<B: Block> Engine<B> {
    /// Evaluates the subject of the arguments into the memory: `own` pairs, then `inline` pairs. A pair that names no entry is
    /// left out. O(program + pairs).
    pub fn evaluate(self, own: u32, inline: u32) {
        // The constants, then the inputs of an empty subject: those of facts are unknown, all others no.
        let memory = self.get(LENGTH);
        let results = memory + SLOT * self.get(INPUTS);
        let grants = memory + SLOT * self.get(FIRST_GRANT);
        let mut at = memory;
        while at < results {
            self.put(at, at == memory, at >= grants);
            at += SLOT;
        }
        for index in 0..self.get(FACTS) {
            let fact = self.entry(index);
            if fact.a() == 1 {
                self.satisfy(fact, fact.input(), fact.b());
            }
        }
        at = self.0.arguments();
        let inline_at = at + PAIR * own;
        let end = inline_at + PAIR * inline;
        let entries = self.entries();
        while at < end {
            let index = self.load(at);
            let is_inline = at >= inline_at;
            let value = self.load(at + 4);
            at += PAIR;
            if index >= entries {
                continue;
            }
            let entry = self.entry(index);
            let mut first = entry.input();
            if is_inline && entry.kind() >= kind::CHOICE {
                // Of several numbers of inline roles only the last counts, which is the largest. Values of other kinds unite,
                // since each sets inputs of its own.
                if entry.kind() == kind::NUMBER && at < end && self.load(at) == index {
                    continue;
                }
                first += entry.group();
            }
            self.satisfy(entry, first, value);
        }
        // The conjunction of two operands each. A slot reference counts the words of the memory, so that a negated one reads the
        // *no* word of a slot instead of its *yes* word.
        at = self.get(INSTRUCTIONS_AT);
        let mut result = results;
        while at < memory {
            let left = 4 * self.get(at);
            let right = 4 * self.get(at + 4);
            self.set(result, self.load(memory + left) & self.load(memory + right));
            self.set(result + 4, self.load(memory + (left ^ 4)) | self.load(memory + (right ^ 4)));
            at += INSTRUCTION;
            result += SLOT;
        }
    }

    /// Sets the inputs of an entry, from the slot `first`, that `value` satisfies to yes. Those that it does not satisfy are
    /// set to no if the entry is a fact; another grant may satisfy those of a privilege.
    fn satisfy(self, entry: Entry<B>, first: u32, value: u32) {
        let is_fact = first < self.get(FIRST_GRANT);
        let kind = entry.kind();
        let count = entry.group();
        let mut at = self.get(LENGTH) + SLOT * first;
        let mut input = 0;
        while input < count {
            let holds = entry.satisfies(kind, value, input);
            if holds || is_fact {
                self.put(at, holds, !holds);
            }
            at += SLOT;
            input += 1;
        }
    }

    /// Writes a slot: its *yes* word says whether it is known to be true, its *no* word whether it is known to be false.
    fn put(self, at: u32, yes: bool, no: bool) {
        self.set(at, yes.into());
        self.set(at + 4, no.into());
    }

    /// 1 + the entry of the first choice privilege for which held roles grant different options; 0 if there is none. O(privileges).
    pub fn conflict(self) -> u32 {
        let end = self.first_role();
        let mut index = self.get(FACTS);
        while index < end {
            let privilege = self.entry(index);
            index += 1;
            if privilege.kind() == kind::CHOICE && self.is(privilege.a()) == 1 {
                return index;
            }
        }
        0
    }

    /// Decides all operations for the subject of the arguments. The answer: 0, or 1 + the entry of a choice privilege for which
    /// roles conflict; then bits, sixteen in a word, lowest first, each list beginning with a new word: which operations are
    /// allowed, which are denied, which obligations are not owed, which roles are held. O(program + pairs).
    pub fn decide(self, own: u32, inline: u32) {
        self.evaluate(own, inline);
        self.set(self.0.answer(), self.conflict());
        let operations = self.get(OPERATIONS);
        let mut to = self.0.answer() + 4;
        to = self.pack(to, self.get(OPERATIONS_AT), operations, OPERATION, 0);
        to = self.pack(to, self.get(OPERATIONS_AT), operations, OPERATION, 1);
        to = self.pack(to, self.get(OBLIGATIONS_AT), self.get(OBLIGATIONS), 4, 1);
        self.pack(to, HEADER + ENTRY * self.first_role() + 20, self.get(ROLES), ENTRY, 0);
    }

    /// Packs whether slot references, `step` bytes apart, are known to be true; with `negated` = 1, whether they are known to be
    /// false. Returns the position behind the last word.
    fn pack(self, mut to: u32, mut at: u32, count: u32, step: u32, negated: u32) -> u32 {
        let memory = self.get(LENGTH);
        let end = at + step * count;
        while at < end {
            // Without a branch, which would be mispredicted: decisions follow no pattern.
            let mut bits = 0;
            let mut bit = 0;
            while bit < BITS && at < end {
                bits |= self.load(memory + 4 * (self.get(at) ^ negated)) << bit;
                bit += 1;
                at += step;
            }
            self.set(to, bits);
            to += 4;
        }
        to
    }

    /// Calls `set` with each input of a group, counted from 0, that a value of the entry at `index` satisfies. O(values).
    pub fn satisfied(self, index: u32, value: u32, set: &mut dyn FnMut(u32)) {
        let entry = self.entry(index);
        (0..entry.group()).filter(|input| entry.satisfies(entry.kind(), value, *input)).for_each(set);
    }
}
