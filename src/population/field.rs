//! Fields of packed rows as instructions over their bits: which value stands there, and how it compares.

use crate::model::Comparison;
use crate::pack::{Builder, Slot};

/// Bits side by side that are a number, the lowest first: one slot each.
#[derive(Clone, Copy)]
pub(super) struct Field {
    at: usize,
    width: usize,
}

impl Field {
    /// The field of so many bits from a slot on.
    pub(super) const fn new(at: usize, width: usize) -> Self {
        Self { at, width }
    }

    /// Takes the first bits off.
    pub(super) fn take(&mut self, width: u32) -> Self {
        let taken = Self { at: self.at, width: width as usize };
        self.at += taken.width;
        self.width = self.width.saturating_sub(taken.width);
        taken
    }

    /// Its bits.
    pub(super) fn bits(self) -> impl Iterator<Item = Slot> {
        (self.at..self.at + self.width).map(|at| Slot::at(at).unwrap_or(Slot::NO))
    }

    /// Whether it is exactly this number. O(bits).
    fn is(self, builder: &mut Builder, number: u64) -> Slot {
        if number >> self.width != 0 {
            return Slot::NO;
        }
        self.bits().zip(0..).fold(Slot::YES, |all, (bit, place)| {
            let is = number >> place & 1 == 1;
            builder.and(all, if is { bit } else { !bit })
        })
    }

    /// Whether it is this number or a greater one. O(bits).
    fn at_least(self, builder: &mut Builder, bound: u64) -> Slot {
        if bound >> self.width != 0 {
            return Slot::NO;
        }
        // Of the bits so far; the next one, which is worth more than all of them, only leaves them a say where it is equal.
        self.bits().zip(0..).fold(Slot::YES, |above, (bit, place)| {
            if bound >> place & 1 == 1 { builder.and(bit, above) } else { builder.or(bit, above) }
        })
    }
}

/// A field that may hold no value: a number behind the bit that says whether there is one; or, of values that are counted
/// from 0, one more than the value.
pub(super) struct Optional {
    /// Whether there is a value.
    pub(super) set: Slot,
    digits: Field,
    is_number: bool,
}

impl Optional {
    pub(super) fn new(builder: &mut Builder, mut field: Field, is_number: bool) -> Self {
        let first = is_number.then(|| field.take(1).bits().next()).flatten();
        let set = first.unwrap_or_else(|| field.at_least(builder, 1));
        Self { set, digits: field, is_number }
    }

    /// Whether it holds this value or a greater one.
    pub(super) fn at_least(&self, builder: &mut Builder, value: u64) -> Slot {
        if self.is_number {
            let digits = self.digits.at_least(builder, value);
            builder.and(self.set, digits)
        } else {
            self.digits.at_least(builder, value + 1)
        }
    }

    /// Whether it holds exactly this value.
    pub(super) fn is(&self, builder: &mut Builder, value: u64) -> Slot {
        if self.is_number {
            let digits = self.digits.is(builder, value);
            builder.and(self.set, digits)
        } else {
            self.digits.is(builder, value + 1)
        }
    }

    /// Whether it holds a value that passes.
    pub(super) fn passes(&self, builder: &mut Builder, comparison: Comparison) -> Slot {
        match comparison {
            Comparison::AtLeast(bound) => self.at_least(builder, bound.into()),
            Comparison::Equal(number) => self.is(builder, number.into()),
            Comparison::Below(bound) => {
                let above = self.at_least(builder, bound.into());
                builder.and(self.set, !above)
            }
        }
    }

    /// Whether it holds no value, or one from `min` to `max`. A number that is not set has no digits.
    pub(super) fn fits(&self, builder: &mut Builder, min: u32, max: u32) -> Slot {
        let above = self.at_least(builder, u64::from(max) + 1);
        if !self.is_number {
            return !above;
        }
        let from = self.at_least(builder, min.into());
        let within = builder.and(from, !above);
        let digits = self.digits.at_least(builder, 1);
        let empty = builder.and(!self.set, !digits);
        builder.or(within, empty)
    }
}
