//! Comparisons of the fields of packed rows, as instructions over the bits of a field.

use crate::model::Comparison;
use crate::pack::{Builder, Slot};

/// An unsigned integer in consecutive slots, one per bit, the lowest first.
#[derive(Clone, Copy)]
pub(super) struct Field {
    first: usize,
    width: usize,
}

impl Field {
    /// The field of `width` bits from the slot `first`.
    pub(super) const fn new(first: usize, width: usize) -> Self {
        Self { first, width }
    }

    /// Removes the first `width` bits and returns them as a field.
    pub(super) fn take(&mut self, width: u32) -> Self {
        let taken = Self { first: self.first, width: width as usize };
        self.first += taken.width;
        self.width = self.width.saturating_sub(taken.width);
        taken
    }

    /// The slots of the bits.
    pub(super) fn bits(self) -> impl Iterator<Item = Slot> {
        (self.first..self.first + self.width).map(|index| Slot::at(index).unwrap_or(Slot::NO))
    }

    /// Builds the instructions for whether the field equals `number`, and returns their slot. O(bits).
    fn equals(self, builder: &mut Builder, number: u64) -> Slot {
        if number >> self.width != 0 {
            return Slot::NO;
        }
        self.bits().zip(0..).fold(Slot::YES, |all, (bit, position)| {
            let is_set = number >> position & 1 == 1;
            builder.and(all, if is_set { bit } else { !bit })
        })
    }

    /// Whether the field is `bound` or more. O(bits).
    fn at_least(self, builder: &mut Builder, bound: u64) -> Slot {
        if bound >> self.width != 0 {
            return Slot::NO;
        }
        // From the lowest bit: `lower` compares the bits so far. A higher bit decides unless it equals that of the bound.
        self.bits().zip(0..).fold(Slot::YES, |lower, (bit, position)| {
            if bound >> position & 1 == 1 { builder.and(bit, lower) } else { builder.or(bit, lower) }
        })
    }
}

/// A field with an optional value. A number has a bit that says whether it is set, then its digits; any other value is stored
/// as the value + 1, and 0 if there is none.
pub(super) struct OptionalField {
    /// Whether there is a value.
    pub(super) is_set: Slot,
    digits: Field,
    is_number: bool,
}

impl OptionalField {
    pub(super) fn new(builder: &mut Builder, mut field: Field, is_number: bool) -> Self {
        let first = is_number.then(|| field.take(1).bits().next()).flatten();
        let is_set = first.unwrap_or_else(|| field.at_least(builder, 1));
        Self { is_set, digits: field, is_number }
    }

    /// Whether there is a value and it is `value` or more.
    pub(super) fn at_least(&self, builder: &mut Builder, value: u64) -> Slot {
        if self.is_number {
            let digits = self.digits.at_least(builder, value);
            builder.and(self.is_set, digits)
        } else {
            self.digits.at_least(builder, value + 1)
        }
    }

    /// Whether there is a value and it equals `value`.
    pub(super) fn equals(&self, builder: &mut Builder, value: u64) -> Slot {
        if self.is_number {
            let digits = self.digits.equals(builder, value);
            builder.and(self.is_set, digits)
        } else {
            self.digits.equals(builder, value + 1)
        }
    }

    /// Whether there is a value and the comparison is true of it.
    pub(super) fn compares(&self, builder: &mut Builder, comparison: Comparison) -> Slot {
        match comparison {
            Comparison::AtLeast(bound) => self.at_least(builder, bound.into()),
            Comparison::Equal(number) => self.equals(builder, number.into()),
            Comparison::Below(bound) => {
                let at_least = self.at_least(builder, bound.into());
                builder.and(self.is_set, !at_least)
            }
        }
    }

    /// Whether the field is valid: no value, or one from `min` to `max`. The digits of a number that is not set must be 0.
    pub(super) fn is_valid(&self, builder: &mut Builder, min: u32, max: u32) -> Slot {
        let above = self.at_least(builder, u64::from(max) + 1);
        if !self.is_number {
            return !above;
        }
        let from = self.at_least(builder, min.into());
        let within = builder.and(from, !above);
        let digits = self.digits.at_least(builder, 1);
        let empty = builder.and(!self.is_set, !digits);
        builder.or(within, empty)
    }
}
