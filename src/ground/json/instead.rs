//! An object of which some fields are said in another way than it tells them itself.

use super::{Json, Nest, Tell, Told};
use alloc::vec::Vec;

/// The text of an object with these fields in place of its own, or behind them.
pub(super) fn text(value: &dyn Tell, said: Vec<(&'static str, Json)>) -> Vec<u8> {
    let mut instead = Instead { text: Vec::new(), said, depth: 0, skipped: None };
    value.tell(&mut instead);
    instead.text.pop();
    instead.text
}

struct Instead {
    text: Vec<u8>,
    said: Vec<(&'static str, Json)>,
    /// How many lists and objects are open.
    depth: u32,
    /// Of a value that is not told how many are open.
    skipped: Option<u32>,
}

impl Instead {
    /// Tells a value of one piece, unless it belongs to what is not told.
    fn piece(&mut self, tell: impl FnOnce(&mut Vec<u8>)) {
        match self.skipped {
            None => tell(&mut self.text),
            Some(0) => self.skipped = None,
            Some(_) => {}
        }
    }

    fn say(&mut self, place: usize) {
        let (_, value) = self.said.remove(place);
        self.text.extend_from_slice(&value.0);
        self.text.push(b',');
    }
}

impl Told for Instead {
    fn null(&mut self) {
        self.piece(Told::null);
    }

    fn flag(&mut self, flag: bool) {
        self.piece(|to| to.flag(flag));
    }

    fn number(&mut self, number: u64) {
        self.piece(|to| to.number(number));
    }

    fn text(&mut self, text: &str) {
        self.piece(|to| to.text(text));
    }

    fn open(&mut self, nest: Nest) {
        if let Some(open) = &mut self.skipped {
            *open += 1;
        } else {
            self.depth += 1;
            self.text.open(nest);
        }
    }

    fn close(&mut self, nest: Nest) {
        if let Some(open) = self.skipped {
            self.skipped = (open > 1).then(|| open - 1);
            return;
        }
        self.depth -= 1;
        if self.depth == 0 {
            while let Some((key, _)) = self.said.first() {
                self.text.key(key);
                self.say(0);
            }
        }
        self.text.close(nest);
    }

    fn key(&mut self, key: &'static str) {
        if self.skipped.is_some() {
            return;
        }
        self.text.key(key);
        let said = self.said.iter().position(|(other, _)| *other == key);
        if let (1, Some(place)) = (self.depth, said) {
            self.say(place);
            self.skipped = Some(0);
        }
    }

    fn name(&mut self, name: &str) {
        if self.skipped.is_none() {
            self.text.name(name);
        }
    }
}
